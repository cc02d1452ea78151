"""Photos and papers of a site: who sees them, and what a sensitive field does not take."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from apps.accounts.rules import Role
from apps.programs.models import ModelSite, SiteFile
from apps.units.models import Unit
from tests.factories.accounts import UserFactory
from tests.factories.programs import ModelTypeFactory, SiteFactory
from tests.factories.units import MembershipFactory, UnitFactory
from tests.programs.site_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def picture(name: str = "cong-truong.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue())


def paper() -> SimpleUploadedFile:
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )
    return SimpleUploadedFile("quyet-dinh.pdf", body)


def send_file(client: Client, site: ModelSite, file: SimpleUploadedFile, **more: str) -> Any:
    url = reverse("programs:site_part", args=[site.pk, "tep"])
    typed = {"file": file, "title": "Cổng trường"} | more
    return client.post(url, typed, headers={"HX-Request": "true"})


def test_photo_of_a_place_is_shown_to_those_who_see_the_site(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    assert "Chưa có ảnh" in page(signed.get(reverse("programs:site", args=[site.pk])))
    assert "<img" in page(send_file(signed, site, picture()))
    url = reverse("programs:site_file", args=[site.pk, SiteFile.objects.get().pk])
    answer = signed.get(url)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "đã có ở điểm" in page(send_file(signed, site, picture()))

    stranger = Client()
    user = UserFactory()
    MembershipFactory(user=user, unit=UnitFactory(), role=Role.CLERK)
    stranger.force_login(user)
    assert stranger.get(url).status_code == 404


@pytest.mark.parametrize(
    ("file", "more", "message"),
    [
        (picture(), {}, "không nhận ảnh"),
        (SimpleUploadedFile("danh-sach.xlsx", b"PK"), {}, "không nhận ảnh, danh sách"),
        (paper(), {}, "Hãy xác nhận"),
    ],
)
def test_sensitive_field_takes_no_photos_and_no_lists(
    signed: Client, commune: Unit, file: SimpleUploadedFile, more: dict[str, str], message: str
) -> None:
    kind = ModelTypeFactory(field__is_sensitive=True)
    site = SiteFactory(unit=commune, model_type=kind)
    assert message in page(send_file(signed, site, file, **more))
    assert not SiteFile.objects.exists()


def test_sensitive_field_takes_a_paper_that_names_nobody(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune, model_type=ModelTypeFactory(field__is_sensitive=True))
    shown = page(send_file(signed, site, paper(), names_nobody="on"))
    assert "Đã tải lên" in shown
    answer = signed.get(reverse("programs:site_file", args=[site.pk, SiteFile.objects.get().pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_photo_of_a_kind_that_became_sensitive_is_shown_to_nobody(
    signed: Client, commune: Unit
) -> None:
    site = SiteFactory(unit=commune)
    send_file(signed, site, picture())
    field = site.model_type.field
    field.is_sensitive = True
    field.save()
    assert "<img" not in page(signed.get(reverse("programs:site", args=[site.pk])))
    url = reverse("programs:site_file", args=[site.pk, SiteFile.objects.get().pk])
    assert signed.get(url).status_code == 404
