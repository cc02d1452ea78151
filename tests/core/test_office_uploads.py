"""Word and Excel files from outside: plain ones as they are, all that acts or reaches out not."""

import io
import zipfile
from typing import Any

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.uploads import DEFAULT_ALLOWED, PAPERS, UploadRefused, check_upload

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTING = "application/vnd.openxmlformats-package.relationships+xml"
CHART = "word/embeddings/data.xlsx"


def package(
    main: str = WORD,
    links: str = "",
    text: str = "<w:t>Kế hoạch</w:t>",
    more: dict[str, tuple[str, bytes]] | None = None,
) -> bytes:
    """Return a Word file with these relationships, this text and more parts with their types."""
    parts = more or {}
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, (kind, _) in {"word/document.xml": (main, b""), **parts}.items()
        if kind
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="{LISTING}"/>'
            f"{types}</Types>",
        )
        made.writestr("word/document.xml", f'<w:document xmlns:w="w">{text}</w:document>')
        made.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{RELATIONS}">{links}</Relationships>',
        )
        for name, (_, content) in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def link(kind: str, target: str, mode: str = "") -> str:
    outside = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"{outside}/>'


def send(content: bytes, name: str = "Kế hoạch.docx", allowed: Any = PAPERS) -> bytes:
    return check_upload(SimpleUploadedFile(name, content), allowed).content


def made_by(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook() -> bytes:
    return made_by(openpyxl.Workbook())


def test_what_offices_write_stays_as_it_came() -> None:
    for name, content in (
        ("Biên bản.docx", made_by(docx.Document())),
        ("Bảng tính.xlsx", workbook()),
        ("Có biểu đồ.docx", package(more={CHART: (EXCEL, workbook())})),
        ("Có địa chỉ.docx", package(links=link("hyperlink", "mailto:a@b.vn", "External"))),
        ("Có thuộc tính.docx", package(links=link("customXml", "../customXml/item1.xml"))),
    ):
        assert send(content, name) == content


OUTSIDE, INSERTED, MACROS = "lấy nội dung từ tệp", "nhúng bên trong", "không có macro, hoặc PDF"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
VBA = ("application/vnd.ms-office.vbaProject", b"x")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (package(MACRO_WORD), MACROS),
        (package(more={"word/vbaProject.bin": VBA}), MACROS),
        (package(links=link("vbaProject", "picture.png")), MACROS),
        (package(links=link("attachedTemplate", "http://x.vn/a.dotm", "External")), OUTSIDE),
        (package(links=link("image", "https://x.vn/a.png", "External")), OUTSIDE),
        (package(links=link("hyperlink", "file://may-chu/a.exe", "External")), OUTSIDE),
        (package(links=link("hyperlink", r"\\may-chu\a", "External")), OUTSIDE),
        (package(links=link("image", "../../etc/passwd")), OUTSIDE),
        (package(text="<w:instrText> DDE</w:instrText><w:instrText>AUTO c:/cmd"), OUTSIDE),
        (package(links=link("oleObject", "embeddings/a.bin")), INSERTED),
        (package(links=link("control", "activeX/activeX1.xml")), INSERTED),
        (package(more={"word/a.htm": ("text/html", b"<script>")}), INSERTED),
        (package(more={"word/a.exe": ("", b"MZ")}), INSERTED),
        (package(more={CHART: (EXCEL, package())}), "không phải là XLSX"),
        (package("application/vnd.oasis.opendocument.text"), INSERTED),
        (package(more={"../../a.xml": ("application/xml", b"")}), "Không mở được"),
        (package(more={"word/Document.xml": (WORD, b"")}), "Không mở được"),
        (package(links='<!DOCTYPE a [<!ENTITY b "c">]>'), "Không mở được"),
        (workbook(), "không phải là DOCX"),
        (b"\xd0\xcf\x11\xe0 locked", "đặt mật khẩu"),
        (b"<html>", "không phải là DOCX"),
        (package()[:-30], "Không mở được"),
    ],
)
def test_what_acts_or_reaches_out_is_refused_with_what_to_do(content: bytes, reason: str) -> None:
    with pytest.raises(UploadRefused, match=reason):
        send(content)


@pytest.mark.parametrize(
    "more",
    [
        {"word/a.xml": ("application/xml", b" " * 4_000_000)},
        {f"word/{n}.xml": ("application/xml", b"") for n in range(1_000)},
    ],
    ids=["swells", "countless parts"],
)
def test_bombs_are_refused_before_they_are_unpacked(
    more: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = package(more=more)
    monkeypatch.delattr(zipfile.ZipFile, "read")
    with pytest.raises(UploadRefused, match="lưu lại thành PDF"):
        send(bomb)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("a.doc", "thành .docx hoặc PDF"),
        ("a.xls", "thành .xlsx hoặc PDF"),
        ("a.docm", "thành .docx không có macro"),
        ("a.xlsm", "thành .xlsx không có macro"),
        ("a.rar", "giải nén"),
    ],
)
def test_others_are_told_what_to_save_as(name: str, advice: str) -> None:
    with pytest.raises(UploadRefused, match=advice):
        send(b"x", name)


def test_signed_papers_are_not_taken_as_word() -> None:
    with pytest.raises(UploadRefused, match=r"Chỉ nhận tệp PDF, JPG.*lưu lại thành PDF"):
        send(package(), allowed=DEFAULT_ALLOWED)
