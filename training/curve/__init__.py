"""Whether more labels would help: heads learnt from growing shares of them. No TensorFlow."""
