"""Check splits: what the next training would learn from and be tested on."""
