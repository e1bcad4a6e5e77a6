"""Taking frames of films into the project."""
