"""What other programs do to a project's files: noticed before anything is acknowledged, and all that readers did kept a second time."""
