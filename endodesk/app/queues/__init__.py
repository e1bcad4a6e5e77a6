"""In which order frames are worth a look. Made in a job, of a frozen snapshot."""
