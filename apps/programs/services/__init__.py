"""Every change of programmes, models and activities."""
