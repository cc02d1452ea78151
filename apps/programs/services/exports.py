"""Lists of the registers as Excel files: a short one at once, a long one as a job."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Generic, TypeVar

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.dates import format_date
from apps.core.numbers import format_number
from apps.desk.models import Job
from apps.desk.services.exports import NewExport, Step, make_export, order_export
from apps.units.models import Unit

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Asked = TypeVar("Asked")


class ListExport(ABC, Generic[Asked]):
    """What one list adds to the steps of this module; `Asked` says what somebody wants of it."""

    task: ClassVar[str]
    # So many rows are written while their reader waits, in about a second; more become a job.
    at_once = 2_000

    @abstractmethod
    def count(self, user: User, asked: Asked, on: date) -> int:
        """Return how many rows there are."""

    @abstractmethod
    def noun(self, asked: Asked) -> str:
        """Return what the rows are called."""

    @abstractmethod
    def file_name(self, asked: Asked, on: date) -> str:
        """Return under which name the file is saved."""

    @abstractmethod
    def write(self, file: BinaryIO, user: User, asked: Asked, on: date, step: Step) -> None:
        """Write the rows that a person sees on a day, as on the screen."""

    @abstractmethod
    def packed(self, asked: Asked) -> dict[str, Any]:
        """Return what is asked for as it is kept in a job."""

    @abstractmethod
    def unpacked(self, facts: dict[str, Any]) -> Asked:
        """Return what was asked for."""


@transaction.atomic
def order_list(*, export: ListExport[Asked], asked: Asked, by: User, at: datetime) -> Job:
    """Queue a list as a file; whoever calls rings."""
    on = timezone.localdate(at)
    count = format_number(export.count(by, asked, on))
    title = f"Danh sách {count} {export.noun(asked)}, ngày {format_date(on)}"[:250]
    new = NewExport(title, export.file_name(asked, on), export.task, export.packed(asked))
    return order_export(new=new, by=by, at=at)


def make_list(*, export: ListExport[Any], job_id: int, clock: Callable[[], datetime]) -> Job | None:
    """Write a queued list, as its owner may see it when it is written."""

    def write(job: Job, owner: User, file: BinaryIO, step: Step) -> None:
        asked = export.unpacked(job.params)
        export.write(file, owner, asked, timezone.localdate(clock()), step)

    return make_export(job_id=job_id, permission=Permission.REGISTER_VIEW, write=write, clock=clock)


def packed_facts(asked: DataclassInstance) -> dict[str, Any]:
    """Return what is asked for as JSON holds it: units by their ids, days by their dates."""
    facts = {field.name: getattr(asked, field.name) for field in fields(asked)}
    return {name: _packed(value) for name, value in facts.items()}


def kept_unit(unit_id: int | None) -> Unit | None:
    """Return a unit that was kept."""
    return Unit.objects.filter(pk=unit_id).first() if unit_id else None


def kept_day(day: str | None) -> date | None:
    """Return a day that was kept."""
    return date.fromisoformat(day) if day else None


def _packed(value: Any) -> Any:
    if isinstance(value, Unit):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value
