"""What a register says stands in the report by itself; another figure needs a reason."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.reports.models import Cell, CellChange, Report
from apps.reports.queries.forms import FormRow, check_report, form_rows
from apps.reports.queries.grid import read_sheet
from apps.reports.rules import CellFigure, Reading
from apps.reports.services.entry import (
    CellConflict,
    Entry,
    RegisterSays,
    carry_stocks,
    declare_nothing,
    save_block,
    save_cell,
)
from tests.factories.accounts import UserFactory
from tests.factories.report_forms import TemplateVersionFactory
from tests.factories.reports import CellFactory, ReportFactory, earlier, line_of, said, sent
from tests.reports.ledger import Ledger
from tests.reports.pages import page, paste, save, section_post, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def row_of(report: Report, code: str, breakdown: str = "") -> FormRow:
    rows = form_rows(report)
    return next(r for r in rows if (r.line.code, r.line.breakdown) == (code, breakdown))


def value(number: int | str, qualifier: str = "exact") -> Reading:
    return Reading("value", Decimal(number), qualifier)


def type_in(
    report: Report, code: str, reading: Reading, by: User, at: datetime, note: str | None = None
) -> Cell:
    known = Cell.objects.filter(report=report, line__indicator__code=code).first()
    base = known.lock_version if known else 0
    entry = Entry(line_of(report, code).pk, reading, base, note)
    return save_cell(report=report, entry=entry, by=by, at=at)


@pytest.fixture
def twelve(report: Report, ledger: Ledger) -> Report:
    """Return a report whose unit has 12 in its register of F1."""
    ledger.write("F1", report.obligation.unit, value=12)
    return report


# What the report shows


def test_a_register_fills_its_lines_and_no_cell_is_stored(twelve: Report) -> None:
    row = row_of(twelve, "F1")

    assert row.figure == CellFigure("value", Decimal("12.00"))
    assert row.source == "register"
    assert row.register == row.figure
    assert not Cell.objects.exists()
    assert row_of(twelve, "F2").register is None


def test_zero_of_a_register_is_said_and_the_unknown_is_not(report: Report, ledger: Ledger) -> None:
    ledger.know("F1", report.obligation.unit)
    ledger.know("B2", ReportFactory().obligation.unit)

    assert row_of(report, "F1").figure.state == "zero"
    assert row_of(report, "B2").figure.state == "missing"


def test_a_register_fills_one_breakdown_of_a_line(report: Report, ledger: Ledger) -> None:
    ledger.write("B1", report.obligation.unit, value=3, breakdown="buoi")

    assert row_of(report, "B1", "buoi").figure.value == 3
    assert row_of(report, "B1", "diem").figure.state == "missing"


def test_only_records_of_the_reports_own_days_count(report: Report, ledger: Ledger) -> None:
    unit = report.obligation.unit
    for day in (date(2026, 10, 14), date(2026, 10, 15), date(2026, 11, 14), date(2026, 11, 15)):
        ledger.write("F1", unit, on=day)

    assert row_of(report, "F1").figure.value == 2, "tháng 11 is from 15/10 to 14/11"


def test_about_goes_through_the_form_and_is_read_back(
    client: Client, lan: User, report: Report, ledger: Ledger
) -> None:
    ledger.write("F1", report.obligation.unit, value=1000, qualifier="about")
    ledger.write("F2", report.obligation.unit, value=900)

    assert "khoảng 1.000" in text_of(page(client, "section", report.pk, "F"))
    line = line_of(report, "F2")
    client.post(
        reverse("reports:override", args=[report.pk, line.pk]),
        {"text": "khoảng 950", "note": "Sổ thiếu một ấp", "base": 0, "seen": "900"},
    )
    assert Cell.objects.get(line=line).qualifier == "about"
    assert "khoảng 950" in text_of(page(client, "section", report.pk, "F"))


def test_the_registry_is_asked_once_for_a_whole_report(report: Report, ledger: Ledger) -> None:
    for code in ("F1", "F2", "B2"):
        ledger.write(code, report.obligation.unit)
    ledger.n_asked = 0

    read_sheet(report)

    assert ledger.n_asked == 1


def test_a_sent_report_shows_what_was_sent_and_asks_no_register(
    report: Report, ledger: Ledger
) -> None:
    row = ledger.write("F1", report.obligation.unit, value=12)
    sent(report, {"F1": said(12)}, "waiting")
    row.value = Decimal(99)
    ledger.n_asked = 0

    assert row_of(report, "F1").figure.value == 12
    assert ledger.n_asked == 0


# Another figure


def test_another_figure_without_a_reason_is_refused(
    twelve: Report, lan: User, at: datetime
) -> None:
    with pytest.raises(RegisterSays) as refusal:
        type_in(twelve, "F1", value(15), lan, at)

    assert refusal.value.message == (
        "Số này lấy từ sổ: 12. Muốn ghi khác, ghi lý do vào ô ghi chú."
    )
    with pytest.raises(RegisterSays):
        type_in(twelve, "F1", value(15), lan, at, note="   ")
    assert not Cell.objects.exists()


def test_another_figure_with_a_reason_stands_beside_the_registers(
    twelve: Report, lan: User, at: datetime
) -> None:
    type_in(twelve, "F1", value(15), lan, at, note="Sổ thiếu 3 tin của ấp 2")

    row = row_of(twelve, "F1")
    assert (row.figure.value, row.register.value if row.register else None) == (15, 12)
    assert row.is_override
    assert check_report(twelve).rows[0].register is None


def test_the_registers_own_figure_or_nothing_lets_the_register_stand(
    twelve: Report, lan: User, at: datetime
) -> None:
    for reading in (value(12), Reading("missing")):
        type_in(twelve, "F1", value(15), lan, at, note="Sổ thiếu")
        cell = type_in(twelve, "F1", reading, lan, at)

        assert (cell.state, cell.note) == ("missing", "")
        assert row_of(twelve, "F1").is_register
    assert CellChange.objects.filter(line__indicator__code="F1").count() == 4


def test_the_figure_stays_when_only_its_note_is_taken_away(
    twelve: Report, lan: User, at: datetime
) -> None:
    type_in(twelve, "F1", value(15), lan, at, note="Sổ thiếu")
    type_in(twelve, "F1", value(15), lan, at)
    with pytest.raises(RegisterSays):
        type_in(twelve, "F1", value(15), lan, at, note="")
    with pytest.raises(RegisterSays):
        type_in(twelve, "F1", value(16), lan, at)

    assert row_of(twelve, "F1").figure.note == "Sổ thiếu"


def test_nothing_occurred_is_a_registers_zero(
    report: Report, ledger: Ledger, lan: User, at: datetime
) -> None:
    ledger.know("F1", report.obligation.unit)

    assert type_in(report, "F1", Reading("nothing"), lan, at).state == "missing"


def test_a_figure_typed_before_the_register_knew_blocks_until_it_is_explained(
    report: Report, ledger: Ledger, lan: User, at: datetime
) -> None:
    CellFactory(report=report, code="F1", text="15")
    ledger.write("F1", report.obligation.unit, value=12)

    [found] = [f for f in check_report(report).findings if "lấy lại số từ sổ" in f.text]
    assert found.line_id == line_of(report, "F1").pk

    type_in(report, "F1", value(15), lan, at, note="Ba tin chưa vào sổ")
    assert not [f for f in check_report(report).findings if "lấy lại số từ sổ" in f.text]


def test_two_people_at_once_the_second_sees_the_first_ones_figure(
    twelve: Report, lan: User, at: datetime
) -> None:
    minh = UserFactory()
    type_in(twelve, "F1", value(15), lan, at, note="Sổ thiếu")
    line = line_of(twelve, "F1").pk

    with pytest.raises(CellConflict) as conflict:
        save_cell(
            report=twelve,
            entry=Entry(line, value(17), 0, "Thiếu năm tin"),
            by=minh,
            at=at,
        )

    assert conflict.value.current.value == 15


def test_one_click_for_a_section_leaves_register_lines_alone(
    report: Report, ledger: Ledger, lan: User, at: datetime
) -> None:
    for code in ("F1", "A2"):
        ledger.know(code, report.obligation.unit)
    earlier(report, 2026, 10, {"A2": said(34), "A2d": said(34)})
    flows = [line_of(report, code).pk for code in ("F1", "F2")]
    stocks = read_sheet(report).stocks_before("A")

    assert [
        cell.line.indicator.code
        for cell in declare_nothing(report=report, line_ids=flows, by=lan, at=at)
    ] == ["F2"]
    carried = carry_stocks(report=report, before=stocks, by=lan, at=at)
    assert [cell.line.indicator.code for cell in carried] == ["A2d"]
    assert row_of(report, "A2").figure.state == "zero"


def test_a_block_skips_register_lines_that_differ_and_names_them(
    twelve: Report, lan: User, at: datetime
) -> None:
    entries = [
        Entry(line_of(twelve, "F1").pk, value(15), 0, source="pasted", note="cột ghi chú"),
        Entry(line_of(twelve, "F2").pk, value(3), 0, source="pasted"),
    ]

    result = save_block(report=twelve, entries=entries, by=lan, at=at)

    assert [cell.line.indicator.code for cell in result.saved] == ["F2"]
    assert list(result.refused) == [line_of(twelve, "F1").pk]
    assert row_of(twelve, "F1").figure.value == 12


# The pages


def test_the_grid_shows_the_figure_its_source_and_the_ways_on(
    client: Client, lan: User, twelve: Report
) -> None:
    line = line_of(twelve, "F1").pk
    text = text_of(page(client, "section", twelve.pk, "F"))

    assert "Từ sổ" in text
    assert reverse("reports:cell_records", args=[twelve.pk, line]) in text
    assert f'name="o-{line}"' not in text
    assert "Ghi số khác" in text


def test_an_override_shows_both_figures_and_the_way_back(
    client: Client, lan: User, twelve: Report
) -> None:
    line = line_of(twelve, "F1").pk
    url = reverse("reports:override", args=[twelve.pk, line])

    answer = client.post(url, {"text": "15", "note": "Sổ thiếu 3 tin", "base": 0, "seen": "12"})

    assert answer["Location"] == reverse("reports:section", args=[twelve.pk, "F"]) + f"#dong-{line}"
    text = text_of(client.get(answer["Location"]))
    assert "Sổ: 12" in text
    assert "Lấy lại số từ sổ" in text
    assert "Sổ thiếu 3 tin" in text
    client.post(reverse("reports:restore", args=[twelve.pk, line]))
    assert row_of(twelve, "F1").is_register
    assert row_of(twelve, "F1").figure.note == ""


@pytest.mark.parametrize(
    ("typed", "note", "words"),
    [
        ("15", "", "Số này lấy từ sổ: 12."),
        ("mười lăm", "Sổ thiếu", "chữ số"),
    ],
)
def test_a_refused_override_keeps_what_was_typed(
    client: Client, lan: User, twelve: Report, typed: str, note: str, words: str
) -> None:
    url = reverse("reports:override", args=[twelve.pk, line_of(twelve, "F1").pk])

    answer = client.post(url, {"text": typed, "note": note, "base": 0, "seen": "12"})

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert f'value="{typed}"' in text_of(answer)
    assert not Cell.objects.exists()


def test_a_note_beside_a_figure_left_as_it_was_overrides_nothing(
    client: Client, lan: User, twelve: Report, ledger: Ledger
) -> None:
    url = reverse("reports:override", args=[twelve.pk, line_of(twelve, "F1").pk])
    ledger.rows[0].value = Decimal(13)  # the register moved while the panel was open

    client.post(url, {"text": "12", "note": "Tăng vì chiến dịch", "base": 0, "seen": "12"})

    row = row_of(twelve, "F1")
    assert (row.figure.value, row.figure.note, row.is_register) == (13, "Tăng vì chiến dịch", True)


def test_saving_a_cell_by_script_says_the_refusal_at_the_cell(
    client: Client, lan: User, twelve: Report
) -> None:
    answer = save(client, twelve, "F1", "15")

    assert answer.status_code == 422
    assert "ghi lý do" in answer.json()["message"]


def test_a_pasted_block_says_which_register_cells_it_left(
    client: Client, lan: User, twelve: Report
) -> None:
    answer = paste(client, twelve, "F1", "15\n7").json()

    assert answer["kept"][0]["code"] == "F1"
    assert answer["kept"][0]["mine"] == "15"
    assert Cell.objects.get().line.indicator.code == "F2"


def test_a_section_saved_whole_keeps_what_was_typed_over_a_register(
    client: Client, lan: User, twelve: Report
) -> None:
    url = reverse("reports:section", args=[twelve.pk, "F"])
    answer = client.post(url, section_post(twelve, F1="15", F2="3"))

    text = text_of(answer)
    assert "Đã gõ “15”, chưa lưu." in text
    assert "Muốn ghi khác, ghi lý do" in text
    assert Cell.objects.get().line.indicator.code == "F2"


def test_a_stranger_neither_overrides_nor_restores(client: Client, twelve: Report) -> None:
    client.force_login(UserFactory())
    for name in ("override", "restore", "cell_records"):
        url = reverse(f"reports:{name}", args=[twelve.pk, line_of(twelve, "F1").pk])
        assert client.post(url, {"text": "1"}).status_code in {403, 404, 405}


def test_lines_of_another_form_are_not_found(client: Client, lan: User, twelve: Report) -> None:
    other = TemplateVersionFactory(lines=[("F1", "")], template=twelve.obligation.template)
    line = other.lines.get().pk
    assert page(client, "cell_records", twelve.pk, line).status_code == 404
    url = reverse("reports:override", args=[twelve.pk, line])
    assert client.post(url, {"text": "1"}).status_code == 404
