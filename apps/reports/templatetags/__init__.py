"""Tags of the reporting engine: they format, never fetch."""
