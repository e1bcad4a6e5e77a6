"""The frames of the open folder: listing, reading their content, what is said of them now, their thumbnails."""
