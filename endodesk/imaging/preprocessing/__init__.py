"""From a frame to 224x224, step by step, by the named recipes. Any thread."""
