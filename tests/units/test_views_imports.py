"""From the template to the printed slips, as an officer of the commune police goes."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from apps.accounts.models import User
from apps.units.models import AccountImport
from tests.units.conftest import Commune

pytestmark = pytest.mark.usefixtures("clock")

UPLOAD = "/don-vi/tai-khoan/nhap/"


@pytest.fixture
def reviewer(place: Commune, client: Client) -> Client:
    client.force_login(place.reviewer)
    return client


def filled_in(reviewer: Client, rows: dict[str, list[str]]) -> SimpleUploadedFile:
    """Fill the downloaded template: for each unit code the cells from C on."""
    book = openpyxl.load_workbook(BytesIO(reviewer.get(f"{UPLOAD}mau/").content))
    sheet = book["Tài khoản"]
    for row in sheet.iter_rows(min_row=2):
        for cell, value in zip(row[2:], rows.get(str(row[0].value), []), strict=False):
            cell.value = value
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile("../danh sách.xlsx", out.getvalue())


def test_template_lists_the_units_in_scope_in_order(reviewer: Client) -> None:
    book = openpyxl.load_workbook(BytesIO(reviewer.get(f"{UPLOAD}mau/").content))
    codes = [row[0].value for row in book["Tài khoản"].iter_rows(min_row=2)]
    assert sorted(map(str, codes)) == ["CAX", "TH", "X"]


def test_list_goes_from_upload_over_preview_to_slips(reviewer: Client) -> None:
    file = filled_in(
        reviewer,
        {
            "TH": ["Nguyễn Văn An", "Hiệu trưởng", "0912 345 678", "", "Lãnh đạo đơn vị", ""],
            "X": ["Đỗ Văn Lân", "", "", "", "Cán bộ nhập liệu", ""],
        },
    )
    before = User.objects.count()
    preview = reviewer.post(UPLOAD, {"file": file}, follow=True)
    page = preview.content.decode()
    batch = AccountImport.objects.get()
    assert batch.file_name == "danh sách.xlsx"
    assert "Xác nhận và ghi 2 dòng" in page
    assert "an.nv" in page
    assert User.objects.count() == before

    done = reviewer.post(reverse("units:import_apply", args=[batch.pk]), follow=True)
    assert "In 1 phiếu" in done.content.decode()
    twice = reviewer.post(reverse("units:import_apply", args=[batch.pk]), follow=True)
    assert "Không ghi hai lần" in twice.content.decode()
    assert User.objects.count() == before + 1

    slips = reviewer.post(reverse("units:import_slips", args=[batch.pk, 0]))
    assert slips["Content-Type"] == "application/pdf"
    assert "no-store" in slips["Cache-Control"]
    paper = "".join(page.extract_text() for page in PdfReader(BytesIO(slips.content)).pages)
    assert "Nguyễn Văn An" in paper
    assert "an.nv" in paper
    assert "Trường Tiểu học Mỹ Hòa" in paper
    none_left = reviewer.post(reverse("units:import_slips", args=[batch.pk, 5]), follow=True)
    assert "không còn phiếu để in" in none_left.content.decode()
    assert "Đã ghi" in reviewer.get(UPLOAD).content.decode()


def test_preview_shows_every_error_and_offers_no_confirmation(reviewer: Client) -> None:
    file = filled_in(
        reviewer,
        {
            "TH": ["", "Hiệu trưởng", "abc", "", "vua", ""],
            "X": ["Lê Ba", "", "", "", "Cán bộ nhập liệu", "minh.t"],
        },
    )
    page = reviewer.post(UPLOAD, {"file": file}, follow=True).content.decode()
    assert "Có 4 lỗi. Chưa ghi dòng nào." in page
    assert page.count("<li>Ô ") == 4
    assert "Xác nhận và ghi" not in page
    batch = AccountImport.objects.get()
    refused = reviewer.post(reverse("units:import_apply", args=[batch.pk]), follow=True)
    assert "Chưa ghi: danh sách còn 4 lỗi." in refused.content.decode()
    assert not User.objects.filter(full_name="Lê Ba").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "Tệp không có nội dung"), (b"ma;ten", "không phải là tệp Excel")],
)
def test_upload_says_what_is_wrong_with_the_file(
    reviewer: Client, content: bytes, message: str
) -> None:
    answer = reviewer.post(UPLOAD, {"file": SimpleUploadedFile("a.xlsx", content)})
    assert message in answer.content.decode()
    assert "Chưa chọn tệp" in reviewer.post(UPLOAD, {}).content.decode()


@pytest.mark.parametrize("name", ["import_preview", "import_apply", "import_slips"])
def test_lists_of_others_are_404(
    client: Client, place: Commune, name: str, django_user_model: type[User]
) -> None:
    batch = AccountImport.objects.create(
        owner=place.outsider,
        file_name="a.xlsx",
        sha256="0" * 64,
        rows={"lines": [], "created": []},
        created_at="2026-01-01T00:00:00Z",
    )
    client.force_login(place.reviewer)
    more = [0] if name == "import_slips" else []
    method = client.get if name == "import_preview" else client.post
    assert method(reverse(f"units:{name}", args=[batch.pk, *more])).status_code == 404
