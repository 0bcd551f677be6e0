"""Whom to tell, and how: one kind a file."""
