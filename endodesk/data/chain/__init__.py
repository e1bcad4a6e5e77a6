"""The chain: each act is an event that covers its rows by their digests and goes on from the digest of the event before it."""
