"""Every address × every role: who gets a page, who is refused, who must not know that it exists.

The table below is written by hand and compared with the views' own marks and with Django's
resolver, so an address without a row, or with another right than its view asks, fails the build.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.models import User
from apps.accounts.rules import TABLE, Permission, Role
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.reports import ReportFactory
from tests.factories.units import MembershipFactory, UnitFactory

OPEN, SIGNED_IN, STAFF = "open_to_all", "signed_in", "staff_only"
VIEW, REVIEW = Permission.REPORT_VIEW.value, Permission.REPORT_REVIEW.value
PROGRESS, REMIND = Permission.PROGRESS_VIEW.value, Permission.REMIND.value
TOTALS, PEOPLE = Permission.CONSOLIDATE_VIEW.value, Permission.PEOPLE_MANAGE.value
CONSOLIDATE, ISSUE = Permission.CONSOLIDATE.value, Permission.DOCUMENT_ISSUE.value
JOBS = Permission.JOBS_VIEW.value

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
    "desk:job": (JOBS, {"pk": 1}),
    "desk:retry": (JOBS, {"pk": 1}),
    "desk:notices": (SIGNED_IN, {}),
    "desk:read_all": (SIGNED_IN, {}),
    "desk:open_notice": (SIGNED_IN, {"pk": 1}),
    "papers:file": (SIGNED_IN, {"pk": 1}),
    "units:people": (PEOPLE, {}),
    "units:person_add": (PEOPLE, {}),
    "units:password_reset": (PEOPLE, {"pk": 1}),
    "units:slip_pdf": (PEOPLE, {"pk": 1}),
    "units:person_lock": (PEOPLE, {"pk": 1}),
    "units:person_unlock": (PEOPLE, {"pk": 1}),
    "units:import_upload": (PEOPLE, {}),
    "units:import_template": (PEOPLE, {}),
    "units:import_preview": (PEOPLE, {"pk": 1}),
    "units:import_apply": (PEOPLE, {"pk": 1}),
    "units:import_slips": (PEOPLE, {"pk": 1, "part": 1}),
    "units:contacts": (VIEW, {"pk": "unit"}),
    "units:contact_remove": (VIEW, {"pk": "unit", "contact_pk": 1}),
    "units:contact_main": (VIEW, {"pk": "unit", "contact_pk": 1}),
    "reports:list": (VIEW, {}),
    "reports:export_list": (VIEW, {}),
    "reports:contents": (VIEW, {"pk": "report"}),
    "reports:print": (VIEW, {"pk": "report"}),
    "reports:upload_scan": (VIEW, {"pk": "report"}),
    "reports:download_scan": (VIEW, {"pk": "report", "scan_id": 1}),
    "reports:check": (VIEW, {"pk": "report"}),
    "reports:hand_up": (VIEW, {"pk": "report"}),
    "reports:give_back": (VIEW, {"pk": "report"}),
    "reports:submit": (VIEW, {"pk": "report"}),
    "reports:receipt": (VIEW, {"pk": "report"}),
    "reports:take_over": (VIEW, {"pk": "report"}),
    "reports:answer": (VIEW, {"pk": "report", "remark_id": 1}),
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
}
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


@pytest.mark.django_db
@pytest.mark.parametrize("name", [n for n, (mark, _) in TABLE_OF_ADDRESSES.items() if mark != OPEN])
def test_each_role_gets_just_what_the_table_of_rights_says(name: str) -> None:
    world = World()
    mark, ids = TABLE_OF_ADDRESSES[name]
    address = world.address(name)

    stranger = world.client(None).get(address)
    answers = {role: world.client(role).get(address).status_code for role in Role}

    assert stranger.status_code == 302
    assert "/dang-nhap/" in stranger["Location"]
    for role, status in answers.items():
        if not is_allowed(mark, role):
            assert status in {403, 404}, (role, status)
        elif ids:
            assert status in {404, 405}, (role, status)
        else:
            assert status in {200, 302, 405}, (role, status)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        n
        for n, (mark, ids) in TABLE_OF_ADDRESSES.items()
        if "report" in ids.values() or "unit" in ids.values()
    ],
)
def test_a_foreign_row_looks_like_a_missing_one_by_every_method(name: str) -> None:
    world = World()
    mark, _ids = TABLE_OF_ADDRESSES[name]
    role = next(role for role in Role if is_allowed(mark, role))
    client = world.client(role)
    foreign = world.address(name)
    key = "report" if "report" in TABLE_OF_ADDRESSES[name][1].values() else "unit"
    known = world.report.pk if key == "report" else world.report.obligation.unit_id
    missing = foreign.replace(f"/{known}/", "/987654321/", 1)

    for method in ("get", "post", "put", "patch", "delete", "head", "options"):
        theirs = getattr(client, method)(foreign)
        nobodys = getattr(client, method)(missing)
        assert theirs.status_code in {404, 405}, method
        assert theirs.status_code == nobodys.status_code, method
        assert theirs.content == nobodys.content, method
