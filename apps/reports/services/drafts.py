"""Change what is not final yet: a form's name, the lines of a draft, the end of an assignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.dates import format_date
from apps.core.errors import DomainError
from apps.core.text import nfc
from apps.indicators.models import Breakdown, DeadlineCascade, Indicator
from apps.reports.models import (
    Assignment,
    NarrativePart,
    Template,
    TemplateLine,
    TemplateVersion,
)
from apps.reports.models.templates import VersionState
from apps.reports.services.templates import VersionPublished


class TemplateNameless(DomainError):
    """A form has a name."""


class LineRepeated(DomainError):
    """A form asks for one thing once."""


class LineUnknown(DomainError):
    """A line names a part that its indicator does not have, or a rate, which is computed."""


class AssignmentEndsTooEarly(DomainError):
    """An assignment lasts at least a day."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as an administrator wants it; '' is the total."""

    indicator: Indicator
    breakdown: str = ""
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A part in words as an administrator wants it."""

    code: str
    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class DraftContent:
    """All of a draft, lines and parts in their order."""

    effective_on: date
    cascade: DeadlineCascade
    lines: Sequence[DraftLine]
    parts: Sequence[DraftPart]


@transaction.atomic
def change_template(
    *, template: Template, name: str, is_active: bool, by: User, at: datetime
) -> Template:
    """Rename a form, or take it out of use: no further period of it is opened then."""
    name = nfc(name).strip()
    if not name:
        raise TemplateNameless("Ghi tên biểu mẫu.")
    locked = Template.objects.select_for_update().get(pk=template.pk)
    before = {"name": locked.name, "is_active": locked.is_active}
    after = {"name": name, "is_active": is_active}
    if before == after:
        return locked
    locked.name, locked.is_active = name, is_active
    locked.save(update_fields=["name", "is_active"])
    record_action(
        action="reports.template_changed",
        by=by,
        at=at,
        target=locked,
        detail={"before": before, "after": after},
    )
    return locked


@transaction.atomic
def rewrite_draft(
    *, version: TemplateVersion, content: DraftContent, by: User, at: datetime
) -> TemplateVersion:
    """Replace what a draft asks; a published version refuses."""
    locked = TemplateVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state == VersionState.PUBLISHED:
        raise VersionPublished("Phiên bản này đã ban hành. Tạo phiên bản mới để sửa.")
    _check_lines(content.lines)
    n_before = locked.lines.count()
    locked.effective_on, locked.cascade = content.effective_on, content.cascade
    locked.save(update_fields=["effective_on", "cascade"])
    _replace(locked, content)
    record_action(
        action="reports.version_rewritten",
        by=by,
        at=at,
        target=locked,
        detail={"lines_before": n_before, "lines": len(content.lines)},
    )
    return locked


def _check_lines(lines: Sequence[DraftLine]) -> None:
    asked = {line.indicator.pk for line in lines}
    parts = set(Breakdown.objects.filter(indicator__in=asked).values_list("indicator_id", "code"))
    seen: set[tuple[int, str]] = set()
    for line in lines:
        key, code = (line.indicator.pk, line.breakdown), line.indicator.code
        if line.indicator.is_computed:
            raise LineUnknown(f"{code} là tỷ lệ, Cổng tự tính; không đưa vào biểu mẫu.")
        if line.breakdown and key not in parts:
            known = ", ".join(sorted(part for pk, part in parts if pk == line.indicator.pk))
            raise LineUnknown(
                f"{code} không có phân tổ “{line.breakdown}”. Có: {known or 'không có'}."
            )
        if key in seen:
            what = f"phân tổ “{line.breakdown}” của {code}" if line.breakdown else code
            raise LineRepeated(f"Biểu mẫu đã có dòng {what}.")
        seen.add(key)


def _replace(version: TemplateVersion, content: DraftContent) -> None:
    """Write all rows anew: nothing leans on the lines of a draft, and places never collide."""
    version.lines.all().delete()
    version.parts.all().delete()
    TemplateLine.objects.bulk_create(
        TemplateLine(
            version=version,
            indicator=line.indicator,
            breakdown=line.breakdown,
            is_required=line.is_required,
            order=order,
        )
        for order, line in enumerate(content.lines, start=1)
    )
    NarrativePart.objects.bulk_create(
        NarrativePart(
            version=version, code=part.code, title=part.title, hint=part.hint, order=order
        )
        for order, part in enumerate(content.parts, start=1)
    )


@transaction.atomic
def end_assignment(*, assignment: Assignment, on: date, by: User, at: datetime) -> Assignment:
    """End who owes a form on a day; what was opened before stays owed."""
    locked = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if locked.valid.lower is not None and on <= locked.valid.lower:
        since = format_date(locked.valid.lower)
        raise AssignmentEndsTooEarly(f"Ngày kết thúc phải sau ngày bắt đầu {since}.")
    locked.valid = type(locked.valid)(locked.valid.lower, on)
    locked.save(update_fields=["valid"])
    record_action(
        action="reports.assignment_ended",
        by=by,
        at=at,
        target=locked,
        detail={"on": on.isoformat()},
    )
    return locked
