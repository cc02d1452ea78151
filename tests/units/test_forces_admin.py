"""Kinds of forces are data: an administrator adds and ends them, nobody deletes them."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.units.models import ForceKind
from tests.factories.accounts import UserFactory
from tests.factories.units import ForceKindFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FACTS = {"name": "Dân quân tự vệ", "team_word": "đội", "order": 9, "has_teams": "on"}


@pytest.fixture
def boss(client: Client) -> User:
    user: User = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.usefixtures("boss")
def test_a_kind_is_added_and_ended_with_an_audit_line(client: Client) -> None:
    added = client.post(
        reverse("admin:units_forcekind_add"),
        FACTS | {"code": "dan-quan", "is_verified": "on"},
    )
    assert added.status_code == 302
    kind = ForceKind.objects.get(code="dan-quan")

    change = reverse("admin:units_forcekind_change", args=[kind.pk])
    client.post(change, FACTS | {"is_verified": "on", "valid_to": "2026-07-01"})
    kind.refresh_from_db()
    assert kind.valid_to == date(2026, 7, 1)
    actions = AuditEntry.objects.filter(action__startswith="units.force_kind").order_by("pk")
    assert [entry.action for entry in actions] == [
        "units.force_kind_added",
        "units.force_kind_changed",
    ]
    assert "valid_to" in actions[1].detail["changed"]


@pytest.mark.usefixtures("boss")
def test_an_end_before_the_start_is_told_and_nothing_is_deleted(client: Client) -> None:
    kind = ForceKindFactory()
    change = reverse("admin:units_forcekind_change", args=[kind.pk])
    days = {"valid_from": "2026-07-01", "valid_to": "2026-01-01"}
    page = client.post(change, FACTS | {"is_verified": "on"} | days)

    assert "Ngày bãi bỏ phải sau ngày có." in page.content.decode()
    delete = reverse("admin:units_forcekind_delete", args=[kind.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
