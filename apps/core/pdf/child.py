"""A warm child process that lays out HTML as tagged PDF/A-3, one job after another.

Started by `pool` as `python -m apps.core.pdf.child`. It knows no Django, no settings and no
database, may read four fonts, one style sheet and the pictures of static/img, and ends when its
pipe closes.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pydyf  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from apps.core.pdf.serving import Answer, AssetRefused, run_child

STATIC = Path(__file__).resolve().parents[3] / "static"
ASSET = re.compile(r"asset:([a-z0-9-]+\.(?:svg|png))")
MIME = {".svg": "image/svg+xml", ".png": "image/png"}
BOX = ord("□")
WARM_UP = '<html lang="vi"><title>.</title><p>Độc lập <b>Tự do <i>Hạnh phúc</i></b> <i>1</i></p>'


class BundledFetcher(URLFetcher):  # type: ignore[misc]
    """Serve `asset:name.svg` from static/img and refuse every other address, data: included."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return a bundled picture or refuse; a refusal stops the rendering."""
        match = ASSET.fullmatch(url)
        if match is None:
            raise ValueError("only bundled assets are served")
        path = STATIC / "img" / match[1]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": MIME[path.suffix]})


class Printable(dict[int, int | None]):
    """For str.translate: what the type cannot show becomes a box, invisible marks vanish."""

    def __init__(self) -> None:
        super().__init__({9: 9, 10: 10, 13: 13})
        font = TTFont(STATIC / "fonts" / "tinos" / "Tinos-Regular.ttf", lazy=True)
        self.known = frozenset(font.getBestCmap())

    def __missing__(self, code: int) -> int | None:
        known = code in self.known
        invisible = unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs", "Mn"}
        self[code] = code if known else None if invisible else BOX
        return self[code]


class Renderer:
    """Fonts and style sheet read once, then HTML in and PDF out."""

    def __init__(self) -> None:
        self.fetcher = BundledFetcher()
        self.fonts = FontConfiguration()
        self.printable = Printable()
        self.style = CSS(
            string=(STATIC / "css" / "pdf.css").read_text(encoding="utf-8"),
            font_config=self.fonts,
            url_fetcher=self.fetcher,
        )

    def render(self, html: str, piece: str) -> tuple[int, bytes]:
        """Return the number of pages and the PDF of one piece of a document."""
        source = HTML(string=html.translate(self.printable), url_fetcher=self.fetcher)
        # The identifier is that of the joined file: here it would cost a second serialisation.
        options = {
            "pdf_variant": "pdf/a-3a",
            "stylesheets": [self.style],
            "pdf_identifier": False,
        }
        document = source.render(font_config=self.fonts, **options)

        def finish(_: object, pdf: pydyf.PDF) -> None:
            make_joinable(pdf, piece)

        return len(document.pages), document.write_pdf(finisher=finish, **options)


def make_joinable(pdf: pydyf.PDF, piece: str) -> None:
    """Make the header ids and font names of a piece unlike those of every other piece."""
    elements: dict[bytes, Any] = {}
    for thing in pdf.objects:
        if not isinstance(thing, pydyf.Dictionary):
            continue
        for key in ("BaseFont", "FontName"):
            if key in thing:
                thing[key] = subset_name(thing[key], piece)
        if thing.get("Type") == "/StructElem":
            elements[thing.reference] = thing
    root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    drop_line_spans(pdf.objects[int(root["ParentTree"].split()[0])], elements)
    name_headers(root, elements, piece)


def drop_line_spans(parent_tree: Any, elements: dict[bytes, Any]) -> None:
    """Let each element hold its lines itself, not through a Span for each: half the objects."""
    owners: dict[bytes, bytes] = {}
    for reference, element in elements.items():
        for index, kid in enumerate(element["K"]):
            span = elements.get(kid) if isinstance(kid, bytes) else None
            if span and span["S"] == "/Span" and [type(mark) for mark in span["K"]] == [int]:
                element["K"][index] = span["K"][0]
                owners[kid] = reference
    for reference in owners:
        # Nothing refers to it any more: joining leaves it out.
        elements[reference].clear()
    for page in parent_tree["Nums"][1::2]:
        page[:] = [owners.get(reference, reference) for reference in page]


def name_headers(root: Any, elements: dict[bytes, Any], piece: str) -> None:
    """Give header cells ids of their own and list them, so that cells find their headers."""
    headers = [element for element in elements.values() if "ID" in element]
    for header in headers:
        # The cells' Headers hold this very object, so they follow.
        header["ID"].string = f"{piece}-{header['ID'].string}"
    headers.sort(key=lambda header: str(header["ID"].string))
    names = pydyf.Array()
    for header in headers:
        names.extend((header["ID"], header.reference))
    if names:
        root["IDTree"] = pydyf.Dictionary({"Names": names})


def subset_name(name: bytes | str, piece: str) -> bytes:
    """Give a subset font a tag of its own, as ISO 32000-1, 9.6.4 asks of different subsets."""
    plain = name.encode() if isinstance(name, str) else name
    tag, plus, family = plain.partition(b"+")
    if not plus:
        return plain
    digest = sha256(piece.encode() + tag).digest()
    return b"/" + bytes(65 + letter % 26 for letter in digest[:6]) + plus + family


def prepare() -> Callable[[list[bytes]], Answer]:
    """Read fonts and style sheet and lay out one page, so that the first job meets a warm child."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    renderer = Renderer()
    renderer.render(WARM_UP, "")

    def work(messages: list[bytes]) -> Answer:
        name, html = (message.decode() for message in messages)
        try:
            pages, body = renderer.render(html, name)
        except FatalURLFetchingError as fault:
            # A BaseException, which `except Exception` would miss.
            raise AssetRefused from fault
        return {"pages": pages}, body

    return work


if __name__ == "__main__":
    run_child(prepare)
