"""Users, signing in, and the one table of roles and rights."""
