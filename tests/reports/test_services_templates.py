"""Forms: made from the catalogue, published once, never changed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoDbBlocker

from apps.audit.models import AuditEntry
from apps.reports.models import (
    Assignment,
    NarrativePart,
    Template,
    TemplateLine,
    TemplateVersion,
)
from apps.reports.services.templates import (
    NARRATIVE_PARTS,
    TemplateDraft,
    VersionEmpty,
    VersionPublished,
    assign_template,
    copy_version,
    create_template,
    publish_version,
)
from tests.kept import kept
from tests.reports.world import AT, SINCE, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with kept(django_db_blocker):
        yield make_world()


@pytest.fixture
def published(world: World) -> TemplateVersion:
    """Return the published form of communes."""
    return TemplateVersion.objects.get(template__code="xa-quy")


def draft(world: World, codes: tuple[str, ...] = ("F1", "F2")) -> TemplateVersion:
    new = TemplateDraft(
        code="thu",
        name="Biểu thử",
        asked_of="commune",
        period_kind="quarter",
        calendar=world.calendar,
        cascade=world.cascade,
        effective_on=date(2026, 1, 1),
    )
    lines = [(world.indicators[code], "") for code in codes]
    return create_template(draft=new, lines=lines, by=world.reviewer, at=AT)


def test_a_new_form_is_a_draft_with_its_lines_and_texts_in_order(world: World) -> None:
    version = draft(world)

    lines = version.lines.order_by("order").values_list("indicator__code", "order", "is_required")
    parts = version.parts.order_by("order").values_list("code", flat=True)
    assert (version.number, version.state, version.published_at) == (1, "draft", None)
    assert list(lines) == [("F1", 1, True), ("F2", 2, True)]
    assert list(parts) == [code for code, _title, _hint in NARRATIVE_PARTS]
    entry = AuditEntry.objects.filter(action="reports.template_created").latest("pk")
    assert (entry.target_id, entry.detail) == (str(version.template_id), {"lines": 2})


def test_a_form_that_cannot_be_made_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(IntegrityError, match="one_line_per_breakdown"), transaction.atomic():
        draft(world, ("F1", "F1"))

    assert not Template.objects.filter(code="thu").exists()


def test_publishing_notes_who_and_when(world: World) -> None:
    version = publish_version(version=draft(world), by=world.reviewer, at=AT)

    assert (version.state, version.published_at, version.published_by) == (
        "published",
        AT,
        world.reviewer,
    )
    entry = AuditEntry.objects.filter(action="reports.version_published").latest("pk")
    assert (entry.target_id, entry.actor_id) == (str(version.pk), world.reviewer.pk)


def test_publishing_twice_is_refused(world: World) -> None:
    stale = draft(world)
    publish_version(version=stale, by=None, at=AT)

    with pytest.raises(VersionPublished, match="đã ban hành"):
        publish_version(version=stale, by=None, at=AT)


def test_a_form_without_lines_is_not_published(world: World) -> None:
    empty = draft(world, ())

    with pytest.raises(VersionEmpty):
        publish_version(version=empty, by=None, at=AT)

    empty.refresh_from_db()
    assert empty.state == "draft"


def test_a_copy_is_the_next_draft_with_the_same_lines_and_texts(
    world: World, published: TemplateVersion
) -> None:
    first = draft(world)
    first.lines.filter(order=2).update(is_required=False)

    copy = copy_version(version=first, effective_on=date(2027, 1, 1), by=None, at=AT)

    shown = ("indicator_id", "breakdown", "order", "is_required")
    said = ("code", "title", "hint", "order")
    assert (copy.number, copy.state, copy.effective_on) == (2, "draft", date(2027, 1, 1))
    assert (copy.template, copy.cascade) == (first.template, first.cascade)
    assert set(copy.lines.values_list(*shown)) == set(first.lines.values_list(*shown))
    assert set(copy.parts.values_list(*said)) == set(first.parts.values_list(*said))
    assert first.lines.count() == 2


def test_a_copy_of_an_old_version_comes_after_the_newest(
    world: World, published: TemplateVersion
) -> None:
    second = copy_version(version=published, effective_on=date(2027, 1, 1), by=None, at=AT)
    third = copy_version(version=published, effective_on=date(2028, 1, 1), by=None, at=AT)

    assert (second.number, third.number) == (2, 3)


CHANGES: dict[str, Callable[[TemplateVersion], object]] = {
    "line added": lambda v: TemplateLine.objects.create(
        version=v, indicator=v.lines.all()[0].indicator, breakdown="moi", order=999
    ),
    "line changed": lambda v: v.lines.update(is_required=False),
    "line removed": lambda v: v.lines.all().delete(),
    "text added": lambda v: NarrativePart.objects.create(version=v, code="x", title="X", order=99),
    "text changed": lambda v: v.parts.update(title="Khác"),
    "text removed": lambda v: v.parts.all().delete(),
    "taken back": lambda v: TemplateVersion.objects.filter(pk=v.pk).update(
        state="draft", published_at=None
    ),
    "other day": lambda v: TemplateVersion.objects.filter(pk=v.pk).update(effective_on=SINCE),
    "removed": lambda v: TemplateVersion.objects.filter(pk=v.pk).delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_a_published_version(world: World, change: str) -> None:
    published = publish_version(version=draft(world), by=None, at=AT)

    with pytest.raises(IntegrityError, match="is published and final"), transaction.atomic():
        CHANGES[change](published)


def test_a_draft_may_change(world: World) -> None:
    version = draft(world)

    version.lines.filter(order=1).update(is_required=False)
    version.lines.filter(order=2).delete()

    assert version.lines.get().is_required is False


def test_a_line_of_a_draft_cannot_be_moved_into_a_published_version(
    world: World, published: TemplateVersion
) -> None:
    line = draft(world).lines.earliest("order")

    with pytest.raises(IntegrityError, match="is published and final"), transaction.atomic():
        TemplateLine.objects.filter(pk=line.pk).update(version=published, breakdown="z", order=997)


@pytest.mark.parametrize("target", ["kind", "unit", "heads"])
def test_assigning_the_same_again_changes_nothing(
    world: World, published: TemplateVersion, target: str
) -> None:
    def give() -> Assignment:
        assignment = Assignment(
            template=published.template, within=world.root, valid=DateRange(AT.date(), None)
        )
        if target == "kind":
            assignment.unit_kind = "school"
        assignment.unit = world.front if target == "unit" else None
        assignment.of_block_heads = target == "heads"
        return assign_template(assignment=assignment, by=None, at=AT)

    first = give()
    entries = AuditEntry.objects.count()

    assert give().pk == first.pk
    assert AuditEntry.objects.count() == entries
