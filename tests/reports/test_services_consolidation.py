"""Adjustments are signed rows that stay; words are never overwritten unseen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from apps.audit.models import AuditEntry
from apps.reports.models import Adjustment, ConsolidationText, RollupNode
from apps.reports.queries.sums import Node, read_node
from apps.reports.services.consolidation import (
    AdjustmentEmpty,
    AdjustmentTooLarge,
    AlreadyReversed,
    NewAdjustment,
    NotAdjustable,
    Words,
    WordsConflict,
    add_adjustment,
    reverse_adjustment,
    save_consolidation_text,
)
from apps.reports.services.rollups import recompute_dirty
from apps.units.models import Unit
from tests.reports.world import AT, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = make_world()
    made.accept(made.org_1, {"F1": 10, "F2": 0, ("B1", "diem"): 4})
    return made


def add(world: World, unit: Unit, delta: int, code: str = "F1", **more: str) -> Adjustment:
    new = NewAdjustment(
        world.indicators[code],
        more.get("breakdown", ""),
        Decimal(delta),
        more.get("reason", "Đối chiếu sổ gốc"),
    )
    return add_adjustment(unit=unit, period=world.period, new=new, by=world.reviewer, at=AT)


def total(world: World, unit: Unit, code: str = "F1", breakdown: str = "") -> Decimal | None:
    recompute_dirty(period=world.period, at=AT)
    node = Node(unit.pk, world.period.pk, world.period.start, date(2026, 9, 14))
    return read_node(node)[(code, breakdown)].value


def test_add_adjustment_changes_its_unit_and_all_above(world: World) -> None:
    row = add(world, world.commune_a, -3)

    assert total(world, world.commune_a) == 7
    assert total(world, world.root) == 7
    assert (row.made_by, row.made_at, row.reason) == (world.reviewer, AT, "Đối chiếu sổ gốc")
    assert AuditEntry.objects.get(action="reports.adjusted").detail["delta"] == "-3"


def test_add_adjustment_marks_the_node_above(world: World) -> None:
    recompute_dirty(period=world.period, at=AT)

    add(world, world.org_1, 5)

    assert RollupNode.objects.get(unit=world.commune_a).is_dirty


def test_add_adjustment_at_the_root_needs_no_node(world: World) -> None:
    add(world, world.root, 100)

    assert total(world, world.root) == 110


def test_add_adjustment_of_one_part_leaves_the_other(world: World) -> None:
    add(world, world.root, 6, code="B1", breakdown="diem")

    assert total(world, world.root, "B1", "diem") == 10
    assert total(world, world.root, "B1", "buoi") == 4


@pytest.mark.parametrize(("delta", "reason"), [(0, "Có lý do"), (5, "  ")])
def test_add_adjustment_wants_an_amount_and_a_reason(world: World, delta: int, reason: str) -> None:
    with pytest.raises(AdjustmentEmpty):
        add(world, world.root, delta, reason=reason)


@pytest.mark.parametrize(("code", "breakdown"), [("E1", ""), ("RF2", ""), ("B1", "khac")])
def test_add_adjustment_refuses_what_is_not_added(world: World, code: str, breakdown: str) -> None:
    with pytest.raises(NotAdjustable):
        add(world, world.root, 5, code=code, breakdown=breakdown)
    assert not Adjustment.objects.exists()


def test_add_adjustment_refuses_a_sum_below_zero(world: World) -> None:
    with pytest.raises(AdjustmentTooLarge):
        add(world, world.org_1, -11)


def test_reverse_adjustment_adds_the_opposite_once(world: World) -> None:
    row = add(world, world.commune_a, -3)

    back = reverse_adjustment(adjustment=row, reason="Nhầm kỳ", by=world.reviewer, at=AT)

    assert (back.delta, back.decision_ref) == (3, f"Hủy điều chỉnh số {row.pk}")
    assert total(world, world.root) == 10
    for again in (row, back):
        with pytest.raises(AlreadyReversed):
            reverse_adjustment(adjustment=again, reason="Lại", by=world.reviewer, at=AT)
    assert Adjustment.objects.count() == 2


def save(world: World, body: str, base: int) -> ConsolidationText:
    return save_consolidation_text(
        root=world.root,
        period=world.period,
        words=Words("uu_diem", body, base),
        by=world.reviewer,
        at=AT,
    )


def test_save_consolidation_text_keeps_lines_and_counts_versions(world: World) -> None:
    first = save(world, "Dòng một\r\nDòng  hai ", 0)
    second = save(world, "Dòng ba", first.lock_version)

    assert first.body == "Dòng một\nDòng hai"
    assert (second.pk, second.lock_version) == (first.pk, 2)


def test_save_consolidation_text_never_overwrites_unseen(world: World) -> None:
    first = save(world, "Bản đầu", 0)
    save(world, "Người kia sửa", first.lock_version)

    with pytest.raises(WordsConflict) as conflict:
        save(world, "Tôi sửa", first.lock_version)

    assert conflict.value.current.body == "Người kia sửa"
    assert ConsolidationText.objects.get().body == "Người kia sửa"


def test_saving_the_same_words_twice_is_no_conflict(world: World) -> None:
    first = save(world, "Như nhau", 0)

    assert save(world, "Như nhau", 0).lock_version == first.lock_version


def test_two_who_begin_at_once_do_not_lose_either(world: World) -> None:
    save(world, "Của người thứ nhất", 0)

    with pytest.raises(WordsConflict):
        save(world, "Của người thứ hai", 0)
