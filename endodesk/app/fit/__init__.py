"""Will it work here? What a model probably does on frames without labels, and the few to label that tell most."""
