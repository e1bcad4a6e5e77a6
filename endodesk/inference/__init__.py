"""Answers: from a preprocessed frame to probabilities and a heat map, by LiteRT and numpy alone."""
