"""Join rendered pieces into one PDF/A-3 with one structure tree and the same bytes every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from pikepdf import (
    Array,
    AttachedFileSpec,
    Dictionary,
    Name,
    ObjectStreamMode,
    OutlineItem,
    Pdf,
    String,
)

from apps.core.pdf.parts import Attachment

PRODUCER = "ANTQ"
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>vi</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>{dates}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line of the reader's outline: a title and the index of its page."""

    title: str
    page: int


def assemble(
    pieces: Sequence[bytes],
    *,
    title: str,
    bookmarks: Sequence[Bookmark] = (),
    attachments: Sequence[Attachment] = (),
    at: datetime | None = None,
) -> bytes:
    """Return the pieces as one PDF."""
    # Sources stay open until the target is saved: qpdf copies their streams only then.
    sources = [Pdf.open(BytesIO(piece)) for piece in pieces]
    target = sources[0]
    for source in sources[1:]:
        join(target, source)
    if bookmarks:
        add_bookmarks(target, bookmarks)
    attach_files(target, attachments, at)
    describe(target, title, at)
    output = BytesIO()
    target.save(
        output, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate, linearize=False
    )
    return output.getvalue()


def join(target: Pdf, source: Pdf) -> None:
    """Append a piece: its pages, its structure elements, its entries of the parent tree."""
    first = len(target.pages)
    target.pages.extend(source.pages)
    # Every piece carries the same colour profile; one is enough.
    target.pages[first].Resources.ColorSpace = target.pages[0].Resources.ColorSpace
    tree = target.Root.StructTreeRoot
    shift = next_key(tree)
    for page in target.pages[first:]:
        page.obj.StructParents = int(page.obj.StructParents) + shift
    added = target.copy_foreign(source.Root.StructTreeRoot)
    document = tree.K[0]
    for element in added.K[0].K:
        element.P = document
        document.K.append(element)
    for key, value in pairs_of(added.ParentTree.Nums):
        tree.ParentTree.Nums.append(int(key) + shift)
        tree.ParentTree.Nums.append(value)
    if "/IDTree" in added:
        join_names(tree, added.IDTree.Names)


def next_key(tree: Any) -> int:
    """Return the first unused key of the parent tree."""
    keys = list(tree.ParentTree.Nums)[::2]
    return int(keys[-1]) + 1 if keys else 0


def join_names(tree: Any, names: Any) -> None:
    """Append a piece's header ids; a name tree is sorted by its keys."""
    if "/IDTree" not in tree:
        tree.IDTree = Dictionary(Names=Array())
    pairs = [*pairs_of(tree.IDTree.Names), *pairs_of(names)]
    pairs.sort(key=lambda pair: bytes(pair[0]))
    tree.IDTree.Names = Array([item for pair in pairs for item in pair])


def pairs_of(names: Any) -> list[tuple[Any, Any]]:
    """Return the (key, value) pairs of a flat PDF array."""
    items = list(names)
    return list(zip(items[::2], items[1::2], strict=True))


def add_bookmarks(target: Pdf, bookmarks: Sequence[Bookmark]) -> None:
    """Append a line to the outline for each annex."""
    with target.open_outline() as outline:
        for bookmark in bookmarks:
            outline.root.append(OutlineItem(bookmark.title, bookmark.page))


def attach_files(target: Pdf, attachments: Sequence[Attachment], at: datetime | None) -> None:
    """Carry files inside the PDF and say how they belong to it (AF, PDF/A-3)."""
    stamp = pdf_date(at) if at else ""
    for attachment in attachments:
        spec = AttachedFileSpec(
            target,
            attachment.content,
            filename=attachment.name,
            description=attachment.description or attachment.name,
            mime_type=attachment.mime,
            creation_date=stamp,
            mod_date=stamp,
        )
        spec.relationship = Name(f"/{attachment.relationship}")
        target.attachments[attachment.name] = spec
    if attachments:
        files = [target.attachments[attachment.name].obj for attachment in attachments]
        target.Root.AF = Array(files)


def describe(target: Pdf, title: str, at: datetime | None) -> None:
    """Write the same metadata in both places; no name of a person, program path or machine."""
    target.Root.Lang = String("vi")
    for key in list(target.docinfo.keys()):
        del target.docinfo[key]
    target.docinfo.Title = String(title)
    target.docinfo.Producer = String(PRODUCER)
    dates = ""
    if at:
        target.docinfo.CreationDate = String(pdf_date(at))
        target.docinfo.ModDate = String(pdf_date(at))
        day = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        dates = f"<xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate>"
    packet = XMP.format(title=escape(title), producer=PRODUCER, dates=dates)
    stream = target.make_stream(packet.encode())
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    target.Root.Metadata = stream


def pdf_date(at: datetime) -> str:
    """Write an instant as PDF does, in UTC, so that one instant has one spelling."""
    return at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
