"""5,000 sites by Excel, preview and apply, beside a bare read of the file and one COPY."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from time import perf_counter

import openpyxl
from django.db import connection
from django.utils import timezone

from apps.core.sheets import SheetLayout, write_sheets
from apps.programs.models import ModelSite, ModelType
from apps.programs.services.register_import import apply_list, read_list
from apps.programs.services.site_import import SITES
from apps.programs.services.site_sheet import SITE_SHEET
from tests.bench.database import bench_database
from tests.bench.lines import Line
from tests.bench.register import Register, build_units

NAME = "import_models"
N_ROWS = 5_000
GOAL = 0.2
ROUNDS = 5
_FIRST_LAUNCH = date(2020, 1, 1)


def run() -> list[Line]:
    """Read and write the same 5,000 rows both ways, in turn."""
    ours: list[tuple[float, float]] = []
    bare: list[float] = []
    with bench_database():
        register = build_units()
        for number in range(ROUNDS):
            content = _filled(register, number)
            bare.append(_bare(content))
            ours.append(_through_the_portal(register, content))
            ModelSite.objects.update(removed_at=timezone.now(), removed_reason="bench")
    preview, write = median(one for one, _ in ours), median(two for _, two in ours)
    rate = median(bare) / median(one + two for one, two in ours)
    note = (
        f"preview {preview:.2f} s, apply {write:.2f} s; bare read and COPY {median(bare):.2f} s; "
        f"{N_ROWS / (preview + write):.0f} rows a second"
    )
    return [Line("import_models", rate, GOAL, False, "of the bare rate", note)]


def _filled(register: Register, number: int) -> bytes:
    """Return a filled-in template: other places in each round, as people would type them."""
    types = list(ModelType.objects.filter(source="bench").order_by("pk"))
    rows: list[Sequence[str | int | date | None]] = [[c.heading for c in SITE_SHEET.columns]]
    rows += [_row(register, types, row, number) for row in range(N_ROWS)]
    mark = [["Biểu", SITE_SHEET.kind], ["Phiên bản", str(SITE_SHEET.version)]]
    return write_sheets(
        [
            SheetLayout(SITE_SHEET.title, rows),
            SheetLayout("PhienBan", mark, header_rows=0, is_hidden=True),
        ]
    )


def _row(
    register: Register, types: Sequence[ModelType], row: int, number: int
) -> list[str | int | date | None]:
    """Fill in one row."""
    communes = register.communes
    return [
        communes[row % len(communes)].code,
        types[row % len(types)].name,
        "",
        f"Ấp {row}, lần {number}",
        "Cấp xã",
        "",
        _FIRST_LAUNCH + timedelta(days=row % 2000),
        "Đang hoạt động",
        "",
        1 + row % 4,
        3 + row % 40,
        "",
        "",
        communes[(row + 1) % len(communes)].code,
        "Ghi từ sổ giấy",
    ]


def _bare(content: bytes) -> float:
    """Time a read of the values and one COPY of them into a table without any rule."""
    columns = ", ".join(f"c{n} text" for n in range(len(SITE_SHEET.columns)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare ({columns})")
        begun = perf_counter()
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        lines = io.StringIO()
        for row in book.worksheets[0].iter_rows(values_only=True):
            lines.write("\t".join("" if value is None else str(value) for value in row) + "\n")
        lines.seek(0)
        cursor.copy_from(lines, "bare")
        took = perf_counter() - begun
        cursor.execute("DROP TABLE bare")
    return took


def _through_the_portal(register: Register, content: bytes) -> tuple[float, float]:
    """Time the preview and the writing."""
    by = register.reviewer
    begun = perf_counter()
    at = timezone.now()
    batch = read_list(register=SITES, file_name="5000.xlsx", content=content, by=by, at=at)
    seen = perf_counter()
    if batch.summary["n_faults"]:
        raise AssertionError(batch.summary["faults"][:5])
    applied = apply_list(register=SITES, batch=batch, by=by, at=at)
    if applied.summary["new"] != N_ROWS:
        raise AssertionError(applied.summary["new"])
    return seen - begun, perf_counter() - seen
