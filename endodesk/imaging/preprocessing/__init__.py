"""From a frame to 224x224, step by step, by the named recipes. Any thread.

A step is a function (`clean.py`, `published.py`), a line with its knobs in `steps.py`, and a place in a recipe in `pipeline.py`.
Its title for the eye stands in `app/viewing/step_words.py`.
"""
