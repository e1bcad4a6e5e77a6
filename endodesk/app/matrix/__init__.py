"""The live matrix: what two sides say of the same frames, counted while the reader works."""
