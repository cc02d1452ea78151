"""The administrator keeps issuing bodies right and only looks at papers."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from apps.audit.models import AuditEntry
from apps.papers.models import IssuingBody
from tests.factories.accounts import UserFactory
from tests.factories.desk import ImportBatchFactory, JobFactory
from tests.factories.papers import IssuingBodyFactory, PaperFileFactory
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def typed(unit_id: int, since: str, until: str) -> dict[str, object]:
    return {
        "unit": unit_id,
        "name": "CÔNG AN TỈNH",
        "place": "Đồng Tháp",
        "symbol": "BC-BCĐ",
        "signer_title": "KT. TRƯỞNG BAN\nPHÓ TRƯỞNG BAN",
        "signer_name": "Nguyễn Văn Ký",
        "valid_0": since,
        "valid_1": until,
    }


def test_issuing_body_is_added_with_dates_day_first(admin: Client) -> None:
    unit, add = UnitFactory(), reverse("admin:papers_issuingbody_add")

    answer = admin.post(add, typed(unit.pk, "01/07/2025", ""))

    assert answer.status_code == 302, answer.content.decode()
    body = IssuingBody.objects.get()
    assert body.valid.lower == date(2025, 7, 1)
    assert body.signer_title.count("\n") == 1
    assert AuditEntry.objects.filter(action="papers.issuing_body_added").count() == 1


def test_overlapping_body_is_refused_in_words(admin: Client) -> None:
    body = IssuingBodyFactory()

    answer = admin.post(
        reverse("admin:papers_issuingbody_add"), typed(body.unit_id, "01/01/2026", "")
    )

    assert "trùng với một dòng khác" in answer.content.decode()


def test_issuing_body_is_changed_but_not_deleted(admin: Client) -> None:
    body = IssuingBodyFactory()
    change = reverse("admin:papers_issuingbody_change", args=[body.pk])

    admin.post(change, typed(body.unit_id, "01/07/2025", "01/07/2030"))

    body.refresh_from_db()
    assert body.valid.upper == date(2030, 7, 1)
    assert AuditEntry.objects.filter(action="papers.issuing_body_changed").count() == 1
    delete = reverse("admin:papers_issuingbody_delete", args=[body.pk])
    assert admin.post(delete, {"post": "yes"}).status_code == 403


def test_papers_jobs_and_imports_are_only_looked_at(admin: Client) -> None:
    rows = {
        "papers_paper": PaperFileFactory().paper,
        "desk_job": JobFactory(),
        "desk_importbatch": ImportBatchFactory(),
    }

    for name, row in rows.items():
        assert admin.get(reverse(f"admin:{name}_changelist")).status_code == 200
        assert admin.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
        assert admin.get(reverse(f"admin:{name}_add")).status_code == 403
        assert admin.post(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 403
