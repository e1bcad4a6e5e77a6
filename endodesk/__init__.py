"""EndoDesk: review, correct and retrain a classifier of endoscopic frames, offline. Research use only."""

__version__ = "0.1.0"
