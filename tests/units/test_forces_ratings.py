"""The yearly rating of tổ bảo vệ ANTT by level: never more teams than there are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.units.models import ForceKind, ForceRating, Unit
from tests.factories.indicators import BreakdownFactory, IndicatorFactory
from tests.factories.units import (
    ForceKindFactory,
    ForceStockFactory,
    MembershipFactory,
    UnitFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def kind() -> ForceKind:
    """Return a rated kind whose levels are parts of A11."""
    rating = IndicatorFactory(code="A11", kind="class")
    for order, code in enumerate(("tot", "hoan_thanh", "chua_xep"), start=1):
        BreakdownFactory(indicator=rating, code=code, name=f"Mức {code}", order=order)
    made: ForceKind = ForceKindFactory(is_rated=True, rating_code="A11")
    return made


@pytest.fixture
def commune(kind: ForceKind) -> Unit:
    unit: Unit = UnitFactory(name="Xã Mỹ Hòa")
    ForceStockFactory(unit=unit, kind=kind, as_of=date(2026, 3, 1), teams=24)
    return unit


@pytest.fixture
def leader(commune: Unit) -> User:
    user: User = MembershipFactory(unit=commune, role=Role.LEADER).user
    return user


@pytest.fixture
def browser(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


def address(unit: Unit) -> str:
    return f"/don-vi/luc-luong/{unit.pk}/xep-loai/"


def page_of(response: Any) -> str:
    return str(response.content.decode())


def test_levels_are_written_and_corrected_and_the_rest_is_not_rated(
    browser: Client, commune: Unit, kind: ForceKind
) -> None:
    form = page_of(browser.get(address(commune)))
    assert "Có 24 tổ." in form
    assert "Mức chua_xep" not in form

    done = browser.post(address(commune), {"tot": "20", "hoan_thanh": ""}, follow=True)
    assert "còn 4 tổ chưa xếp loại" in page_of(done)
    browser.post(address(commune), {"tot": "18", "hoan_thanh": "6"})
    kept = ForceRating.objects.filter(unit=commune, kind=kind, year=2026)
    assert dict(kept.values_list("level", "teams")) == {"tot": 18, "hoan_thanh": 6}
    entry = AuditEntry.objects.filter(action="programs.force_rated").latest("pk")
    assert entry.detail["before"] == {"tot": 20, "hoan_thanh": 0}


def test_more_teams_than_there_are_is_refused_and_kept_on_the_form(
    browser: Client, commune: Unit
) -> None:
    sent = browser.post(address(commune), {"tot": "20", "hoan_thanh": "5"})

    assert sent.status_code == 422
    assert "Cộng các mức là 25, nhiều hơn 24 tổ đã ghi của năm 2026." in page_of(sent)
    assert 'value="20"' in page_of(sent)
    assert not ForceRating.objects.exists()


def test_a_year_without_teams_cannot_be_rated(browser: Client, commune: Unit) -> None:
    sent = browser.post(f"{address(commune)}?nam=2025", {"tot": "1", "hoan_thanh": ""})

    assert "Chưa có số tổ của năm 2025" in page_of(sent)


def test_a_clerk_does_not_rate_and_nobody_rates_others(
    client: Client, browser: Client, commune: Unit
) -> None:
    assert browser.get(address(UnitFactory())).status_code == 404
    client.force_login(MembershipFactory(unit=commune, role=Role.CLERK).user)
    assert client.get(address(commune)).status_code == 403
