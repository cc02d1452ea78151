"""Gather what pages and reports ask of programmes, models and activities."""
