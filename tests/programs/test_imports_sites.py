"""Sites from Excel: all that is wrong at once, nothing half written, taken back exactly."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from threading import Barrier, Thread

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.desk.models import ImportBatch
from apps.desk.rules import ImportState
from apps.desk.services import ImportNotPossible, expire_imports
from apps.programs.models import ModelSite, SiteMove, SiteParty, SiteTeam
from apps.programs.rules import PartyRole, SiteState
from apps.programs.services.import_sheets import ImportRefused, template
from apps.programs.services.register_import import (
    ImportHasFaults,
    apply_list,
    read_list,
    undo_list,
)
from apps.programs.services.site_import import SITES
from apps.programs.services.site_sheet import SITE_SHEET
from apps.programs.services.sites import TeamCount, remove_site, set_teams
from apps.units.models import Unit
from apps.units.queries import described
from tests.factories.programs import (
    ActivityFactory,
    ModelTypeAliasFactory,
    ModelTypeFactory,
    SiteFactory,
)
from tests.factories.units import UnitFactory
from tests.programs.list_world import NOW, TODAY, ListWorld, list_world

pytestmark = pytest.mark.django_db
LAUNCH = date(2026, 5, 4)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> ListWorld:
    made = list_world()
    ModelTypeAliasFactory(model_type=ModelTypeFactory(name="Dòng họ tự quản"), name="Gia tộc")
    ModelTypeFactory(name="Camera an ninh")
    return made


def line(unit: str = "XA-1", kind: str = "Dòng họ tự quản", **cells: object) -> list[object]:
    """Return a row of the sheet; other cells by the names of their columns."""
    values = {"unit": unit, "model_type": kind, "level": "Cấp xã", "launched_on": LAUNCH} | cells
    return [values.get(column.name) for column in SITE_SHEET.columns]


def filled(*rows: Sequence[object]) -> bytes:
    """Fill in the template as Excel would save it."""
    book = openpyxl.load_workbook(io.BytesIO(template(SITE_SHEET, [])))
    for row in rows:
        book[SITE_SHEET.title].append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(by: User, *rows: Sequence[object]) -> ImportBatch:
    return read_list(register=SITES, file_name="diem.xlsx", content=filled(*rows), by=by, at=NOW)


def written(by: User, *rows: Sequence[object]) -> ImportBatch:
    return apply_list(register=SITES, batch=read(by, *rows), by=by, at=NOW)


def faults(by: User, *rows: Sequence[object]) -> list[str]:
    batch = read(by, *rows)
    assert len(batch.summary["faults"]) == batch.summary["n_faults"]
    return list(batch.summary["faults"])


def test_template_lists_the_units_and_kinds_and_carries_its_version(world: ListWorld) -> None:
    answer = world.browser(world.clerk).get(reverse("programs:site_import_template"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))

    codes = [row[0] for row in book["Đơn vị"].iter_rows(min_row=2, values_only=True)]
    assert "XA-1" in codes and "XA-2" not in codes
    kinds = [row[1] for row in book["Loại mô hình"].iter_rows(min_row=2, values_only=True)]
    assert "Dòng họ tự quản" in kinds
    assert book["PhienBan"].sheet_state == "hidden"
    assert len(described(Unit.objects.values_list("pk", flat=True), TODAY)) > len(codes)


def test_rows_become_sites_with_owners_teams_and_launch(world: ListWorld) -> None:
    batch = written(
        world.reviewer,
        line("xa my hoa", "gia toc", name="Họ Nguyễn", members="1.250", qualifier="hơn, trên"),
        line("XA-2", state="Thí điểm", owners="XA-2; Xã Mỹ Hòa", coordinators="truong mau"),
        line("XA-2", "Camera an ninh", launched_on=None, n_teams=3, note="Đang khảo sát\tkỹ\\"),
    )
    first, second, third = ModelSite.objects.order_by("pk")

    assert (first.unit, first.name, first.state) == (world.my_hoa, "Họ Nguyễn", SiteState.ACTIVE)
    assert (first.level, first.host_kind) == ("commune", "residential")
    team = SiteTeam.objects.get(site=first)
    assert (team.members, team.qualifier, team.valid_from) == (1250, "over", LAUNCH)
    assert SiteMove.objects.get(site=first).to_state == SiteState.ACTIVE
    assert second.state == SiteState.PILOT and second.name == "Dòng họ tự quản"
    parties = set(SiteParty.objects.filter(site=second).values_list("unit__code", "role"))
    owner, helper = PartyRole.OWNER, PartyRole.COORDINATOR
    assert parties == {("XA-2", owner), ("XA-1", owner), (world.school.code, helper)}
    assert third.state == SiteState.DRAFT and third.last_news_on is None
    assert third.note == "Đang khảo sát kỹ\\"
    assert {site.import_batch for site in (first, second, third)} == {batch}
    assert AuditEntry.objects.filter(action="programs.sites_imported").count() == 1


def test_every_fault_is_named_at_its_cell_at_once(world: ListWorld) -> None:
    SiteFactory(
        model_type=ModelTypeFactory(name="Tiếng kẻng"), unit=world.my_hoa, launched_on=TODAY
    )
    found = faults(
        world.reviewer,
        line("XA-9", "Dòng họ tự quan lý"),
        line("", "", level="Cấp trời", launched_on="2026-05-04"),
        line(members=-5, n_teams="ba"),
        line("XA-2", launched_on=date(2026, 12, 1)),
        line("XA-2", "Camera an ninh", launched_on=date(2020, 1, 1)),
        line("XA-1", "Tiếng kẻng"),
        line("AP-1", coordinators="XA-77"),
        line("XA-2", "Camera an ninh", place="Chợ", launched_on=None, state="Thí điểm"),
        line("AP-1", "Camera an ninh"),
        line("AP-1", "Camera an ninh"),
    )

    assert [fault.split(":")[0] for fault in found] == [
        *("Ô A2", "Ô B2", "Ô A3", "Ô B3", "Ô E3", "Ô G3", "Ô J4", "Ô K4", "Ô G5", "Ô A6", "Ô D7"),
        *("Ô N8", "Ô G9", "Ô D11"),
    ]
    assert "không có loại mô hình “Dòng họ tự quan lý”. Gần giống: Dòng họ tự quản." in found[1]
    assert "tương lai" in found[8]
    assert "không tồn tại vào ngày 01/01/2020" in found[9]
    assert "ghi tên đơn vị cũ ở ô “Tiếp nhận từ”" in found[9]
    assert not ModelSite.objects.exclude(name="Tiếng kẻng").exists()


def test_file_with_a_fault_writes_nothing(world: ListWorld) -> None:
    batch = read(world.reviewer, line(), line("XA-9"))

    with pytest.raises(ImportHasFaults):
        apply_list(register=SITES, batch=batch, by=world.reviewer, at=NOW)
    assert not ModelSite.objects.exists()


def test_clerk_cannot_write_for_the_neighbour_but_may_name_it_as_partner(world: ListWorld) -> None:
    assert faults(world.clerk, line("XA-2"))[0].startswith("Ô A2: không có đơn vị “XA-2” trong")
    written(world.clerk, line("XA-1", owners="XA-1;XA-2"))

    assert set(ModelSite.objects.get().parties.values_list("unit__code", flat=True)) == {
        "XA-1",
        "XA-2",
    }


def test_two_units_of_one_name_must_be_told_apart_by_code(world: ListWorld) -> None:
    UnitFactory(name="Xã Mỹ Hòa", code="XA-3", parent=world.province)

    assert "Hãy ghi mã, một trong: XA-1, XA-3" in faults(world.reviewer, line("Xã Mỹ Hòa"))[0]


def test_same_file_again_is_counted_as_known_and_adds_nothing(world: ListWorld) -> None:
    written(world.reviewer, line(), line("XA-2"))
    again = read(world.reviewer, line(), line("XA-2"), line("AP-1"))

    assert (again.summary["new"], again.summary["known"]) == (1, [2, 3])
    apply_list(register=SITES, batch=again, by=world.reviewer, at=NOW)
    assert ModelSite.objects.count() == 3


def test_a_batch_is_written_once(world: ListWorld) -> None:
    batch = written(world.reviewer, line())

    with pytest.raises(ImportNotPossible):
        apply_list(register=SITES, batch=batch, by=world.reviewer, at=NOW)
    assert ModelSite.objects.count() == 1


def test_what_changed_since_the_preview_stops_the_whole_file(world: ListWorld) -> None:
    one, other = (read(world.reviewer, line(launched_on=day)) for day in (LAUNCH, TODAY))
    apply_list(register=SITES, batch=one, by=world.reviewer, at=NOW)

    waiting = apply_list(register=SITES, batch=other, by=world.reviewer, at=NOW)
    assert waiting.state == ImportState.PREVIEWED
    assert waiting.summary["n_faults"] == 1 and waiting.summary["faults"][0].startswith("Ô D2:")
    assert ModelSite.objects.count() == 1
    answer = world.browser(world.reviewer).get(_page("marked", other))
    marked = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert "đã có" in str(marked[SITE_SHEET.title]["D2"].comment.text)


def test_reading_and_writing_cost_the_same_queries_for_any_number_of_rows(
    world: ListWorld,
) -> None:
    def cost(rows: list[list[object]]) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as reading:
            batch = read(world.reviewer, *rows)
        assert not batch.summary["faults"]
        with CaptureQueriesContext(connection) as writing:
            apply_list(register=SITES, batch=batch, by=world.reviewer, at=NOW)
        return len(reading), len(writing)

    one = cost([line(place="Một", members=1, coordinators="XA-2")])
    assert one == cost([line(place=f"Ấp {n}", members=n, coordinators="XA-2") for n in range(60)])


def test_undo_removes_just_what_was_created(world: ListWorld) -> None:
    before = SiteFactory(unit=world.my_hoa)
    batch = written(world.reviewer, line(), line("XA-2"))
    undone = undo_list(register=SITES, batch=batch, by=world.reviewer, at=NOW)

    assert undone.removed == 2 and not undone.kept
    assert list(ModelSite.objects.kept()) == [before]
    with pytest.raises(ImportNotPossible):
        undo_list(register=SITES, batch=batch, by=world.reviewer, at=NOW)
    assert written(world.reviewer, line()).summary["new"] == 1


def test_undo_keeps_what_somebody_worked_on_and_names_it(world: ListWorld) -> None:
    rows = [line(place=place, members=3) for place in ("Yên", "Tổ", "Việc", "Bỏ")]
    batch = written(world.reviewer, *rows)
    sites = {site.place: site for site in ModelSite.objects.all()}
    set_teams(site=sites["Tổ"], team=TeamCount(n_teams=2, members=9), on=LAUNCH, by=None, at=NOW)
    ActivityFactory(site=sites["Việc"])
    remove_site(site=sites["Bỏ"], reason="Nhầm", by=None, at=NOW)
    undone = undo_list(register=SITES, batch=batch, by=world.reviewer, at=NOW)

    assert undone.removed == 1
    assert set(undone.kept) == {sites["Tổ"].pk, sites["Việc"].pk}
    assert ModelSite.objects.get(place="Bỏ").removed_reason == "Nhầm"


def test_undo_stops_at_the_scope_of_who_undoes(world: ListWorld) -> None:
    """Who has moved to another unit since does not reach back into the old one."""
    batch = written(world.reviewer, line(), line("XA-2"))
    undone = undo_list(register=SITES, batch=batch, by=world.clerk, at=NOW)

    assert (undone.removed, len(undone.kept)) == (1, 1)
    assert ModelSite.objects.kept().get().unit.code == "XA-2"


def test_undo_is_refused_when_everything_was_worked_on(world: ListWorld) -> None:
    batch = written(world.reviewer, line())
    ModelSite.objects.update(lock_version=2)

    with pytest.raises(ImportNotPossible, match="đều đã có người sửa"):
        undo_list(register=SITES, batch=batch, by=world.reviewer, at=NOW)
    assert ModelSite.objects.kept().count() == 1


def test_pages_lead_from_template_to_undo(world: ListWorld) -> None:
    browser = world.browser(world.clerk)
    file = SimpleUploadedFile("diem.xlsx", filled(line(), line("AP-1", "Camera an ninh")))
    page = browser.post(reverse("programs:site_import"), {"file": file}, follow=True)
    text = page.content.decode()
    assert "Ghi 2 điểm mô hình vào sổ" in text and "04/05/2026" in text
    assert '<td data-label="Đơn vị">Xã Mỹ Hòa</td>' in text
    batch = ImportBatch.objects.get()
    for step, words in (("apply", "Đã ghi 2 điểm mô hình."), ("undo", "Đã bỏ 2 điểm")):
        address = reverse(f"programs:site_import_{step}", args=[batch.pk])
        assert words in browser.post(address, follow=True).content.decode()
    assert "diem.xlsx" in browser.get(reverse("programs:site_import")).content.decode()


def test_a_preview_that_expired_leads_back_to_the_upload(world: ListWorld) -> None:
    batch = read(world.clerk, line())
    expire_imports(at=NOW + timedelta(days=31))
    browser = world.browser(world.clerk)
    for answer in (browser.get(_page("preview", batch)), browser.post(_page("apply", batch))):
        page = browser.get(answer["Location"], follow=True).content.decode()
        assert "quá 30 ngày chưa ghi" in page and "Đã hết hạn" in page
    assert not ModelSite.objects.exists()


def test_page_shows_every_fault_and_offers_the_upload_again(world: ListWorld) -> None:
    browser = world.browser(world.clerk)
    file = SimpleUploadedFile("sai.xlsx", filled(line("XA-2"), line(members=-1)))
    text = browser.post(
        reverse("programs:site_import"), {"file": file}, follow=True
    ).content.decode()

    assert "Có 2 lỗi. Chưa ghi dòng nào." in text
    assert "Ô A2:" in text and "Ô K3:" in text
    assert "vào sổ</button>" not in text


@pytest.mark.parametrize("content", [b"", b"khong phai excel", b"PK\x03\x04hong"])
def test_file_that_is_no_workbook_is_refused_at_the_field(world: ListWorld, content: bytes) -> None:
    file = SimpleUploadedFile("a.xlsx", content)
    answer = world.browser(world.clerk).post(reverse("programs:site_import"), {"file": file})

    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_template_of_another_version_is_refused(world: ListWorld) -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(line())))
    book["PhienBan"]["B2"] = "0"
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(ImportRefused, match="phiên bản 0, Cổng đang dùng phiên bản 1"):
        read_list(
            register=SITES, file_name="a.xlsx", content=out.getvalue(), by=world.clerk, at=NOW
        )


def test_nobody_sees_or_writes_the_import_of_another(world: ListWorld) -> None:
    batch = read(world.reviewer, line())
    stranger = world.browser(world.clerk)

    assert stranger.get(_page("preview", batch)).status_code == 404
    for step in ("apply", "undo"):
        assert stranger.post(_page(step, batch)).status_code == 404
    assert not ModelSite.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_same_list_of_two_people_at_once_is_written_once(world: ListWorld) -> None:
    rows = [line(launched_on=None), line("AP-1", launched_on=None)]
    people = (world.reviewer, world.clerk)
    batches = [read(by, *rows) for by in people]
    start, written_by = Barrier(2), []

    def click(batch: ImportBatch, by: User) -> None:
        start.wait()
        try:
            applied = apply_list(register=SITES, batch=batch, by=by, at=NOW)
            written_by.append(applied.summary["new"])
        finally:
            connection.close()

    pairs = zip(batches, people, strict=True)
    threads = [Thread(target=click, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(written_by) == [0, 2]
    assert ModelSite.objects.count() == 2


def _page(step: str, batch: ImportBatch) -> str:
    return reverse(f"programs:site_import_{step}", args=[batch.pk])
