"""Data > Matrix: reader against model, reader against reader, by frame and by case."""
