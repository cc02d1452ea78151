"""Answers for pages and documents, one module for each kind of page."""
