"""How the value of a field is read from the tree: one reader per type of field."""
