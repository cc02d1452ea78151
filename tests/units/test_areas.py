"""All provinces and communes load, twice is once, and a renamed area succeeds the old one."""

from dataclasses import replace
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from apps.audit.models import AuditEntry
from apps.units.models import Area
from apps.units.rules import AreaKind
from apps.units.services.areas import AreaRow, AreasLoaded, load_area_rows

pytestmark = pytest.mark.django_db

ROW = AreaRow("26000", "Xã Mẫu", AreaKind.COMMUNE, "75", date(2025, 7, 1), lat=10.5)


def test_load_areas_loads_34_provinces_and_3321_communes_and_again_changes_nothing() -> None:
    call_command("load_areas", stdout=StringIO())
    said = StringIO()
    call_command("load_areas", stdout=said)

    assert Area.objects.provinces().count() == 34
    assert Area.objects.exclude(kind=AreaKind.PROVINCE).count() == 3321
    assert Area.objects.communes_of("82").count() == 102
    assert Area.objects.get(code="00004").name == "Phường Ba Đình"
    assert "0 mới, 0 thay thế, 0 sửa" in said.getvalue()
    assert AuditEntry.objects.filter(action="units.areas_loaded").count() == 1


def test_load_area_rows_lets_a_ward_succeed_a_commune_from_its_day(at: datetime) -> None:
    load_area_rows(rows=[ROW], by=None, at=at)
    ward = replace(ROW, name="Phường Mẫu", kind=AreaKind.WARD, since=date(2026, 4, 30))

    assert load_area_rows(rows=[ward], by=None, at=at) == AreasLoaded(0, 1, 0)

    assert Area.objects.alive_on(date(2026, 4, 29)).get(code="26000").name == "Xã Mẫu"
    assert Area.objects.alive_on(date(2026, 4, 30)).get(code="26000").name == "Phường Mẫu"


def test_load_area_rows_corrects_details_in_place(at: datetime) -> None:
    load_area_rows(rows=[ROW], by=None, at=at)
    assert load_area_rows(rows=[replace(ROW, lat=10.6)], by=None, at=at) == AreasLoaded(0, 0, 1)
    assert Area.objects.get(code="26000").lat == 10.6
