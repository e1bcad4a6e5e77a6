"""How good a model is: predictions, metrics, intervals, calibration, reports. No TensorFlow."""
