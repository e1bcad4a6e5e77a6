"""Read plans of studies: which reader reads which frames, and how far each has come."""
