"""Reads RAR archives: names and what is only stored by itself, packed members with libarchive's bsdtar where that is installed."""

from __future__ import annotations

import io
import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from scanner.contracts import Budget
from scanner.extract.foreign import NEEDED, converted, unpacker
from scanner.extract.members import names, problem, shown, unpacked
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Code, Problem, Unreadable

_OLD, _NEW = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_HEADER = 1 << 21  # bytes of a header; the format allows no more


@dataclass(slots=True)
class _Entry:
    """A file of the archive. ``at``, ``packed``: where its bytes are; ``stored``: they are the content as it is."""

    name: str
    at: int
    packed: int
    size: int
    stored: bool
    encrypted: bool
    link: bool = False
    split: bool = False


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Every file of the archive as a member, with its reason where it can't be unpacked. Raises Unreadable at broken headers."""
    entries, trouble = _listed(stream, budget)
    packed: list[_Entry] = []
    for entry in entries:
        if entry.link:
            yield Member(entry.name, size=0, problem=problem(Code.LINK))
        elif entry.encrypted:
            yield Member(entry.name, size=entry.size, problem=problem(Code.ENCRYPTED, "RAR"))
        elif entry.split:
            yield Member(entry.name, size=entry.size, problem=problem(Code.UNSUPPORTED, "RAR volume"))
        elif entry.stored:
            yield unpacked(entry.name, _opener(stream, entry), entry.packed, budget)
        else:
            packed.append(entry)
    if packed:
        yield from _unpacked(stream, entries, packed, document, budget)
    if trouble is not None:
        raise trouble


def _opener(stream: BinaryIO, entry: _Entry) -> Any:
    return lambda: _Slice(stream, entry)


class _Slice:
    """The bytes of a stored member; one that is cut off breaks instead of ending."""

    def __init__(self, stream: BinaryIO, entry: _Entry) -> None:
        self.stream, self.at, self.left = stream, entry.at, entry.packed

    def __enter__(self) -> _Slice:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def close(self) -> None:
        return

    def read(self, count: int) -> bytes:
        self.stream.seek(self.at)
        data = self.stream.read(min(count, self.left))
        if not data and self.left:
            raise EOFError
        self.at += len(data)
        self.left -= len(data)
        return data


# ---------------------------------------------------------------- what needs an unpacker


def _unpacked(
    stream: BinaryIO, entries: list[_Entry], packed: list[_Entry], document: Document, budget: Budget
) -> Iterator[Member]:
    """Packed members, by a program that turns the archive into a tar: all through pipes, no file is written, no name passed.

    Of equal names the first that the program gives is the first in the archive.
    """
    program = unpacker()
    left = list(packed)
    named: dict[str, deque[_Entry]] = {}
    for entry in entries:
        named.setdefault(entry.name, deque()).append(entry)
    reason = problem(Code.MISSING_EXTRA, NEEDED)
    if program:
        reason = problem(Code.CORRUPT, "bsdtar")
        try:
            for member in converted(program, stream, document, budget):
                same = named.get(member.name)
                mine = same.popleft() if same else None
                if mine is None or mine in left:
                    left = [other for other in left if other is not mine]
                    yield member
        except Unreadable as error:
            reason = problem(error.problem.code, error.problem.detail)
    for entry in left:
        yield Member(entry.name, size=entry.size, problem=reason)


# ---------------------------------------------------------------- headers


def _listed(stream: BinaryIO, budget: Budget) -> tuple[list[_Entry], Unreadable | None]:
    """The files and where the list of them breaks, if it does. Raises Unreadable when the list itself is encrypted."""
    end = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    magic = stream.read(8)
    stream.seek(8 if magic == _NEW else 7)
    step = _new_header if magic == _NEW else _old_header
    out: list[_Entry] = []
    while stream.tell() < end:
        budget.check_time()
        try:
            following = step(stream, out)
        except (struct.error, IndexError, ValueError):
            return out, Unreadable(Code.CORRUPT, "RAR header")
        if following < 0:
            return out, None
        if following > end:
            return out, Unreadable(Code.CORRUPT, "RAR header")
        stream.seek(following)
    return out, None if magic != _NEW else Unreadable(Code.CORRUPT, "no end of archive")  # early versions wrote none


def _old_header(stream: BinaryIO, out: list[_Entry]) -> int:
    """One block of RAR 1.5 to 4; where the next begins, -1 at the end."""
    start = stream.tell()
    _, kind, flags, size = struct.unpack("<HBHH", stream.read(7))
    if size < 7:
        raise ValueError
    body = stream.read(size - 7)
    if kind == 0x7B:
        return -1
    if kind == 0x73 and flags & 0x80:
        raise Unreadable(Code.ENCRYPTED, "RAR, names too")
    if kind != 0x74:
        return start + int(size) + (int(struct.unpack_from("<I", body)[0]) if flags & 0x8000 else 0)
    packed, unpacked_size, host, _, _, _, method, length, mode = struct.unpack_from("<IIBIIBBHI", body)
    at = 25
    if flags & 0x100:
        high, high_size = struct.unpack_from("<II", body, at)
        packed, unpacked_size, at = packed | high << 32, unpacked_size | high_size << 32, at + 8
    if flags & 0xE0 != 0xE0:
        name = _old_name(body[at : at + length], bool(flags & 0x200), len(out) + 1)
        link = host == 3 and mode & 0o170000 == 0o120000
        entry = _Entry(name, start + size, packed, unpacked_size, method == 0x30, bool(flags & 4), link, bool(flags & 3))
        out.append(entry)
    return start + int(size) + int(packed)


def _old_name(raw: bytes, wide: bool, number: int) -> str:
    """A name of RAR 4: bytes of the system's own encoding, with Unicode packed behind them."""
    plain, _, more = raw.partition(b"\0")
    if not wide:
        return names([raw])[0]
    if not more:
        return shown(raw.decode("utf-8", "replace"), number)
    high, at, flags, bits = more[0] << 8, 1, 0, 0
    out: list[int] = []
    while at < len(more) and len(out) < 2048:
        if not bits:
            flags, bits, at = more[at], 8, at + 1
            continue
        kind, flags, bits = flags >> 6, flags << 2 & 0xFF, bits - 2
        if kind < 3:
            out.append(more[at] | (high if kind == 1 else more[at + 1] << 8 if kind == 2 else 0))
            at += 2 if kind == 2 else 1
            continue
        count, at = more[at], at + 1
        changed = bool(count & 0x80)
        change = more[at] if changed else 0
        at += changed
        for byte in plain[len(out) : len(out) + (count & 0x7F) + 2]:
            out.append((byte + change & 0xFF) | high if changed else byte)
    return shown(struct.pack(f"<{len(out)}H", *out).decode("utf-16-le", "replace"), number)


def _new_header(stream: BinaryIO, out: list[_Entry]) -> int:
    """One block of RAR 5; where the next begins, -1 at the end."""
    start = stream.tell()
    head = stream.read(4 + 3)
    size, width = _number(head, 4)
    if not 0 < size <= _HEADER:
        raise ValueError
    stream.seek(start + 4 + width)
    body = stream.read(size)
    after = start + 4 + width + size
    at = 0
    values = []
    for _ in range(2):
        value, width = _number(body, at)
        values.append(value)
        at += width
    kind, flags = values
    extra = packed = 0
    if flags & 1:
        extra, width = _number(body, at)
        at += width
    if flags & 2:
        packed, width = _number(body, at)
        at += width
    if kind == 4:
        raise Unreadable(Code.ENCRYPTED, "RAR, names too")
    if kind == 5:
        return -1
    if kind == 2:
        _file(body, at, extra, after, packed, flags, out)
    return after + packed


def _file(body: bytes, at: int, extra: int, after: int, packed: int, flags: int, out: list[_Entry]) -> None:
    file_flags, width = _number(body, at)
    at += width
    size, width = _number(body, at)
    at += width
    _, width = _number(body, at)  # attributes
    at += width + (4 if file_flags & 2 else 0) + (4 if file_flags & 4 else 0)
    method, width = _number(body, at)
    at += width
    _, width = _number(body, at)  # system
    at += width
    length, width = _number(body, at)
    at += width
    if file_flags & 1:  # a folder
        return
    kinds = set()
    where = len(body) - extra if extra else len(body)
    while where < len(body):
        span, width = _number(body, where)
        kind, _ = _number(body, where + width)
        kinds.add(kind)
        where += width + span
    name = shown(body[at : at + length].decode("utf-8", "replace"), len(out) + 1)
    stored = not method >> 7 & 7
    out.append(_Entry(name, after, packed, size, stored, 1 in kinds, 5 in kinds, bool(flags & 0x18)))


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number in seven bits a byte, and how many bytes it takes."""
    value = 0
    for width in range(10):
        value |= (data[at + width] & 0x7F) << 7 * width
        if not data[at + width] & 0x80:
            return value, width + 1
    raise ValueError
