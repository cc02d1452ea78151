"""The pages of programmes: who sees what, one click to receive, nothing typed is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import openpyxl
import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.desk.models import Notice
from apps.programs.models import Program, ProgramFile, ProgramRecipient, RecipientFile
from apps.programs.rules import ProgramState
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.indicators import IndicatorFactory
from tests.factories.programs import (
    ProgramFactory,
    ProgramPartyFactory,
    ProgramRecipientFactory,
    ProgramTargetFactory,
)
from tests.factories.units import (
    BlockFactory,
    BlockMemberFactory,
    MembershipFactory,
    PoliceInChargeFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass
class Province:
    """A province with two communes, their police, and who works where."""

    root: Unit
    communes: list[Unit]
    manager: Client
    clerk: Client
    neighbour: Client
    front: Unit


def browser(unit: Unit, role: Role) -> Client:
    user: User = UserFactory()
    MembershipFactory(user=user, unit=unit, role=role.value)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def place() -> Province:
    root = UnitFactory(name="Tỉnh Đồng Tháp", kind=UnitKind.PROVINCE)
    force = UnitFactory(name="Công an tỉnh", kind=UnitKind.POLICE_PROVINCE, parent=root)
    PoliceInChargeFactory(unit=root, police_unit=force)
    stations, communes = [], []
    for name in ("Mỹ Hòa", "Tân Thạnh"):
        stations.append(
            UnitFactory(name=f"Công an xã {name}", kind=UnitKind.POLICE_COMMUNE, parent=force)
        )
        communes.append(
            UnitFactory(name=f"Xã {name}", kind=UnitKind.COMMUNE, parent=root, police=stations[-1])
        )
    return Province(
        root=root,
        communes=communes,
        manager=browser(force, Role.REVIEWER),
        clerk=browser(stations[0], Role.CLERK),
        neighbour=browser(stations[1], Role.CLERK),
        front=UnitFactory(name="MTTQ tỉnh", kind=UnitKind.MASS_ORGANISATION, parent=root),
    )


def sent(place: Province, *units: Unit, **facts: object) -> Program:
    program: Program = ProgramFactory(
        unit=place.root, state=ProgramState.SENT, sent_at=NOW, **facts
    )
    for unit in units:
        ProgramRecipientFactory(program=program, unit=unit, sent_at=NOW)
    return program


def url(name: str, *args: object) -> str:
    return reverse(f"programs:{name}", args=args)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def typed(place: Province, **changes: object) -> dict[str, object]:
    return {
        "kind": "plan",
        "title": "Kế hoạch Ngày hội",
        "number": "47/KH-BCĐ",
        "issued_on": "01/02/2026",
        "issuer": "Ban Chỉ đạo 138 tỉnh",
        "level": "province",
        "unit": place.root.pk,
        "valid_from": "01/02/2026",
        "lock_version": "1",
    } | changes


def test_manager_records_edits_and_sends_a_programme(place: Province) -> None:
    added = place.manager.post(url("program_add"), typed(place, parties=[place.front.pk]))
    program = Program.objects.get()
    assert added.headers["Location"] == url("program", program.pk)
    assert program.parties.get().unit == place.front

    place.manager.post(url("program_edit", program.pk), typed(place, title="Kế hoạch mới"))
    program.refresh_from_db()
    assert (program.title, program.lock_version) == ("Kế hoạch mới", 2)

    send = url("program_send", program.pk)
    preview = page(place.manager, f"{send}?xem=1&kinds=commune&units-go={place.front.code}")
    assert "3 đơn vị mới" in preview and not ProgramRecipient.objects.exists()

    data = {"kinds": ["commune"], "units-go": place.front.code}
    place.manager.post(send, data)
    assert ProgramRecipient.objects.count() == 3
    assert Notice.objects.count() == 2
    assert "6 đơn vị" not in page(place.manager, f"{send}?xem=1&kinds=commune")


def test_wrong_days_keep_what_was_typed_and_stand_at_their_field(place: Province) -> None:
    data = typed(place, interim_due_on="01/12/2026", final_due_on="01/06/2026", parties=[])
    answer = place.manager.post(url("program_add"), data)

    assert answer.status_code == 422 and not Program.objects.exists()
    form = answer.context["form"]
    assert form.errors == {"interim_due_on": ["Hạn sơ kết phải trước hạn tổng kết."]}
    text = answer.content.decode()
    assert 'value="47/KH-BCĐ"' in text and "Có mục cần sửa" in text


def test_taken_number_and_an_older_text_are_said(place: Province) -> None:
    place.manager.post(url("program_add"), typed(place))
    again = place.manager.post(url("program_add"), typed(place))
    assert list(again.context["form"].errors) == ["number"]

    edit = url("program_edit", Program.objects.get().pk)
    old = place.manager.post(edit, typed(place, lock_version="7", title="Tựa của tôi"))
    assert "Người khác vừa sửa" in old.content.decode() and "Tựa của tôi" in old.content.decode()


def test_followed_unit_must_lie_on_the_managers_desk(place: Province) -> None:
    answer = place.manager.post(url("program_add"), typed(place, unit=place.communes[0].pk))
    assert list(answer.context["form"].errors) == ["unit"]


def test_sending_to_a_block_and_out_of_scope(place: Province) -> None:
    program = ProgramFactory(unit=place.root)
    block = BlockFactory()
    BlockMemberFactory(block=block, unit=place.front)
    place.manager.post(url("program_send", program.pk), {"blocks": [block.pk]})
    assert [row.unit for row in program.recipients.all()] == [place.front]

    stranger = UnitFactory()
    answer = place.manager.post(url("program_send", program.pk), {"units": [stranger.pk]})
    assert answer.status_code == 422 and program.recipients.count() == 1
    nothing = place.manager.get(url("program_send", program.pk) + "?xem=1")
    assert "Chưa chọn đơn vị nào" in nothing.content.decode()


def test_clerk_receives_in_one_click_and_writes_the_plan(place: Province) -> None:
    program = sent(place, place.communes[0], plan_due_on=date(2026, 2, 1))
    row = program.recipients.get()
    listed = page(place.clerk, url("programs"))
    assert "Chưa nhận" in listed and "Việc đơn vị cần làm" in listed

    place.clerk.post(url("program_receive", program.pk, row.pk))
    assert "Chưa có kế hoạch" in page(place.clerk, url("programs"))

    data = {"plan_number": "5/KH", "plan_on": "02/02/2026", "launched_on": "15/02/2026"}
    place.clerk.post(url("program_plan", program.pk, row.pk), data | {"file": pdf()})
    row.refresh_from_db()
    assert (row.plan_number, row.launched_on) == ("5/KH", date(2026, 2, 15))
    assert "Việc đơn vị cần làm" not in page(place.clerk, url("programs"))

    file = RecipientFile.objects.get()
    path = url("program_plan_file", program.pk, file.pk)
    assert place.manager.get(path).status_code == 200
    assert place.neighbour.get(path).status_code == 404


def pdf() -> SimpleUploadedFile:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    return SimpleUploadedFile("ke-hoach.pdf", out.getvalue())


def test_wrong_plan_keeps_what_was_typed(place: Province) -> None:
    program = sent(place, place.communes[0])
    row = program.recipients.get()
    answer = place.clerk.post(
        url("program_plan", program.pk, row.pk),
        {"plan_number": "5/KH", "launched_on": "31/12/2026"},
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"plan_on", "launched_on"}
    bad = SimpleUploadedFile("x.pdf", b"not a pdf")
    answer = place.clerk.post(url("program_plan", program.pk, row.pk), {"file": bad})
    assert list(answer.context["form"].errors) == ["file"]


def test_another_units_programme_and_row_are_missing(place: Province) -> None:
    program = sent(place, place.communes[0])
    row = program.recipients.get()
    missing = place.neighbour.get(url("program", 987_654_321)).content

    for path in (url("program", program.pk), url("program_plan", program.pk, row.pk)):
        answer = place.neighbour.get(path)
        assert answer.status_code == 404
    assert place.neighbour.get(url("program", program.pk)).content == missing
    both = sent(place, *place.communes)
    other = both.recipients.get(unit=place.communes[0])
    answer = place.neighbour.post(url("program_receive", both.pk, other.pk))
    assert answer.status_code == 404
    other.refresh_from_db()
    assert other.received_at is None


def test_draft_is_hidden_from_its_recipients_and_units_do_not_see_each_other(
    place: Province,
) -> None:
    draft = ProgramFactory(unit=place.root)
    ProgramRecipientFactory(program=draft, unit=place.communes[0])
    assert place.clerk.get(url("program", draft.pk)).status_code == 404

    both = sent(place, *place.communes)
    seen = page(place.clerk, url("program", both.pk))
    assert "Xã Mỹ Hòa" in seen and "Xã Tân Thạnh" not in seen


def test_coordinating_organisation_sees_all_but_changes_nothing(place: Province) -> None:
    program = sent(place, *place.communes)
    ProgramPartyFactory(program=program, unit=place.front)
    partner = browser(place.front, Role.CLERK)

    seen = page(partner, url("program", program.pk))

    assert "Đã nhận: 0/2 đơn vị" in seen and "Nhắc" not in seen and "Gửi thêm" not in seen
    assert partner.get(url("program_edit", program.pk)).status_code == 403


def test_commune_reviewer_cannot_change_a_programme_of_the_province(place: Province) -> None:
    program = sent(place, place.communes[0])
    police = Unit.objects.get(in_charge_of__unit=place.communes[0])
    reviewer = browser(police, Role.REVIEWER)
    assert reviewer.get(url("program", program.pk)).status_code == 200
    assert reviewer.get(url("program_edit", program.pk)).status_code == 404
    assert reviewer.post(url("program_remind", program.pk), {"step": "nhan"}).status_code == 404


def test_manager_sees_who_is_missing_reminds_and_exports(place: Province) -> None:
    program = sent(place, *place.communes)
    done = program.recipients.get(unit=place.communes[1])
    done.received_at = NOW
    done.save()

    seen = page(place.manager, url("program", program.pk))
    assert "Đã nhận: 1/2 đơn vị" in seen and "Nhắc 1 đơn vị chưa nhận" in seen
    answer = place.manager.post(
        url("program_remind", program.pk), {"step": "nhan"}, follow=True
    ).content.decode()
    assert "Đã nhắc 1 đơn vị (1 người)" in answer
    assert "xác nhận đã nhận" in Notice.objects.get().text

    sheet = place.manager.get(url("program_sheet", program.pk))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))
    rows = list(book.worksheets[0].values)
    assert [row[1] for row in rows[1:]] == ["Xã Mỹ Hòa", "Xã Tân Thạnh"]
    assert rows[1][8] == "chưa nhận, chưa có kế hoạch, chưa phát động"


def test_reminder_without_a_step_is_refused_in_words(place: Province) -> None:
    program = sent(place, *place.communes)
    answer = place.manager.post(url("program_remind", program.pk), {"step": "x"}, follow=True)
    assert "Chưa chọn việc cần nhắc" in answer.content.decode()


def test_targets_and_papers_are_added_at_the_page(place: Province) -> None:
    program = sent(place, place.communes[0])
    indicator = IndicatorFactory(is_default_on=True)
    target = {"indicator": indicator.pk, "sign": "at_least", "value": "1.200"}
    place.manager.post(url("target_add", program.pk), target)
    assert "từ 1.200 buổi trở lên" in page(place.manager, url("program", program.pk))
    again = place.manager.post(url("target_add", program.pk), target)
    said = again.content.decode()
    assert "đã có chỉ tiêu này" in said and said.count('class="error-summary"') == 1
    place.manager.post(url("target_drop", program.pk, program.targets.get().pk))
    assert not program.targets.exists()

    paper = pdf()
    place.manager.post(url("program_attach", program.pk), {"title": "Kế hoạch", "file": paper})
    file = ProgramFile.objects.get()
    path = url("program_file", program.pk, file.pk)
    assert place.clerk.get(path).headers["Content-Disposition"].startswith("attachment")
    assert place.neighbour.get(path).status_code == 404
    paper.seek(0)
    twice = place.manager.post(url("program_attach", program.pk), {"file": paper})
    assert twice.status_code == 422 and "Tệp này đã có" in twice.content.decode()


def test_closing_ends_sending_and_reminding(place: Province) -> None:
    program = sent(place, place.communes[0])
    place.manager.post(url("program_close", program.pk))
    program.refresh_from_db()
    assert program.state == ProgramState.CLOSED
    assert "Gửi thêm" not in page(place.manager, url("program", program.pk))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("tim=ngay+hoi", {"Ngày hội"}),
        ("tim=12/kh-bcd", {"Ngày hội"}),
        ("loai=directive", {"Chỉ thị cũ"}),
        ("nam=2024", {"Chỉ thị cũ"}),
        ("hieu_luc=con", {"Ngày hội"}),
        ("hieu_luc=khong", {"Chỉ thị cũ"}),
        ("trang_thai=draft", set()),
        ("trang_thai=bậy&nam=xx", {"Ngày hội", "Chỉ thị cũ"}),
        ("viec=nhan", {"Ngày hội"}),
        ("viec=ke-hoach", {"Ngày hội", "Chỉ thị cũ"}),
    ],
)
def test_filters(place: Province, query: str, titles: set[str]) -> None:
    sent(place, place.communes[0], title="Ngày hội", title_key="ngay hoi", number="12/KH-BCĐ")
    old = sent(
        place,
        place.communes[0],
        kind="directive",
        title="Chỉ thị cũ",
        title_key="chi thi cu",
        issued_on=date(2024, 2, 1),
        valid_from=date(2024, 2, 1),
        valid_to=date(2025, 1, 1),
    )
    old.recipients.update(received_at=NOW)

    answer = place.clerk.get(f"{url('programs')}?{query}")

    assert {row.program.title for row in answer.context["rows"]} == titles


def queries(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def test_list_asks_as_often_for_one_as_for_twenty(place: Province) -> None:
    sent(place, place.communes[0])
    place.clerk.get(url("programs"))
    one = queries(lambda: place.clerk.get(url("programs")))
    for _ in range(19):
        sent(place, place.communes[0])
    assert queries(lambda: place.clerk.get(url("programs"))) == one


def test_page_asks_as_often_for_one_unit_as_for_forty(place: Province) -> None:
    program = sent(place, place.communes[0])
    ProgramTargetFactory(program=program)
    place.manager.get(url("program", program.pk))
    one = queries(lambda: place.manager.get(url("program", program.pk)))
    for _ in range(39):
        ProgramRecipientFactory(program=program, unit=UnitFactory(parent=place.root))
    assert queries(lambda: place.manager.get(url("program", program.pk))) == one
