"""How rows stand in files: one format a file."""
