"""Dialogs that belong to no feature: settings, keys, tour, short questions."""
