"""Naming classes, with their keys and colours."""
