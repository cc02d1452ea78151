"""The front door: from a fresh clone to a running portal with one command, and back."""
