"""Who did what: insert-only rows, sealed into a hash chain, without foreign keys to anything."""
