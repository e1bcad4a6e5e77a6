"""From a manifest to batches: frames, augmentation, features, validation sets. No TensorFlow."""
