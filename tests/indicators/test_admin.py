"""The admin speaks Vietnamese, notes every change, and lets nobody rename a code."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from apps.audit.models import AuditEntry
from apps.indicators.models import Holiday, Indicator, Period
from tests.factories.accounts import UserFactory
from tests.factories.indicators import (
    CalendarFactory,
    HolidayFactory,
    IndicatorFactory,
    SubsetRuleFactory,
)

pytestmark = pytest.mark.django_db

MODELS = (
    "section",
    "indicator",
    "subsetrule",
    "calendar",
    "period",
    "holiday",
    "deadlinecascade",
)


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_lists_and_forms_open(admin: Client, model: str) -> None:
    for page in ("changelist", "add"):
        assert admin.get(reverse(f"admin:indicators_{model}_{page}")).status_code == 200


def test_lists_show_rows_in_vietnamese(admin: Client) -> None:
    SubsetRuleFactory()
    HolidayFactory(on=date(2026, 9, 2))

    shown = admin.get(reverse("admin:indicators_holiday_changelist")).content.decode()

    assert "02/09/2026" in shown
    assert "làm bù" in shown
    assert admin.get(reverse("admin:indicators_subsetrule_changelist")).status_code == 200


def test_indicator_form_keeps_the_code(admin: Client) -> None:
    indicator = IndicatorFactory(code="Y7")
    page = reverse("admin:indicators_indicator_change", args=[indicator.pk])

    answer = admin.post(page, form_of(indicator, code="Z1", name="Tên mới"))

    assert answer.status_code == 302, answer.content.decode()
    indicator.refresh_from_db()
    assert (indicator.code, indicator.name) == ("Y7", "Tên mới")
    assert AuditEntry.objects.filter(action="indicators.reference_changed").count() == 1


def test_indicator_form_refuses_an_unreadable_formula(admin: Client) -> None:
    indicator = IndicatorFactory()
    page = reverse("admin:indicators_indicator_change", args=[indicator.pk])

    answer = admin.post(page, form_of(indicator, kind="ratio", numerator="một", denominator="F1"))

    assert answer.status_code == 200
    assert "Không đọc được công thức" in answer.content.decode()


def test_indicator_is_not_deleted(admin: Client) -> None:
    indicator = IndicatorFactory()

    answer = admin.post(
        reverse("admin:indicators_indicator_delete", args=[indicator.pk]), {"post": "yes"}
    )

    assert answer.status_code == 403
    assert Indicator.objects.filter(pk=indicator.pk).exists()


def test_holiday_is_typed_day_first_and_may_be_deleted(admin: Client) -> None:
    add = reverse("admin:indicators_holiday_add")
    admin.post(add, {"on": "05/06/2026", "name": "Ngày thử"})

    holiday = Holiday.objects.get()
    assert holiday.on == date(2026, 6, 5)
    admin.post(reverse("admin:indicators_holiday_delete", args=[holiday.pk]), {"post": "yes"})
    assert not Holiday.objects.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["indicators.reference_added", "indicators.reference_deleted"]


def test_overlapping_period_is_refused_in_words(admin: Client) -> None:
    calendar = CalendarFactory()
    values = {
        "calendar": calendar.pk,
        "kind": "year",
        "year": 2026,
        "number": 1,
        "start": "15/12/2025",
        "end": "15/12/2026",
        "label": "năm 2026",
    }
    add = reverse("admin:indicators_period_add")
    admin.post(add, values)

    answer = admin.post(add, values | {"year": 2027, "end": "20/12/2026"})

    assert "trùng ngày" in answer.content.decode()
    assert Period.objects.count() == 1


def test_calendar_action_opens_two_years(admin: Client) -> None:
    ours, by_hand = CalendarFactory(code="nd09"), CalendarFactory()

    answer = admin.post(
        reverse("admin:indicators_calendar_changelist"),
        {"action": "open_years", "_selected_action": [ours.pk, by_hand.pk]},
        follow=True,
    )

    assert Period.objects.filter(calendar=ours).count() == 40
    shown = answer.content.decode()
    assert "Đã mở thêm 40 kỳ" in shown
    assert "bằng tay" in shown


def form_of(indicator: Indicator, **changed: object) -> dict[str, object]:
    empty = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    inlines = {f"{name}-{key}": v for name in ("breakdowns", "asks") for key, v in empty.items()}
    names = ("code", "name", "measure_unit", "decimals", "kind", "source_register", "order")
    values = {name: getattr(indicator, name) for name in names}
    chosen = {"section": indicator.section_id, "is_default_on": "on", "is_verified": "on"}
    return {**values, **chosen, **inlines, **changed}
