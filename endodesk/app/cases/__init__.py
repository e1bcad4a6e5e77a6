"""A case as a whole: its figures, conclusion and report."""
