"""Build the province to try, and a real case, through the same services as the pages."""
