"""What a reader does to frames: labels, marks, notes, outlines by hand; undo and redo."""
