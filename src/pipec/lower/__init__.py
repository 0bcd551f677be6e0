"""A tree becomes a pipeline with meaning: `lower`."""

from pipec.lower.pipeline import Settings, lower

__all__ = ["Settings", "lower"]
