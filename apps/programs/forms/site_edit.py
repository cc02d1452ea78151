"""Check what people type about a known site; when another saved meanwhile, show both versions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from apps.accounts.rules import Permission
from apps.core.dates import format_date
from apps.core.forms import Form
from apps.programs.forms.sites import SiteFacts
from apps.programs.forms.units import UnitField
from apps.programs.models import ModelSite
from apps.programs.rules import HostKind, Level, PartyRole
from apps.programs.services.site_checks import NewSite, SiteChangedMeanwhile
from apps.units.models import Unit
from apps.units.queries import names_of


class EditSiteForm(SiteFacts):
    """What a known site is; its teams, things and money have small forms of their own."""

    lock_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, site: ModelSite, **kwargs: Any) -> None:
        self.known = site
        self.conflict: list[tuple[str, str, str]] = []
        kwargs.setdefault("initial", facts_of(site))
        super().__init__(*args, **kwargs)
        scope = Unit.objects.visible_to(self.user, self.on, Permission.REGISTER_ENTER)
        unit = self.fields["unit"]
        if isinstance(unit, UnitField):
            here = Unit.objects.filter(Q(pk__in=scope.values("pk")) | Q(pk=site.unit_id))
            unit.offer(here, self.on)
        if site.launched_on:
            del self.fields["is_pilot"]
            self.fields["launched_on"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Keep what the form does not ask."""
        self.cleaned_data.setdefault("is_pilot", False)
        return super().clean()

    def show_conflict(self, error: SiteChangedMeanwhile, now: ModelSite) -> None:
        """Put both versions side by side; saving again overwrites, knowingly."""
        self.refuse(error)
        mine, theirs = self.new_site, facts_of(now)
        for name, typed in facts_of_new(mine, self.on).items():
            stored = facts_in_words(theirs, self.on)[name]
            if typed != stored:
                self.conflict.append((str(self.fields[name].label), typed, stored))
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["lock_version"] = str(now.lock_version)
        self.data = data


def facts_of(site: ModelSite) -> dict[str, Any]:
    """Return a site as the form shows it."""
    parties = list(site.parties.select_related("unit").order_by("pk"))
    owners = [party.unit for party in parties if party.role == PartyRole.OWNER]
    return {
        "type_name": site.model_type.name,
        "name": site.name if site.name != site.model_type.name else "",
        "level": site.level,
        "host_kind": site.host_kind,
        "unit": site.unit,
        "place": site.place,
        "launched_on": site.launched_on,
        "taken_over_from": site.taken_over_from,
        "owners": [] if owners == [site.unit] else owners,
        "coordinators": [p.unit for p in parties if p.role == PartyRole.COORDINATOR],
        "note": site.note,
        "lock_version": site.lock_version,
    }


def facts_of_new(new: NewSite, on: date) -> dict[str, str]:
    """Return a site as typed, in words."""
    facts = {name: getattr(new, name) for name in _SAID if name != "type_name"}
    name = "" if new.name == new.model_type.name else new.name
    return facts_in_words(facts | {"type_name": new.model_type.name, "name": name}, on)


def facts_in_words(facts: dict[str, Any], on: date) -> dict[str, str]:
    """Return the facts of a site as people read them, to compare two versions."""
    units = [facts["unit"], *facts["owners"], *facts["coordinators"]]
    names = names_of([unit.pk for unit in units], on)
    said = {name: str(facts[name] or "") for name in _PLAIN}
    return said | {
        "level": str(Level(facts["level"]).label),
        "host_kind": str(HostKind(facts["host_kind"]).label),
        "unit": names.get(facts["unit"].pk, ""),
        "launched_on": format_date(facts["launched_on"]),
        "owners": ", ".join(sorted(names.get(unit.pk, "") for unit in facts["owners"])),
        "coordinators": ", ".join(sorted(names.get(unit.pk, "") for unit in facts["coordinators"])),
    }


_PLAIN = ("type_name", "name", "place", "taken_over_from", "note")
_SAID = (*_PLAIN, "level", "host_kind", "unit", "launched_on", "owners", "coordinators")


class RemoveSiteForm(Form):
    """Why a site is taken back."""

    reason = forms.CharField(label="Lý do", max_length=300)
