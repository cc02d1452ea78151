"""The commands of the province to try and of the real case: run twice, they change nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from pytest_django import DjangoDbBlocker

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.desk.models import Job
from apps.home.management.commands.load_demo import demo_password
from apps.home.services.demo_people import demo_accounts
from apps.reports.models import Document
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Load the small province once; return what the command said."""
    with kept(django_db_blocker):
        call_command("load_reference", verbosity=0)
        yield said("load_demo", "--small")


def said(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    """Count every row of ours, but for the audit, which notes that the command ran."""
    models = [m for m in apps.get_models() if m.__module__.startswith("apps.") and m._meta.managed]
    return {m.__name__: m._default_manager.count() for m in models if m is not AuditEntry}


def test_loading_the_province_twice_changes_nothing(province: str) -> None:
    before = counts()

    again = said("load_demo", "--small")

    assert counts() == before
    assert "thêm 0 báo cáo" in again
    assert "thêm 0 báo cáo" not in province


def test_accounts_are_printed_one_a_line_under_one_password(province: str) -> None:
    lines = said("demo_accounts").splitlines()

    names = [account.username for account in demo_accounts("XA-", "TH-")]
    assert [line.split()[-1] for line in lines[1:]] == names
    assert lines[0].endswith(demo_password())
    assert User.objects.get(username=names[0]).check_password(demo_password())


def test_no_accounts_are_printed_when_none_can_sign_in(province: str) -> None:
    User.objects.filter(is_demo=True).update(is_active=False)

    assert said("demo_accounts") == ""


def test_the_case_orders_its_document_once_and_says_where_to_look(
    province: str, tmp_path: Path
) -> None:
    first, again = said("load_case", "dong-thap-2022"), said("load_case", "dong-thap-2022")

    job = Job.objects.get(document__isnull=False)
    assert first == again
    assert f"tác vụ {job.pk} đang lập văn bản PDF" in first
    assert "tài khoản" in first
    assert Document.objects.count() == 1


def test_an_unknown_case_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="Có: dong-thap-2022"):
        said("load_case", "ca-mau-1999")
