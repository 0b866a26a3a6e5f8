"""Reads LZH archives: headers of every level, members stored or packed by the methods in use since 1991 (lh4 to lh7)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract.lzhuf import METHODS, unpack
from scanner.extract.members import held, kind_of, names, problem
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Code, Problem, Unreadable

_STORED, _FOLDER = (b"-lh0-", b"-lz4-"), b"-lhd-"
_LONGEST = 1 << 16  # bytes of one extended header
_NAME, _DIRECTORY, _CODEPAGE = 1, 2, 0x46
_UTF8 = 65001


@dataclass(slots=True)
class _Entry:
    """A header. ``packed``: bytes of the member behind it; ``size``: those stated for its content."""

    method: bytes
    packed: int
    size: int
    name: bytes = b""
    directory: bytes = b""
    crc: int = 0
    utf8: bool = False


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Every file of the archive as a member. Raises Unreadable where the chain of headers breaks."""
    found: list[tuple[_Entry, int]] = []
    trouble: Unreadable | None = None
    end = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    try:
        while (entry := _header(stream, end)) is not None:
            found.append((entry, stream.tell()))
            stream.seek(entry.packed, io.SEEK_CUR)
            budget.check_time()
    except Unreadable as error:
        trouble = error
    paths = [_path(entry) for entry, _ in found]
    shown = names(paths, [path.decode("utf-8", "replace") if e.utf8 else None for path, (e, _) in zip(paths, found, strict=True)])
    for (entry, at), name in zip(found, shown, strict=True):
        if entry.method != _FOLDER:
            yield _member(stream, entry, at, name, budget)
    if trouble is not None:
        raise trouble


def _member(stream: BinaryIO, entry: _Entry, at: int, name: str, budget: Budget) -> Member:
    if entry.method not in (*_STORED, *METHODS):
        return Member(
            name, size=entry.size, problem=problem(Code.UNSUPPORTED, f"LZH method {entry.method.decode('ascii', 'replace')}")
        )
    if min(entry.packed, entry.size) > held(budget):
        return Member(name, size=entry.size, problem=problem(Code.TOO_LARGE, f"member > {held(budget)}"))
    stream.seek(at)
    data = stream.read(entry.packed)
    out = _Counted(entry.packed, budget)
    trouble = problem(Code.CORRUPT, "EOFError") if len(data) < entry.packed else None
    try:
        for piece in [data] if entry.method in _STORED else unpack(data, entry.method, entry.size):
            out.write(piece)
    except Unreadable as error:
        trouble = problem(error.problem.code, error.problem.detail)
    except MemoryError:
        trouble = problem(Code.MEMORY)
    except Exception as error:  # noqa: BLE001 - the decoder raises whatever junk makes it stumble over
        trouble = problem(Code.CORRUPT, kind_of(error))
    text = out.data.getvalue()
    if trouble is None and (len(text) != entry.size or _crc(text) != entry.crc):
        trouble = problem(Code.CORRUPT, "check sum")
    if trouble is not None and trouble.code is Code.BOMB:
        text = b""
    return Member(name, io.BytesIO(text), len(text), trouble)


class _Counted:
    """Where the decoder writes: counted piece by piece."""

    def __init__(self, packed: int, budget: Budget) -> None:
        self.packed, self.budget = packed, budget
        self.data = io.BytesIO()

    def write(self, piece: bytes) -> int:
        """Raises Unreadable past the budget."""
        self.budget.spend_bytes(len(piece))
        self.budget.check_ratio(self.packed, self.data.tell() + len(piece))
        if self.data.tell() + len(piece) > held(self.budget):
            raise Unreadable(Code.TOO_LARGE, f"member > {held(self.budget)}")
        return self.data.write(piece)


def _crc(data: bytes) -> int:
    """CRC-16/ARC, as LHA uses it."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def _row(crc: int) -> int:
    for _ in range(8):
        crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


_TABLE = tuple(map(_row, range(256)))


# ---------------------------------------------------------------- headers


def _header(stream: BinaryIO, end: int) -> _Entry | None:
    """The next header, levels 0 to 3; None at the end. Leaves the stream at the member's bytes."""
    start = stream.tell()
    head = stream.read(22)
    if not head or (head[0] == 0 and (len(head) < 22 or head[2:3] != b"-")):
        return None
    if len(head) < 22 or head[2:3] != b"-" or head[6:7] != b"-" or head[20] > 3:
        raise Unreadable(Code.CORRUPT, "LZH header")
    level = head[20]
    packed, size = struct.unpack_from("<II", head, 7)
    entry = _Entry(head[2:7], packed, size)
    try:
        if level < 2:
            _old(stream, start, head, entry, level)
        else:
            _new(stream, start, head, entry, level)
    except (struct.error, IndexError):
        raise Unreadable(Code.CORRUPT, "LZH header") from None
    if entry.packed < 0 or stream.tell() > end:
        raise Unreadable(Code.CORRUPT, "LZH header")
    return entry


def _old(stream: BinaryIO, start: int, head: bytes, entry: _Entry, level: int) -> None:
    """Levels 0 and 1: the name stands in the header itself; level 1 has extended headers counted with the member."""
    length = head[0] + 2
    stream.seek(start)
    whole = stream.read(length)
    size = whole[21]
    entry.name = whole[22 : 22 + size]
    (entry.crc,) = struct.unpack_from("<H", whole, 22 + size)
    if level == 1:
        stream.seek(start + length - 2)
        (first,) = struct.unpack("<H", stream.read(2))
        entry.packed -= _extended(stream, first, entry, 2)


def _new(stream: BinaryIO, start: int, head: bytes, entry: _Entry, level: int) -> None:
    """Levels 2 and 3: everything but sizes is in extended headers."""
    rest = head + stream.read(10)
    (entry.crc,) = struct.unpack_from("<H", rest, 21)
    width = 2 if level == 2 else 4
    length, first = struct.unpack_from("<H", rest, 0)[0], struct.unpack_from("<H", rest, 24)[0]
    if level == 3:
        length, first = struct.unpack_from("<II", rest, 24)
    stream.seek(start + (26 if level == 2 else 32))
    _extended(stream, first, entry, width)
    stream.seek(start + length)


def _extended(stream: BinaryIO, size: int, entry: _Entry, width: int) -> int:
    """Reads a chain of extended headers; the bytes it takes."""
    total = 0
    while size:
        if size > _LONGEST or size < 1 + width:
            raise Unreadable(Code.CORRUPT, "LZH header")
        data = stream.read(size)
        if len(data) < size:
            raise Unreadable(Code.CORRUPT, "LZH header")
        total += size
        kind, body = data[0], data[1:-width]
        if kind == _NAME:
            entry.name = body
        elif kind == _DIRECTORY:
            entry.directory = body
        elif kind == _CODEPAGE and len(body) >= 4:
            entry.utf8 = struct.unpack_from("<I", body)[0] == _UTF8
        size = int.from_bytes(data[-width:], "little")
    return total


def _path(entry: _Entry) -> bytes:
    directory = entry.directory.replace(b"\xff", b"/")
    name = entry.name.partition(b"\0")[0]
    return directory + (b"" if not directory or directory.endswith(b"/") else b"/") + name
