"""Which frames are shown, in which order, and where the reader stands among them."""
