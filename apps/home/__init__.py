"""Pages that belong to no one app: the work list; and the province to try."""
