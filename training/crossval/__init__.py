"""The same training on each fold, and what comes of all of them."""
