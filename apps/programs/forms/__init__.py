"""What people type about programmes, models and activities."""
