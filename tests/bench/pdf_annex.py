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
from io import BytesIO
from multiprocessing.connection import Pipe
from pathlib import Path
from statistics import median

import psutil
from pypdf import PdfReader

from apps.core.pdf.pool import ROOT, available_cores, write_fonts_conf
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
options = {"pdf_variant": "pdf/a-3a", "stylesheets": [style], "font_config": fonts}
while True:
    try:
        html = pipe.recv()
    except EOFError:
        break
    pipe.send(HTML(string=html).write_pdf(**options))
"""
# As in a worker: a process with Django, whose children render and join.
OURS = """
import sys
from multiprocessing.connection import Connection
import django
django.setup()
from apps.core.pdf.render import render_pdf

pipe = Connection(int(sys.argv[1]))
while True:
    try:
        part = pipe.recv()
    except EOFError:
        break
    pipe.send(render_pdf([part], title="Phụ lục"))
"""


def peak_mib(pid: int) -> float:
    """Return the largest resident size of a process since it was last reset."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ValueError("no VmHWM")


class Side:
    """One side of the comparison: a warm process that makes one PDF after another."""

    def __init__(self, script: str) -> None:
        self.pipe, theirs = Pipe()
        self.scratch = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, str(theirs.fileno())],
            cwd=ROOT,
            env=os.environ | {"FONTCONFIG_FILE": str(write_fonts_conf(Path(self.scratch.name)))},
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self.runs: list[tuple[float, float]] = []

    def make(self, source: object) -> bytes:
        """Return the PDF of what is sent."""
        self.pipe.send(source)
        content: bytes = self.pipe.recv()
        return content

    def measure(self, source: object) -> bytes:
        """Make a PDF; note the wall time and the peak of the largest process."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        watched = [self.process.pid, *(child.pid for child in children)]
        for pid in watched:
            Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
        start = time.perf_counter()
        content = self.make(source)
        elapsed = time.perf_counter() - start
        self.runs.append((elapsed, max(map(peak_mib, watched))))
        return content

    def median(self, index: int) -> float:
        """Return the median of the times (0) or of the peaks (1)."""
        return median(run[index] for run in self.runs)

    def close(self) -> None:
        """End the process."""
        self.pipe.close()
        self.process.wait()
        self.scratch.cleanup()


def run() -> list[Line]:
    """Measure both sides in turns; median of five."""
    part = unit_annex(ROWS)
    html = whole_html(part)
    bare, ours = Side(BARE), Side(OURS)
    content = b""
    try:
        # Warm: all children have laid out a table before.
        bare.make(whole_html(unit_annex(100)))
        ours.make(unit_annex(400))
        for _ in range(RUNS):
            bare.measure(html)
            content = ours.measure(part)
    finally:
        bare.close()
        ours.close()
    check_rows(content)
    return lines_of(ours, bare)


def check_rows(content: bytes) -> None:
    """Refuse to boast about a paper that lost a row."""
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split()
    found = [words[place + 1] for place, word in enumerate(words) if word == "Phú"]
    if found != [str(number) for number in range(1, ROWS + 1)]:
        raise ValueError("the annex does not hold all rows in order")


def lines_of(ours: Side, bare: Side) -> list[Line]:
    """Return the two lines: wall time and memory."""
    our_time, our_peak = ours.median(0), ours.median(1)
    bare_time, bare_peak = bare.median(0), bare.median(1)
    load = os.getloadavg()[0]
    times = (
        f"{our_time:.2f} s with {available_cores()} children, bare {bare_time:.2f} s,"
        f" load {load:.1f}"
    )
    peaks = f"largest process {our_peak:.0f} MiB, bare {bare_peak:.0f} MiB"
    return [
        Line(NAME, our_time / bare_time, 0.70, at_most=True, unit="", note=times),
        Line(f"{NAME}_memory", our_peak / bare_peak, 0.5, at_most=True, unit="", note=peaks),
    ]
