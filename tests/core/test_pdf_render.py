"""One PDF/A-3 from many pieces: valid structure, same bytes, no trace of the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from tempfile import gettempdir
from typing import Any

import pikepdf
import pytest

from apps.core.pdf.errors import PdfTooLarge
from apps.core.pdf.parts import Attachment, Part, Row
from apps.core.pdf.pool import ROOT
from apps.core.pdf.render import MAX_ROWS, render_pdf
from tests.core.pdf_examples import figures_annex, summary, unit_annex

AT = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
FIGURES = json.dumps({"F1": 4250}).encode()


@pytest.fixture(scope="module")
def whole() -> bytes:
    """Return a report with two annexes and its figures attached."""
    return render_pdf(
        [summary(), figures_annex(), unit_annex(130)],
        title="Báo cáo & phụ lục <2022>",
        attachments=[Attachment("so-lieu.json", FIGURES, description="Số liệu")],
        at=AT,
    )


@pytest.fixture
def pdf(whole: bytes) -> Iterator[pikepdf.Pdf]:
    """Return it opened."""
    with pikepdf.open(BytesIO(whole)) as opened:
        yield opened


def elements_below(element: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (parent, child) for every structure element below one."""
    for child in element.get("/K", []):
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield element, child
            yield from elements_below(child)


def kids_of(element: Any) -> list[Any]:
    """Return the marks and elements that an element holds."""
    return list(element.K)


def test_every_element_knows_its_parent_and_a_page_of_this_document(pdf: pikepdf.Pdf) -> None:
    pages = {page.objgen for page in pdf.pages}
    (document,) = pdf.Root.StructTreeRoot.K

    pairs = list(elements_below(document))

    assert len(pairs) > 1500
    assert document.P.objgen == pdf.Root.StructTreeRoot.objgen
    assert all(child.P.objgen == parent.objgen for parent, child in pairs)
    assert {child.Pg.objgen for _, child in pairs} == pages


def test_parent_tree_finds_the_element_of_every_marked_stretch(pdf: pikepdf.Pdf) -> None:
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    keys = [int(key) for key in numbers[::2]]
    tree = dict(zip(keys, numbers[1::2], strict=True))

    assert keys == sorted(set(keys))
    assert len(keys) == len(pdf.pages)
    for page in pdf.pages:
        owners = tree[int(page.obj.StructParents)]
        marks = [
            int(step.operands[1]["/MCID"])
            for step in pikepdf.parse_content_stream(page)
            if str(step.operator) == "BDC"
        ]
        assert sorted(marks) == list(range(len(owners)))
        for mark, owner in enumerate(owners):
            assert owner.Pg.objgen == page.objgen
            assert mark in kids_of(owner)


def test_every_cell_finds_its_header(pdf: pikepdf.Pdf) -> None:
    names = list(pdf.Root.StructTreeRoot.IDTree.Names)
    headers = dict(zip(map(bytes, names[::2]), names[1::2], strict=True))
    (document,) = pdf.Root.StructTreeRoot.K
    cells = [child for _, child in elements_below(document) if child.S == "/TD" and "/A" in child]

    assert list(headers) == sorted(headers)
    wanted = {bytes(header) for cell in cells for header in cell.A.get("/Headers", [])}
    assert wanted == set(headers)
    assert all(pikepdf.String(name.decode()) == headers[name].ID for name in wanted)


def test_it_says_pdf_a_3_tagged_vietnamese_with_its_title_shown(pdf: pikepdf.Pdf) -> None:
    xmp = pdf.open_metadata()

    assert xmp.pdfa_status == "3A"
    assert xmp["dc:title"] == "Báo cáo & phụ lục <2022>"
    assert str(pdf.docinfo["/Title"]) == "Báo cáo & phụ lục <2022>"
    assert xmp["xmp:CreateDate"] == "2026-11-18T02:00:00Z"
    assert str(pdf.docinfo["/CreationDate"]) == "D:20261118020000Z"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.Root.Lang) == "vi"
    (intent,) = pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"


def test_every_font_is_embedded_under_a_name_of_its_own(pdf: pikepdf.Pdf) -> None:
    described = [
        thing
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
    ]

    names = [str(thing.FontName) for thing in described]
    assert all("/FontFile2" in thing for thing in described)
    assert len(names) == len(set(names))


def test_figures_travel_inside_as_data(pdf: pikepdf.Pdf) -> None:
    assert pdf.attachments["so-lieu.json"].get_file().read_bytes() == FIGURES
    (file,) = pdf.Root.AF
    assert file.AFRelationship == "/Data"
    assert str(file.EF.F.Subtype) == "/application/json"


def test_outline_leads_to_the_annexes(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Phụ lục I", "Phụ lục II"]


def test_metadata_name_no_person_path_or_machine(whole: bytes, pdf: pikepdf.Pdf) -> None:
    plain = BytesIO()
    pdf.save(plain, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False)

    for trace in ("/home/", gettempdir(), "/root", str(ROOT), "WeasyPrint", "asset:"):
        assert trace.encode() not in plain.getvalue()
    assert set(pdf.docinfo.keys()) == {"/Title", "/Producer", "/CreationDate", "/ModDate"}
    assert str(pdf.docinfo["/Producer"]) == "ANTQ"


AGAIN = """
import os, sys
if sys.argv[1] == "one core":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import django
django.setup()
from tests.core import test_pdf_render as test
from tests.core.pdf_examples import figures_annex, summary, unit_annex
content = test.render_pdf(
    [summary(), figures_annex(), unit_annex(130)], title="Báo cáo & phụ lục <2022>",
    attachments=[test.Attachment("so-lieu.json", test.FIGURES, description="Số liệu")], at=test.AT,
)
sys.stdout.buffer.write(content)
"""


@pytest.mark.slow
def test_same_input_gives_same_bytes_in_another_process_and_another_order(whole: bytes) -> None:
    runs = [
        ("one core", {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1"}),
        ("all cores", {"TZ": "UTC", "PYTHONHASHSEED": "2", "LANG": "C"}),
    ]

    for cores, changes in runs:
        again = subprocess.run(
            [sys.executable, "-c", AGAIN, cores],
            cwd=ROOT,
            capture_output=True,
            check=True,
            env=os.environ | changes | {"DJANGO_SETTINGS_MODULE": "antq_portal.settings"},
        )
        assert again.stdout == whole


def test_one_instant_has_one_spelling_and_none_is_written_unasked() -> None:
    part = Part('<html lang="vi"><title>a</title><p>a</p></html>')
    hanoi = AT.astimezone(timezone(timedelta(hours=7)))

    assert render_pdf([part], title="a", at=AT) == render_pdf([part], title="a", at=hanoi)
    assert b"CreationDate" not in render_pdf([part], title="a")


def test_another_figure_gives_other_bytes() -> None:
    assert render_pdf([unit_annex(3)], title="a") != render_pdf([unit_annex(4)], title="a")


def test_more_rows_than_a_paper_may_have_are_refused_at_once() -> None:
    rows = [Row(("1",))] * (MAX_ROWS + 1)

    with pytest.raises(PdfTooLarge, match=r"20\.001 dòng, nhiều hơn 20\.000"):
        render_pdf([unit_annex(0, rows=rows)], title="a")


def test_a_document_without_end_is_refused_at_once() -> None:
    with pytest.raises(PdfTooLarge, match="quá lớn"):
        render_pdf([Part("<p>a</p>" * 600_000)], title="a")
