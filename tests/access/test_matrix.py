"""Every address × every role: who gets a page, who is refused, who must not know that it exists.

The table below is written by hand and compared with the views' own marks and with Django's
resolver, so an address without a row, or with another right than its view asks, fails the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.models import User
from apps.accounts.rules import TABLE, Permission, Role
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.access.addresses import REGISTERS
from tests.factories.accounts import UserFactory
from tests.factories.reports import ReportFactory
from tests.factories.units import MembershipFactory, UnitFactory

OPEN, SIGNED_IN, STAFF = "open_to_all", "signed_in", "staff_only"
VIEW, REVIEW = Permission.REPORT_VIEW.value, Permission.REPORT_REVIEW.value
PROGRESS, REMIND = Permission.PROGRESS_VIEW.value, Permission.REMIND.value
TOTALS, PEOPLE = Permission.CONSOLIDATE_VIEW.value, Permission.PEOPLE_MANAGE.value
CONSOLIDATE, ISSUE = Permission.CONSOLIDATE.value, Permission.DOCUMENT_ISSUE.value
JOBS = Permission.JOBS_VIEW.value

NOBODYS = 987_654_321

# Address → what its view asks for, and the ids in it that belong to somebody else's unit.
TABLE_OF_ADDRESSES: dict[str, tuple[str, dict[str, object]]] = {
    "healthz": (OPEN, {}),
    "accounts:sign_in": (OPEN, {}),
    "accounts:sign_out": (OPEN, {}),
    "accounts:switch_user": (OPEN, {}),
    "accounts:change_password": (SIGNED_IN, {}),
    "accounts:begin": (SIGNED_IN, {}),
    "accounts:font_size": (SIGNED_IN, {}),
    "core:gallery": (STAFF, {}),
    "home:work_list": (SIGNED_IN, {}),
    "desk:jobs": (JOBS, {}),
    "desk:job": (JOBS, {"pk": NOBODYS}),
    "desk:retry": (JOBS, {"pk": NOBODYS}),
    "desk:notices": (SIGNED_IN, {}),
    "desk:read_all": (SIGNED_IN, {}),
    "desk:open_notice": (SIGNED_IN, {"pk": NOBODYS}),
    "papers:file": (SIGNED_IN, {"pk": NOBODYS}),
    "units:people": (PEOPLE, {}),
    "units:person_add": (PEOPLE, {}),
    "units:password_reset": (PEOPLE, {"pk": NOBODYS}),
    "units:slip_pdf": (PEOPLE, {"pk": NOBODYS}),
    "units:person_lock": (PEOPLE, {"pk": NOBODYS}),
    "units:person_unlock": (PEOPLE, {"pk": NOBODYS}),
    "units:import_upload": (PEOPLE, {}),
    "units:import_template": (PEOPLE, {}),
    "units:import_preview": (PEOPLE, {"pk": NOBODYS}),
    "units:import_apply": (PEOPLE, {"pk": NOBODYS}),
    "units:import_slips": (PEOPLE, {"pk": NOBODYS, "part": NOBODYS}),
    "units:contacts": (VIEW, {"pk": "unit"}),
    "units:contact_remove": (VIEW, {"pk": "unit", "contact_pk": NOBODYS}),
    "units:contact_main": (VIEW, {"pk": "unit", "contact_pk": NOBODYS}),
    "reports:list": (VIEW, {}),
    "reports:export_list": (VIEW, {}),
    "reports:contents": (VIEW, {"pk": "report"}),
    "reports:print": (VIEW, {"pk": "report"}),
    "reports:upload_scan": (VIEW, {"pk": "report"}),
    "reports:download_scan": (VIEW, {"pk": "report", "scan_id": NOBODYS}),
    "reports:check": (VIEW, {"pk": "report"}),
    "reports:hand_up": (VIEW, {"pk": "report"}),
    "reports:give_back": (VIEW, {"pk": "report"}),
    "reports:submit": (VIEW, {"pk": "report"}),
    "reports:receipt": (VIEW, {"pk": "report"}),
    "reports:take_over": (VIEW, {"pk": "report"}),
    "reports:answer": (VIEW, {"pk": "report", "remark_id": NOBODYS}),
    "reports:narrative": (VIEW, {"pk": "report", "part": "tinh_hinh"}),
    "reports:cell": (VIEW, {"pk": "report", "line_id": "line"}),
    "reports:cell_panel": (VIEW, {"pk": "report", "line_id": "line"}),
    "reports:section": (VIEW, {"pk": "report", "code": "B"}),
    "reports:paste": (VIEW, {"pk": "report", "code": "B"}),
    "reports:declare": (VIEW, {"pk": "report", "code": "B"}),
    "reports:carry": (VIEW, {"pk": "report", "code": "B"}),
    "reports:inbox": (REVIEW, {}),
    "reports:review": (REVIEW, {"pk": "report"}),
    "reports:accept": (REVIEW, {"pk": "report"}),
    "reports:return": (REVIEW, {"pk": "report"}),
    "reports:reopen": (REVIEW, {"pk": "report"}),
    "reports:progress": (PROGRESS, {}),
    "reports:missing_sheet": (PROGRESS, {}),
    "reports:reminder": (REMIND, {}),
    "reports:send_reminder": (REMIND, {}),
    "reports:consolidations": (TOTALS, {}),
    "reports:consolidation": (TOTALS, {"pk": NOBODYS}),
    "reports:unit_grid": (TOTALS, {"pk": NOBODYS}),
    "reports:drilldown": (TOTALS, {"pk": NOBODYS, "code": "B1"}),
    "reports:adjust": (CONSOLIDATE, {"pk": NOBODYS, "code": "B1"}),
    "reports:undo_adjustment": (CONSOLIDATE, {"pk": NOBODYS, "adjustment": NOBODYS}),
    "reports:save_words": (CONSOLIDATE, {"pk": NOBODYS, "part": "tinh_hinh"}),
    "reports:order_document": (CONSOLIDATE, {"pk": NOBODYS}),
    "reports:issue_document": (ISSUE, {"pk": NOBODYS, "document": NOBODYS}),
    **REGISTERS,
}
# These ask for a period in the query; without one there is no such page.
NEED_A_PERIOD = frozenset({"reports:missing_sheet", "reports:reminder", "reports:send_reminder"})
OWN_PAGES = ("admin", "djdt")


def addresses(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield (name, the view's mark) for every address of ours; Django admin guards its own."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace not in OWN_PAGES:
                space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from addresses(pattern.url_patterns, space)
        else:
            yield f"{prefix}{pattern.name}", getattr(pattern.callback, "access", "")


def test_every_address_stands_in_the_table_with_its_views_mark() -> None:
    found = dict(addresses(get_resolver().url_patterns))

    assert found == {name: mark for name, (mark, _ids) in TABLE_OF_ADDRESSES.items()}


def test_an_address_without_a_row_is_noticed() -> None:
    found = dict(addresses(get_resolver().url_patterns)) | {"reports:new_page": VIEW}

    assert found != {name: mark for name, (mark, _ids) in TABLE_OF_ADDRESSES.items()}


class World:
    """One person for each role, each in a unit of his own, and a report of somebody else."""

    def __init__(self) -> None:
        """Build the units, the people and the foreign report."""
        self.report = ReportFactory()
        self.line = self.report.obligation.version.lines.order_by("pk").first()
        home: Unit = UnitFactory(kind=UnitKind.AGENCY)
        self.people: dict[Role | None, User | AnonymousUser] = {None: AnonymousUser()}
        for role in Role:
            user = UserFactory(username=f"ai.{role.value}", is_staff=role == Role.ADMIN)
            MembershipFactory(user=user, unit=home, role=role)
            self.people[role] = user

    def address(self, name: str) -> str:
        """Return an address with the ids of somebody else's rows in it."""
        ids = {
            "report": self.report.pk,
            "line": self.line.pk,
            "unit": self.report.obligation.unit_id,
        }
        values = TABLE_OF_ADDRESSES[name][1]
        return reverse(
            name,
            kwargs={
                key: ids[value] if isinstance(value, str) and value in ids else value
                for key, value in values.items()
            },
        )

    def client(self, role: Role | None) -> Client:
        """Return a browser in which this role is signed in."""
        client = Client()
        person = self.people[role]
        if isinstance(person, User):
            client.force_login(person)
        return client


def is_allowed(mark: str, role: Role) -> bool:
    """Return whether the printed table of rights opens this page to the role."""
    if mark == STAFF:
        return role == Role.ADMIN
    return mark == SIGNED_IN or Permission(mark) in TABLE[role]


def answer_of(client: Client, address: str) -> int:
    """Return the status of the page, or of the act where there is no page."""
    status = int(client.get(address).status_code)
    return int(client.post(address).status_code) if status == 405 else status


def expected_of(name: str, role: Role) -> set[int]:
    """Return the statuses that are right for a role that asks for an address."""
    mark, ids = TABLE_OF_ADDRESSES[name]
    if not is_allowed(mark, role):
        return {403, 404}
    return {404} if ids or name in NEED_A_PERIOD else {200, 302, 400}


@pytest.mark.django_db
def test_each_role_gets_just_what_the_table_of_rights_says() -> None:
    world = World()
    stranger = world.client(None)
    clients = {role: world.client(role) for role in Role}
    wrong = []

    for name, (mark, _ids) in TABLE_OF_ADDRESSES.items():
        if mark == OPEN:
            continue
        address = world.address(name)
        to_sign_in = stranger.get(address)
        if to_sign_in.status_code != 302 or "/dang-nhap/" not in to_sign_in["Location"]:
            wrong.append((name, "stranger", to_sign_in.status_code))
        for role, client in clients.items():
            status = answer_of(client, address)
            if status not in expected_of(name, role):
                wrong.append((name, role.value, status))

    assert wrong == []


@pytest.mark.django_db
def test_a_foreign_row_looks_like_a_missing_one_by_every_method() -> None:
    world = World()
    clients = {role: world.client(role) for role in Role}
    told_apart = []

    for name, (mark, ids) in TABLE_OF_ADDRESSES.items():
        kinds = {"report", "unit"} & {value for value in ids.values() if isinstance(value, str)}
        if not kinds:
            continue
        known = world.report.pk if "report" in kinds else world.report.obligation.unit_id
        foreign = world.address(name)
        missing = foreign.replace(f"/{known}/", f"/{NOBODYS}/", 1)
        client = clients[next(role for role in Role if is_allowed(mark, role))]
        for method in ("get", "post", "put", "patch", "delete", "head", "options"):
            theirs, nobodys = getattr(client, method)(foreign), getattr(client, method)(missing)
            is_hidden = theirs.status_code in {404, 405}
            if not is_hidden or _seen(theirs) != _seen(nobodys):
                told_apart.append((name, method, theirs.status_code, nobodys.status_code))

    assert told_apart == []


def _seen(answer: HttpResponse) -> tuple[int, bytes]:
    """Return what a browser gets, without the token that changes with each page."""
    return answer.status_code, re.sub(rb"[0-9A-Za-z]{64}", b"", answer.content)
