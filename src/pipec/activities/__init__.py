"""What work is: one kind a file."""
