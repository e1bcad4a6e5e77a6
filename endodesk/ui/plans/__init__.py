"""What is seen of read plans, beside the reading list in the gallery."""
