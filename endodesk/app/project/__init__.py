"""A project on disk: making, opening and naming it, its classes, readers and models."""
