"""The audit's commands."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.factories.audit import AuditEntryFactory


def run(name: str) -> str:
    out = StringIO()
    call_command(name, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_audit_verify_says_whole(seal_all: Callable[[], int]) -> None:
    AuditEntryFactory.create()
    seal_all()

    assert "Nhật ký nguyên vẹn: 1 dòng đã niêm phong, 0 dòng chờ" in run("audit_verify")


@pytest.mark.django_db(transaction=True)
def test_audit_verify_fails_and_names_the_row(
    seal_all: Callable[[], int], tamper: Callable[[str], None]
) -> None:
    entry = AuditEntryFactory.create()
    seal_all()
    tamper("UPDATE audit_auditentry SET action = 'tests.other'")

    with pytest.raises(CommandError, match=f"#{entry.pk} đã bị sửa"):
        run("audit_verify")


@pytest.mark.django_db(transaction=True)
def test_audit_verify_fails_on_an_unreadable_anchor(anchor_folder: Path) -> None:
    anchor_folder.mkdir()
    (anchor_folder / "audit.tsv").write_text("?\n")

    with pytest.raises(CommandError, match="dòng 1"):
        run("audit_verify")


@pytest.mark.django_db(transaction=True)
def test_audit_anchor_prints_what_it_wrote(
    seal_all: Callable[[], int], anchor_folder: Path
) -> None:
    assert "chưa có dòng nào" in run("audit_anchor")
    AuditEntryFactory.create()
    seal_all()

    assert run("audit_anchor") == (anchor_folder / "audit.tsv").read_text()


@pytest.mark.django_db(transaction=True)
def test_grant_rights_is_silent(app_role: str, settings: Settings) -> None:
    settings.DATABASE_APP_ROLE = app_role
    assert run("grant_rights") == ""

    settings.DATABASE_APP_ROLE = "nobody_of_this_name"
    assert run("grant_rights") == ""
