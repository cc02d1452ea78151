"""Benches: one module each with NAME and run(); `python -m tests.bench [NAME]` runs them."""
