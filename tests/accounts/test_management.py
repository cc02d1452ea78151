"""The accounts' command."""

from io import StringIO

from django.core.management import call_command

from apps.accounts.rules import rights_table


def test_print_rights_prints_the_table() -> None:
    out = StringIO()

    call_command("print_rights", stdout=out)

    assert out.getvalue().strip() == rights_table()
