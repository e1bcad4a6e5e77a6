"""Which frames are shown, in which order, where the reader stands among them, and how many are left to do."""
