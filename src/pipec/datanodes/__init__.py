"""What data is and where: one kind a file."""
