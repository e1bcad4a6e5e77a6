"""Labelled frames as data: manifests, cases, near duplicates, splits, folds, tables. Runs in jobs and in the backend.

No TensorFlow, SQL or Qt.
"""
