"""Take frames: a film, its timeline, the frames marked on it."""
