"""Lists of programmes, a unit's open duties in them, and how far the units have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.text import search_key
from apps.programs.models import Program, ProgramParty, ProgramRecipient
from apps.programs.models.programs import ProgramQuerySet
from apps.programs.queries.program_people import desk_unit_ids
from apps.programs.rules import ProgramState, RecipientStep
from apps.units.models import Lineage, UnitSpan
from apps.units.models.people import Unaccented
from apps.units.permissions import inherited_unit_ids, scope_unit_ids
from apps.units.queries import names_of

DUTY_LIMIT = 20
NOBODY = {"n": 0, "received": 0}
LACKING = {
    RecipientStep.RECEIVED: Q(received_at=None),
    RecipientStep.PLAN: Q(plan_on=None),
    RecipientStep.LAUNCHED: Q(launched_on=None),
}
DUTY_WORDS = {
    RecipientStep.RECEIVED: "chưa nhận",
    RecipientStep.PLAN: "chưa có kế hoạch",
    RecipientStep.LAUNCHED: "chưa phát động",
}


@dataclass(frozen=True, slots=True)
class ProgramWish:
    """What a person asked the list for; an empty value narrows nothing."""

    text: str = ""
    kind: str = ""
    year: int | None = None
    state: str = ""
    validity: str = ""
    duty: str = ""


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """One programme in the list with how many of its units have received it."""

    program: Program
    unit_name: str
    is_valid: bool
    is_over: bool
    is_history: bool
    n_units: int
    n_received: int


@dataclass(frozen=True, slots=True)
class Duty:
    """A step that a unit still has to do with a programme."""

    recipient: ProgramRecipient
    unit_name: str
    step: RecipientStep
    due_on: date | None
    is_late: bool

    @property
    def words(self) -> str:
        """Say what is missing."""
        return DUTY_WORDS[self.step]


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One bar: how many units have done a step, and which have not."""

    step: RecipientStep
    n_done: int
    n_units: int
    missing: list[str]

    @property
    def percent(self) -> float:
        """Return how many of a hundred units have done it."""
        return 100 * self.n_done / self.n_units if self.n_units else 0

    @property
    def words(self) -> str:
        """Name what the missing units have not done."""
        return DUTY_WORDS[self.step]


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """One unit of a programme with its name."""

    recipient: ProgramRecipient
    name: str


def lacking(rows: QuerySet[ProgramRecipient], step: str) -> QuerySet[ProgramRecipient]:
    """Keep the units that have not done a step."""
    return rows.filter(LACKING[RecipientStep(step)])


def listed_programs(user: User, on: date, wish: ProgramWish) -> ProgramQuerySet:
    """Return the programmes in a user's scope that the filters leave, the latest first."""
    rows = Program.objects.visible_to(user, on)
    if key := search_key(wish.text):
        rows = rows.alias(number_key=Unaccented("number"), issuer_key=Unaccented("issuer")).filter(
            Q(title_key__contains=key) | Q(number_key__contains=key) | Q(issuer_key__contains=key)
        )
    if wish.kind:
        rows = rows.filter(kind=wish.kind)
    if wish.year:
        rows = rows.filter(issued_on__year=wish.year)
    if wish.state:
        rows = rows.filter(state=wish.state)
    if wish.validity:
        in_force = Program.objects.in_force(on).values("pk")
        rows = (
            rows.filter(pk__in=in_force)
            if wish.validity == "con"
            else rows.exclude(pk__in=in_force)
        )
    if wish.duty:
        owed = lacking(own_recipients(user, on), wish.duty)
        rows = rows.filter(pk__in=owed.values("program_id"))
    return rows.order_by("-issued_on", "-pk")


def years_of_programs(user: User, on: date) -> list[int]:
    """Return the years in which a programme in scope was issued, newest first."""
    days = Program.objects.visible_to(user, on).dates("issued_on", "year", order="DESC")
    return [day.year for day in days]


def program_rows(user: User, programs: Sequence[Program], on: date) -> list[ProgramRow]:
    """Return programmes with names and counts of the units in scope: three queries."""
    unit_ids = {program.unit_id for program in programs}
    names = names_of(unit_ids, on)
    alive = UnitSpan.objects.alive_on(on).filter(unit_id__in=unit_ids)
    of_today = set(alive.values_list("unit_id", flat=True))
    counted: dict[int, Any] = {
        row["program_id"]: row
        for row in recipients_seen(user, on)
        .filter(program__in=[program.pk for program in programs])
        .values("program_id")
        .annotate(n=Count("pk"), received=Count("received_at"))
        .order_by()
    }
    return [
        ProgramRow(
            program=program,
            unit_name=names.get(program.unit_id, ""),
            is_valid=program.valid_from <= on and not _is_over(program, on),
            is_over=_is_over(program, on),
            is_history=program.unit_id not in of_today,
            n_units=counted.get(program.pk, NOBODY)["n"],
            n_received=counted.get(program.pk, NOBODY)["received"],
        )
        for program in programs
    ]


def _is_over(program: Program, on: date) -> bool:
    return program.valid_to is not None and program.valid_to <= on


@dataclass(frozen=True, slots=True)
class Past:
    """Where a programme comes from whose unit is no more: until when it was, what it is now."""

    name: str
    last_day: date
    heirs: list[str]
    decision: str


def past_of(program: Program, on: date) -> Past | None:
    """Return the past of a programme that an ended unit follows: None for one of today."""
    spans = UnitSpan.objects.filter(unit_id=program.unit_id).order_by("-valid")
    span = spans.first()
    end = span.valid.upper if span else None
    if span is None or end is None or end > on:
        return None
    rows = list(Lineage.objects.filter(from_unit_id=program.unit_id).order_by("effective_on", "pk"))
    heirs = names_of({row.to_unit_id for row in rows}, on)
    decision = next((row.decision_number for row in rows if row.decision_number), "")
    return Past(span.name, end - timedelta(days=1), list(heirs.values()), decision)


def recipients_seen(user: User, on: date) -> QuerySet[ProgramRecipient]:
    """Return the units of programmes that a user may see: all where he follows or coordinates.

    Who only received a programme sees the units in his scope, not how others do.
    """
    scope = scope_unit_ids(user, on, Permission.REGISTER_VIEW)
    past = inherited_unit_ids(user, on, Permission.REGISTER_VIEW)
    coordinates = ProgramParty.objects.filter(program_id=OuterRef("program_id"), unit_id__in=scope)
    return ProgramRecipient.objects.filter(
        Q(unit_id__in=scope)
        | Q(program__unit_id__in=scope)
        | Q(program__unit_id__in=past)
        | Exists(coordinates)
    )


def sees_all_units(user: User, program: Program, on: date) -> bool:
    """Say whether a user sees every unit of a programme: he follows it or coordinates in it."""
    scope = scope_unit_ids(user, on, Permission.REGISTER_VIEW)
    past = inherited_unit_ids(user, on, Permission.REGISTER_VIEW)
    follows = Q(unit_id__in=scope) | Q(parties__unit_id__in=scope) | Q(unit_id__in=past)
    return Program.objects.filter(follows, pk=program.pk).exists()


def own_recipients(user: User, on: date) -> QuerySet[ProgramRecipient]:
    """Return what was sent to the units on a user's own desk and is still running."""
    return ProgramRecipient.objects.filter(
        unit_id__in=desk_unit_ids(user, on, Permission.REGISTER_ENTER),
        program__state=ProgramState.SENT,
    )


def duties_of(user: User, on: date) -> list[Duty]:
    """Return the next step of each programme that the user's own units have not finished."""
    open_ones = LACKING[RecipientStep.RECEIVED]
    for step in (RecipientStep.PLAN, RecipientStep.LAUNCHED):
        open_ones |= LACKING[step]
    in_force = Q(program__valid_to=None) | Q(program__valid_to__gt=on)
    rows = list(
        own_recipients(user, on)
        .filter(open_ones & in_force)
        .select_related("program")
        .order_by("program__plan_due_on", "sent_at", "pk")[:DUTY_LIMIT]
    )
    names = names_of({row.unit_id for row in rows}, on) if rows else {}
    return [_duty(row, names.get(row.unit_id, ""), on) for row in rows]


def _duty(row: ProgramRecipient, name: str, on: date) -> Duty:
    step = next(step for step in RecipientStep if not done(row, step))
    due = row.program.plan_due_on if step != RecipientStep.LAUNCHED else None
    return Duty(row, name, step, due, is_late=due is not None and due < on)


def done(row: ProgramRecipient, step: RecipientStep) -> bool:
    """Say whether a unit has done a step."""
    did = {
        RecipientStep.RECEIVED: row.received_at,
        RecipientStep.PLAN: row.plan_on,
        RecipientStep.LAUNCHED: row.launched_on,
    }
    return did[step] is not None


def recipient_rows(user: User, program: Program, on: date) -> list[RecipientRow]:
    """Return the units of a programme that a user sees, who lags first: two queries."""
    seen = recipients_seen(user, on).filter(program=program)
    rows = list(seen.select_related("unit"))
    spans = UnitSpan.objects.filter(unit_id__in=seen.values("unit_id"), valid__startswith__lte=on)
    named = {
        unit_id: (name, key)
        for unit_id, name, key in spans.order_by("unit_id", "valid").values_list(
            "unit_id", "name", "sort_key"
        )
    }
    rows.sort(
        key=lambda row: (
            sum(done(row, step) for step in RecipientStep),
            named.get(row.unit_id, ("", ""))[1],
            row.pk,
        )
    )
    return [RecipientRow(row, named.get(row.unit_id, (row.unit.code, ""))[0]) for row in rows]


def steps_of(rows: Sequence[RecipientRow]) -> list[StepProgress]:
    """Return the bars over the units of a programme, with the missing ones named."""
    return [
        StepProgress(
            step=step,
            n_done=sum(done(row.recipient, step) for row in rows),
            n_units=len(rows),
            missing=[row.name for row in rows if not done(row.recipient, step)],
        )
        for step in RecipientStep
    ]
