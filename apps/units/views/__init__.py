"""Pages of the units app."""
