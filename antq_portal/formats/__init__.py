"""Our own formats for dates and numbers: Django's own for Vietnamese are wrong."""
