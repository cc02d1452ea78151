"""The Django admin writes forms, assignments and excuses through services, and deletes nothing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.indicators.models import IndicatorAsk
from apps.reports.models import (
    Adjustment,
    Assignment,
    Document,
    Obligation,
    Reconciliation,
    RollupNode,
    Template,
    TemplateVersion,
)
from apps.reports.services.templates import copy_version
from tests.factories.accounts import UserFactory
from tests.factories.papers import PaperFactory
from tests.factories.report_forms import (
    TemplateVersionFactory,
    calendar,
    cascade,
    catalogue,
    month,
)
from tests.factories.reports import ObligationFactory, province
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
READ_ONLY = ("obligation", "reconciliation", "rollupnode", "adjustment", "document")
WRITTEN = ("template", "templateversion", "assignment")


@pytest.fixture
def boss(client: Client) -> User:
    user: User = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def draft(boss: User) -> TemplateVersion:
    """A second version of the communes' form, still a draft."""
    published = TemplateVersionFactory()
    return copy_version(version=published, effective_on=date(2027, 1, 1), by=boss, at=NOW)


def page_of(model: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:reports_{model}_{page}", args=args)


def draft_form(version: TemplateVersion, **typed: Any) -> dict[str, Any]:
    """Return what the page of a draft would send unchanged, with something typed into it."""
    lines, parts = version.lines.order_by("order"), version.parts.order_by("order")
    values: dict[str, Any] = {"effective_on": "01/01/2027", "cascade": version.cascade_id}
    sets = {"lines": lines.count(), "lines-2": 0, "parts": parts.count()}
    for prefix, count in sets.items():
        values |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": count}
    for place, line in enumerate(lines):
        row = {"id": line.pk, "version": version.pk, "order": line.order, "is_required": "on"}
        values |= {f"lines-{place}-{name}": value for name, value in row.items()}
    for place, part in enumerate(parts):
        row = {"id": part.pk, "version": version.pk, "order": part.order}
        row |= {"code": part.code, "title": part.title, "hint": part.hint}
        values |= {f"parts-{place}-{name}": value for name, value in row.items()}
    return values | typed


def asked(version: TemplateVersion) -> list[str]:
    """Return the lines of a version in their order."""
    rows = version.lines.order_by("order").values_list("order", "indicator__code", "breakdown")
    return [f"{order} {code}{'/' + part if part else ''}" for order, code, part in rows]


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("model", READ_ONLY + WRITTEN)
def test_lists_are_vietnamese_and_nothing_is_deleted(client: Client, model: str) -> None:
    rows_of(model, 1)
    row = {"templateversion": TemplateVersion, **BY_NAME}[model].objects.first()

    shown = client.get(page_of(model))
    assert shown.status_code == 200
    assert "Quản trị Cổng ANTQ" in shown.content.decode()
    assert "delete_selected" not in shown.content.decode()
    assert client.get(page_of(model, "change", row.pk)).status_code == 200
    assert client.post(page_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("model", READ_ONLY)
def test_what_services_write_is_only_looked_at(client: Client, model: str) -> None:
    rows_of(model, 1)
    row = BY_NAME[model].objects.first()

    assert client.get(page_of(model, "add")).status_code == 403
    assert client.post(page_of(model, "change", row.pk), {"reason": "x"}).status_code == 403


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("model", READ_ONLY + WRITTEN)
def test_lists_cost_the_same_for_1_and_for_20(client: Client, model: str) -> None:
    rows_of(model, 1)
    client.get(page_of(model))
    with CaptureQueriesContext(connection) as one:
        client.get(page_of(model))
    rows_of(model, 20)
    with CaptureQueriesContext(connection) as many:
        shown = client.get(page_of(model))

    assert shown.context["cl"].result_count >= 20
    assert len(one) == len(many)


def test_form_is_made_from_the_catalogue(client: Client, boss: User) -> None:
    for code in ("F1", "B1"):
        IndicatorAsk.objects.create(
            indicator=catalogue()[code], asked_of="organisation", period_kind="month"
        )
    typed = {
        "code": "co-quan-thang",
        "name": "Báo cáo tháng của cơ quan",
        "asked_of": "organisation",
        "period_kind": "month",
        "calendar": calendar().pk,
        "effective_on": "15/12/2026",
        "cascade": cascade().pk,
    }

    assert client.post(page_of("template", "add"), typed).status_code == 302

    version = TemplateVersion.objects.get(template__code="co-quan-thang")
    assert (version.state, version.effective_on) == ("draft", date(2026, 12, 15))
    assert version.lines.count() >= 2
    assert AuditEntry.objects.get(action="reports.template_created").actor_id == boss.pk


def test_form_is_renamed_and_taken_out_of_use_but_keeps_its_code(
    client: Client, boss: User
) -> None:
    template = TemplateVersionFactory().template
    typed = {"name": "Tên mới", "code": "khac", "versions-TOTAL_FORMS": 0}

    client.post(page_of("template", "change", template.pk), typed | {"versions-INITIAL_FORMS": 0})

    template.refresh_from_db()
    assert (template.code, template.name, template.is_active) == ("xa-thang", "Tên mới", False)
    entry = AuditEntry.objects.get(action="reports.template_changed")
    assert entry.actor_id == boss.pk
    assert entry.detail["before"]["is_active"] is True


def test_draft_is_rewritten_as_one(client: Client, draft: TemplateVersion, boss: User) -> None:
    before = asked(draft)
    assert before[:2] == ["1 A2", "2 A2d"]
    typed = {
        "lines-0-DELETE": "on",  # A2 goes
        "lines-1-order": "9",  # A2d goes down
        "lines-2-TOTAL_FORMS": 1,
        "lines-2-0-indicator": catalogue()["B1"].pk,
        "lines-2-0-breakdown": "",
        "lines-2-0-order": "",
        "lines-2-0-version": draft.pk,
        "parts-0-title": "Việc làm tốt",
        "effective_on": "15/12/2026",
    }

    answer = client.post(page_of("templateversion", "change", draft.pk), draft_form(draft, **typed))

    assert answer.status_code == 302, answer.content.decode()
    draft.refresh_from_db()
    assert draft.effective_on == date(2026, 12, 15)
    assert asked(draft) == [
        "1 B1/buoi", "2 B1/diem", "3 B2", "4 F1", "5 F2", "6 F7c", "7 A2d", "8 B1",
    ]  # fmt: skip
    assert draft.parts.get(code="uu_diem").title == "Việc làm tốt"
    entry = AuditEntry.objects.get(action="reports.version_rewritten")
    assert (entry.actor_id, entry.detail) == (boss.pk, {"lines": 8, "lines_before": 8})


@pytest.mark.parametrize(
    ("breakdown", "words"),
    [("", "Biểu mẫu đã có dòng F1."), ("khac", "F1 không có phân tổ “khac”")],
)
@pytest.mark.usefixtures("boss")
def test_refusals_stand_in_the_form_with_what_was_typed(
    client: Client, draft: TemplateVersion, breakdown: str, words: str
) -> None:
    typed = {
        "lines-2-TOTAL_FORMS": 1,
        "lines-2-0-indicator": catalogue()["F1"].pk,
        "lines-2-0-breakdown": breakdown,
        "lines-2-0-version": draft.pk,
        "parts-0-title": "Chữ vừa gõ",
    }
    before = asked(draft)

    answer = client.post(page_of("templateversion", "change", draft.pk), draft_form(draft, **typed))

    assert answer.status_code == 200
    shown = answer.content.decode()
    assert words in shown
    assert "Chữ vừa gõ" in shown
    assert "Hãy sửa lỗi dưới đây." in shown
    assert asked(draft) == before
    assert not AuditEntry.objects.filter(action="reports.version_rewritten").exists()


@pytest.mark.usefixtures("boss")
def test_published_version_is_only_looked_at(client: Client) -> None:
    version = TemplateVersionFactory()
    page = page_of("templateversion", "change", version.pk)

    assert 'name="_save"' not in client.get(page).content.decode()
    assert client.post(page, draft_form(version)).status_code == 403


def test_draft_is_published_once(client: Client, draft: TemplateVersion, boss: User) -> None:
    action = {"action": "publish", "_selected_action": [draft.pk]}

    first = client.post(page_of("templateversion"), action, follow=True).content.decode()
    again = client.post(page_of("templateversion"), action, follow=True).content.decode()

    draft.refresh_from_db()
    assert (draft.state, draft.published_by) == ("published", boss)
    assert "Đã ban hành phiên bản 2" in first
    assert "đã ban hành. Tạo phiên bản mới để sửa" in again


@pytest.mark.usefixtures("boss")
def test_next_draft_is_copied_from_a_version(client: Client) -> None:
    version = TemplateVersionFactory()
    action = {"action": "draft_next", "_selected_action": [version.pk]}

    answer = client.post(page_of("templateversion"), action)

    copy = version.template.versions.get(number=2)
    assert answer["Location"] == page_of("templateversion", "change", copy.pk)
    assert (copy.state, asked(copy)) == ("draft", asked(version))


@pytest.mark.usefixtures("boss")
def test_form_is_given_and_ended_on_days(client: Client) -> None:
    template, root = TemplateVersionFactory().template, province()
    typed = {"template": template.pk, "within": root.pk, "unit_kind": "commune"}
    days = {"since": "15/12/2025", "until": ""}

    both = client.post(page_of("assignment", "add"), typed | days | {"of_block_heads": "on"})
    assert "Chọn đúng một đối tượng" in both.content.decode()
    assert client.post(page_of("assignment", "add"), typed | days).status_code == 302
    client.post(page_of("assignment", "add"), typed | days)
    row = Assignment.objects.get()
    assert row.valid == DateRange(date(2025, 12, 15), None)

    page = page_of("assignment", "change", row.pk)
    early = client.post(page, {"ended_on": "15/12/2025"})
    assert "Ngày kết thúc phải sau ngày bắt đầu 15/12/2025" in early.content.decode()
    client.post(page, {"ended_on": "15/12/2026"})
    row.refresh_from_db()
    assert row.valid == DateRange(date(2025, 12, 15), date(2026, 12, 15))
    assert AuditEntry.objects.filter(action="reports.template_assigned").count() == 1
    assert AuditEntry.objects.filter(action="reports.assignment_ended").count() == 1


def test_reports_are_excused_with_a_reason_and_a_decision(client: Client, boss: User) -> None:
    rows = [ObligationFactory(), ObligationFactory()]
    chosen = {"action": "excuse", "_selected_action": [row.pk for row in rows]}
    sent = chosen | {"confirmed": "1", "state": "suspended", "decision_ref": "QĐ 12/QĐ-BCĐ"}

    asks = client.post(page_of("obligation"), chosen).content.decode()
    silent = client.post(page_of("obligation"), sent | {"reason": " "}).content.decode()
    done = client.post(page_of("obligation"), sent | {"reason": "Bão lũ"}, follow=True)

    assert "Báo cáo tháng của xã, tháng 11/2026" in asks
    assert "Ghi lý do miễn hoặc tạm dừng báo cáo." in silent
    assert "2 báo cáo: tạm dừng." in done.content.decode()
    states = Obligation.objects.values_list("state", "reason", "decision_ref").distinct()
    assert list(states) == [("suspended", "Bão lũ", "QĐ 12/QĐ-BCĐ")]
    entries = AuditEntry.objects.filter(action="reports.obligation_excused")
    assert [entry.actor_id for entry in entries] == [boss.pk, boss.pk]


def test_who_only_looks_is_not_offered_to_excuse(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True))

    assert client.get(page_of("obligation")).status_code == 403


@pytest.mark.usefixtures("boss")
def test_frame_of_the_admin_leads_back_and_brings_no_inline_code(client: Client) -> None:
    shown = client.get(reverse("admin:index")).content.decode()

    assert '<a href="/">Về Cổng ANTQ</a>' in shown
    assert "css/admin" in shown
    assert "<style" not in shown
    words = client.get(reverse("admin:jsi18n")).content.decode()
    assert "Ch\\u1ee7 nh\\u1eadt" in words or "Chủ nhật" in words


def rows_of(model: str, count: int) -> None:
    """Make so many rows of a model, each with its own unit, form or period."""
    for _ in range(count):
        MAKERS[model]()


def _version() -> TemplateVersion:
    number = Template.objects.count()
    template = Template.objects.create(
        code=f"f{number}", name="Mẫu", asked_of="commune", period_kind="month", calendar=calendar()
    )
    version: TemplateVersion = TemplateVersionFactory(template=template)
    return version


def _assignment() -> Assignment:
    return Assignment.objects.create(
        template=_version().template,
        within=province(),
        unit=UnitFactory(),
        valid=DateRange(date(2026, 1, 1), None),
    )


def _document() -> Document:
    return Document.objects.create(
        root=province(),
        period=month(2026, 10),
        paper=PaperFactory(),
        number=Document.objects.count() + 1,
        content={},
        content_hash="0" * 64,
        created_at=NOW,
        created_by=UserFactory(),
    )


def _adjustment() -> Adjustment:
    return Adjustment.objects.create(
        unit=UnitFactory(),
        period=month(2026, 10),
        indicator=catalogue()["F1"],
        delta=Decimal(-3),
        reason="Trùng giữa hai xã",
        made_at=NOW,
        made_by=UserFactory(),
    )


MAKERS: dict[str, Any] = {
    "template": _version,
    "templateversion": _version,
    "assignment": _assignment,
    "obligation": ObligationFactory,
    "reconciliation": lambda: Reconciliation.objects.create(
        period=month(2026, 10), ran_at=NOW, n_rows=3, n_differences=0
    ),
    "rollupnode": lambda: RollupNode.objects.create(
        unit=UnitFactory(), period=month(2026, 10), tree_on=date(2026, 10, 14), dirtied_at=NOW
    ),
    "adjustment": _adjustment,
    "document": _document,
}
BY_NAME: dict[str, Any] = {
    model._meta.model_name or "": model
    for model in (
        Template, Assignment, Obligation, Reconciliation, RollupNode, Adjustment, Document,
    )
}  # fmt: skip
