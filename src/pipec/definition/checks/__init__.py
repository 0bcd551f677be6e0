"""What a definition is held against, one thing a module."""
