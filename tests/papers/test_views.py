"""Files go to those in whose scope the paper is; for others they are not there."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.files import full_path, store_bytes
from apps.papers.models import Paper, PaperFile
from apps.papers.services import attach_file
from apps.units.models import Unit
from tests.factories.accounts import UserFactory
from tests.factories.papers import PaperFactory
from tests.factories.units import MembershipFactory, UnitFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 thu"
ISSUED = {"state": "issued", "number": 5, "issued_on": date(2026, 11, 18)}


@pytest.fixture
def unit() -> Unit:
    made: Unit = UnitFactory()
    return made


def file_of(at: datetime, **values: object) -> PaperFile:
    paper = PaperFactory(**values)
    return attach_file(paper=paper, format="pdf", stored=store_bytes(PDF, "pdf"), by=None, at=at)


def member(unit: Unit, role: str) -> User:
    user: User = MembershipFactory(unit=unit, role=role).user
    return user


def get(client: Client, user: User, file: PaperFile) -> Any:
    client.force_login(user)
    return client.get(reverse("papers:file", args=[file.pk]))


def test_download_sends_the_file_with_its_name(client: Client, unit: Unit, at: datetime) -> None:
    file = file_of(at, unit=unit)
    Paper.objects.filter(pk=file.paper_id).update(**ISSUED)
    leader = member(unit, "leader")

    answer = get(client, leader, file)

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "BC-BC%C4%90%20so%2005%20nam%202026.pdf" in answer["Content-Disposition"]
    entry = AuditEntry.objects.get(action="papers.downloaded")
    assert entry.actor_id == leader.pk


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        ("clerk", "unit_report", 200),
        ("clerk", "report", 404),
        ("leader", "report", 200),
        ("province_leader", "report", 200),
        ("auditor", "report", 404),
        ("auditor", "unit_report", 404),
        ("admin", "report", 404),
    ],
)
def test_download_by_role_and_kind(
    client: Client, unit: Unit, at: datetime, role: str, kind: str, status: int
) -> None:
    file = file_of(at, unit=unit, kind=kind)

    assert get(client, member(unit, role), file).status_code == status


def test_download_from_another_unit_is_not_there(client: Client, at: datetime) -> None:
    outsider = member(UnitFactory(), "leader")

    assert get(client, outsider, file_of(at)).status_code == 404
    assert not AuditEntry.objects.filter(action="papers.downloaded").exists()


def test_download_by_the_one_who_had_it_made(client: Client, at: datetime) -> None:
    lan = UserFactory()

    assert get(client, lan, file_of(at, created_by=lan)).status_code == 200


def test_download_needs_sign_in_and_get(client: Client, at: datetime) -> None:
    page = reverse("papers:file", args=[file_of(at).pk])

    assert client.get(page)["Location"].startswith("/dang-nhap/")
    client.force_login(UserFactory())
    assert client.post(page).status_code == 405


def test_download_of_a_damaged_file_is_refused_in_words(
    client: Client, unit: Unit, at: datetime
) -> None:
    file = file_of(at, unit=unit)
    full_path(file.path).unlink()

    answer = get(client, member(unit, "leader"), file)

    assert answer.status_code == 500
    assert "thiếu hoặc hỏng" in answer.content.decode()
