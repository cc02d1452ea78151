"""A warm child process that joins rendered pieces into one PDF, so that no worker grows by it.

Started by `pool` as `python -m apps.core.pdf.joiner`; knows pikepdf and nothing of Django.
"""

from __future__ import annotations

import json
from datetime import datetime

from apps.core.pdf.assembly import Bookmark, assemble
from apps.core.pdf.parts import Attachment
from apps.core.pdf.serving import Answer, run_child


def join_pieces(messages: list[bytes]) -> Answer:
    """Join: a header, the pieces, the contents of the attachments."""
    header = json.loads(messages[0])
    pieces = messages[1 : 1 + header["pieces"]]
    contents = messages[1 + header["pieces"] :]
    content = assemble(
        pieces,
        title=header["title"],
        bookmarks=[Bookmark(**fields) for fields in header["bookmarks"]],
        attachments=[
            Attachment(content=content, **fields)
            for fields, content in zip(header["attachments"], contents, strict=True)
        ],
        at=datetime.fromisoformat(header["at"]) if header["at"] else None,
    )
    return {}, content


if __name__ == "__main__":
    run_child(lambda: join_pieces)
