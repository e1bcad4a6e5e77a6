"""The panel on the right: answer, label, history, case; and what the status bar tells of both."""
