"""Where work runs: one kind a file."""
