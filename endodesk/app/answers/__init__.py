"""What the active model says of all frames, asked in the background. The GUI thread writes the table of answers; workers post to it."""
