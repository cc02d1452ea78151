"""Make valid rows of the units app without arguments."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.core.text import search_key, sort_key
from apps.units.models import (
    Area,
    Block,
    BlockMember,
    Contact,
    ForceKind,
    ForceRating,
    ForceStock,
    Membership,
    PoliceInCharge,
    Unit,
    UnitClosure,
    UnitParent,
    UnitSpan,
)
from apps.units.rules import AreaKind, BlockKind, BlockRole, UnitKind

SINCE = date(2025, 7, 1)
BORN = datetime(2025, 7, 1, tzinfo=UTC)
ALWAYS = DateRange(SINCE, None)


class AreaFactory(factory.django.DjangoModelFactory):
    """A commune of Đồng Tháp."""

    class Meta:
        model = Area

    code = factory.Sequence(lambda n: f"{90000 + n % 10000:05d}")
    name = factory.Sequence(lambda n: f"Xã Mẫu {n}")
    kind = AreaKind.COMMUNE
    province_code = "82"
    valid = ALWAYS
    search_key = factory.LazyAttribute(lambda o: search_key(o.name))
    sort_key = factory.LazyAttribute(lambda o: sort_key(o.name))


class BareUnitFactory(factory.django.DjangoModelFactory):
    """A unit without a name, for tests of constraints."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"DV{n:05d}")
    created_at = BORN


class UnitSpanFactory(factory.django.DjangoModelFactory):
    """A name that holds since 2025-07-01."""

    class Meta:
        model = UnitSpan

    unit = factory.SubFactory(BareUnitFactory)
    name = factory.LazyAttribute(lambda o: f"Đơn vị {o.unit.code}")
    short_name = ""
    kind = UnitKind.COMMUNE
    area = None
    valid = ALWAYS
    search_key = factory.LazyAttribute(lambda o: search_key(o.name))
    sort_key = factory.LazyAttribute(lambda o: sort_key(o.name))


class UnitParentFactory(factory.django.DjangoModelFactory):
    """A link to a parent since 2025-07-01; the closure is not rebuilt by it."""

    class Meta:
        model = UnitParent

    unit = factory.SubFactory(BareUnitFactory)
    parent = factory.SubFactory(BareUnitFactory)
    valid = ALWAYS


class UnitFactory(BareUnitFactory):
    """A living unit: name=, kind=, parent=, police=, area=, valid= are taken; closure rebuilt."""

    @classmethod
    def _create(cls, model_class: type[Unit], *args: Any, **kwargs: Any) -> Unit:
        parent, police = kwargs.pop("parent", None), kwargs.pop("police", None)
        valid = kwargs.pop("valid", ALWAYS)
        texts = {key: kwargs.pop(key) for key in ("name", "kind", "area") if key in kwargs}
        unit: Unit = super()._create(model_class, *args, **kwargs)
        UnitSpanFactory(unit=unit, valid=valid, **texts)
        if parent is not None:
            UnitParentFactory(unit=unit, parent=parent, valid=valid)
        if police is not None:
            PoliceInChargeFactory(unit=unit, police_unit=police, valid=valid)
        UnitClosure.objects.rebuild()
        return unit


class BlockFactory(factory.django.DjangoModelFactory):
    """An emulation block."""

    class Meta:
        model = Block

    code = factory.Sequence(lambda n: f"K{n:03d}")
    name = factory.Sequence(lambda n: f"Khối thi đua số {n}")
    kind = BlockKind.EMULATION_BLOCK
    search_key = factory.LazyAttribute(lambda o: search_key(o.name))
    sort_key = factory.LazyAttribute(lambda o: sort_key(o.name))


class BlockMemberFactory(factory.django.DjangoModelFactory):
    """A plain member of a block."""

    class Meta:
        model = BlockMember

    block = factory.SubFactory(BlockFactory)
    unit = factory.SubFactory(UnitFactory)
    role = BlockRole.MEMBER
    valid = ALWAYS


class PoliceInChargeFactory(factory.django.DjangoModelFactory):
    """A commune police in charge of a unit."""

    class Meta:
        model = PoliceInCharge

    unit = factory.SubFactory(UnitFactory)
    block = None
    police_unit = factory.SubFactory(UnitFactory, kind=UnitKind.POLICE_COMMUNE)
    valid = ALWAYS


class MembershipFactory(factory.django.DjangoModelFactory):
    """A clerk of a unit."""

    class Meta:
        model = Membership

    user = factory.SubFactory("tests.factories.accounts.UserFactory")
    unit = factory.SubFactory(UnitFactory)
    role = "clerk"
    valid = ALWAYS


class ContactFactory(factory.django.DjangoModelFactory):
    """Somebody to call in a unit."""

    class Meta:
        model = Contact

    unit = factory.SubFactory(UnitFactory)
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn Mẫu {n}")
    title = "Văn phòng"
    phone = "0277 385 0000"
    sort_key = factory.LazyAttribute(lambda o: sort_key(o.full_name))


class ForceKindFactory(factory.django.DjangoModelFactory):
    """Tổ bảo vệ an ninh, trật tự."""

    class Meta:
        model = ForceKind

    code = factory.Sequence(lambda n: f"luc-luong-{n}")
    name = factory.Sequence(lambda n: f"Lực lượng {n}")
    teams_code = "A4"
    members_code = "A5"


class ForceStockFactory(factory.django.DjangoModelFactory):
    """Two teams of three."""

    class Meta:
        model = ForceStock

    unit = factory.SubFactory(UnitFactory)
    kind = factory.SubFactory(ForceKindFactory)
    as_of = SINCE
    teams = 2
    members = 6
    recorded_at = BORN


class ForceRatingFactory(factory.django.DjangoModelFactory):
    """Two teams did well."""

    class Meta:
        model = ForceRating

    unit = factory.SubFactory(UnitFactory)
    kind = factory.SubFactory(ForceKindFactory)
    year = 2026
    level = "hoan_thanh_tot"
    teams = 2
    recorded_at = BORN
