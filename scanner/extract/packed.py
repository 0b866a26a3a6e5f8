"""Reads compressed files (gzip, bzip2, xz, zstd): the one file in them, or the tar archive that they hold."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from scanner.contracts import Budget
from scanner.extract import tars
from scanner.extract.members import names, shown, unpacked
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Problem

_OPENERS: tuple[tuple[bytes, Callable[[Any], Any]], ...] = (
    (b"\x1f\x8b", lambda stream: gzip.GzipFile(fileobj=stream)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\0", lzma.LZMAFile),
)
_SUFFIXES = (".gz", ".bz2", ".bz", ".xz", ".zst", ".gzip")
_TARS = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar"}
_HAS_EXTRA, _HAS_NAME = 4, 8  # RFC 1952 2.3.1


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """The content as a member; of a tar its members, so that ``a.tar.gz!b.txt`` is one step."""
    magic = stream.read(6)
    opener = next(opener for begin, opener in _OPENERS if magic.startswith(begin))
    yield from unfolded(opener, stream, document, budget)


def unfolded(opener: Callable[[Any], Any], stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Member]:
    """What a compressed stream holds. ``opener`` makes a decompressed stream of it."""

    def opened() -> Any:
        stream.seek(0)
        return opener(stream)

    if _holds_tar(opened):
        with _Metered(opened(), document.size, budget) as source:
            yield from tars.members(source, document.size, budget)
    else:
        yield unpacked(_name(stream, document), opened, document.size, budget)


def _holds_tar(opened: Callable[[], Any]) -> bool:
    try:
        with opened() as source:
            return tars.is_tar(source.read(tars.HEADER))
    except Exception:  # noqa: BLE001 - it will break again when it is unpacked, and be reported there
        return False


class _Metered:
    """What a tar reader reads: watched for time and ratio, since headers and skipped files are no member's."""

    def __init__(self, source: Any, packed: int, budget: Budget) -> None:
        self.source, self.packed, self.budget = source, packed, budget
        self.total = 0

    def __enter__(self) -> _Metered:
        return self

    def __exit__(self, *_: object) -> None:
        self.source.close()

    def read(self, count: int) -> bytes:
        self.budget.check_time()
        data: bytes = self.source.read1(count)
        self.total += len(data)
        self.budget.check_ratio(self.packed, self.total)
        return data


def _name(stream: BinaryIO, document: Document) -> str:
    """The name without its ending; where that leaves none of a format, the name that gzip has kept."""
    outer = PurePosixPath((document.inside[-1] if document.inside else document.uri).replace("\\", "/")).name
    suffix = PurePosixPath(outer).suffix
    if suffix.lower() in _TARS:
        return shown(outer[: -len(suffix)] + _TARS[suffix.lower()])
    stem = outer[: -len(suffix)] if suffix.lower() in _SUFFIXES else outer
    kept = _kept_name(stream)
    if kept and not PurePosixPath(stem).suffix:
        return PurePosixPath(names([kept])[0]).name or shown(stem)
    return shown(stem)


def _kept_name(stream: BinaryIO) -> bytes:
    """The file's name in a gzip header (RFC 1952), b"" without one."""
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if not head.startswith(b"\x1f\x8b") or len(head) < 12 or not head[3] & _HAS_NAME:
        return b""
    at = 12 + int.from_bytes(head[10:12], "little") if head[3] & _HAS_EXTRA else 10
    return head[at : head.find(b"\0", at)] if head.find(b"\0", at) > 0 else b""
