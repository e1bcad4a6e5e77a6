"""The project's record through the doors: a frozen snapshot to export, files from elsewhere to import, frames without names."""
