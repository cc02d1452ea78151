"""From parts to the bytes of one PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

from apps.core.numbers import format_number
from apps.core.pdf.errors import PdfTooLarge
from apps.core.pdf.parts import Attachment, Part, TablePart
from apps.core.pdf.pool import TOO_LARGE, Piece, Pool, shared_pool
from apps.core.pdf.slices import Slice, plan_slices, slice_html

MAX_ROWS = 20_000
MAX_HTML = 4_000_000
# How much of a page to fill; less is tried when a row took more lines than estimated.
ROOMS = (1.0, 0.93, 0.82)


def render_pdf(
    parts: Sequence[Part | TablePart],
    *,
    title: str,
    attachments: Sequence[Attachment] = (),
    at: datetime | None = None,
) -> bytes:
    """Return tagged PDF/A-3: the parts one after another, each with page numbers of its own.

    The same input gives the same bytes in any process at any time; `at` is the moment written
    into the metadata. Raises PdfTooLarge or PdfFailed, both with a sentence for the user.
    """
    for part in parts:
        check_size(part)
    pool = shared_pool()
    rendered = render_parts(pool, parts)
    pieces = [piece.content for pieces in rendered for piece in pieces]
    header = {
        "title": title,
        "at": at.isoformat() if at else None,
        "pieces": len(pieces),
        "bookmarks": bookmarks_of(parts, rendered),
        "attachments": [facts_of(attachment) for attachment in attachments],
    }
    return pool.join(header, [*pieces, *(attachment.content for attachment in attachments)])


def bookmarks_of(
    parts: Sequence[Part | TablePart], rendered: Sequence[Sequence[Piece]]
) -> list[dict[str, Any]]:
    """Return the annexes' titles and the indexes of their first pages, for the reader's outline."""
    bookmarks, page = [], 0
    for part, pieces in zip(parts, rendered, strict=True):
        if part.title:
            bookmarks.append({"title": part.title, "page": page})
        page += sum(piece.pages for piece in pieces)
    return bookmarks


def facts_of(attachment: Attachment) -> dict[str, str]:
    """Return all about an attachment but its content."""
    facts = asdict(attachment)
    del facts["content"]
    return facts


def check_size(part: Part | TablePart) -> None:
    """Refuse what would not fit a PDF before any work is done."""
    if isinstance(part, TablePart):
        if len(part.rows) > MAX_ROWS:
            message = (
                f"Bảng có {format_number(len(part.rows))} dòng, nhiều hơn"
                f" {format_number(MAX_ROWS)} dòng cho một tệp PDF. Hãy tải bản Excel hoặc chia nhỏ."
            )
            raise PdfTooLarge(message)
    elif len(part.html) > MAX_HTML:
        raise PdfTooLarge(TOO_LARGE)


def render_parts(pool: Pool, parts: Sequence[Part | TablePart]) -> list[list[Piece]]:
    """Render all pieces of all parts side by side; again, with more air, a table that ran over."""
    plans = [plan_part(part, ROOMS[0]) for part in parts]
    htmls, names = [], []
    for index, (part, plan) in enumerate(zip(parts, plans, strict=True)):
        htmls += [piece_html(part, piece) for piece in plan]
        names += names_of(index, plan)
    pieces = iter(pool.render_all(htmls, names))
    rendered = []
    for index, (part, plan) in enumerate(zip(parts, plans, strict=True)):
        mine = list(islice(pieces, len(plan)))
        if isinstance(part, TablePart) and not keeps(plan, mine):
            mine = render_again(pool, part, index)
        rendered.append(mine)
    return rendered


def names_of(index: int, plan: Sequence[object]) -> list[str]:
    """Return a name for each piece of a part, unlike all others in the document."""
    return [f"{index}-{number}" for number in range(len(plan))]


def plan_part(part: Part | TablePart, room: float) -> list[Slice | None]:
    """Return the slices of a table, or one None for a document that is rendered whole."""
    return list(plan_slices(part, room)) if isinstance(part, TablePart) else [None]


def piece_html(part: Part | TablePart, piece: Slice | None) -> str:
    """Return the HTML of one piece."""
    if isinstance(part, Part):
        return part.html
    assert piece is not None  # noqa: S101 - a table is planned in slices
    return slice_html(part, piece)


def keeps(plan: Sequence[Slice | None], pieces: Sequence[Piece]) -> bool:
    """Tell whether every slice took the pages it was given, so that page numbers are right."""
    planned = [len(piece.pages) if piece else 1 for piece in plan]
    return planned == [piece.pages for piece in pieces]


def render_again(pool: Pool, part: TablePart, index: int) -> list[Piece]:
    """Render a table whose rows were taller than estimated: more air, then numbers corrected."""
    plan: list[Slice] = []
    pieces: list[Piece] = []
    for room in ROOMS[1:]:
        plan = plan_slices(part, room)
        pieces = render_slices(pool, part, plan, index)
        if keeps(plan, pieces):
            return pieces
    page, corrected = 1, []
    for piece, result in zip(plan, pieces, strict=True):
        corrected.append(Slice(piece.pages, page, piece.is_first))
        page += result.pages
    return render_slices(pool, part, corrected, index)


def render_slices(pool: Pool, part: TablePart, plan: Sequence[Slice], index: int) -> list[Piece]:
    """Render the slices of one table side by side."""
    return pool.render_all([slice_html(part, piece) for piece in plan], names_of(index, plan))
