"""What the window shows of one frame: reading it, its steps, outlines and pictures. Computed in jobs."""
