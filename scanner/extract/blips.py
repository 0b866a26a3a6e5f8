"""Takes the bitmaps out of the drawings of old Office files ([MS-ODRAW] 2.2.23), for text recognition to look at."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from scanner.contracts import Budget
from scanner.model import Member

_RECORD = re.compile(rb"[\x1d\x1e\x29\x2a]\xf0(....)", re.DOTALL)  # JPEG, PNG, TIFF, JPEG of print: type and size
_SKIPS = (17, 33)  # bytes before the picture: one digest or two, and a mark
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"II*\0", "tif"), (b"MM\0*", "tif"))


def bitmaps(data: bytes, budget: Budget, first: int = 1) -> Iterator[Member]:
    """The pictures in a stream as members, numbered from ``first``, where text recognition is asked for."""
    at = 0
    while budget.ocr and (found := _RECORD.search(data, at)):
        at = found.start() + 1
        start, size = found.end(), int.from_bytes(found[1], "little")
        for skip in _SKIPS:
            head = data[start + skip : start + skip + 8]
            ending = next((ending for magic, ending in _KINDS if head.startswith(magic)), "")
            if ending and size > skip:
                picture = data[start + skip : start + size]
                budget.spend_bytes(len(picture))
                yield Member(f"picture{first}.{ending}", io.BytesIO(picture), len(picture))
                first += 1
                at = start + size
                break
