"""The backend: augmentation, features, head, fine-tuning, evaluation, export. No Qt, no database.

Started by the program as a child process: `python -m training RUN_FOLDER`. Only modules that the window
never imports may import TensorFlow, Keras or albumentations (checked by import-linter).
"""
