"""Every change of units is dated, audited and refused by name."""

from datetime import date, datetime

import pytest

from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.units.models import BlockMember, Membership, PoliceInCharge, Unit, UnitParent, UnitSpan
from apps.units.queries import subtree_ids
from apps.units.rules import BlockKind, BlockRole, LineageKind, UnitKind
from apps.units.services import (
    NewLineage,
    NewUnit,
    NotAPoliceUnit,
    UnitCodeTaken,
    UnitCycle,
    UnitNotAlive,
    UnitRefused,
    UnitStillNeeded,
    change_unit_kind,
    close_unit,
    create_block,
    create_unit,
    end_membership,
    grant_membership,
    join_block,
    leave_block,
    load_units,
    move_unit_to_area,
    rebuild_closure,
    record_lineage,
    rename_block,
    rename_unit,
    set_parent,
    set_police_in_charge,
)
from tests.factories.accounts import UserFactory
from tests.factories.units import AreaFactory, BlockFactory, MembershipFactory, UnitFactory

pytestmark = pytest.mark.django_db

START = date(2025, 7, 1)
CHANGE = date(2026, 4, 30)
BEFORE = date(2026, 4, 29)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def name_on(unit: Unit, on: date) -> str:
    return UnitSpan.objects.alive_on(on).get(unit=unit).name


def test_create_unit_places_names_and_audits(at: datetime) -> None:
    user = UserFactory()
    root = UnitFactory(code="R", kind=UnitKind.PROVINCE)
    police = UnitFactory(code="P", kind=UnitKind.POLICE_PROVINCE, parent=root)
    new = NewUnit("SGD", " Sở  Giáo dục ", UnitKind.AGENCY, START, parent_code="R", police_code="P")

    unit = create_unit(new=new, by=user, at=at)

    assert name_on(unit, START) == "Sở Giáo dục"
    assert unit.pk in subtree_ids(root, START)
    assert PoliceInCharge.objects.get(unit=unit).police_unit == police
    entry = AuditEntry.objects.get(action="units.unit_created")
    assert (entry.actor_id, entry.target_id) == (user.pk, str(unit.pk))


def test_create_unit_refuses_taken_code_unknown_parent_and_lay_police(at: datetime) -> None:
    UnitFactory(code="R", kind=UnitKind.PROVINCE)
    new = NewUnit("R", "Tỉnh", UnitKind.PROVINCE, START)
    with pytest.raises(UnitCodeTaken):
        create_unit(new=new, by=None, at=at)
    with pytest.raises(UnitNotAlive, match="NOPE"):
        create_unit(
            new=NewUnit("X", "X", UnitKind.AGENCY, START, parent_code="NOPE"), by=None, at=at
        )
    with pytest.raises(NotAPoliceUnit):
        create_unit(new=NewUnit("X", "X", UnitKind.AGENCY, START, police_code="R"), by=None, at=at)
    assert not Unit.objects.filter(code="X").exists()


def test_rename_keeps_the_old_name_for_the_old_days(at: datetime) -> None:
    unit = UnitFactory(name="Công an tỉnh Đồng Nai", kind=UnitKind.POLICE_PROVINCE)

    rename_unit(
        unit=unit, name="Công an thành phố Đồng Nai", short_name="", on=CHANGE, by=None, at=at
    )

    assert name_on(unit, BEFORE) == "Công an tỉnh Đồng Nai"
    assert name_on(unit, CHANGE) == "Công an thành phố Đồng Nai"
    assert UnitSpan.objects.alive_on(CHANGE).get(unit=unit).search_key.startswith("cong an thanh")


def test_rename_on_the_first_day_replaces_and_between_two_names_keeps_the_later(
    at: datetime,
) -> None:
    unit = UnitFactory(name="A")
    rename_unit(unit=unit, name="C", short_name="", on=CHANGE, by=None, at=at)
    rename_unit(unit=unit, name="B", short_name="", on=date(2026, 1, 1), by=None, at=at)
    rename_unit(unit=unit, name="A2", short_name="", on=START, by=None, at=at)

    rows = UnitSpan.objects.filter(unit=unit).order_by("valid")
    assert [(row.name, row.valid_from, row.valid_to) for row in rows] == [
        ("A2", START, date(2026, 1, 1)),
        ("B", date(2026, 1, 1), CHANGE),
        ("C", CHANGE, None),
    ]


def test_rename_refuses_a_day_on_which_the_unit_is_not_there(at: datetime) -> None:
    with pytest.raises(UnitNotAlive, match="30/06/2025"):
        rename_unit(
            unit=UnitFactory(), name="B", short_name="", on=date(2025, 6, 30), by=None, at=at
        )


def test_change_of_kind_and_area_are_dated(at: datetime) -> None:
    unit, area = UnitFactory(kind=UnitKind.AGENCY), AreaFactory()
    change_unit_kind(unit=unit, kind=UnitKind.ENTERPRISE, on=CHANGE, by=None, at=at)
    move_unit_to_area(unit=unit, area=area, on=CHANGE, by=None, at=at)

    before, after = (UnitSpan.objects.alive_on(day).get(unit=unit) for day in (BEFORE, CHANGE))
    assert (before.kind, before.area) == (UnitKind.AGENCY, None)
    assert (after.kind, after.area) == (UnitKind.ENTERPRISE, area)


def test_merge_of_2025_is_seen_from_both_sides_of_the_day(at: datetime) -> None:
    """Two old communes end on 2025-07-01 and one new one begins: as it was, and as it is."""
    since = date(2020, 1, 1)
    rows = [
        NewUnit("T", "Tỉnh", UnitKind.PROVINCE, since),
        NewUnit("H", "Huyện", UnitKind.AGENCY, since, parent_code="T", valid_to=START),
        NewUnit("A", "Xã A", UnitKind.COMMUNE, since, parent_code="H", valid_to=START),
        NewUnit("B", "Xã B", UnitKind.COMMUNE, since, parent_code="H", valid_to=START),
        NewUnit("N", "Xã N", UnitKind.COMMUNE, START, parent_code="T"),
        NewUnit("S", "Trường", UnitKind.SCHOOL, since, parent_code="A"),
    ]
    units = load_units(rows=rows, by=None, at=at)
    set_parent(unit=units["S"], parent=units["N"], on=START, by=None, at=at)
    for old in "AB":
        lineage = NewLineage(units[old], units["N"], LineageKind.MERGE, START, share=1)
        record_lineage(new=lineage, by=None, at=at)

    def below(code: str, on: date) -> set[str]:
        ids = subtree_ids(units[code], on)
        return set(Unit.objects.filter(pk__in=ids).values_list("code", flat=True))

    last_day = date(2025, 6, 30)
    assert below("T", last_day) == {"T", "H", "A", "B", "S"}
    assert below("T", START) == {"T", "N", "S"}
    assert below("A", last_day) == {"A", "S"}
    assert below("A", START) == set()
    assert below("N", last_day) == set()
    assert below("N", START) == {"N", "S"}
    assert units["N"].predecessors.count() == 2


def test_set_parent_moves_a_subtree_and_refuses_a_cycle(at: datetime) -> None:
    root = UnitFactory()
    left, right = UnitFactory(parent=root), UnitFactory(parent=root)
    leaf = UnitFactory(parent=left)

    set_parent(unit=left, parent=right, on=CHANGE, by=None, at=at)

    assert leaf.pk not in subtree_ids(right, BEFORE)
    assert leaf.pk in subtree_ids(right, CHANGE)
    with pytest.raises(UnitCycle, match="trực thuộc của mình"):
        set_parent(unit=root, parent=leaf, on=CHANGE, by=None, at=at)
    assert not UnitParent.objects.filter(unit=root).exists()
    with pytest.raises(UnitCycle, match="chính mình"):
        set_parent(unit=root, parent=root, on=CHANGE, by=None, at=at)
    set_parent(unit=left, parent=None, on=date(2026, 6, 1), by=None, at=at)
    assert leaf.pk not in subtree_ids(root, date(2026, 6, 1))


def test_close_unit_ends_everything_that_hangs_on_it(at: datetime) -> None:
    root = UnitFactory()
    police = UnitFactory(kind=UnitKind.POLICE_COMMUNE, parent=root)
    unit = UnitFactory(parent=root, police=police)
    membership = MembershipFactory(unit=unit)
    join_block(block=BlockFactory(), unit=unit, role=BlockRole.MEMBER, on=START, by=None, at=at)

    close_unit(unit=unit, on=CHANGE, by=None, at=at)

    assert unit.pk in subtree_ids(root, BEFORE)
    assert unit.pk not in subtree_ids(root, CHANGE)
    membership.refresh_from_db()
    assert membership.valid_to == CHANGE
    for model in (UnitSpan, UnitParent, PoliceInCharge, BlockMember):
        assert not model.objects.filter(unit=unit).reaching(CHANGE).exists()
    assert Unit.objects.filter(pk=unit.pk).exists()
    with pytest.raises(UnitNotAlive):
        close_unit(unit=unit, on=CHANGE, by=None, at=at)


def test_close_unit_refuses_while_others_need_it(at: datetime) -> None:
    root = UnitFactory()
    police = UnitFactory(kind=UnitKind.POLICE_COMMUNE)
    UnitFactory(parent=root, police=police)
    with pytest.raises(UnitStillNeeded, match="1 đơn vị trực thuộc"):
        close_unit(unit=root, on=CHANGE, by=None, at=at)
    with pytest.raises(UnitStillNeeded, match="phụ trách 1"):
        close_unit(unit=police, on=CHANGE, by=None, at=at)


def test_police_in_charge_changes_on_a_day_for_units_and_blocks(at: datetime) -> None:
    old, new = (UnitFactory(kind=UnitKind.POLICE_DEPARTMENT) for _ in range(2))
    for of in (UnitFactory(), BlockFactory()):
        set_police_in_charge(of=of, police_unit=old, on=START, by=None, at=at)
        set_police_in_charge(of=of, police_unit=new, on=CHANGE, by=None, at=at)
        rows = of.police_in_charge.order_by("valid")
        assert [(row.police_unit, row.valid_to) for row in rows] == [(old, CHANGE), (new, None)]
    with pytest.raises(NotAPoliceUnit):
        set_police_in_charge(of=UnitFactory(), police_unit=UnitFactory(), on=START, by=None, at=at)


def test_block_members_join_change_role_and_leave(at: datetime) -> None:
    block = create_block(code="K1", name="Khối 1", kind=BlockKind.EMULATION_BLOCK, by=None, at=at)
    head, other = UnitFactory(), UnitFactory()
    join_block(block=block, unit=head, role=BlockRole.HEAD, on=START, by=None, at=at)
    with pytest.raises(UnitRefused, match="đã có khối trưởng"):
        join_block(block=block, unit=other, role=BlockRole.HEAD, on=CHANGE, by=None, at=at)
    join_block(block=block, unit=head, role=BlockRole.MEMBER, on=CHANGE, by=None, at=at)
    join_block(block=block, unit=other, role=BlockRole.HEAD, on=CHANGE, by=None, at=at)
    leave_block(block=block, unit=head, on=date(2026, 12, 31), by=None, at=at)

    rows = BlockMember.objects.filter(unit=head).order_by("valid")
    assert [(row.role, row.valid_to) for row in rows] == [
        ("head", CHANGE),
        ("member", date(2026, 12, 31)),
    ]
    with pytest.raises(UnitRefused, match="không phải thành viên"):
        leave_block(block=block, unit=head, on=date(2026, 12, 31), by=None, at=at)
    with pytest.raises(UnitRefused, match="Mã khối"):
        create_block(code="K1", name="B", kind=BlockKind.EMULATION_CLUSTER, by=None, at=at)
    assert rename_block(block=block, name="Khối Một", by=None, at=at).search_key == "khoi mot"


def test_membership_is_granted_and_ended_on_days(at: datetime) -> None:
    user, unit = UserFactory(), UnitFactory()
    row = grant_membership(user=user, unit=unit, role=Role.CLERK, on=START, by=None, at=at)
    with pytest.raises(UnitRefused, match="đã có vai trò"):
        grant_membership(user=user, unit=unit, role=Role.CLERK, on=CHANGE, by=None, at=at)

    end_membership(membership=row, on=CHANGE, by=None, at=at)

    assert not Membership.objects.alive_on(CHANGE).exists()
    with pytest.raises(UnitRefused, match="không còn hiệu lực"):
        end_membership(membership=row, on=CHANGE, by=None, at=at)
    assert actions()[-2:] == ["units.membership_granted", "units.membership_ended"]


def test_load_units_twice_changes_nothing_and_names_missing_codes(at: datetime) -> None:
    rows = [
        NewUnit("C", "Xã", UnitKind.COMMUNE, START, parent_code="T", police_code="P"),
        NewUnit("P", "Công an xã", UnitKind.POLICE_COMMUNE, START, parent_code="T"),
        NewUnit("T", "Tỉnh", UnitKind.PROVINCE, START, is_demo=True),
    ]
    first = load_units(rows=rows, by=None, at=at)
    again = load_units(rows=rows, by=None, at=at)

    assert {code: unit.pk for code, unit in first.items()} == {
        code: unit.pk for code, unit in again.items()
    }
    assert first["T"].is_demo
    assert first["C"].pk in subtree_ids(first["T"], START)
    assert rebuild_closure(by=None, at=at) == 0
    with pytest.raises(UnitNotAlive, match="ZZZ"):
        load_units(
            rows=[NewUnit("D", "D", UnitKind.AGENCY, START, parent_code="ZZZ")], by=None, at=at
        )
    assert not Unit.objects.filter(code="D").exists()
