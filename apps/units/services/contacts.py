"""Keep the list of people to call in a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.text import nfc, sort_key
from apps.units.models import Contact, Unit
from apps.units.services.refusals import refusing_by_name


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """Say who is to be called and how."""

    full_name: str
    phone: str
    title: str = ""
    email: str = ""

    def columns(self) -> dict[str, str]:
        """Return the values of the table's columns."""
        name = nfc(self.full_name)
        return {
            "full_name": name,
            "phone": nfc(self.phone),
            "title": nfc(self.title),
            "email": self.email.strip(),
            "sort_key": sort_key(name),
        }


@transaction.atomic
def add_contact(*, unit: Unit, facts: ContactFacts, by: User | None, at: datetime) -> Contact:
    """Add somebody to call; the first one of a unit is its main contact."""
    is_main = not Contact.objects.filter(unit=unit, is_main=True).exists()
    with refusing_by_name():
        contact = Contact.objects.create(unit=unit, is_main=is_main, **facts.columns())
    record_action(
        action="units.contact_added", by=by, at=at, target=unit, detail={"contact": contact.pk}
    )
    return contact


@transaction.atomic
def change_contact(
    *, contact: Contact, facts: ContactFacts, by: User | None, at: datetime
) -> Contact:
    """Correct the name, title or number of somebody to call."""
    columns = facts.columns()
    for name, value in columns.items():
        setattr(contact, name, value)
    with refusing_by_name():
        contact.save(update_fields=[*columns])
    detail = {"contact": contact.pk}
    record_action(action="units.contact_changed", by=by, at=at, target=contact.unit, detail=detail)
    return contact


@transaction.atomic
def remove_contact(*, contact: Contact, by: User | None, at: datetime) -> None:
    """Take somebody off the list of people to call."""
    unit, detail = contact.unit, {"contact": contact.pk}
    contact.delete()
    record_action(action="units.contact_removed", by=by, at=at, target=unit, detail=detail)


@transaction.atomic
def choose_main_contact(*, contact: Contact, by: User | None, at: datetime) -> None:
    """Make somebody the one to call first."""
    Contact.objects.filter(unit_id=contact.unit_id, is_main=True).update(is_main=False)
    contact.is_main = True
    contact.save(update_fields=["is_main"])
    detail = {"contact": contact.pk}
    record_action(
        action="units.main_contact_chosen", by=by, at=at, target=contact.unit, detail=detail
    )
