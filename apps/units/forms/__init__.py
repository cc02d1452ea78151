"""Gather the forms about people in charge and forces."""

from apps.units.forms.people import (
    AccountListForm,
    ContactForm,
    PeopleFilter,
    PersonForm,
    SlipForm,
)

__all__ = [
    "AccountListForm",
    "ContactForm",
    "PeopleFilter",
    "PersonForm",
    "SlipForm",
]
