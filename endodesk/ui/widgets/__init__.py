"""What all panels are made of: theme, icons, small widgets. Knows no session."""
