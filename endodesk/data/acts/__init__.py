"""Acts of all kinds at once: read out of the tables to be passed on, and taken in from elsewhere."""
