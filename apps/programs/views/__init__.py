"""Pages of programmes, models and activities."""
