"""The migrations, oldest first. One that stored projects have been through is never changed: what is new comes as a further file."""
