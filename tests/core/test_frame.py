"""The frame of every page: small, Vietnamese, complete letters, no code inside."""

import gzip
import re
import unicodedata
from ast import literal_eval
from gettext import GNUTranslations
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, ngettext
from fontTools.ttLib import TTFont

from apps.core.templatetags.ui import TONE_ICONS

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
LOCALE = Path(settings.BASE_DIR) / "locale/vi/LC_MESSAGES"
FONTS = sorted(STATIC.glob("fonts/*/*.ttf")) + sorted(STATIC.glob("fonts/*/*.woff2"))
BUDGET = 150_000
MENU = [{"label": "Báo cáo", "url": "/bao-cao/", "icon": "list-task", "active": True, "count": 3}]


def vietnamese_letters() -> set[str]:
    bare = "aăâeêioôơuưy"
    tones = ["", *"\u0300\u0301\u0303\u0309\u0323"]
    small = {unicodedata.normalize("NFC", letter + tone) for letter in bare for tone in tones}
    return {form for letter in small | {"đ"} for form in (letter, letter.upper())}


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.name)
def test_every_font_has_every_vietnamese_letter(path: Path) -> None:
    known = TTFont(path).getBestCmap()

    assert len(vietnamese_letters()) == 146
    assert [letter for letter in vietnamese_letters() if ord(letter) not in known] == []
    assert [sign for sign in "0123456789.,%–“”…" if ord(sign) not in known] == []


def page() -> str:
    user = SimpleNamespace(is_authenticated=True, full_name="Lan", username="lan", font_size=16)
    context = {"user": user, "menu_items": MENU, "unit_name": "Xã A", "notice_count": 2}
    return render_to_string("base.html", context)


def files_of(html: str) -> set[str]:
    """Find every file that a first visit fetches."""
    named = set(re.findall(r'(?:href|src)="/static/([^"#]+)', html))
    for name in list(named):
        text = Path(str(finders.find(name))).read_text(encoding="utf-8")
        if name.endswith((".css", ".js")):
            found = re.findall(r'(?:url\(|from )"(\.\.?/[^"]+)"', text)
            here = Path(name).parent
            named |= {str(Path(*_joined(here, other))) for other in found}
    return named


def _joined(here: Path, other: str) -> list[str]:
    parts = list(here.parts)
    for part in Path(other).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return parts


def test_first_visit_stays_small() -> None:
    html = page() + render_to_string("base_plain.html")
    files = files_of(html)
    weight = len(gzip.compress(html.encode()))
    for name in files:
        content = Path(str(finders.find(name))).read_bytes()
        weight += len(content) if name.endswith(".woff2") else len(gzip.compress(content))

    assert any(name.endswith(".woff2") for name in files)
    assert any("htmx" in name for name in files)
    # What the pages themselves add has room left.
    assert weight < BUDGET - 30_000


def test_style_sheets_come_in_their_order() -> None:
    order = re.findall(r"/(\w+)(?:\.\w+)?\.css", page())

    assert order == ["bootstrap", "tokens", "base", "components", "pages", "register"]


def test_page_is_vietnamese_and_can_be_skipped_into() -> None:
    assert '<html lang="vi"' in page()
    assert 'class="skip" href="#main"' in page()
    assert 'id="main"' in page()


def test_menu_marks_where_one_is_and_counts() -> None:
    assert re.search(r'href="/bao-cao/" aria-current="page"', page())
    assert '<span class="count">3</span>' in page()


def test_page_without_a_user_has_no_menu_and_no_user() -> None:
    html = render_to_string("base_plain.html")

    assert "Menu chính" not in html
    assert "Đăng xuất" not in html
    assert "Không nhập bí mật nhà nước" in html


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    tree = ET.parse(STATIC / "img/icons.svg")  # noqa: S314 - our own file
    have = {symbol.get("id") for symbol in tree.getroot()}
    named = set(TONE_ICONS.values())
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'{% icon "([a-z0-9-]+)"', text))
        named |= set(re.findall(r'icon_name="([a-z0-9-]+)"', text))

    assert named - have == set()


def test_odd_strings_of_django_are_ours() -> None:
    with translation.override("vi"):
        assert gettext("Enter a whole number.") == "Nhập số nguyên."
        assert gettext("Go") == "Thực hiện"
        errors = ("Please correct the error below.", "Please correct the errors below.")
        assert ngettext(*errors, 2) == "Hãy sửa lỗi dưới đây."
        assert ngettext("%(num)d day", "%(num)d days", 3) % {"num": 3} == "3 ngày"


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_compiled_catalogue_is_that_of_the_text(name: str) -> None:
    assert compiled(LOCALE / f"{name}.mo") == messages((LOCALE / f"{name}.po").read_text("utf-8"))


def test_changed_text_is_found() -> None:
    text = (LOCALE / "django.po").read_text("utf-8")

    assert messages(text.replace("Nhập số nguyên.", "Nhập số.")) != compiled(LOCALE / "django.mo")


def test_message_twice_is_found() -> None:
    with pytest.raises(ValueError, match="twice"):
        messages('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n')


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_placeholders_are_kept(name: str) -> None:
    placeholder = re.compile(r"%\(\w+\)[sdr]|%s|{\w*}")
    for key, said in compiled(LOCALE / f"{name}.mo").items():
        asked = key[0] if isinstance(key, tuple) else key
        assert set(placeholder.findall(said)) <= set(placeholder.findall(asked)), asked


def compiled(path: Path) -> dict[str | tuple[str, int], str]:
    """Return what a compiled catalogue says, by message and, where there is one, plural form."""
    with path.open("rb") as file:
        said = dict(GNUTranslations(file)._catalog)
    said.pop("")
    return said


def messages(text: str) -> dict[str | tuple[str, int], str]:
    """Read the messages of a catalogue's text, as the compiled one keeps them."""
    found: dict[str | tuple[str, int], str] = {}
    for block in re.split(r"\n\s*\n", text):
        parts = dict(re.findall(r'^(msg\w+(?:\[\d\])?) ((?:"[^\n]*"\n?)+)', block, re.MULTILINE))
        said = {word: _joined_lines(part) for word, part in parts.items()}
        if not said.get("msgid"):
            continue
        context = f"{said['msgctxt']}\x04" if "msgctxt" in said else ""
        name = context + said["msgid"]
        key = (name, 0) if "msgid_plural" in said else name
        if key in found:
            raise ValueError(f"{name} stands there twice")
        found[key] = said.get("msgstr[0]") or said["msgstr"]
    return found


def _joined_lines(part: str) -> str:
    return "".join(literal_eval(line) for line in part.splitlines())
