"""Pages of the reporting engine."""
