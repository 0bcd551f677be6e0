"""What a checked pipeline becomes, one module per engine."""
