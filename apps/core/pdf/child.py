"""A warm child process that lays out HTML as tagged PDF/A-3, one job after another.

Started by `pool` as `python -m apps.core.pdf.child DESCRIPTOR MEMORY CPU_SECONDS`. It knows no
Django, no settings and no database, may read four fonts, one style sheet and the pictures of
static/img, and ends when its pipe closes.
"""

from __future__ import annotations

import ctypes
import gc
import json
import logging
import re
import resource
import sys
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

STATIC = Path(__file__).resolve().parents[3] / "static"
ASSET = re.compile(r"asset:([a-z0-9-]+\.(?:svg|png))")
MIME = {".svg": "image/svg+xml", ".png": "image/png"}
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


class Renderer:
    """Fonts and style sheet read once, then HTML in and PDF out."""

    def __init__(self) -> None:
        self.fetcher = BundledFetcher()
        self.fonts = FontConfiguration()
        self.style = CSS(
            string=(STATIC / "css" / "pdf.css").read_text(encoding="utf-8"),
            font_config=self.fonts,
            url_fetcher=self.fetcher,
        )

    def render(self, html: str, piece: str) -> tuple[int, bytes]:
        """Return the number of pages and the PDF of one piece of a document."""
        source = HTML(string=html, url_fetcher=self.fetcher)
        options = {"pdf_variant": "pdf/a-3a", "stylesheets": [self.style]}
        document = source.render(font_config=self.fonts, **options)

        def finish(_: object, pdf: pydyf.PDF) -> None:
            make_joinable(pdf, piece)

        return len(document.pages), document.write_pdf(finisher=finish, **options)


def make_joinable(pdf: pydyf.PDF, piece: str) -> None:
    """Make the header ids and font names of a piece unlike those of every other piece."""
    headers: list[Any] = []
    for thing in pdf.objects:
        if not isinstance(thing, pydyf.Dictionary):
            continue
        for key in ("BaseFont", "FontName"):
            if key in thing:
                thing[key] = subset_name(thing[key], piece)
        if "ID" in thing and thing.get("S") == "/TH":
            # The cells' Headers hold this very object, so they follow.
            thing["ID"].string = f"{piece}-{thing['ID'].string}"
            headers.append(thing)
    names = pydyf.Array()
    for header in sorted(headers, key=lambda header: str(header["ID"].string)):
        names.extend((header["ID"], header.reference))
    if names:
        root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
        root["IDTree"] = pydyf.Dictionary({"Names": names})


def subset_name(name: bytes | str, piece: str) -> bytes:
    """Give a subset font a tag of its own, as ISO 32000-1, 9.6.4 asks of different subsets."""
    plain = name.encode() if isinstance(name, str) else name
    tag, plus, family = plain.partition(b"+")
    if not plus:
        return plain
    digest = sha256(piece.encode() + tag).digest()
    return b"/" + bytes(65 + letter % 26 for letter in digest[:6]) + plus + family


def limit_self(memory: int) -> None:
    """Take away what laying out paper never needs: memory without end, core files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_seconds(seconds: int) -> None:
    """Let this job use so much processor time from now on; the kernel ends the process after."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


def answer(renderer: Renderer, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Render one job; every fault becomes a word, FatalURLFetchingError (BaseException) too."""
    try:
        pages, body = renderer.render(job["html"], job["piece"])
    except MemoryError:
        return {"fault": "memory"}, b""
    except FatalURLFetchingError:
        return {"fault": "refused"}, b""
    except Exception as fault:  # noqa: BLE001 - the parent turns it into PdfFailed
        return {"fault": type(fault).__name__}, b""
    return {"pages": pages}, body


def serve(connection: Connection, cpu_seconds: int) -> None:
    """Answer jobs until the parent is gone."""
    renderer = Renderer()
    renderer.render(WARM_UP, "")
    gc.collect()
    gc.freeze()
    libc = ctypes.CDLL(None)
    while True:
        try:
            job = json.loads(connection.recv_bytes())
        except EOFError:
            return
        allow_seconds(cpu_seconds)
        header, body = answer(renderer, job)
        del job
        gc.collect()
        if hasattr(libc, "malloc_trim"):
            libc.malloc_trim(0)
        header["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        connection.send_bytes(json.dumps(header).encode())
        connection.send_bytes(body)


def main(arguments: list[str]) -> None:
    """Run as a child of `pool`."""
    descriptor, memory, cpu_seconds = (int(argument) for argument in arguments)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    limit_self(memory)
    serve(Connection(descriptor), cpu_seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
