"""Proof of how a model came to be: written and signed as it is made, held against what is here, made anew."""
