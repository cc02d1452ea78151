"""An annex of 1,000 rows × 8 columns: our pipeline against one bare WeasyPrint call.

Both sides get the same rows, style sheet and options (PDF/A-3a, tagged) and run in warm children;
the bare call lays out the whole table as one document in one child.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from multiprocessing.connection import Pipe
from pathlib import Path
from statistics import median

from pypdf import PdfReader

from apps.core.pdf.pool import ROOT, shared_pool, write_fonts_conf
from apps.core.pdf.render import render_pdf
from apps.core.pdf.slices import whole_html
from tests.bench.lines import Line
from tests.core.pdf_examples import unit_annex

NAME = "pdf_annex"
ROWS, RUNS = 1_000, 5
BARE = """
import sys
from multiprocessing.connection import Connection
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

pipe, fonts = Connection(int(sys.argv[1])), FontConfiguration()
style = CSS(filename="static/css/pdf.css", font_config=fonts)
while True:
    try:
        html = pipe.recv_bytes().decode()
    except EOFError:
        break
    options = {"pdf_variant": "pdf/a-3a", "stylesheets": [style], "font_config": fonts}
    pipe.send_bytes(HTML(string=html).write_pdf(**options))
"""


def peak_mib(pid: int) -> float:
    """Return the largest resident size of a process since it was last reset."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ValueError("no VmHWM")


def measure(work: Callable[[], object], pids: Iterable[int]) -> tuple[float, float]:
    """Return the wall time of a piece of work and the peak of the largest process."""
    watched = [os.getpid(), *pids]
    for pid in watched:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    start = time.perf_counter()
    work()
    return time.perf_counter() - start, max(map(peak_mib, watched))


class Bare:
    """A warm process that makes one WeasyPrint call after another."""

    def __init__(self) -> None:
        self.pipe, theirs = Pipe()
        self.scratch = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [sys.executable, "-c", BARE, str(theirs.fileno())],
            cwd=ROOT,
            env=os.environ | {"FONTCONFIG_FILE": str(write_fonts_conf(Path(self.scratch.name)))},
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def render(self, html: str) -> bytes:
        """Return the PDF of a whole document."""
        self.pipe.send_bytes(html.encode())
        return self.pipe.recv_bytes()

    def close(self) -> None:
        """End the process."""
        self.pipe.close()
        self.process.wait()
        self.scratch.cleanup()


def run() -> list[Line]:
    """Measure both sides in turns; median of five."""
    part = unit_annex(ROWS)
    html = whole_html(part)
    bare = Bare()
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    content = b""

    def pipeline() -> None:
        nonlocal content
        content = render_pdf([part], title="Phụ lục")

    try:
        # Warm: all children have laid out a table before.
        bare.render(whole_html(unit_annex(100)))
        render_pdf([unit_annex(400)], title="Phụ lục")
        for _ in range(RUNS):
            theirs.append(measure(lambda: bare.render(html), [bare.process.pid]))
            children = [child.process.pid for child in shared_pool().children]
            ours.append(measure(pipeline, children))
    finally:
        bare.close()
    check_rows(content)
    return lines_of(ours, theirs)


def check_rows(content: bytes) -> None:
    """Refuse to boast about a paper that lost a row."""
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split()
    found = [words[place + 1] for place, word in enumerate(words) if word == "Phú"]
    if found != [str(number) for number in range(1, ROWS + 1)]:
        raise ValueError("the annex does not hold all rows in order")


def lines_of(ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> list[Line]:
    """Return the two lines: wall time and memory."""
    our_time, our_peak = (median(run[index] for run in ours) for index in (0, 1))
    their_time, their_peak = (median(run[index] for run in theirs) for index in (0, 1))
    cores = shared_pool().renderers.size
    times = f"{our_time:.2f} s with {cores} children, bare {their_time:.2f} s"
    peaks = f"largest process {our_peak:.0f} MiB, bare {their_peak:.0f} MiB"
    return [
        Line(NAME, our_time / their_time, 0.70, at_most=True, unit="", note=times),
        Line(f"{NAME}_memory", our_peak / their_peak, 0.5, at_most=True, unit="", note=peaks),
    ]
