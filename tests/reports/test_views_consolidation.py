"""Consolidation pages: sums with their unit counts, drill-down, adjustments, words, documents."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.desk.models import Job
from apps.papers.models import IssuingBody
from apps.reports.models import Adjustment, ConsolidationText, Document
from apps.reports.services.rollups import recompute_dirty
from apps.units.models import Unit, UnitClosure, UnitParent, UnitSpan
from tests.reports.world import AT, HANOI, World, make_period, make_world, over, person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 9, 20, 8, 0, tzinfo=HANOI)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def officer(world: World) -> Client:
    return browser(world.reviewer)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, world: World, *more: object) -> str:
    return reverse(f"reports:{name}", args=[world.period.pk, *more])


def text_of(client: Client, address: str, **asked: object) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_list_says_how_far_each_period_has_come(world: World, officer: Client) -> None:
    world.accept(world.org_1, {})

    text = text_of(officer, reverse("reports:consolidations"))

    assert "Quý III/2026" in text
    assert "1/5 báo cáo" in text
    assert "Đang tính lại" in text


def test_list_without_periods_says_why(world: World) -> None:
    lonely = browser(person("moi", UnitOf("MOI").unit, Role.LEADER))

    assert "Chưa có kỳ nào để tổng hợp" in text_of(lonely, reverse("reports:consolidations"))


class UnitOf:
    """A new unit without reports."""

    def __init__(self, code: str) -> None:
        from tests.factories.units import UnitFactory  # noqa: PLC0415

        self.unit = UnitFactory(code=code, name=f"Đơn vị {code}")


def test_page_shows_sums_changes_and_counts(world: World, officer: Client) -> None:
    last_year = world.open(make_period(world.calendar, "quarter", 2025, 3))
    world.accept(world.front, {"F1": 1000, "F2": 100}, last_year)
    world.accept(world.front, {"F1": over(1250), "F2": 250})
    recompute_dirty(period=world.period, at=AT)

    text = text_of(officer, url("consolidation", world))

    assert "hơn 1.250" in text
    assert "+250" in text
    assert "+25,0\u00a0%" in text
    assert "1/5 đơn vị" in text
    assert "khoảng 20,0\u00a0%" in text
    assert "250/1.250" in text
    assert "thiếu 4 đơn vị" in text
    assert "theo cây đơn vị tại ngày 14/09/2026 (như khi báo cáo)" in text
    assert "Xã Mỹ Hòa" in text  # missing, by name


def test_page_tells_zero_from_nothing(world: World, officer: Client) -> None:
    world.accept(world.front, {"A1": 0, "E2": "not_available"})

    text = text_of(officer, url("consolidation", world))

    rows = {code: text.split(f'grid-code">{code}<')[1].split("</tr>")[0] for code in ("A1", "E2")}
    assert "<strong>0</strong>" in rows["A1"]
    assert "<strong>0</strong>" not in rows["E2"]
    assert "–" in rows["E2"]


def test_page_says_when_sums_are_being_computed(world: World, officer: Client) -> None:
    world.accept(world.org_1, {})
    assert "Có báo cáo vừa được tiếp nhận" in text_of(officer, url("consolidation", world))

    recompute_dirty(period=world.period, at=AT)

    assert "Có báo cáo vừa" not in text_of(officer, url("consolidation", world))


def test_page_adds_up_the_year_when_asked(world: World, officer: Client) -> None:
    before = world.open(make_period(world.calendar, "quarter", 2026, 2))
    world.accept(world.front, {"F1": 1000, "F2": 0}, before)
    world.accept(world.front, {"F1": 234, "F2": 0})

    text = text_of(officer, url("consolidation", world), luy_ke="1")

    assert "1.234" in text
    assert "2/2 kỳ" in text


def test_commune_police_see_their_commune_only(world: World) -> None:
    world.accept(world.org_1, {"F1": 77, "F2": 0})
    world.accept(world.front, {"F1": 999, "F2": 0})
    recompute_dirty(period=world.period, at=AT)
    chief = browser(person("truong.ca", world.police_a, Role.LEADER))

    text = text_of(chief, url("consolidation", world))

    assert "Xã Mỹ Hòa" in text
    assert "Đã tiếp nhận 1/3 báo cáo" in text
    assert "77" in text
    assert "999" not in text
    assert "Lập báo cáo" not in text
    assert chief.get(url("consolidation", world), {"goc": world.root.pk}).status_code == 404


def test_a_period_nobody_owes_is_not_there(world: World, officer: Client) -> None:
    other = make_period(world.calendar, "quarter", 2024, 1)

    assert officer.get(reverse("reports:consolidation", args=[other.pk])).status_code == 404
    assert officer.get(reverse("reports:consolidation", args=[10**9])).status_code == 404


def test_drilldown_goes_down_to_the_report(world: World, officer: Client) -> None:
    sent = world.accept(world.org_1, {"F1": 77, "F2": 0})
    recompute_dirty(period=world.period, at=AT)

    top = text_of(officer, url("drilldown", world, "F1"))
    below = text_of(officer, url("drilldown", world, "F1"), don_vi=world.commune_a.pk)

    assert f"don_vi={world.commune_a.pk}" in top
    assert "1/3 đơn vị" in top
    assert "Trường THPT Mỹ Hòa" in below
    assert reverse("reports:review", args=[sent.report_id]) in below
    assert "Chưa nhập" in below


def test_drilldown_of_a_rate_and_of_a_part(world: World, officer: Client) -> None:
    world.accept(world.front, {"F1": 8, "F2": 2, ("B1", "diem"): 11, ("B1", "buoi"): 5})

    assert "25,0\u00a0%" in text_of(officer, url("drilldown", world, "RF2"))
    part = text_of(officer, url("drilldown", world, "B1"), phan="diem")
    assert "(diem)" in part
    assert "<strong>11</strong>" in part


def test_drilldown_refuses_units_outside(world: World, officer: Client) -> None:
    stranger = UnitOf("NGOAI").unit
    for unit in (stranger.pk, "abc", 10**17):
        answer = officer.get(url("drilldown", world, "F1"), {"don_vi": unit})
        assert answer.status_code == 404
    assert officer.get(url("drilldown", world, "X9")).status_code == 404
    commune = browser(person("truong.ca", world.police_a, Role.LEADER))
    other = {"don_vi": world.commune_b.pk}
    assert commune.get(url("drilldown", world, "F1"), other).status_code == 404


def test_adjust_adds_a_signed_row_and_lists_it(world: World, officer: Client) -> None:
    world.accept(world.front, {"F1": 100, "F2": 0})
    data = {"sign": "-", "amount": "1.2", "reason": "Trùng", "decision_ref": ""}

    refused = officer.post(url("adjust", world, "F1"), data)
    done = officer.post(url("adjust", world, "F1"), data | {"amount": "12"})

    assert refused.status_code == 422
    assert "đọc được theo nhiều cách" in refused.content.decode()
    assert done.status_code == 302
    row = Adjustment.objects.get()
    assert (row.unit, row.delta) == (world.root, -12)
    text = text_of(officer, url("consolidation", world))
    assert "−12" in text
    assert "<strong>88</strong>" in text


def test_adjust_below_zero_is_refused_in_words(world: World, officer: Client) -> None:
    answer = officer.post(url("adjust", world, "F1"), {"sign": "-", "amount": "5", "reason": "Sai"})

    assert answer.status_code == 422
    assert "làm tổng âm" in answer.content.decode()


def test_undo_adjustment_adds_the_opposite(world: World, officer: Client) -> None:
    officer.post(url("adjust", world, "F1"), {"sign": "+", "amount": "5", "reason": "Sót"})
    row = Adjustment.objects.get()
    address = url("undo_adjustment", world, row.pk)

    officer.post(address, {"reason": ""})
    assert Adjustment.objects.count() == 1
    officer.post(address, {"reason": "Nhầm"})

    assert sum(Adjustment.objects.values_list("delta", flat=True)) == 0
    assert "Đã hủy" in text_of(officer, url("consolidation", world))


def test_words_are_saved_and_conflicts_show_both(world: World, officer: Client) -> None:
    address = url("save_words", world, "uu_diem")
    officer.post(address, {"body": "Làm tốt.\nCách hay.", "base": 0})
    text = text_of(officer, url("consolidation", world))
    assert "Làm tốt.\nCách hay.</textarea>" in text

    other = browser(person("hai", world.police, Role.REVIEWER))
    other.post(address, {"body": "Người kia sửa", "base": 1})
    clash = officer.post(address, {"body": "Tôi gõ dở", "base": 1})

    page = clash.content.decode()
    assert clash.status_code == 409
    assert "Người kia sửa" in page
    assert "Tôi gõ dở</textarea>" in page
    assert 'name="base" value="2"' in page
    assert ConsolidationText.objects.get().body == "Người kia sửa"


def test_words_of_an_unknown_part_are_not_there(world: World, officer: Client) -> None:
    assert (
        officer.post(url("save_words", world, "khac"), {"body": "", "base": 0}).status_code == 404
    )


def test_what_units_wrote_is_shown_with_their_names(world: World, officer: Client) -> None:
    from apps.reports.services.texts import save_text  # noqa: PLC0415

    report = world.fill(world.front, {})
    save_text(
        report=report, part="ton_tai", body="Thiếu kinh phí <b>", base=0, by=world.clerk, at=AT
    )
    world.accept(world.front, {})

    text = text_of(officer, url("consolidation", world))

    assert "<dt>Ủy ban MTTQ tỉnh</dt>" in text
    assert "Thiếu kinh phí &lt;b&gt;" in text


def test_unit_grid_shows_each_unit(world: World, officer: Client) -> None:
    world.accept(world.org_1, {"F1": 77, "F2": 0})
    recompute_dirty(period=world.period, at=AT)

    text = text_of(officer, url("unit_grid", world), muc="F")
    cumulative = text_of(officer, url("unit_grid", world), muc="F", luy_ke="1")

    assert "Xã Mỹ Hòa" in text
    assert text.count("77") >= 2
    assert "lũy kế từ đầu năm" in cumulative
    assert "77" in cumulative


def issuing_body(world: World) -> None:
    IssuingBody.objects.create(
        unit=world.root,
        name="CÔNG AN TỈNH ĐỒNG THÁP",
        committee_name="BAN CHỈ ĐẠO 138",
        place="Đồng Tháp",
        symbol="BC-BCĐ",
        signer_title="TRƯỞNG BAN",
        signer_name="Nguyễn Văn A",
        valid=DateRange(date(2025, 7, 1), None),
    )


def test_order_without_all_units_asks_for_a_reason(world: World, officer: Client) -> None:
    issuing_body(world)
    world.accept(world.front, {})

    refused = officer.post(url("order_document", world), {"incomplete_reason": " "}, follow=True)
    done = officer.post(url("order_document", world), {"incomplete_reason": "Bão số 5"})

    assert "Ghi lý do" in refused.content.decode()
    job = Job.objects.get()
    assert done.url == reverse("desk:job", args=[job.pk])
    document = Document.objects.get()
    assert document.incomplete_reason == "Bão số 5"
    text = text_of(officer, url("consolidation", world))
    assert document.content_hash in text
    assert "Đang lập: xem tiến độ" in text


def test_order_twice_is_one_document(world: World, officer: Client) -> None:
    issuing_body(world)
    world.accept(world.front, {})
    for _ in range(2):
        officer.post(url("order_document", world), {"incomplete_reason": "Bão số 5"})

    assert Document.objects.count() == Job.objects.count() == 1


def test_order_without_anything_accepted_is_refused(world: World, officer: Client) -> None:
    issuing_body(world)

    answer = officer.post(url("order_document", world), {"incomplete_reason": "x"}, follow=True)

    assert "Chưa có báo cáo nào được tiếp nhận" in answer.content.decode()
    assert not Document.objects.exists()


def test_issue_wants_number_and_date(world: World, officer: Client) -> None:
    issuing_body(world)
    world.accept(world.front, {})
    officer.post(url("order_document", world), {"incomplete_reason": "Bão số 5"})
    address = url("issue_document", world, Document.objects.get().pk)

    refused = officer.post(address, {"number": "x", "issued_on": "31/02/2026"}, follow=True)
    done = officer.post(address, {"number": "15", "issued_on": "18/09/2026"})

    assert "Không có ngày 31/02/2026" in refused.content.decode()
    assert done.url.startswith("/tac-vu/")
    assert Job.objects.order_by("-pk").first().params["number"] == 15


@pytest.mark.parametrize(
    ("role", "sees", "writes"),
    [
        (Role.REVIEWER, 200, 302),
        (Role.PROVINCE_LEADER, 200, 403),
        (Role.LEADER, 200, 403),
        (Role.CLERK, 403, 403),
        (Role.AUDITOR, 403, 403),
    ],
)
def test_who_sees_and_who_writes(world: World, role: Role, sees: int, writes: int) -> None:
    client = browser(person("ai.do", world.police, role))
    world.accept(world.front, {})

    assert client.get(url("consolidation", world)).status_code == sees
    assert client.get(url("drilldown", world, "F1")).status_code == sees
    assert client.get(url("unit_grid", world)).status_code == sees
    data = {"sign": "+", "amount": "5", "reason": "Sót"}
    assert client.post(url("adjust", world, "F1"), data).status_code == writes
    words = {"body": "x", "base": 0}
    assert client.post(url("save_words", world, "uu_diem"), words).status_code == writes
    assert client.post(url("order_document", world), {}).status_code == writes


def many_units(world: World, number: int) -> None:
    units = Unit.objects.bulk_create(
        Unit(code=f"NHIEU{n:05d}", created_at=AT) for n in range(number)
    )
    valid = UnitSpan.objects.get(unit=world.front).valid
    UnitSpan.objects.bulk_create(
        UnitSpan(
            unit=unit,
            name=f"Cơ quan {n}",
            kind="agency",
            valid=valid,
            search_key=f"co quan {n}",
            sort_key=f"co{n:05d}",
        )
        for n, unit in enumerate(units)
    )
    UnitParent.objects.bulk_create(
        UnitParent(unit=unit, parent=world.root if n % 2 else world.commune_b, valid=valid)
        for n, unit in enumerate(units)
    )
    UnitClosure.objects.rebuild()
    world.open(world.period)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute after such a load
    recompute_dirty(period=world.period, at=AT)


def count_queries(client: Client, address: str, **asked: object) -> int:
    client.get(address, asked)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, asked).status_code == 200
    return len(captured)


def test_pages_ask_as_often_for_many_units(world: World, officer: Client) -> None:
    world.accept(world.org_1, {})
    world.accept(world.front, {})
    pages = [
        (url("consolidation", world), {}),
        (url("consolidation", world), {"luy_ke": "1"}),
        (url("drilldown", world, "F1"), {}),
        (url("unit_grid", world), {"muc": "F", "luy_ke": "1"}),
        (reverse("reports:consolidations"), {}),
    ]
    recompute_dirty(period=world.period, at=AT)
    before = [count_queries(officer, address, **asked) for address, asked in pages]
    many_units(world, 60)

    after = [count_queries(officer, address, **asked) for address, asked in pages]

    assert after == before
    assert max(before) <= 45
