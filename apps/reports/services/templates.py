"""Make report forms from the catalogue and publish them; a published version is final."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.indicators.models import Calendar, DeadlineCascade, Indicator
from apps.reports.models import (
    Assignment,
    NarrativePart,
    Template,
    TemplateLine,
    TemplateVersion,
)
from apps.reports.models.templates import VersionState


class VersionPublished(DomainError):
    """A published version cannot change; make a new one."""


class VersionEmpty(DomainError):
    """A form without lines asks nothing."""


# Words that every report carries beside its figures (outline in domain order I, III, IV, V).
NARRATIVE_PARTS = (
    (
        "tinh_hinh",
        "Tình hình có liên quan",
        "Đặc điểm, tình hình ANTT, thuận lợi, khó khăn trong kỳ.",
    ),
    ("uu_diem", "Ưu điểm", "Việc làm tốt, cách làm hay trong kỳ."),
    ("ton_tai", "Tồn tại, hạn chế và nguyên nhân", "Việc chưa làm được, vì sao."),
    ("phuong_huong", "Phương hướng, nhiệm vụ kỳ tới", "Việc sẽ làm, chỉ tiêu đặt ra."),
    ("kien_nghi", "Kiến nghị, đề xuất", "Đề nghị cấp trên việc gì."),
)


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """What a new template is made from."""

    code: str
    name: str
    asked_of: str
    period_kind: str
    calendar: Calendar
    cascade: DeadlineCascade
    effective_on: date


@transaction.atomic
def create_template(
    *, draft: TemplateDraft, lines: Sequence[tuple[Indicator, str]], by: User | None, at: datetime
) -> TemplateVersion:
    """Create a template with a first draft version that asks for these (indicator, breakdown)."""
    template = Template.objects.create(
        code=draft.code,
        name=draft.name,
        asked_of=draft.asked_of,
        period_kind=draft.period_kind,
        calendar=draft.calendar,
    )
    version = _new_version(template, 1, draft.effective_on, draft.cascade)
    _write_lines(version, lines)
    record_action(
        action="reports.template_created",
        by=by,
        at=at,
        target=template,
        detail={"lines": len(lines)},
    )
    return version


def _new_version(
    template: Template, number: int, effective_on: date, cascade: DeadlineCascade
) -> TemplateVersion:
    version = TemplateVersion.objects.create(
        template=template, number=number, effective_on=effective_on, cascade=cascade
    )
    NarrativePart.objects.bulk_create(
        NarrativePart(version=version, code=code, title=title, hint=hint, order=order)
        for order, (code, title, hint) in enumerate(NARRATIVE_PARTS, start=1)
    )
    return version


def _write_lines(version: TemplateVersion, lines: Sequence[tuple[Indicator, str]]) -> None:
    TemplateLine.objects.bulk_create(
        TemplateLine(version=version, indicator=indicator, breakdown=breakdown, order=order)
        for order, (indicator, breakdown) in enumerate(lines, start=1)
    )


@transaction.atomic
def copy_version(
    *, version: TemplateVersion, effective_on: date, by: User | None, at: datetime
) -> TemplateVersion:
    """Make the next draft of a form from an existing version, lines and texts included."""
    last = version.template.versions.order_by("-number").first()
    number = (last.number if last else 0) + 1
    copy = TemplateVersion.objects.create(
        template=version.template,
        number=number,
        effective_on=effective_on,
        cascade=version.cascade,
    )
    for row in list(version.lines.order_by("order")) + list(version.parts.order_by("order")):
        row.pk, row.version = None, copy
        row.save(force_insert=True)
    record_action(action="reports.version_drafted", by=by, at=at, target=copy)
    return copy


@transaction.atomic
def publish_version(*, version: TemplateVersion, by: User | None, at: datetime) -> TemplateVersion:
    """Publish a draft: periods that start from its day on use it; it never changes again."""
    locked = TemplateVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state == VersionState.PUBLISHED:
        raise VersionPublished("Phiên bản này đã ban hành. Tạo phiên bản mới để sửa.")
    if not locked.lines.exists():
        raise VersionEmpty("Biểu mẫu chưa có dòng chỉ tiêu nào nên chưa ban hành được.")
    locked.state, locked.published_at, locked.published_by = VersionState.PUBLISHED, at, by
    locked.save(update_fields=["state", "published_at", "published_by"])
    record_action(action="reports.version_published", by=by, at=at, target=locked)
    return locked


@transaction.atomic
def assign_template(*, assignment: Assignment, by: User | None, at: datetime) -> Assignment:
    """Say who owes a template; giving the same again changes nothing."""
    known = Assignment.objects.filter(
        template=assignment.template,
        within=assignment.within,
        unit_kind=assignment.unit_kind,
        unit=assignment.unit,
        of_block_heads=assignment.of_block_heads,
        valid=assignment.valid,
    ).first()
    if known is not None:
        return known
    assignment.save(force_insert=True)
    record_action(action="reports.template_assigned", by=by, at=at, target=assignment)
    return assignment
