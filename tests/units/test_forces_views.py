"""Who writes the forces of a commune, and what the province sees of all of them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.desk.models import Notice
from apps.units.models import ForceKind, ForceStock, Unit
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.units import (
    ForceKindFactory,
    ForceStockFactory,
    MembershipFactory,
    UnitFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TABLE = "/don-vi/luc-luong/"
FIRST = date(2026, 3, 1)


@pytest.fixture
def kind() -> ForceKind:
    made: ForceKind = ForceKindFactory(name="Tổ bảo vệ an ninh, trật tự", has_due=True)
    return made


@pytest.fixture
def province() -> Unit:
    unit: Unit = UnitFactory(name="Tỉnh", kind=UnitKind.PROVINCE)
    return unit


@pytest.fixture
def commune(province: Unit) -> Unit:
    police = UnitFactory(name="Công an xã Mỹ Hòa", kind=UnitKind.POLICE_COMMUNE)
    unit: Unit = UnitFactory(name="Xã Mỹ Hòa", parent=province, police=police)
    return unit


@pytest.fixture
def clerk(commune: Unit) -> User:
    police = Unit.objects.get(spans__kind=UnitKind.POLICE_COMMUNE)
    user: User = MembershipFactory(unit=police, role=Role.CLERK).user
    return user


@pytest.fixture
def browser(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def page_of(response: Any) -> str:
    return str(response.content.decode())


def address(unit: Unit) -> str:
    return f"{TABLE}{unit.pk}/"


def typed(kind: ForceKind, seen: tuple[str, str, str], new: tuple[str, str, str]) -> dict[str, str]:
    """Return what the form sends: the numbers, and those that stood there."""
    said = {"as_of": "18/11/2026", "note": ""}
    for name, was, now in zip(("teams", "teams_due", "members"), seen, new, strict=True):
        said |= {f"k{kind.pk}-{name}": now, f"k{kind.pk}-{name}-da-xem": was}
    return said


def test_a_commune_clerk_is_led_to_the_commune_and_writes(
    browser: Client, commune: Unit, kind: ForceKind
) -> None:
    assert browser.get(TABLE).url == address(commune)
    assert browser.get(f"{TABLE}?ngay=01/05/2024").url == f"{address(commune)}?ngay=01%2F05%2F2024"
    page = page_of(browser.get(address(commune)))
    assert "Chưa ghi" in page
    assert "Không thay đổi</button>" not in page

    browser.post(address(commune), typed(kind, ("", "", ""), ("24", "30", "1.072")))
    row = ForceStock.objects.get()
    assert (row.unit, row.as_of) == (commune, date(2026, 11, 18))
    assert (row.teams, row.teams_due, row.members) == (24, 30, 1072)


def test_the_change_since_the_numbers_before_is_shown(
    browser: Client, commune: Unit, kind: ForceKind
) -> None:
    ForceStockFactory(unit=commune, kind=kind, as_of=FIRST, teams=22, members=77)
    ForceStockFactory(unit=commune, kind=kind, as_of=date(2026, 9, 1), teams=24, members=72)
    ForceStockFactory(
        unit=commune, kind=kind, as_of=date(2026, 11, 1), teams=24, members=72, is_unchanged=True
    )

    page = page_of(browser.get(address(commune)))
    assert "+2 tổ, −5 người" in page
    assert "so với 01/03/2026" in page
    assert "xác nhận không đổi" in page
    assert "lần ghi đầu" in page_of(browser.get(f"{address(commune)}?ngay=01/06/2026"))


def test_only_what_was_changed_is_written(browser: Client, commune: Unit, kind: ForceKind) -> None:
    other = ForceKindFactory()
    ForceStockFactory(unit=commune, kind=other, as_of=FIRST, teams=5, members=15)
    said = typed(kind, ("", "", ""), ("24", "", "72"))
    said |= {f"k{other.pk}-teams": "5", f"k{other.pk}-teams-da-xem": "5"}
    said |= {f"k{other.pk}-members": "15", f"k{other.pk}-members-da-xem": "15"}
    browser.post(address(commune), said)

    assert ForceStock.objects.get(as_of=date(2026, 11, 18)).kind == kind
    same = browser.post(address(commune), typed(kind, ("24", "", "72"), ("24", "", "72")))
    assert "Bạn chưa đổi số nào" in page_of(same)


def test_numbers_that_somebody_wrote_meanwhile_are_not_lost(
    browser: Client, commune: Unit, kind: ForceKind
) -> None:
    ForceStockFactory(unit=commune, kind=kind, as_of=FIRST, teams=25, members=72)
    sent = browser.post(address(commune), typed(kind, ("24", "", "72"), ("26", "", "72")))

    assert sent.status_code == 422
    assert "Vừa có người ghi 25." in page_of(sent)
    assert f'name="k{kind.pk}-teams-da-xem" value="25"' in page_of(sent)
    again = browser.post(address(commune), typed(kind, ("25", "", "72"), ("26", "", "72")))
    assert again.status_code == 302
    assert ForceStock.objects.get(as_of=date(2026, 11, 18)).teams == 26


@pytest.mark.parametrize(
    ("new", "name", "words"),
    [
        (("35", "34", ""), "teams", "không thể nhiều hơn số phải có"),
        (("-4", "", ""), "teams", "-4"),
        (("ba", "", ""), "teams", "ba"),
        (("", "", "1,5"), "members", "1,5"),
    ],
)
def test_a_wrong_number_is_told_at_its_box(
    browser: Client,
    commune: Unit,
    kind: ForceKind,
    new: tuple[str, str, str],
    name: str,
    words: str,
) -> None:
    sent = browser.post(address(commune), typed(kind, ("", "", ""), new) | {"note": "QĐ 15"})
    page = page_of(sent)

    assert sent.status_code == 422
    assert f'id="id_k{kind.pk}-{name}_error"' in page
    assert words in page
    assert 'value="QĐ 15"' in page
    assert not ForceStock.objects.exists()


def test_no_change_is_one_click_and_one_click_back(
    browser: Client, commune: Unit, kind: ForceKind
) -> None:
    ForceStockFactory(unit=commune, kind=kind, as_of=FIRST)
    done = browser.post(f"{address(commune)}khong-thay-doi/", follow=True)
    assert "Đã xác nhận 1 loại không thay đổi đến 18/11/2026" in page_of(done)
    assert "Hoàn tác “Không thay đổi”" in page_of(done)

    undone = browser.post(f"{address(commune)}bo-xac-nhan/", follow=True)
    assert "Không thay đổi</button>" in page_of(undone)
    assert ForceStock.objects.count() == 1


def test_an_abolished_force_is_history_only(browser: Client, commune: Unit) -> None:
    old = ForceKindFactory(name="Ban bảo vệ dân phố", valid_to=date(2026, 7, 1))
    ForceStockFactory(unit=commune, kind=old, as_of=FIRST, teams=30, members=552)
    page = page_of(browser.get(address(commune)))

    assert "Lực lượng đã bãi bỏ" in page
    assert "bãi bỏ từ 01/07/2026" in page
    assert f"k{old.pk}-teams" not in page


def test_a_line_that_was_wrong_is_removed(browser: Client, commune: Unit, kind: ForceKind) -> None:
    wrong = ForceStockFactory(unit=commune, kind=kind, as_of=FIRST)
    foreign = ForceStockFactory(kind=kind, as_of=FIRST)
    assert browser.post(f"{address(commune)}dong/{foreign.pk}/bo/").status_code == 404

    browser.post(f"{address(commune)}dong/{wrong.pk}/bo/")
    assert ForceStock.objects.get() == foreign


def test_other_units_are_not_there(browser: Client, commune: Unit, kind: ForceKind) -> None:
    far = UnitFactory()
    missing = browser.get(f"{TABLE}987654321/")
    hidden = browser.get(address(far))
    assert (hidden.status_code, hidden.content) == (404, missing.content)
    for action in ("khong-thay-doi", "bo-xac-nhan"):
        assert browser.post(f"{address(far)}{action}/").status_code == 404
    assert browser.post(address(far), typed(kind, ("", "", ""), ("3", "", ""))).status_code == 404


def test_who_only_looks_cannot_write(
    client: Client, province: Unit, commune: Unit, kind: ForceKind
) -> None:
    client.force_login(MembershipFactory(unit=province, role=Role.PROVINCE_LEADER).user)
    page = page_of(client.get(address(commune)))
    assert "Ghi số liệu mới" not in page

    client.post(address(commune), typed(kind, ("", "", ""), ("3", "", "")))
    assert not ForceStock.objects.exists()


def reviewer_of(province: Unit) -> User:
    user: User = MembershipFactory(unit=province, role=Role.REVIEWER, user=UserFactory()).user
    return user


def test_the_province_sees_all_communes_with_totals_and_names_the_missing(
    client: Client, province: Unit, commune: Unit, kind: ForceKind
) -> None:
    second = UnitFactory(name="Phường Cao Lãnh", parent=province)
    company = UnitFactory(name="Công ty May", kind=UnitKind.ENTERPRISE, parent=commune)
    UnitFactory(name="Trường Tiểu học", kind=UnitKind.SCHOOL, parent=commune)
    ForceStockFactory(unit=commune, kind=kind, as_of=FIRST, teams=24, members=1072)
    ForceStockFactory(unit=company, kind=kind, as_of=FIRST, teams=1, members=66)
    client.force_login(reviewer_of(province))
    page = page_of(client.get(TABLE))

    assert "1 xã, phường chưa ghi số liệu nào" in page
    assert f'<a href="{address(second)}">Phường Cao Lãnh</a>' in page
    assert "Trường Tiểu học" not in page
    assert "Cộng 3 đơn vị" in page
    assert "1.138" in page
    assert "2/3 đơn vị" in page
    assert "Công ty May" in page_of(client.get(f"{TABLE}?tim=cong+ty"))
    # Before the numbers were told nobody had any.
    assert "2 xã, phường chưa ghi" in page_of(client.get(f"{TABLE}?ngay=28/02/2026"))


def test_one_kind_is_shown_alone_and_only_on_days_that_know_it(
    client: Client, province: Unit, commune: Unit, kind: ForceKind
) -> None:
    old = ForceKindFactory(code="dan-pho", name="Ban bảo vệ dân phố", valid_to=date(2026, 7, 1))
    ForceStockFactory(unit=commune, kind=kind, as_of=FIRST, teams=24, members=72)
    ForceStockFactory(unit=commune, kind=old, as_of=FIRST, teams=30, members=552)
    UnitFactory(parent=province)
    client.force_login(reviewer_of(province))

    alone = page_of(client.get(f"{TABLE}?loai=dan-pho&ngay=30/06/2026"))
    assert "552" in alone
    assert "Tổ bảo vệ an ninh, trật tự</th>" not in alone
    now = page_of(client.get(f"{TABLE}?loai=dan-pho"))
    assert "Ban bảo vệ dân phố đã bãi bỏ từ ngày 01/07/2026. Chọn ngày khác" in now
    content = b"".join(
        client.get(f"{TABLE}xuat-excel/?loai=dan-pho&ngay=30/06/2026").streaming_content
    )
    heads = next(iter(openpyxl.load_workbook(io.BytesIO(content)).active.values))
    assert heads[2:] == (
        "Ban bảo vệ dân phố: Số tổ", "Ban bảo vệ dân phố: Thành viên", "Số liệu cũ nhất tính đến",
    )  # fmt: skip


def test_a_past_day_shows_the_units_that_one_sees_today(
    client: Client, province: Unit, commune: Unit, kind: ForceKind
) -> None:
    ForceStockFactory(unit=commune, kind=kind, as_of=FIRST, teams=24, members=1072)
    former = UnitFactory(name="Tỉnh cũ", kind=UnitKind.PROVINCE)
    elsewhere = UnitFactory(name="Xã Nơi Cũ", parent=former)
    person = MembershipFactory(
        unit=province, role=Role.REVIEWER, valid=DateRange(date(2026, 10, 1), None)
    ).user
    MembershipFactory(
        unit=former, role=Role.REVIEWER, user=person,
        valid=DateRange(date(2025, 7, 1), date(2026, 10, 1)),
    )  # fmt: skip
    UnitFactory(parent=province)
    client.force_login(person)

    page = page_of(client.get(f"{TABLE}?ngay=02/03/2026"))

    assert "1.072" in page
    assert elsewhere.spans.get().name not in page


def test_an_older_day_is_written_from_its_own_numbers(
    browser: Client, commune: Unit, kind: ForceKind
) -> None:
    ForceStockFactory(unit=commune, kind=kind, as_of=date(2026, 9, 1), teams=24, members=72)
    said = typed(kind, ("24", "", "72"), ("20", "", "72")) | {"as_of": "01/03/2026"}

    refused = browser.post(address(commune), said)
    assert refused.status_code == 422
    assert "đang hiện số ngày 01/09/2026" in page_of(refused)
    assert ForceStock.objects.count() == 1

    said = typed(kind, ("", "", ""), ("20", "", "60")) | {"as_of": "01/03/2026"}
    done = browser.post(f"{address(commune)}?ngay=01/03/2026", said, follow=True)
    assert done.redirect_chain[0][0] == f"{address(commune)}?ngay=01/03/2026"
    assert "Từ 01/09/2026 vẫn theo số đã ghi sau đó." in page_of(done)


def test_the_missing_communes_are_reminded_once(
    client: Client, province: Unit, commune: Unit, clerk: User, kind: ForceKind
) -> None:
    UnitFactory(name="Phường Cao Lãnh", parent=province)
    third = UnitFactory(name="Xã Tân Lập", parent=province)
    ForceStockFactory(unit=third, kind=ForceKindFactory(), as_of=FIRST)
    client.force_login(reviewer_of(province))

    assert "Nhắc 2 xã, phường này" in page_of(client.get(TABLE))
    done = page_of(client.post(f"{TABLE}nhac/", follow=True))
    assert "Đã nhắc 1 xã, phường (1 người)." in done
    assert "hãy gọi điện: Phường Cao Lãnh." in done
    assert Notice.objects.get().user == clerk
    assert Notice.objects.get().url == address(commune)
    assert "vừa được nhắc" in page_of(client.post(f"{TABLE}nhac/", follow=True))
    of_kind = client.post(f"{TABLE}nhac/", {"loai": kind.code, "tim": "my hoa"}, follow=True)
    assert "Đã nhắc 1 xã, phường" in page_of(of_kind)
    assert Notice.objects.latest("pk").text == f"Nhắc ghi số liệu lực lượng: {kind.name}."

    client.force_login(MembershipFactory(unit=province, role=Role.PROVINCE_LEADER).user)
    assert "Nhắc 2 xã" not in page_of(client.get(TABLE))
    assert client.post(f"{TABLE}nhac/").status_code == 403


def test_the_table_comes_as_excel(
    client: Client, province: Unit, commune: Unit, kind: ForceKind
) -> None:
    UnitFactory(name="Phường Cao Lãnh", parent=province)
    ForceStockFactory(unit=commune, kind=kind, as_of=FIRST, teams=24, members=72)
    client.force_login(reviewer_of(province))
    content = b"".join(client.get(f"{TABLE}xuat-excel/").streaming_content)

    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.values)
    assert rows[0][2] == "Tổ bảo vệ an ninh, trật tự: Số tổ"
    by_name = {row[1]: row[2:5] for row in rows[1:]}
    assert by_name["Xã Mỹ Hòa"] == (24, None, 72)
    assert by_name["Phường Cao Lãnh"] == (None, None, None)
    assert by_name["Cộng 2 đơn vị, tính đến 18/11/2026"] == (24, None, 72)


def test_pages_cost_the_same_for_1_and_for_20(
    client: Client, province: Unit, commune: Unit, kind: ForceKind
) -> None:
    UnitFactory(parent=province)
    ForceStockFactory(unit=commune, kind=kind, as_of=FIRST)
    client.force_login(reviewer_of(province))

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    cost(TABLE)
    before = cost(TABLE), cost(address(commune))
    for n in range(20):
        ForceStockFactory(unit=UnitFactory(parent=province), kind=kind, as_of=FIRST)
        ForceStockFactory(unit=commune, kind=kind, as_of=date(2026, 4, 1 + n))
    assert (cost(TABLE), cost(address(commune))) == before
