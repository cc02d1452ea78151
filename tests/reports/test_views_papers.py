"""Entry on behalf, scans and the printed report."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.reports.models import Report, ReportScan
from tests.factories.reports import (
    ReportFactory,
    clerk_of,
    filled,
    reviewer_of,
)
from tests.reports.pages import (
    page,
    save,
    sign_in,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_take_over_lets_the_unit_in_charge_type_for_the_unit(
    client: Client, report: Report
) -> None:
    sign_in(client, reviewer_of(report))
    url = reverse("reports:take_over", args=[report.pk])

    client.post(url, {"paper_received_on": "31/02/2026"})
    report.refresh_from_db()
    assert not report.is_on_behalf
    client.post(url, {"paper_received_on": "16/11/2026"})

    assert save(client, report, "F1", "12").status_code == 200
    assert "Nhập thay" in text_of(page(client, "contents", report.pk))


def test_take_over_by_the_units_own_clerk_is_refused(
    client: Client, report: Report, lan: User
) -> None:
    url = reverse("reports:take_over", args=[report.pk])

    assert client.post(url, {"paper_received_on": "16/11/2026"}).status_code == 403


@pytest.fixture
def one_page() -> Callable[[], SimpleUploadedFile]:
    """Make a small PDF of one page."""

    def make() -> SimpleUploadedFile:
        writer, out = pypdf.PdfWriter(), io.BytesIO()
        writer.add_blank_page(200, 200)
        writer.write(out)
        return SimpleUploadedFile("ban ký.pdf", out.getvalue(), content_type="application/pdf")

    return make


def test_scan_is_kept_and_given_back_as_a_download(
    client: Client, report: Report, lan: User, one_page: Callable[[], SimpleUploadedFile]
) -> None:
    client.post(reverse("reports:upload_scan", args=[report.pk]), {"scan": one_page()})
    scan = ReportScan.objects.get()

    answer = page(client, "download_scan", report.pk, scan.pk)

    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    sign_in(client, clerk_of(ReportFactory()))
    assert page(client, "download_scan", report.pk, scan.pk).status_code == 404


def test_scan_that_is_no_scan_is_refused(client: Client, report: Report, lan: User) -> None:
    bad = SimpleUploadedFile("ban.pdf", b"MZ not a pdf", content_type="application/pdf")

    answer = client.post(
        reverse("reports:upload_scan", args=[report.pk]), {"scan": bad}, follow=True
    )

    assert "không phải là PDF" in text_of(answer)
    assert not ReportScan.objects.exists()


@pytest.mark.slow
def test_print_says_what_the_form_says(client: Client, report: Report, lan: User) -> None:
    filled(report)

    answer = page(client, "print", report.pk)

    reader = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    said_on_paper = " ".join(page.extract_text() for page in reader.pages)
    for text in ("Tin nhân dân cung cấp", "4.250", "gần 3.200", "tháng 11/2026"):
        assert text in said_on_paper
