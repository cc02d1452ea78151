"""Programmes, community models and activities: the register that fills reports by itself."""
