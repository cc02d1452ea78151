"""Ask the units of a programme for its sơ kết and tổng kết: a form, its period, who owes it.

Each programme has a calendar of its own: the window of a review is the programme's, and its figures
must not be added to those of the ordinary report of that half-year, which sums add up by period.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.dates import format_date
from apps.indicators.models import (
    AskedOf,
    Calendar,
    Comparison,
    DeadlineCascade,
    DeadlineStep,
    Indicator,
    Period,
    PeriodKind,
)
from apps.programs.models import Program
from apps.programs.queries.targets import codes_of, targets_of
from apps.programs.rules import REVIEW_OPENS_BEFORE, ProgramState, review_calendar
from apps.reports.models import (
    Assignment,
    Event,
    NarrativePart,
    Obligation,
    ObligationStep,
    Report,
    Template,
    TemplateLine,
    TemplateVersion,
)
from apps.reports.models.obligations import ObligationState
from apps.reports.models.review import EventKind
from apps.reports.models.templates import VersionState
from apps.reports.queries.obligations import Debtor, debtors, tree_day
from apps.reports.services.rollups import mark_changed
from apps.units.models import Unit, UnitClosure, UnitSpan
from apps.units.rules import UnitKind

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
PARTS = (
    ("ket_qua", "Kết quả thực hiện", "Việc đã làm, kết quả so với chỉ tiêu của chương trình."),
    ("ton_tai", "Tồn tại, hạn chế và nguyên nhân", "Việc chưa làm được, vì sao."),
    ("phuong_huong", "Phương hướng, kiến nghị", "Việc sẽ làm, đề nghị cấp trên việc gì."),
)
REASONS = {
    ProgramState.WITHDRAWN: "Chương trình đã thu hồi.",
    ProgramState.REPLACED: "Chương trình đã được văn bản khác thay thế.",
}
ASKED_OF = {
    UnitKind.COMMUNE: AskedOf.COMMUNE,
    UnitKind.MASS_ORGANISATION: AskedOf.MASS_ORGANISATION,
    UnitKind.PROVINCE: AskedOf.PROVINCE,
}


@dataclass(frozen=True, slots=True)
class Review:
    """One review of a programme: its day and what it is called."""

    program: Program
    word: str
    slug: str
    kind: PeriodKind
    due_on: date

    @property
    def code(self) -> str:
        """Return the code of its form: "ct-7-so-ket"."""
        return f"{review_calendar(self.program.pk)}-{self.slug}"

    @property
    def due_at(self) -> datetime:
        """Return the first instant that is too late."""
        return datetime.combine(self.due_on + timedelta(days=1), time.min, tzinfo=LOCAL)


@transaction.atomic
def open_program_reviews(*, by: User | None, at: datetime) -> int:
    """Open every review whose day is near or was missed; return how many reports are new.

    It may run any number of times: what is there stays as it is, a unit that was sent the programme
    later is added. Nobody is asked for a review that was due before the programme came to him.
    """
    latest = at.astimezone(LOCAL).date() + REVIEW_OPENS_BEFORE
    programs = Program.objects.filter(
        Q(interim_due_on__lte=latest) | Q(final_due_on__lte=latest), state=ProgramState.SENT
    )
    opened = 0
    for program in programs.select_for_update().order_by("pk"):
        for review in _reviews(program):
            if review.due_on <= latest:
                opened += _open(review, by, at)
    _waive_of_ended(by, at)
    return opened


def _waive_of_ended(by: User | None, at: datetime) -> None:
    """Excuse the reviews of withdrawn and replaced programmes that nobody has sent yet."""
    over = {
        review_calendar(program.pk): program
        for program in Program.objects.filter(state__in=REASONS)
    }
    waiting = Obligation.objects.filter(
        period__calendar__code__in=over,
        state=ObligationState.EXPECTED,
        report__submissions=None,
    )
    for period in Period.objects.filter(pk__in=waiting.values("period")).select_related("calendar"):
        program = over[period.calendar.code]
        rows = list(waiting.filter(period=period).select_for_update(of=("self",)))
        Obligation.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=ObligationState.WAIVED, reason=REASONS[ProgramState(program.state)]
        )
        for day in {row.tree_on for row in rows}:
            units = [row.unit_id for row in rows if row.tree_on == day]
            mark_changed(unit_ids=units, period=period, tree_on=day, by=by, at=at)
        record_action(
            action="reports.review_waived",
            by=by,
            at=at,
            target=program,
            detail={"units": [row.unit_id for row in rows]},
        )


def _reviews(program: Program) -> Iterator[Review]:
    if program.interim_due_on:
        yield Review(program, "sơ kết", "so-ket", PeriodKind.HALF_YEAR, program.interim_due_on)
    if program.final_due_on:
        yield Review(program, "tổng kết", "tong-ket", PeriodKind.YEAR, program.final_due_on)


def _open(review: Review, by: User | None, at: datetime) -> int:
    """Open a review for the units that do not have it yet."""
    sent = review.program.recipients.filter(sent_at__lt=review.due_at)
    asked = Obligation.objects.filter(template__code=review.code).values("unit_id")
    fresh = set(sent.exclude(unit__in=asked).values_list("unit_id", flat=True))
    if not fresh:
        return 0
    root = _root_of(review.program, at)
    version = _version(review, fresh, by, at)
    period = _period(review, version.template.calendar)
    owed = _debtors(root, period, fresh)
    obligations = _write_obligations(review, version, period, root, owed, at)
    if obligations:
        record_action(
            action="reports.review_opened",
            by=by,
            at=at,
            target=review.program,
            detail={"template": review.code, "opened": len(obligations)},
        )
    return len(obligations)


def _root_of(program: Program, at: datetime) -> Unit:
    """Return the topmost unit above the one that follows a programme."""
    above = UnitClosure.objects.alive_on(at.astimezone(LOCAL).date())
    top = above.filter(descendant_id=program.unit_id).order_by("-depth", "pk").first()
    return Unit.objects.get(pk=top.ancestor_id if top else program.unit_id)


def _version(review: Review, unit_ids: set[int], by: User | None, at: datetime) -> TemplateVersion:
    """Return the published form of a review, made when it is first asked for."""
    known = TemplateVersion.objects.filter(template__code=review.code)
    found = known.select_related("template__calendar").first()
    if found is not None:
        return found
    program = review.program
    name = f"{program.number or 'chương trình'} {format_date(program.issued_on)}"
    calendar, _ = Calendar.objects.get_or_create(
        code=review_calendar(program.pk),
        defaults={"name": name[:200], "source": str(program)[:200]},
    )
    version = TemplateVersion.objects.create(
        template=Template.objects.create(
            code=review.code,
            name=f"Báo cáo {review.word}: {program}"[:200],
            asked_of=_asked_of(unit_ids, at),
            period_kind=review.kind,
            calendar=calendar,
        ),
        number=1,
        effective_on=program.valid_from,
        cascade=_cascade(review),
    )
    TemplateLine.objects.bulk_create(_lines(version, program))
    NarrativePart.objects.bulk_create(
        NarrativePart(version=version, code=code, title=title, hint=hint, order=order)
        for order, (code, title, hint) in enumerate(PARTS, start=1)
    )
    version.state, version.published_at, version.published_by = VersionState.PUBLISHED, at, by
    version.save(update_fields=["state", "published_at", "published_by"])
    return version


def _asked_of(unit_ids: set[int], at: datetime) -> AskedOf:
    """Return the kind of body that most of the units are."""
    spans = UnitSpan.objects.alive_on(at.astimezone(LOCAL).date()).filter(unit_id__in=unit_ids)
    kinds = Counter(
        ASKED_OF.get(UnitKind(kind), AskedOf.ORGANISATION)
        for kind in spans.order_by("unit_id").values_list("kind", flat=True)
    )
    return kinds.most_common(1)[0][0] if kinds else AskedOf.ORGANISATION


def _cascade(review: Review) -> DeadlineCascade:
    """Return the rule that names the day of the programme itself."""
    cascade, is_new = DeadlineCascade.objects.get_or_create(
        code=review.code,
        defaults={
            "name": f"Hạn {review.word} của {review.program}"[:200],
            "comparison": Comparison.BY,
            "source": str(review.program)[:200],
        },
    )
    if is_new:
        rule = f"{review.due_on.day}/{review.due_on.month}"
        DeadlineStep.objects.create(cascade=cascade, level=1, rule=rule)
    return cascade


def _lines(version: TemplateVersion, program: Program) -> Iterator[TemplateLine]:
    """Yield a line for each figure behind the targets; groups that overlap stand apart."""
    codes = codes_of(targets_of(program))
    known = Indicator.objects.cleared().filter(code__in=codes).prefetch_related("breakdowns")
    by_code = {indicator.code: indicator for indicator in known}
    order = 0
    for indicator in (by_code[code] for code in codes if code in by_code):
        parts = [part.code for part in sorted(indicator.breakdowns.all(), key=lambda p: p.order)]
        for part in parts if parts and not indicator.total_of_breakdowns else [""]:
            order += 1
            yield TemplateLine(version=version, indicator=indicator, breakdown=part, order=order)


def _period(review: Review, calendar: Calendar) -> Period:
    """Return the window of a review: the programme from its first day to the day it is due."""
    start, last = review.program.valid_from, review.due_on - timedelta(days=1)
    period, _ = Period.objects.get_or_create(
        calendar=calendar,
        kind=review.kind,
        defaults={
            "year": review.due_on.year,
            "number": 1,
            "start": start,
            "end": review.due_on,
            "label": f"từ {format_date(start)} đến {format_date(last)}",
        },
    )
    return period


def _debtors(root: Unit, period: Period, unit_ids: set[int]) -> list[Debtor]:
    """Return who fills in and who receives the report of each unit, as for ordinary ones."""
    kinds = UnitSpan.objects.filter(unit_id__in=unit_ids).order_by("kind")
    found = {
        debtor.unit_id: debtor
        for kind in kinds.values_list("kind", flat=True).distinct()
        for debtor in debtors(Assignment(within=root, unit_kind=kind), period)
        if debtor.unit_id in unit_ids
    }
    return [found[unit_id] for unit_id in sorted(found)]


def _write_obligations(
    review: Review,
    version: TemplateVersion,
    period: Period,
    root: Unit,
    owed: Sequence[Debtor],
    at: datetime,
) -> list[Obligation]:
    if not owed:
        return []
    on = tree_day(root.pk, period)
    obligations = Obligation.objects.bulk_create(
        Obligation(
            version=version,
            template=version.template,
            unit_id=debtor.unit_id,
            period=period,
            root=root,
            filler_id=debtor.filler_id,
            consolidator_id=debtor.consolidator_id,
            tree_on=on,
            covered_from=debtor.covered_from,
            covered_to=debtor.covered_to,
            opens_at=at,
            due_at=review.due_at,
        )
        for debtor in owed
    )
    reports = Report.objects.bulk_create(Report(obligation=row) for row in obligations)
    ObligationStep.objects.bulk_create(
        ObligationStep(obligation=row, level=1, due_at=row.due_at, unit_id=row.filler_id)
        for row in obligations
    )
    Event.objects.bulk_create(
        Event(report=report, kind=EventKind.OPENED, at=at) for report in reports
    )
    mark_changed(
        unit_ids=[row.unit_id for row in obligations], period=period, tree_on=on, by=None, at=at
    )
    return obligations
