#!/usr/bin/env python
"""Django's command line; commands that change the schema use the owner's login."""

import os
import sys

from django.core.management import execute_from_command_line

OWNER_COMMANDS = frozenset(
    {"migrate", "makemigrations", "sqlmigrate", "lintmigrations", "grant_rights"}
)


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antq_portal.settings")
    # A command may count for minutes; a page may not.
    os.environ.setdefault("ANTQ_STATEMENT_TIMEOUT", "0")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("ANTQ_LOGIN", "owner")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
