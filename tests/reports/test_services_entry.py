"""Writing in a report: nothing is lost, nothing is written where it may not be."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.reports.models import Cell, CellChange, Event, Report
from apps.reports.rules import CellFigure, Reading
from apps.reports.services.entry import (
    CellConflict,
    Entry,
    FormChanged,
    ReportClosed,
    carry_stocks,
    declare_nothing,
    save_block,
    save_cell,
)
from apps.reports.services.texts import TextConflict, save_text
from tests.factories.accounts import UserFactory
from tests.factories.report_forms import TemplateVersionFactory
from tests.factories.reports import CellFactory, ReportFactory, line_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    return ReportFactory()


@pytest.fixture
def lan() -> User:
    return UserFactory(full_name="Trần Thị Lan")


@pytest.fixture
def minh() -> User:
    return UserFactory(full_name="Lê Văn Minh")


def entry(report: Report, code: str, number: int, base: int = 0, note: str | None = None) -> Entry:
    reading = Reading("value", Decimal(number)) if number else Reading("zero", Decimal(0))
    return Entry(line_of(report, code).pk, reading, base, note)


def test_save_cell_writes_the_figure_and_remembers_who(
    report: Report, lan: User, at: datetime
) -> None:
    cell = save_cell(report=report, entry=entry(report, "F1", 12), by=lan, at=at)

    report.refresh_from_db()
    assert (cell.state, cell.value, cell.lock_version) == ("value", Decimal(12), 1)
    assert report.state == "draft"
    change = CellChange.objects.get()
    assert (change.old_state, change.new_value, change.changed_by) == ("missing", Decimal(12), lan)
    assert AuditEntry.objects.filter(action="reports.cell_saved").count() == 1


def test_save_cell_notes_the_first_save_once(report: Report, lan: User, at: datetime) -> None:
    save_cell(report=report, entry=entry(report, "F1", 12), by=lan, at=at)
    save_cell(report=report, entry=entry(report, "F2", 5), by=lan, at=at)

    assert Event.objects.filter(kind="first_saved").count() == 1


def test_save_cell_of_a_stale_version_shows_the_other_value(
    report: Report, lan: User, minh: User, at: datetime
) -> None:
    save_cell(report=report, entry=entry(report, "F1", 12), by=lan, at=at)

    with pytest.raises(CellConflict) as conflict:
        save_cell(report=report, entry=entry(report, "F1", 15), by=minh, at=at)

    assert (conflict.value.current.value, conflict.value.current.updated_by) == (Decimal(12), lan)
    assert Cell.objects.get().value == 12


def test_save_cell_after_the_conflict_was_seen_is_taken(
    report: Report, lan: User, minh: User, at: datetime
) -> None:
    save_cell(report=report, entry=entry(report, "F1", 12), by=lan, at=at)
    cell = save_cell(report=report, entry=entry(report, "F1", 15, base=1), by=minh, at=at)

    assert (cell.value, cell.lock_version) == (Decimal(15), 2)
    assert CellChange.objects.count() == 2


def test_save_cell_of_the_same_value_from_two_people_is_no_conflict(
    report: Report, lan: User, minh: User, at: datetime
) -> None:
    save_cell(report=report, entry=entry(report, "F1", 12), by=lan, at=at)
    cell = save_cell(report=report, entry=entry(report, "F1", 12), by=minh, at=at)

    assert (cell.lock_version, cell.updated_by) == (1, lan)


def test_save_cell_never_overwrites_a_newer_note(
    report: Report, lan: User, minh: User, at: datetime
) -> None:
    save_cell(report=report, entry=entry(report, "F1", 12, note="Theo sổ 3"), by=lan, at=at)

    with pytest.raises(CellConflict):
        save_cell(report=report, entry=entry(report, "F1", 12, note="Theo sổ 5"), by=minh, at=at)

    assert Cell.objects.get().note == "Theo sổ 3"


def test_save_cell_without_a_note_keeps_the_note(report: Report, lan: User, at: datetime) -> None:
    save_cell(report=report, entry=entry(report, "F1", 12, note="Theo sổ 3"), by=lan, at=at)
    cell = save_cell(report=report, entry=entry(report, "F1", 13, base=1), by=lan, at=at)

    assert cell.note == "Theo sổ 3"


def test_save_cell_of_a_note_alone_is_not_a_change_of_the_figure(
    report: Report, lan: User, at: datetime
) -> None:
    save_cell(report=report, entry=entry(report, "F1", 12), by=lan, at=at)
    cell = save_cell(report=report, entry=entry(report, "F1", 12, 1, "Sổ 3"), by=lan, at=at)

    assert (cell.note, cell.lock_version) == ("Sổ 3", 2)
    assert CellChange.objects.count() == 1


@pytest.mark.parametrize("state", ["awaiting", "submitted", "accepted"])
def test_save_cell_in_a_report_that_is_not_open_is_refused(
    report: Report, lan: User, at: datetime, state: str
) -> None:
    Report.objects.update(state=state)

    with pytest.raises(ReportClosed):
        save_cell(report=report, entry=entry(report, "F1", 12), by=lan, at=at)

    assert not Cell.objects.exists()


def test_save_cell_after_the_period_is_closed_for_good_is_refused(
    report: Report, lan: User, at: datetime
) -> None:
    report.obligation.hard_close_at = at
    report.obligation.save()

    with pytest.raises(ReportClosed, match="khóa"):
        save_cell(report=report, entry=entry(report, "F1", 12), by=lan, at=at)

    save_cell(report=report, entry=entry(report, "F1", 12), by=lan, at=at - timedelta(seconds=1))


def test_save_cell_of_another_version_of_the_form_is_refused(
    report: Report, lan: User, at: datetime
) -> None:
    other = TemplateVersionFactory(number=2)
    line = other.lines.first()

    with pytest.raises(FormChanged, match="phiên bản 1"):
        save_cell(
            report=report, entry=Entry(line.pk, Reading("zero", Decimal(0)), 0), by=lan, at=at
        )


def test_save_block_writes_what_it_may_and_reports_the_rest(
    report: Report, lan: User, minh: User, at: datetime
) -> None:
    save_cell(report=report, entry=entry(report, "F1", 12), by=lan, at=at)
    entries = [entry(report, "F1", 99), entry(report, "F2", 5), entry(report, "A2", 0)]

    result = save_block(report=report, entries=entries, by=minh, at=at)

    assert {cell.value for cell in result.saved} == {5, 0}
    assert [cell.value for cell in result.conflicts] == [12]


@pytest.mark.parametrize("is_again", [False, True])
def test_save_block_costs_the_same_for_one_cell_and_for_twenty(
    lan: User, at: datetime, is_again: bool
) -> None:
    report = ReportFactory()
    lines = list(report.obligation.version.lines.all())

    def block(count: int, number: int, base: int) -> list[Entry]:
        return [Entry(line.pk, Reading("value", Decimal(number)), base) for line in lines[:count]]

    def cost(count: int) -> int:
        Cell.objects.all().delete()
        save_block(report=report, entries=block(len(lines), 1, 0), by=lan, at=at)
        if not is_again:
            Cell.objects.all().delete()
        base = 1 if is_again else 0
        with CaptureQueriesContext(connection) as queries:
            save_block(report=report, entries=block(count, 7, base), by=lan, at=at)
        return len(queries)

    assert cost(1) == cost(len(lines)) == 9


def test_declare_nothing_fills_only_what_is_empty(report: Report, lan: User, at: datetime) -> None:
    CellFactory(report=report, code="F1", text="12")
    lines = [line_of(report, code).pk for code in ("F1", "F2")]

    written = declare_nothing(report=report, line_ids=lines, by=lan, at=at)

    assert [(cell.state, cell.source) for cell in written] == [("nothing", "declared")]
    assert Cell.objects.get(line_id=lines[0]).value == 12
    assert Event.objects.filter(kind="nil_declared").count() == 1


def test_declare_nothing_over_a_full_section_says_nothing(
    report: Report, lan: User, at: datetime
) -> None:
    CellFactory(report=report, code="F1", text="12")

    declare_nothing(report=report, line_ids=[line_of(report, "F1").pk], by=lan, at=at)

    assert not Event.objects.filter(kind="nil_declared").exists()


def test_carry_stocks_takes_figures_that_were_said(report: Report, lan: User, at: datetime) -> None:
    stock, due = line_of(report, "A2").pk, line_of(report, "A2d").pk
    before = {stock: said(34, "over"), due: CellFigure("not_available")}

    (cell,) = carry_stocks(report=report, before=before, by=lan, at=at)

    assert (cell.line_id, cell.value, cell.qualifier) == (stock, Decimal(34), "over")
    assert cell.source == "carried"


def test_save_text_keeps_its_lines(report: Report, lan: User, at: datetime) -> None:
    body = "Dòng một\r\nDòng hai  \n\nDòng ba\n"

    text = save_text(report=report, part="uu_diem", body=body, base=0, by=lan, at=at)

    assert text.body == "Dòng một\nDòng hai\n\nDòng ba"


def test_save_text_of_a_stale_version_shows_the_other_text(
    report: Report, lan: User, minh: User, at: datetime
) -> None:
    save_text(report=report, part="uu_diem", body="của Lan", base=0, by=lan, at=at)

    with pytest.raises(TextConflict) as conflict:
        save_text(report=report, part="uu_diem", body="của Minh", base=0, by=minh, at=at)

    assert conflict.value.current.body == "của Lan"
    text = save_text(report=report, part="uu_diem", body="của Minh", base=1, by=minh, at=at)
    assert text.lock_version == 2
