"""Will it work here? A line in the status bar offers it once, and the dialog tells."""
