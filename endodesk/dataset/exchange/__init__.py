"""The doors: a project's acts as files that other programs read, and back. Neither SQL nor Qt."""
