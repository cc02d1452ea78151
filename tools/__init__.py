"""Scripts for those who build the portal; nothing of it runs in the portal."""
