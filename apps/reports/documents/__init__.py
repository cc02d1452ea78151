"""Paper of the reporting engine: a unit’s own report, the official summary."""
