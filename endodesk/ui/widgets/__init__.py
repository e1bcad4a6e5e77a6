"""What all panels are made of: theme, icons, small widgets, and the line that tells of long jobs. Takes no session."""
