"""What must hold before work starts: one kind a file."""
