"""The same formats for a browser that asks for English."""
