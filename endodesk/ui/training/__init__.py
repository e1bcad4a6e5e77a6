"""Retrain and Models: set-up, curves, result, the list of models."""
