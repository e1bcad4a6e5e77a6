"""What one sees. One panel a file; panels meet in the signals of the session and never import each other."""
