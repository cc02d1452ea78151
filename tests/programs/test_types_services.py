"""Kinds of models have one name: found in any spelling, merged with their sites, and unmerged."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.programs.models import ModelSite, ModelType
from apps.programs.queries.types import (
    family_of,
    find_type,
    merge_clashes,
    search_types,
    similar_types,
    type_in_use,
    types_by_key,
)
from apps.programs.services.refusals import RegisterRefused
from apps.programs.services.types import (
    NewType,
    add_alias,
    change_type,
    create_type,
    merge_types,
    remove_alias,
    undo_merge,
)
from tests.factories.programs import (
    LAUNCHED,
    BareSiteFactory,
    ModelFieldFactory,
    ModelTypeAliasFactory,
    ModelTypeFactory,
    SiteFactory,
)
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db

NAMES = (
    "Camera an ninh",
    "Tiếng kẻng an ninh",
    "Dòng họ tự quản",
    "Khu dân cư sáng, sạch, an toàn",
)


@pytest.fixture
def kinds() -> dict[str, ModelType]:
    return {name: ModelTypeFactory(name=name) for name in NAMES}


@pytest.mark.parametrize(
    "typed", ["camera an ninh", "CAMERA  AN NINH", "Camera an ninh ", "mắt thần"]
)
def test_a_kind_is_found_in_any_spelling(kinds: dict[str, ModelType], typed: str) -> None:
    ModelTypeAliasFactory(model_type=kinds["Camera an ninh"], name="Mắt thần")
    assert find_type(typed) == kinds["Camera an ninh"]


def test_what_has_no_letters_finds_nothing(kinds: dict[str, ModelType]) -> None:
    assert find_type(" \u200b ") is None
    assert similar_types("  ") == []
    assert find_type("camera an nin") is None


def test_many_names_cost_one_query(kinds: dict[str, ModelType]) -> None:
    with CaptureQueriesContext(connection) as queries:
        found = types_by_key([*NAMES, "lạ"])
    assert len(queries) == 1
    assert set(found.values()) == set(kinds.values())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tieng keng an nihn", "Tiếng kẻng an ninh"),
        ("came", "Camera an ninh"),
        ("dong ho tu qan", "Dòng họ tự quản"),
        ("khu dan cu an toan", "Khu dân cư sáng, sạch, an toàn"),
        ("tuần tra đêm", "Dòng họ tự quản"),
    ],
)
def test_names_that_are_like_it_come_first(
    kinds: dict[str, ModelType], typed: str, expected: str
) -> None:
    ModelTypeAliasFactory(model_type=kinds["Dòng họ tự quản"], name="Tuần tra đêm")
    assert similar_types(typed)[0].name == expected


def test_what_is_not_like_anything_warns_of_nothing(kinds: dict[str, ModelType]) -> None:
    assert similar_types("Hòm thư góp ý") == []
    assert list(search_types(ModelType.objects.in_use(), "hom thu")) == []


def new(name: str, kind: ModelType | None = None) -> NewType:
    return NewType(name, kind.field if kind else ModelFieldFactory(), "residential")


def test_a_name_or_spelling_in_use_is_refused(kinds: dict[str, ModelType], at: datetime) -> None:
    add_alias(model_type=kinds["Camera an ninh"], name="Mắt thần", by=None, at=at)
    for typed in ("CAMERA AN NINH", "mat than"):
        with pytest.raises(RegisterRefused, match="Camera an ninh") as caught:
            create_type(new=new(typed), by=None, at=at)
        assert caught.value.field == "name"
    with pytest.raises(RegisterRefused, match="Dòng họ tự quản"):
        add_alias(model_type=kinds["Camera an ninh"], name="Dong ho tu quan", by=None, at=at)


def test_a_name_without_letters_is_refused(at: datetime) -> None:
    with pytest.raises(RegisterRefused, match="Tên loại mô hình phải có chữ"):
        create_type(new=new(" \u200b"), by=None, at=at)


def test_a_renamed_kind_is_still_found_by_its_old_name(
    kinds: dict[str, ModelType], at: datetime
) -> None:
    kind = kinds["Camera an ninh"]
    change_type(model_type=kind, new=new("Mắt thần an ninh", kind), by=None, at=at)
    assert find_type("camera an ninh") == find_type("mat than an ninh") == kind

    change_type(model_type=kind, new=new("Camera an ninh", kind), by=None, at=at)
    assert [alias.name for alias in kind.aliases.all()] == ["Mắt thần an ninh"]


def test_a_wrong_spelling_is_taken_back(kinds: dict[str, ModelType], at: datetime) -> None:
    alias = add_alias(model_type=kinds["Camera an ninh"], name="Mắt thần", by=None, at=at)
    remove_alias(alias=alias, by=None, at=at)
    assert find_type("mắt thần") is None


def test_merging_moves_sites_and_names(kinds: dict[str, ModelType], at: datetime) -> None:
    source, target = kinds["Tiếng kẻng an ninh"], kinds["Camera an ninh"]
    site = SiteFactory(model_type=source)
    ModelTypeAliasFactory(model_type=source, name="Kẻng làng")

    merge_types(source=source, target=target, by=None, at=at)

    site.refresh_from_db()
    source.refresh_from_db()
    assert site.model_type == target
    assert type_in_use(source) == target
    assert find_type("tieng keng an ninh") == find_type("kẻng làng") == target
    assert family_of(target) == [target.pk, source.pk]
    assert AuditEntry.objects.get(action="programs.types_merged").detail["sites"] == [site.pk]
    with pytest.raises(RegisterRefused, match="đã được gộp"):
        change_type(model_type=source, new=new("Khác", source), by=None, at=at)


def test_sites_that_would_collide_stop_a_merge_and_are_named(
    kinds: dict[str, ModelType], at: datetime
) -> None:
    source, target = kinds["Tiếng kẻng an ninh"], kinds["Camera an ninh"]
    unit = UnitFactory()
    SiteFactory(model_type=target, unit=unit)
    clashing = SiteFactory(model_type=source, unit=unit, name="Kẻng ấp 3")

    with pytest.raises(RegisterRefused, match=clashing.code):
        merge_types(source=source, target=target, by=None, at=at)

    clashing.refresh_from_db()
    assert clashing.model_type == source


@pytest.mark.parametrize(
    "difference",
    [
        {"place": "Ấp 3"},
        {"launched_on": date(2025, 8, 1), "ended_on": LAUNCHED, "state": "ended"},
        {"launched_on": None, "state": "draft", "last_news_on": None},
    ],
)
def test_sites_that_do_not_meet_do_not_collide(
    kinds: dict[str, ModelType], difference: dict[str, object], at: datetime
) -> None:
    source, target = kinds["Tiếng kẻng an ninh"], kinds["Camera an ninh"]
    unit = UnitFactory()
    SiteFactory(model_type=target, unit=unit)
    SiteFactory(model_type=source, unit=unit, **difference)

    assert merge_clashes(source, target) == []
    merge_types(source=source, target=target, by=None, at=at)


def test_a_kind_is_not_merged_into_itself_or_twice(
    kinds: dict[str, ModelType], at: datetime
) -> None:
    source, target = kinds["Tiếng kẻng an ninh"], kinds["Camera an ninh"]
    with pytest.raises(RegisterRefused, match="loại mô hình khác"):
        merge_types(source=source, target=source, by=None, at=at)
    merge_types(source=source, target=target, by=None, at=at)
    with pytest.raises(RegisterRefused, match="đã được gộp"):
        merge_types(source=source, target=kinds["Dòng họ tự quản"], by=None, at=at)


def test_merging_a_thousand_sites_costs_as_many_queries_as_one(at: datetime) -> None:
    def cost(n_sites: int) -> int:
        source, target, unit = ModelTypeFactory(), ModelTypeFactory(), UnitFactory()
        ModelSite.objects.bulk_create(
            BareSiteFactory.build(
                model_type=source, unit=unit, place=f"Ấp {n}", created_at=at, updated_at=at
            )
            for n in range(n_sites)
        )
        with CaptureQueriesContext(connection) as queries:
            merge_types(source=source, target=target, by=None, at=at)
        assert target.sites.count() == n_sites
        return len(queries)

    assert cost(1) == cost(1000) <= 16


def test_a_merge_is_taken_back_with_its_sites_and_names(
    kinds: dict[str, ModelType], at: datetime
) -> None:
    source, target = kinds["Tiếng kẻng an ninh"], kinds["Camera an ninh"]
    site, own = SiteFactory(model_type=source), SiteFactory(model_type=target)
    ModelTypeAliasFactory(model_type=source, name="Kẻng làng")
    merge_types(source=source, target=target, by=None, at=at)

    assert undo_merge(source=source, by=None, at=at + timedelta(hours=1)) == 1

    site.refresh_from_db()
    own.refresh_from_db()
    assert (site.model_type, own.model_type) == (source, target)
    assert find_type("tieng keng an ninh") == find_type("kẻng làng") == source
    assert target.aliases.count() == 0


def test_a_merge_is_taken_back_weeks_later_without_losing_what_was_done_meanwhile(
    kinds: dict[str, ModelType], at: datetime
) -> None:
    source, target = kinds["Tiếng kẻng an ninh"], kinds["Camera an ninh"]
    edited, regrouped = SiteFactory(model_type=source), SiteFactory(model_type=source)
    merge_types(source=source, target=target, by=None, at=at)
    later = at + timedelta(days=30)
    new = SiteFactory(model_type=target)
    ModelSite.objects.filter(pk=edited.pk).update(note="Sửa sau", updated_at=later)
    ModelSite.objects.filter(pk=regrouped.pk).update(model_type=kinds[NAMES[2]])

    assert undo_merge(source=source, by=None, at=later) == 1

    for site in (edited, regrouped, new):
        site.refresh_from_db()
    assert (edited.model_type, edited.note) == (source, "Sửa sau")
    assert (regrouped.model_type, new.model_type) == (kinds[NAMES[2]], target)


def test_a_chain_of_merges_leads_to_the_name_in_use(
    kinds: dict[str, ModelType], at: datetime
) -> None:
    first, second, third = (kinds[name] for name in NAMES[:3])
    merge_types(source=first, target=second, by=None, at=at)
    merge_types(source=second, target=third, by=None, at=at + timedelta(seconds=1))

    assert find_type(first.name) == third
    assert type_in_use(ModelType.objects.get(pk=first.pk)) == third
    assert set(family_of(third)) == {first.pk, second.pk, third.pk}
    with pytest.raises(RegisterRefused, match="gộp tiếp"):
        undo_merge(source=first, by=None, at=at)
