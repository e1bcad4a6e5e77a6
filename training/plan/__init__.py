"""What a training is: configuration, run folder, the protocol of the child process. The window may import this; no TensorFlow."""
