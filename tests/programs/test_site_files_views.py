"""Photos and papers of a site: who sees them, and what a sensitive field does not take."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.programs.models import ModelSite, SiteFile
from apps.units.models import Unit
from tests.factories.accounts import UserFactory
from tests.factories.programs import ModelTypeFactory, SiteFactory
from tests.factories.units import MembershipFactory, UnitFactory
from tests.programs.site_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def picture(
    name: str = "cong-truong.jpg", size: tuple[int, int] = (40, 30), **more: Any
) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, "JPEG", **more)
    return SimpleUploadedFile(name, out.getvalue())


def minutes(name: str = "bien-ban.docx") -> SimpleUploadedFile:
    out = io.BytesIO()
    docx.Document().save(out)
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


def test_phone_photo_is_kept_small_and_without_its_place(signed: Client, commune: Unit) -> None:
    site, exif = SiteFactory(unit=commune), Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    sent = picture(size=(3000, 2000), exif=exif.tobytes())

    shown = page(send_file(signed, site, sent))

    row = SiteFile.objects.get()
    url = reverse("programs:site_file", args=[site.pk, row.pk])
    assert f'src="{url}?nho"' in shown
    kept, small = (b"".join(signed.get(where)) for where in (url, f"{url}?nho"))
    assert Image.open(io.BytesIO(kept)).size == (2000, 1333) and b"SECRET" not in kept
    assert Image.open(io.BytesIO(small)).size == (480, 320)
    entry = AuditEntry.objects.get(action="programs.site_file_added")
    came_as = hashlib.sha256(sent.open().read()).hexdigest()
    assert entry.detail["came_as"] == came_as != row.sha256 == entry.detail["sha256"]


def test_word_minutes_are_kept_and_only_downloaded(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    send_file(signed, site, minutes())
    answer = signed.get(reverse("programs:site_file", args=[site.pk, SiteFile.objects.get().pk]))
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_refused_file_leaves_the_title_typed(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    shown = page(send_file(signed, site, minutes("bien-ban.doc"), title="Biên bản ra mắt"))
    assert "Hãy lưu lại thành .docx hoặc PDF" in shown and 'value="Biên bản ra mắt"' in shown


@pytest.mark.parametrize(
    ("file", "more", "message"),
    [
        (picture(), {}, "không nhận ảnh"),
        (minutes("danh-sach.xlsx"), {}, "không nhận ảnh, danh sách, bảng tính"),
        (minutes(), {"names_nobody": "on"}, "lưu thành PDF"),
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


@pytest.mark.parametrize("file", [picture, minutes])
def test_photos_and_tables_of_a_kind_that_became_sensitive_are_shown_to_nobody(
    signed: Client, commune: Unit, file: Callable[[], SimpleUploadedFile]
) -> None:
    site = SiteFactory(unit=commune)
    send_file(signed, site, file())
    field = site.model_type.field
    field.is_sensitive = True
    field.save()
    url = reverse("programs:site_file", args=[site.pk, SiteFile.objects.get().pk])
    assert url not in page(signed.get(reverse("programs:site", args=[site.pk])))
    assert signed.get(url).status_code == 404
