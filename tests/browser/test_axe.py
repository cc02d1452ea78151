"""Every page through axe-core at both widths: no violation of WCAG 2.2 A and AA, none sideways."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page

from tests.access.test_matrix import TABLE_OF_ADDRESSES
from tests.browser.conftest import DESK, PHONE, Browsers
from tests.browser.entry import no_sideways, report_of
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHECK = """async tags => {
    const found = await axe.run(document, {runOnly: {type: "tag", values: tags},
                                           resultTypes: ["violations"]});
    return found.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.target.join(" "))]);
}"""
STRANGER = ""
# Account → the pages looked at with it; {…} are ids that `ids_in` finds in the portal.
PAGES: dict[str, tuple[str, ...]] = {
    STRANGER: ("accounts:sign_in",),
    "khoi.truong": ("accounts:begin",),
    "xa.nhap": (
        "home:work_list",
        "reports:list",
        "reports:contents month",
        "reports:section month B",
        "reports:section year_part F",
        "reports:narrative month tinh_hinh",
        "reports:cell_panel month line",
        "reports:check year_part",
        "accounts:change_password",
        "desk:jobs",
        "desk:notices",
        "units:contacts unit",
        "/khong-co-trang-nay/",
        "/tiep-nhan/?403",
        "programs:activities",
        "programs:activity_add",
        "programs:activity_import",
        "programs:site_add",
        "programs:site_drafts",
        "programs:type_add",
        "units:unit_forces unit",
    ),
    "xa.lanhdao": (
        "home:work_list",
        "reports:receipt accepted",
        "reports:contents accepted",
        "reports:section accepted B",
        "reports:check month",
        "reports:progress",
    ),
    "xa.tiepnhan": ("units:people", "units:person_add", "units:import_upload"),
    "tinh.tonghop": (
        "home:work_list",
        "reports:inbox",
        "reports:review submitted",
        "reports:review accepted",
        "reports:progress",
        "reports:reminder ?period={period}&every=1&asked_of=commune&kind=month",
        "reports:consolidations",
        "reports:consolidation period",
        "reports:unit_grid period",
        "reports:drilldown period B2",
        "reports:figure_records period B2",
        "reports:drifts period",
    ),
    "tinh.ky": (
        "programs:sites",
        "programs:site site",
        "programs:site_chain site",
        "programs:site_edit site",
        "programs:site_move site",
        "programs:replicate site",
        "programs:rate site",
        "programs:rating_remove rating",
        "programs:site_remove site",
        "programs:year_rating",
        "programs:site_import",
        "programs:sites_bulk",
    ),
    "tinh.lanhdao": (
        "programs:map",
        "programs:types",
        "programs:type type",
        "programs:exemplars",
        "programs:exemplar exemplar",
        "programs:activity activity",
        "programs:programs",
        "programs:program program",
        "units:forces",
        "units:unit_forces neighbour",
    ),
    "tinh.nhap": ("programs:activity_edit activity",),
    "quan.tri": ("core:gallery",),
}
# Pages that ask for more than a look: of the officer who manages the registers.
PAGES["tinh.tonghop"] += (
    "programs:program_add",
    "programs:program_edit program",
    "programs:program_send program",
    "programs:program_withdraw program",
    "programs:exemplar_add",
    "programs:site_refer site",
    "programs:type_edit type",
    "programs:type_merge type",
)
ADMIN_PAGES = ("/quan-tri/", "/quan-tri/accounts/user/")
STATUS_OF = {"/khong-co-trang-nay/": 404, "/tiep-nhan/?403": 403}
# Addresses without ids that are acts or files, not pages.
NOT_PAGES = frozenset(
    {"healthz", "accounts:sign_out", "accounts:switch_user", "accounts:font_size"}
    | {"desk:read_all", "units:import_template", "reports:export_list", "reports:missing_sheet"}
    | {"reports:send_reminder"}
    | {"programs:sites_export", "programs:site_import_template", "desk:filter_save"}
    | {"programs:unit_options", "programs:type_options", "programs:similar_types"}
    | {"programs:activities_export", "programs:activity_import_template", "units:forces_export"}
    | {"programs:forces_remind", "programs:sites_export_order", "programs:activities_export_order"}
)
# A site, an activity and a neighbour's forces of the province to try, each the first there is.
REGISTERS = {
    "site": "SELECT id FROM programs_modelsite WHERE state = 'active' ORDER BY id LIMIT 1",
    "type": "SELECT model_type_id FROM programs_modelsite ORDER BY id LIMIT 1",
    "exemplar": "SELECT id FROM programs_exemplar ORDER BY id LIMIT 1",
    "activity": "SELECT id FROM programs_activity ORDER BY id LIMIT 1",
    "program": "SELECT id FROM programs_program ORDER BY id LIMIT 1",
    "rating": "SELECT id FROM programs_siterating ORDER BY id LIMIT 1",
    "neighbour": "SELECT unit_id FROM units_forcestock ORDER BY id LIMIT 1",
}
IDS = """
SELECT report.id FROM reports_report report
JOIN reports_obligation owed ON owed.id = report.obligation_id
JOIN reports_template template ON template.id = owed.template_id
WHERE report.state = %s AND template.code = 'xa-month' ORDER BY report.id DESC LIMIT 1
"""
LINE = """
SELECT line.id, owed.unit_id, owed.period_id FROM reports_report report
JOIN reports_obligation owed ON owed.id = report.obligation_id
JOIN reports_templateline line ON line.version_id = owed.version_id
WHERE report.id = %s ORDER BY line.id LIMIT 1
"""
OWN_ACCEPTED = """
SELECT report.id FROM reports_report report
JOIN reports_obligation owed ON owed.id = report.obligation_id
WHERE owed.unit_id = %s AND report.state = 'accepted' ORDER BY report.id DESC LIMIT 1
"""


def ids_in(portal: Portal) -> dict[str, int]:
    """Find the rows that the object pages are looked at with."""
    month = report_of(portal, "xa.nhap", "xa-month")
    line, unit, period = portal.rows(LINE, month)[0]
    return {
        "month": month,
        "year_part": report_of(portal, "xa.nhap", "xa-quarter"),
        "accepted": portal.rows(OWN_ACCEPTED, unit)[0][0],
        "submitted": portal.rows(IDS, "submitted")[0][0],
        "line": line,
        "unit": unit,
        "period": period,
        **{name: portal.rows(query)[0][0] for name, query in REGISTERS.items()},
    }


def address_of(page: str, ids: dict[str, int]) -> str:
    """Turn "name id id ?query" into an address."""
    if page.startswith("/"):
        return page
    name, *words = page.split()
    query = "".join(word.format(**ids) for word in words if word.startswith("?"))
    return reverse(name, args=[ids.get(w, w) for w in words if not w.startswith("?")]) + query


def look_at(page: Page, address: str, script: str) -> list[Any]:
    """Return what is wrong with one page."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == STATUS_OF.get(address, 200), address
    assert page.url.split("?")[0].endswith(address.split("?")[0]), page.url
    wrong: list[Any] = [] if no_sideways(page) else [(address, "sideways", [])]
    page.evaluate(script)
    return [*wrong, *((address, *found) for found in page.evaluate(CHECK, TAGS))]


def axe_script() -> str:
    """Return axe-core as it was published."""
    path = settings.BASE_DIR / "tests" / "vendor" / "axe.min.js"
    return str(path.read_text(encoding="utf-8"))


def test_every_page_without_ids_is_looked_at() -> None:
    looked_at = {page.split()[0] for pages in PAGES.values() for page in pages}
    without_ids = {name for name, (_mark, ids) in TABLE_OF_ADDRESSES.items() if not ids}

    assert without_ids - looked_at - NOT_PAGES == set()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1280", "360"])
@pytest.mark.parametrize("username", PAGES, ids=lambda name: name or "stranger")
def test_no_page_breaks_the_rules(
    portal: Portal, browsers: Browsers, username: str, size: Any
) -> None:
    ids = ids_in(portal)
    if username == STRANGER:
        page = browsers.window(size, bypass_csp=True).new_page()
    else:
        page = browsers.signed_in(username, size, bypass_csp=True)
    mark = "UPDATE accounts_user SET must_change_password = %s WHERE username = 'khoi.truong'"
    portal.rows(mark, username == "khoi.truong")

    wrong = [
        fault
        for name in PAGES[username]
        for fault in look_at(page, address_of(name, ids), axe_script())
    ]

    portal.rows(mark, False)
    assert wrong == []


def test_a_planted_fault_is_found(browsers: Browsers) -> None:
    page = browsers.window(PHONE, bypass_csp=True).new_page()
    page.goto("/dang-nhap/")
    page.evaluate("document.querySelectorAll('label').forEach(label => label.remove())")
    page.evaluate("document.querySelector('h1').style.width = '900px'")
    page.evaluate(axe_script())

    assert "label" in {rule for rule, _places in page.evaluate(CHECK, TAGS)}
    assert not no_sideways(page)


def test_django_admin_only_has_small_targets(portal: Portal, browsers: Browsers) -> None:
    page = browsers.signed_in("quan.tri", DESK, bypass_csp=True)

    wrong = [fault for url in ADMIN_PAGES for fault in look_at(page, url, axe_script())]

    assert {rule for _url, rule, _places in wrong} <= {"target-size"}
