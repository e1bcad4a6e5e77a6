"""Where TensorFlow and Keras live: networks, phases, checkpoints, the model as a bundle. Imported in the child process alone."""
