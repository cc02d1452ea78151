"""How a programme ends: deleted as a draft, withdrawn or replaced when sent, with its papers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import docx
import openpyxl
import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from PIL import Image

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.core.uploads import ATTACHMENTS, accept
from apps.desk.models import Notice
from apps.programs.models import Program
from apps.programs.rules import ProgramState
from apps.programs.services.program_checks import ProgramRefused
from apps.programs.services.program_ends import close_program, reopen_program, withdraw_program
from apps.programs.services.programs import send_program
from apps.units.models import Lineage, Unit
from apps.units.rules import LineageKind, UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.programs import (
    ProgramFactory,
    ProgramFileFactory,
    ProgramRecipientFactory,
    ProgramTargetFactory,
)
from tests.factories.units import MembershipFactory, UnitFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
MERGED_ON = date(2025, 7, 1)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def root() -> Unit:
    made: Unit = UnitFactory(name="Tỉnh Đồng Tháp", kind=UnitKind.PROVINCE)
    return made


@pytest.fixture
def commune(root: Unit) -> Unit:
    made: Unit = UnitFactory(name="Xã Mỹ Hòa", kind=UnitKind.COMMUNE, parent=root)
    return made


@pytest.fixture
def manager(root: Unit) -> Client:
    return browser(person(root, Role.REVIEWER))


@pytest.fixture
def clerk(commune: Unit) -> User:
    return person(commune, Role.CLERK)


def person(unit: Unit, role: Role) -> User:
    user: User = UserFactory()
    MembershipFactory(user=user, unit=unit, role=role.value)
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"programs:{name}", args=args)


def sent(root: Unit, *units: Unit, **facts: object) -> Program:
    program: Program = ProgramFactory(unit=root, **facts)
    send_program(program=program, units=units, by=None, at=NOW)
    Notice.objects.all().delete()
    return program


def pdf() -> SimpleUploadedFile:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out, static_id=True)
    return SimpleUploadedFile("ke-hoach.pdf", out.getvalue())


def test_draft_is_deleted_after_one_more_question(root: Unit, manager: Client) -> None:
    program = ProgramFactory(unit=root)
    ProgramTargetFactory(program=program)
    ProgramFileFactory(program=program)

    asked = manager.get(url("program_delete", program.pk)).content.decode()
    assert "không khôi phục được" in asked and Program.objects.exists()
    manager.post(url("program_delete", program.pk))

    assert not Program.objects.exists()
    assert AuditEntry.objects.get(action="programs.draft_deleted").detail["number"]


def test_sent_programme_is_not_deleted(root: Unit, commune: Unit, manager: Client) -> None:
    program = sent(root, commune)
    assert manager.get(url("program_delete", program.pk)).status_code == 404
    answer = manager.post(url("program_delete", program.pk), follow=True).content.decode()
    assert "Hãy thu hồi" in answer and Program.objects.exists()


def test_withdrawing_says_why_to_who_has_it_and_ends_duties(
    root: Unit, commune: Unit, manager: Client, clerk: User
) -> None:
    program = sent(root, commune)
    path = url("program_withdraw", program.pk)
    assert manager.post(path, {"reason": " "}).status_code == 422
    assert "Việc đơn vị cần làm" in browser(clerk).get(url("programs")).content.decode()

    manager.post(path, {"reason": "Gửi nhầm bản chưa ký"})

    program.refresh_from_db()
    assert program.state == ProgramState.WITHDRAWN and program.valid_to == date(2026, 3, 2)
    told = Notice.objects.get()
    assert told.user == clerk and "Gửi nhầm bản chưa ký" in told.text
    seen = browser(clerk).get(url("program", program.pk)).content.decode()
    assert "đơn vị không phải thực hiện" in seen and "Gửi nhầm bản chưa ký" in seen
    assert "Việc đơn vị cần làm" not in browser(clerk).get(url("programs")).content.decode()
    with pytest.raises(ProgramRefused, match="đã thu hồi"):
        send_program(program=program, units=[commune], by=None, at=NOW)


def test_closing_by_mistake_is_taken_back(root: Unit, commune: Unit) -> None:
    program, by = sent(root, commune), UserFactory()
    close_program(program=program, by=by, at=NOW)
    with pytest.raises(ProgramRefused):
        withdraw_program(program=program, reason="x", by=by, at=NOW)
    assert reopen_program(program=program, by=by, at=NOW).state == ProgramState.SENT


def test_replacement_takes_over_text_targets_and_units(
    root: Unit, commune: Unit, manager: Client, clerk: User
) -> None:
    old = sent(root, commune, title="Kế hoạch Ngày hội", number="47/KH", valid_to=None)
    ProgramTargetFactory(program=old)
    form = manager.get(url("program_add") + f"?thay-the={old.pk}").context["form"]
    assert form.initial["title"] == "Kế hoạch Ngày hội" and "number" not in form.initial
    typed = {
        "kind": "plan",
        "title": "Kế hoạch Ngày hội (sửa)",
        "number": "52/KH",
        "issued_on": "01/03/2026",
        "issuer": old.issuer,
        "level": "province",
        "unit": root.pk,
        "valid_from": "05/03/2026",
    }
    manager.post(url("program_add") + f"?thay-the={old.pk}", typed)
    new = Program.objects.get(number="52/KH")
    assert new.replaces == old and new.targets.count() == 1

    preview = manager.get(url("program_send", new.pk) + "?xem=1&same=on").content.decode()
    assert "1 đơn vị mới" in preview
    manager.post(url("program_send", new.pk), {"same": "on"})

    old.refresh_from_db()
    assert (old.state, old.valid_to) == (ProgramState.REPLACED, date(2026, 3, 5))
    assert "Thay thế 47/KH Kế hoạch Ngày hội" in Notice.objects.get(user=clerk).text
    assert "Đã được thay thế từ 05/03/2026" in manager.get(url("program", old.pk)).content.decode()
    again = ProgramFactory(unit=root, replaces=old)
    with pytest.raises(ProgramRefused, match="đã có văn bản khác"):
        send_program(program=again, units=[commune], by=None, at=NOW)


def test_correction_of_a_sent_programme_is_told(
    root: Unit, commune: Unit, manager: Client, clerk: User
) -> None:
    program = sent(root, commune)
    typed = {
        "kind": "plan",
        "title": program.title,
        "number": program.number,
        "issued_on": "10/01/2026",
        "issuer": program.issuer,
        "level": "province",
        "unit": root.pk,
        "valid_from": "10/01/2026",
        "plan_due_on": "01/04/2026",
        "lock_version": 1,
    }
    manager.post(url("program_edit", program.pk), typed)
    assert "Đã sửa hạn gửi kế hoạch của" in Notice.objects.get(user=clerk).text
    history = manager.get(url("program", program.pk)).content.decode()
    assert "Ai ghi gì, lúc nào" in history and "hạn gửi kế hoạch" in history


def test_file_of_a_draft_goes_and_of_a_sent_programme_stays_on_record(
    root: Unit, commune: Unit, manager: Client, clerk: User
) -> None:
    program = ProgramFactory(unit=root)
    manager.post(url("program_attach", program.pk), {"title": "Bản một", "file": pdf()})
    manager.post(url("program_file_remove", program.pk, program.files.get().pk))
    assert not program.files.exists()

    manager.post(url("program_attach", program.pk), {"title": "Bản hai", "file": pdf()})
    file = program.files.get()
    send_program(program=program, units=[commune], by=None, at=NOW)
    path = url("program_file_remove", program.pk, file.pk)
    assert manager.post(path, {"reason": ""}).status_code == 422
    manager.post(path, {"reason": "Nhầm bản nháp"})

    seen = browser(clerk).get(url("program", program.pk)).content.decode()
    assert "đã rút" in seen and "Nhầm bản nháp" in seen
    download = url("program_file", program.pk, file.pk)
    assert browser(clerk).get(download).status_code == 404
    assert manager.get(download).status_code == 200
    manager.post(url("program_attach", program.pk), {"title": "Bản hai", "file": pdf()})
    assert program.files.get().withdrawn_at is None
    assert browser(clerk).get(download).status_code == 200


def test_unit_takes_back_its_own_plan_and_nobody_elses(
    root: Unit, commune: Unit, clerk: User
) -> None:
    program = sent(root, commune, issued_on=date(2026, 2, 1))
    row, mine = program.recipients.get(), browser(clerk)
    plan = {"plan_number": "5/KH", "plan_on": "02/02/2026", "file": pdf()}
    mine.post(url("program_plan", program.pk, row.pk), plan)
    file = row.files.get()
    path = url("program_plan_file_remove", program.pk, row.pk, file.pk)
    other = UnitFactory(parent=root)
    ProgramRecipientFactory(program=program, unit=other)
    stranger = browser(person(other, Role.CLERK))
    assert stranger.post(path, {"reason": "x"}).status_code == 404

    mine.post(path, {"reason": "Nhầm tệp"})

    assert mine.get(url("program_plan_file", program.pk, file.pk)).status_code == 404
    assert "Nhầm tệp" in mine.get(url("program_plan", program.pk, row.pk)).content.decode()


def written(document: Any, name: str, *how: str) -> SimpleUploadedFile:
    """Return what an office program saves, under a name."""
    out = io.BytesIO()
    document.save(out, *how)
    return SimpleUploadedFile(name, out.getvalue())


def test_word_and_excel_come_back_as_they_were_and_are_only_downloaded(
    root: Unit, commune: Unit, manager: Client, clerk: User
) -> None:
    program = sent(root, commune, issued_on=date(2026, 2, 1))
    row, mine = program.recipients.get(), browser(clerk)
    paper = written(docx.Document(), "Kế hoạch triển khai " * 9 + ".docx")
    plan = written(openpyxl.Workbook(), "bieu.xlsx")

    manager.post(url("program_attach", program.pk), {"title": "", "file": paper})
    typed = {"plan_number": "5/KH", "plan_on": "02/02/2026", "file": plan}
    mine.post(url("program_plan", program.pk, row.pk), typed)

    file, kept = program.files.get(), row.files.get()
    for path, content, kind in (
        (url("program_file", program.pk, file.pk), paper, "wordprocessingml.document"),
        (url("program_plan_file", program.pk, kept.pk), plan, "spreadsheetml.sheet"),
    ):
        answer = mine.get(path)
        assert b"".join(answer) == content.open().read()
        assert answer["Content-Type"].endswith(kind)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
    entry = AuditEntry.objects.get(action="programs.unit_plan_recorded")
    assert (entry.detail["name"], entry.detail["sha256"]) == ("bieu.xlsx", kept.sha256)
    pages = (
        manager.get(url("program", program.pk)),
        mine.get(url("program_plan", program.pk, row.pk)),
    )
    assert all(f'accept="{accept(ATTACHMENTS)}"' in page.content.decode() for page in pages)


def test_photo_of_a_paper_is_made_smaller_and_macros_are_refused_with_what_to_do(
    root: Unit, manager: Client
) -> None:
    program = ProgramFactory(unit=root)
    to = url("program_attach", program.pk)
    photo = written(Image.new("RGB", (2400, 30)), "trang-1.jpg", "JPEG")

    manager.post(to, {"title": "Trang 1", "file": photo})
    answer = manager.post(to, {"file": written(docx.Document(), "ke-hoach.docm")})

    file = program.files.get()
    kept = b"".join(manager.get(url("program_file", program.pk, file.pk)))
    assert Image.open(io.BytesIO(kept)).size == (2000, 25)
    entry = AuditEntry.objects.get(action="programs.program_file_added")
    assert entry.detail["came_as"] != entry.detail["sha256"] == file.sha256
    assert answer.status_code == 422
    assert "không có macro" in answer.context["file_form"].errors["file"][0]


def predecessor(root: Unit, kind: LineageKind, until: date | None) -> Program:
    """Return a sent programme of another province that passed into this one."""
    valid = DateRange(date(2020, 1, 1), until)
    gone: Unit = UnitFactory(name="Tỉnh Tiền Giang", kind=UnitKind.PROVINCE, valid=valid)
    Lineage.objects.create(from_unit=gone, to_unit=root, kind=kind, effective_on=MERGED_ON)
    program: Program = ProgramFactory(unit=gone, state=ProgramState.SENT, sent_at=NOW)
    ProgramRecipientFactory(program=program, unit=gone)
    return program


@pytest.mark.parametrize(
    ("kind", "until", "status"),
    [
        (LineageKind.MERGE, MERGED_ON, 200),
        (LineageKind.SPLIT, MERGED_ON, 404),
        (LineageKind.MERGE, None, 404),
    ],
)
def test_heir_reads_the_programmes_of_a_province_that_passed_wholly_into_it(
    root: Unit, manager: Client, clerk: User, kind: LineageKind, until: date | None, status: int
) -> None:
    program = predecessor(root, kind, until)

    answer = manager.get(url("program", program.pk))

    assert answer.status_code == status
    assert browser(clerk).get(url("program", program.pk)).status_code == 404
    assert manager.get(url("program_edit", program.pk)).status_code == 404
    if status == 200:
        text = answer.content.decode()
        assert "Dữ liệu lịch sử, chỉ xem" in text and "30/06/2025" in text
        assert "Đã nhận: 0/1 đơn vị" in text and "Nhắc" not in text
        assert "Dữ liệu lịch sử" in manager.get(url("programs")).content.decode()


def test_withdrawn_force_lasts_one_day_at_least(root: Unit, commune: Unit) -> None:
    later = (NOW + timedelta(days=30)).date()
    program = sent(root, commune, valid_from=later, valid_to=later + timedelta(days=90))
    withdraw_program(program=program, reason="Hoãn", by=UserFactory(), at=NOW)
    program.refresh_from_db()
    assert program.valid_to == later + timedelta(days=1)
