"""Writes of the reporting engine, one module for each station of a report’s way."""
