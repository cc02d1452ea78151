"""What a site consists of is written whole or not at all, on days that can be."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apps.programs.models import ModelSite, ModelType, SiteEquipment, SiteFunding
from apps.programs.rules import EquipmentKind, FundingSource, HostKind, Level, SiteState
from apps.programs.services.site_checks import NewSite, SiteRefused
from apps.programs.services.site_details import (
    NewEquipment,
    NewFunding,
    Opening,
    add_equipment,
    add_funding,
    end_equipment,
    record_site,
    set_result,
)
from apps.programs.services.sites import edit_site
from apps.programs.services.types import NewType
from tests.factories.programs import (
    ModelFieldFactory,
    ModelTypeFactory,
    SiteEquipmentFactory,
    SiteFactory,
    SiteFileFactory,
    SiteObjectiveFactory,
)
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 15, 3, tzinfo=UTC)


def opening(**changes: object) -> Opening:
    """Return a site of a kind that is new too, with 56 cameras and money."""
    field = ModelFieldFactory()
    kind = ModelType(name="Tiếng kẻng an ninh", field=field)
    facts: dict[str, object] = {
        "model_type": kind,
        "unit": UnitFactory(),
        "level": Level.COMMUNE,
        "host_kind": HostKind.RESIDENTIAL,
        "launched_on": date(2026, 6, 1),
        "new_type": NewType(kind.name, field, HostKind.RESIDENTIAL),
    }
    return Opening(
        new=NewSite(**(facts | changes)),
        cameras=56,
        funding=Decimal(28_000_000),
    )


def test_new_site_comes_with_its_kind_things_and_money() -> None:
    site = record_site(opening=opening(), by=None, at=AT)
    assert site.model_type.name == "Tiếng kẻng an ninh"
    thing = SiteEquipment.objects.get(site=site)
    assert (thing.kind, thing.quantity, thing.valid_from) == ("camera", 56, date(2026, 6, 1))
    money = SiteFunding.objects.get(site=site)
    assert (money.source, money.amount) == (FundingSource.SOCIAL, 28_000_000)


def test_nothing_is_left_of_a_site_that_was_refused() -> None:
    with pytest.raises(SiteRefused):
        record_site(opening=opening(launched_on=date(2026, 6, 16)), by=None, at=AT)
    assert not ModelSite.objects.exists() and not ModelType.objects.exists()


def test_kind_that_exists_is_not_opened_twice() -> None:
    ModelTypeFactory(name="Tiếng kẻng an ninh")
    with pytest.raises(SiteRefused) as error:
        record_site(opening=opening(), by=None, at=AT)
    assert [fault.field for fault in error.value.faults] == ["model_type"]


def test_things_end_on_a_day_and_stay_in_the_past() -> None:
    thing = SiteEquipmentFactory()
    with pytest.raises(SiteRefused):
        end_equipment(equipment=thing, on=date(2026, 1, 9), by=None, at=AT)
    with pytest.raises(SiteRefused):
        end_equipment(equipment=thing, on=date(2026, 6, 16), by=None, at=AT)
    end_equipment(equipment=thing, on=date(2026, 6, 1), by=None, at=AT)
    assert SiteEquipment.objects.alive_on(date(2026, 5, 31)).exists()
    assert not SiteEquipment.objects.alive_on(date(2026, 6, 1)).exists()


def test_things_that_end_on_their_first_day_never_were() -> None:
    thing = SiteEquipmentFactory()
    end_equipment(equipment=thing, on=thing.valid_from, by=None, at=AT)
    assert not SiteEquipment.objects.exists()


def test_an_ended_site_gets_no_more_things() -> None:
    site = SiteFactory(state=SiteState.ENDED, ended_on=date(2026, 5, 1))
    item = NewEquipment(EquipmentKind.BELL, 1, date(2026, 5, 1))
    with pytest.raises(SiteRefused) as error:
        add_equipment(site=site, item=item, by=None, at=AT)
    assert "đã dừng" in error.value.message


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1), Decimal(10**15)])
def test_money_that_cannot_be_is_refused(amount: Decimal) -> None:
    funding = NewFunding(FundingSource.SOCIAL, amount, date(2026, 6, 1))
    with pytest.raises(SiteRefused):
        add_funding(site=SiteFactory(), funding=funding, by=None, at=AT)


def test_news_of_a_site_is_the_day_of_what_was_noted() -> None:
    site = SiteFactory()
    funding = NewFunding(FundingSource.OWN, Decimal(5), date(2026, 6, 2))
    add_funding(site=site, funding=funding, by=None, at=AT)
    site.refresh_from_db()
    assert site.last_news_on == date(2026, 6, 2)


@pytest.mark.parametrize("year", [2025, 2027])
def test_results_lie_between_the_launch_and_this_year(year: int) -> None:
    objective = SiteObjectiveFactory()
    with pytest.raises(SiteRefused):
        set_result(objective=objective, year=year, text="x", by=None, at=AT)


def test_result_said_again_replaces_the_first() -> None:
    objective = SiteObjectiveFactory()
    for text in ("Còn 2 vụ", "Còn 1 vụ"):
        set_result(objective=objective, year=2026, text=text, by=None, at=AT)
    assert objective.results.get().text == "Còn 1 vụ"


@pytest.mark.parametrize("mime", ["image/jpeg", "application/vnd.ms-excel"])
def test_site_with_photos_or_tables_does_not_move_to_a_sensitive_field(mime: str) -> None:
    site = SiteFactory()
    SiteFileFactory(site=site, mime=mime)
    new = NewSite(
        model_type=ModelTypeFactory(field__is_sensitive=True),
        unit=site.unit,
        level=site.level,
        host_kind=site.host_kind,
        launched_on=site.launched_on,
    )
    with pytest.raises(SiteRefused) as error:
        edit_site(site=site, new=new, lock_version=1, by=None, at=AT)
    assert "không giữ ảnh" in error.value.message
