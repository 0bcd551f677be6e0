"""What others wrote becomes pipeline files."""
