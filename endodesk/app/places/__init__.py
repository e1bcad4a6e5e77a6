"""Where frames and projects lie, and how work is found again when either was renamed, moved or copied."""
