"""Uploads: extension, bytes and parser agree; nothing active and no metadata stays."""

import hashlib
import io
import json
import struct
import zlib
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.core.uploads import (
    CleanUpload,
    UploadRefused,
    check_upload,
    clean_name,
    pictures,
    thumbnail,
)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def pdf(change: Any = None, **options: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        if change:
            change(made)
        made.save(out, **options)
    return out.getvalue()


def upload(name: str, content: bytes, **options: Any) -> CleanUpload:
    return check_upload(SimpleUploadedFile(name, content), **options)


@pytest.mark.parametrize(
    ("name", "kind", "mime"),
    [
        ("ảnh.jpg", "JPEG", "image/jpeg"),
        ("a.JPEG", "JPEG", "image/jpeg"),
        ("a.png", "PNG", "image/png"),
        ("a.webp", "WEBP", "image/webp"),
    ],
)
def test_picture_is_taken(name: str, kind: str, mime: str) -> None:
    clean = upload(name, picture(kind))

    assert clean.mime == mime
    assert Image.open(io.BytesIO(clean.content)).size == (40, 20)


def test_where_a_picture_was_taken_goes() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"

    clean = upload("a.jpg", picture(exif=exif.tobytes()))

    assert b"SECRET-CAMERA" not in clean.content
    assert not Image.open(io.BytesIO(clean.content)).getexif()


def test_a_turned_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    clean = upload("a.jpg", picture(exif=exif.tobytes()))

    assert Image.open(io.BytesIO(clean.content)).size == (20, 40)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "P"), ("PNG", "RGBA")])
def test_a_large_photo_gets_smaller_and_still_stands_upright(kind: str, mode: str) -> None:
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    Image.new(mode, (400, 300)).save(out, kind, exif=exif.tobytes())
    name = f"a.{kind.lower()}"

    clean = upload(name, out.getvalue(), longest_edge=200)

    assert Image.open(io.BytesIO(clean.content)).size == (150, 200)
    assert clean.came_as == hashlib.sha256(out.getvalue()).hexdigest() != clean.sha256


def test_a_small_photo_is_not_blown_up() -> None:
    clean = upload("a.jpg", picture(), longest_edge=200)

    assert Image.open(io.BytesIO(clean.content)).size == (40, 20)


def test_a_thumbnail_is_small() -> None:
    small = Image.open(io.BytesIO(thumbnail(picture(size=(1000, 500)))))

    assert (small.format, small.size) == ("WEBP", (480, 240))


def test_what_is_hidden_behind_a_picture_goes() -> None:
    clean = upload("a.png", picture("PNG") + b"<?php evil ?>")

    assert b"php" not in clean.content


def test_see_through_picture_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")

    assert Image.open(io.BytesIO(upload("a.png", out.getvalue()).content)).mode == "RGBA"


def test_too_many_pixels_are_refused_before_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 700)

    with pytest.raises(UploadRefused, match="điểm ảnh"):
        upload("a.png", picture("PNG"))


def test_a_decompression_bomb_is_refused() -> None:
    small = picture("PNG")
    header = b"IHDR" + struct.pack(">2I", 30_000, 30_000) + small[24:29]
    claim = small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]

    with pytest.raises(UploadRefused, match="điểm ảnh"):
        upload("a.png", claim)


def test_a_pdf_keeps_its_bytes_so_that_signatures_hold() -> None:
    content = pdf()

    clean = upload("Báo cáo.pdf", content)

    assert (clean.name, clean.suffix, clean.content) == ("Báo cáo.pdf", "pdf", content)


def add_script(made: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made.Root.OpenAction = action


def add_nested_launch(made: pikepdf.Pdf) -> None:
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=launch)
    made.pages[0].Annots = pikepdf.Array([link])


def attach(name: str, content: bytes) -> Any:
    def add(made: pikepdf.Pdf) -> None:
        made.attachments[name] = pikepdf.AttachedFileSpec(
            made,
            content,
            filename=name,
            description="",
            mime_type="application/json",
            creation_date="",
            mod_date="",
        )

    return add


def add_form_of_scripts(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = pikepdf.Dictionary(XFA=made.make_stream(b"<xdp/>"), Fields=[])


@pytest.mark.parametrize(
    "change",
    [add_script, add_nested_launch, attach("virus.exe", b"MZ..."), add_form_of_scripts],
    ids=["javascript", "launch", "attached program", "xfa"],
)
@pytest.mark.parametrize("streams", [True, False])
def test_a_pdf_that_does_something_is_refused(change: Any, streams: bool) -> None:
    mode = pikepdf.ObjectStreamMode.generate if streams else pikepdf.ObjectStreamMode.disable

    with pytest.raises(UploadRefused, match="mã lệnh hoặc tệp đính kèm"):
        upload("a.pdf", pdf(change, object_stream_mode=mode))


def test_a_program_that_says_it_is_json_is_refused() -> None:
    with pytest.raises(UploadRefused, match="đính kèm"):
        upload("a.pdf", pdf(attach("figures.json", b"MZ not json")))


def test_our_own_report_comes_back_with_its_figures() -> None:
    content = pdf(attach("figures.json", json.dumps({"A1": 12}).encode()))

    assert upload("a.pdf", content).content == content


@pytest.mark.parametrize("password", ["", "secret"])
def test_a_locked_pdf_is_refused(password: str) -> None:
    locked = pdf(encryption=pikepdf.Encryption(owner="owner", user=password))

    with pytest.raises(UploadRefused, match="mật khẩu"):
        upload("a.pdf", locked)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.exe", b"MZ", "không đúng loại"),
        ("a.svg", b"<svg/>", "không đúng loại"),
        ("noname", b"%PDF-", "không đúng loại"),
        ("a.pdf", b"", "không có nội dung"),
        ("a.pdf", b"<html>", "nội dung không phải"),
        ("a.png", b"\xff\xd8\xff\xe0", "nội dung không phải"),
        ("a.pdf", b"%PDF-1.7 nothing", "Không mở được"),
        ("a.png", b"\x89PNG\r\n\x1a\n broken", "Không mở được"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPxxxx", "Không mở được"),
    ],
)
def test_others_are_refused(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(UploadRefused, match=reason):
        upload(name, content)


def test_a_cut_picture_is_refused() -> None:
    with pytest.raises(UploadRefused, match="Không mở được"):
        upload("a.png", picture("PNG", (400, 400))[:-60])


def test_a_picture_of_a_kind_not_asked_for_is_refused() -> None:
    with pytest.raises(UploadRefused, match="Chỉ nhận tệp PDF"):
        upload("a.png", picture("PNG"), allowed={"pdf"})


def test_too_large_is_refused() -> None:
    with pytest.raises(UploadRefused, match="lớn hơn"):
        upload("a.pdf", b"%PDF-" + b"x" * 100, max_bytes=50)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\Users\\An\\Báo cáo.pdf", "Báo cáo.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\x00b\u202efdp.PDF", "abfdp.pdf"),
        (".pdf", "pdf"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_clean_name(name: str, clean: str) -> None:
    assert clean_name(name)[0] == clean
