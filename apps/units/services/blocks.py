"""Change blocks and who belongs to them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.dates import format_date
from apps.core.text import nfc, search_key, sort_key
from apps.units.models import Block, BlockMember, Unit
from apps.units.rules import BlockKind, BlockRole
from apps.units.services.dating import cut_from
from apps.units.services.refusals import UnitNotAlive, UnitRefused, refusing_by_name


@transaction.atomic
def create_block(
    *, code: str, name: str, kind: BlockKind, by: User | None, at: datetime, is_demo: bool = False
) -> Block:
    """Create a block without members."""
    plain = nfc(name)
    with refusing_by_name():
        block = Block.objects.create(
            code=nfc(code),
            name=plain,
            kind=kind,
            search_key=search_key(plain),
            sort_key=sort_key(plain),
            is_demo=is_demo,
        )
    detail = {"code": block.code, "name": plain}
    record_action(action="units.block_created", by=by, at=at, target=block, detail=detail)
    return block


@transaction.atomic
def rename_block(*, block: Block, name: str, by: User | None, at: datetime) -> Block:
    """Correct the name of a block."""
    block.name = nfc(name)
    block.search_key, block.sort_key = search_key(block.name), sort_key(block.name)
    with refusing_by_name():
        block.save(update_fields=["name", "search_key", "sort_key"])
    detail = {"name": block.name}
    record_action(action="units.block_renamed", by=by, at=at, target=block, detail=detail)
    return block


@transaction.atomic
def join_block(
    *, block: Block, unit: Unit, role: BlockRole, on: date, by: User | None, at: datetime
) -> BlockMember:
    """Make a unit a member of a block from a day on; a member changes its role this way."""
    if not Unit.objects.filter(pk=unit.pk).alive_on(on).exists():
        raise UnitNotAlive(f"Đơn vị mã “{unit.code}” không hoạt động vào ngày {format_date(on)}.")
    until = cut_from(BlockMember.objects.filter(block=block, unit=unit), on)
    with refusing_by_name():
        member = BlockMember.objects.create(
            block=block, unit=unit, role=role, valid=DateRange(on, until)
        )
    detail = {"unit": unit.code, "role": role, "on": str(on)}
    record_action(action="units.block_joined", by=by, at=at, target=block, detail=detail)
    return member


@transaction.atomic
def leave_block(*, block: Block, unit: Unit, on: date, by: User | None, at: datetime) -> None:
    """End a unit's part in a block on a day."""
    members = BlockMember.objects.filter(block=block, unit=unit)
    if not members.alive_on(on).exists():
        raise UnitRefused(
            f"Đơn vị mã “{unit.code}” không phải thành viên của khối vào ngày {format_date(on)}."
        )
    cut_from(members, on)
    detail = {"unit": unit.code, "on": str(on)}
    record_action(action="units.block_left", by=by, at=at, target=block, detail=detail)
