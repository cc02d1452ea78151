"""Numbers of forces as of a day: written, refused in words, confirmed in one click, taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from apps.audit.models import AuditEntry
from apps.units.models import ForceKind, ForceStock
from apps.units.services.forces import (
    NewStock,
    StockRefused,
    confirm_unchanged,
    record_stock,
    record_stocks,
    remove_stock,
    undo_confirmation,
)
from tests.factories.units import ForceKindFactory, ForceStockFactory, UnitFactory

TODAY = date(2026, 11, 18)
FIRST = date(2026, 3, 1)


@pytest.mark.django_db
def test_numbers_are_kept_as_of_their_day_and_noted(at: datetime) -> None:
    unit, kind = UnitFactory(), ForceKindFactory()
    record_stock(unit=unit, kind=kind, stock=NewStock(FIRST, 22, members=66), by=None, at=at)
    record_stock(unit=unit, kind=kind, stock=NewStock(TODAY, 24, members=72), by=None, at=at)

    rows = ForceStock.objects.order_by("as_of").values_list("as_of", "teams", "members")
    assert list(rows) == [(FIRST, 22, 66), (TODAY, 24, 72)]
    entry = AuditEntry.objects.filter(action="units.force_stock_recorded").latest("pk")
    assert entry.detail["teams"] == 24


@pytest.mark.django_db
def test_the_same_day_again_corrects_and_says_what_was_there(at: datetime) -> None:
    unit, kind = UnitFactory(), ForceKindFactory()
    record_stock(unit=unit, kind=kind, stock=NewStock(TODAY, 240), by=None, at=at)
    record_stock(unit=unit, kind=kind, stock=NewStock(TODAY, 24), by=None, at=at)

    assert ForceStock.objects.get().teams == 24
    entry = AuditEntry.objects.filter(action="units.force_stock_recorded").latest("pk")
    assert entry.detail["before"]["teams"] == 240


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stock", "field", "words"),
    [
        (NewStock(TODAY, -1), "teams", "không thể âm"),
        (NewStock(TODAY, 1, members=-3), "members", "không thể âm"),
        (NewStock(TODAY, 35, 34), "teams", "không thể nhiều hơn số phải có"),
        (NewStock(TODAY), "teams", "Chưa nhập số nào"),
        (NewStock(TODAY, 10_000_001), "teams", "10.000.000"),
        (NewStock(TODAY + timedelta(days=1), 3), "as_of", "tương lai"),
        (NewStock(date(2024, 1, 1), 3), "as_of", "không tồn tại vào ngày 01/01/2024"),
    ],
)
def test_bad_numbers_are_named_at_their_field(
    stock: NewStock, field: str, words: str, at: datetime
) -> None:
    unit, kind = UnitFactory(), ForceKindFactory(has_due=True)
    with pytest.raises(StockRefused) as error:
        record_stock(unit=unit, kind=kind, stock=stock, by=None, at=at)

    assert words in {f.field: f.message for f in error.value.faults}[field]
    assert not ForceStock.objects.exists()


@pytest.mark.django_db
def test_a_kind_is_counted_only_while_the_law_knows_it(at: datetime) -> None:
    unit = UnitFactory()
    old = ForceKindFactory(valid_to=date(2026, 1, 1))
    young = ForceKindFactory(valid_from=date(2026, 9, 1))
    guards = ForceKindFactory(has_teams=False)

    for kind, stock, words in (
        (old, NewStock(TODAY, 30), "đã bãi bỏ từ ngày 01/01/2026"),
        (young, NewStock(FIRST, 3), "có từ ngày 01/09/2026"),
        (guards, NewStock(TODAY, 3), "không đếm số này"),
    ):
        with pytest.raises(StockRefused, match=words):
            record_stock(unit=unit, kind=kind, stock=stock, by=None, at=at)
    record_stock(
        unit=unit, kind=old, stock=NewStock(date(2025, 12, 31), 30, members=552), by=None, at=at
    )
    assert ForceStock.objects.get().members == 552


@pytest.mark.django_db
def test_a_form_with_one_wrong_number_writes_none(at: datetime) -> None:
    unit, good, bad = UnitFactory(), ForceKindFactory(), ForceKindFactory()
    stocks = {good: NewStock(TODAY, 3), bad: NewStock(TODAY, -3)}
    with pytest.raises(StockRefused):
        record_stocks(unit=unit, stocks=stocks, by=None, at=at)
    assert not ForceStock.objects.exists()

    stocks[bad] = NewStock(TODAY, 5)
    assert record_stocks(unit=unit, stocks=stocks, by=None, at=at) == 2


@pytest.mark.django_db
def test_no_change_carries_every_force_in_use_on_and_can_be_undone(at: datetime) -> None:
    unit = UnitFactory()
    kept = ForceStockFactory(unit=unit, as_of=FIRST, teams=24, members=72)
    ForceStockFactory(unit=unit, kind=kept.kind, as_of=FIRST - timedelta(days=30), teams=20)
    ForceStockFactory(unit=unit, as_of=FIRST, kind=ForceKindFactory(valid_to=date(2026, 7, 1)))
    ForceStockFactory(as_of=FIRST)

    assert confirm_unchanged(unit=unit, on=TODAY, by=None, at=at) == 1
    row = ForceStock.objects.get(unit=unit, as_of=TODAY)
    assert (row.kind, row.teams, row.members, row.is_unchanged) == (kept.kind, 24, 72, True)
    assert confirm_unchanged(unit=unit, on=TODAY, by=None, at=at) == 0

    assert undo_confirmation(unit=unit, on=TODAY, by=None, at=at) == 1
    assert not ForceStock.objects.filter(as_of=TODAY).exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["units.forces_confirmed", "units.forces_reopened"]


@pytest.mark.django_db
def test_numbers_written_today_are_not_undone_with_the_confirmation(at: datetime) -> None:
    unit, kind = UnitFactory(), ForceKindFactory()
    ForceStockFactory(unit=unit, kind=kind, as_of=FIRST, teams=24)
    confirm_unchanged(unit=unit, on=TODAY, by=None, at=at)
    record_stock(unit=unit, kind=kind, stock=NewStock(TODAY, 26), by=None, at=at)

    assert undo_confirmation(unit=unit, on=TODAY, by=None, at=at) == 0
    assert ForceStock.objects.get(as_of=TODAY).teams == 26


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_confirm_once(at: datetime) -> None:
    stock = ForceStockFactory(as_of=FIRST)
    together = Barrier(3)

    def click() -> None:
        try:
            together.wait()
            confirm_unchanged(unit=stock.unit, on=TODAY, by=None, at=at)
        finally:
            connections.close_all()

    clicks = [Thread(target=click) for _ in range(3)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    assert ForceStock.objects.filter(as_of=TODAY).count() == 1


@pytest.mark.django_db
def test_a_removed_line_leaves_the_one_before(at: datetime) -> None:
    first = ForceStockFactory(as_of=FIRST, teams=20)
    wrong = ForceStockFactory(unit=first.unit, kind=first.kind, as_of=TODAY, teams=200)
    remove_stock(stock=wrong, by=None, at=at)

    assert ForceStock.objects.get() == first
    assert AuditEntry.objects.get().detail["teams"] == 200


@pytest.mark.django_db
def test_the_kinds_come_from_the_file_and_corrections_stay() -> None:
    def load(**options: Any) -> str:
        out = StringIO()
        call_command("load_force_kinds", stdout=out, **options)
        return out.getvalue()

    assert "thêm 8 loại" in load()
    teams = ForceKind.objects.get(code="to-bao-ve-antt")
    assert (teams.teams_code, teams.members_code, teams.rating_code) == ("A4", "A5", "A11")
    gone = ForceKind.objects.get(code="ban-bao-ve-dan-pho")
    assert (gone.valid_to, gone.teams_code, gone.members_code) == (date(2024, 7, 1), "", "")
    # Another force than guards: its 66 people are not in A8.
    assert ForceKind.objects.get(code="ban-chi-huy-quan-su").members_code == ""

    ForceKind.objects.filter(pk=teams.pk).update(name="Tổ bảo vệ (đã sửa)")
    assert "thêm 0 loại" in load()
    teams.refresh_from_db()
    assert teams.name == "Tổ bảo vệ (đã sửa)"
    load(overwrite=True)
    teams.refresh_from_db()
    assert teams.name == "Tổ bảo vệ an ninh, trật tự"
