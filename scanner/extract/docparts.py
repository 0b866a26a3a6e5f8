"""The structures of Word 97-2003 files ([MS-DOC]): the header, the pieces of the text, the properties of runs and paragraphs."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scanner.extract.pptatoms import Atom, atoms
from scanner.problems import Code, Unreadable

_OLD = 0xC1  # nFib of Word 97; smaller ones are of Word 6 and 95
_STORIES = (76, 80, 84, 88, 92, 96, 100, 104)  # ccpText, ccpFtn, ccpHdd, (macros), ccpAtn, ccpEdn, ccpTxbx, ccpHdrTxbx
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)  # of the operand, by the highest bits of a property's number; 0: it says its own
_MOST = 4_000_000  # characters' runs and pieces that are looked at
_PICTURE, _LINKED = 68, 0x66  # bytes of a picture's head; the kind whose content lies in a file elsewhere
DELETED, SYMBOL = 0x0800, 0x6A09
ROW_END, INNER_CELL, INNER_ROW_END, LEVEL, IN_TABLE = 0x2417, 0x244B, 0x244C, 0x6649, 0x2416


class Header:
    """The file information block: where the other structures lie in the table stream, how long each story is."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 34 or data[:2] not in (b"\xec\xa5", b"\xdc\xa5"):
            raise Unreadable(Code.CORRUPT, "no header")
        self.data = data
        self.version = int.from_bytes(data[2:4], "little")
        self.language = int.from_bytes(data[6:8], "little")
        flags = int.from_bytes(data[10:12], "little")
        if flags & 0x0100:
            raise Unreadable(Code.ENCRYPTED)
        self.table = "1Table" if flags & 0x0200 else "0Table"
        self.old = self.version < _OLD

    def lengths(self) -> list[int]:
        """Characters of the body, footnotes, headers, macros, comments, endnotes, text boxes, text boxes of headers."""
        return [int.from_bytes(self.data[at : at + 4], "little") for at in _STORIES]

    def part(self, index: int, table: bytes) -> bytes:
        """The structure of that number in the table stream."""
        at = 154 + 8 * index
        if at + 8 > len(self.data):
            return b""
        start, size = struct.unpack_from("<II", self.data, at)
        return table[start : start + size]

    def bounds(self) -> tuple[int, int]:
        """Where the text lies when there is no table of pieces."""
        start, end = struct.unpack_from("<II", self.data, 24)
        return start, min(end, len(self.data))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: its first character's number and where its bytes lie, one or two for each character."""

    first: int
    count: int
    place: int
    width: int


def pieces(clx: bytes) -> list[Piece]:
    """The pieces in order ([MS-DOC] 2.8.35). Raises Unreadable when the table makes no sense."""
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        at += 3 + int.from_bytes(clx[at + 1 : at + 3], "little")
    if at + 5 > len(clx) or clx[at] != 2:
        raise Unreadable(Code.CORRUPT, "piece table")
    size = int.from_bytes(clx[at + 1 : at + 5], "little")
    body = clx[at + 5 : at + 5 + size]
    count = (len(body) - 4) // 12
    if count <= 0 or count > _MOST:
        raise Unreadable(Code.CORRUPT, "piece table")
    ends = struct.unpack_from(f"<{count + 1}I", body)
    found = []
    for n in range(count):
        (place,) = struct.unpack_from("<I", body, (count + 1) * 4 + n * 8 + 2)
        length = ends[n + 1] - ends[n]
        if length <= 0:
            continue
        narrow = bool(place & 0x40000000)
        place &= 0x3FFFFFFF
        found.append(Piece(ends[n], length, place // 2 if narrow else place, 1 if narrow else 2))
    return found


def characters(data: bytes, piece: Piece) -> str:
    """A piece's text, one character for each number: the halves of pairs stay apart."""
    raw = data[piece.place : piece.place + piece.count * piece.width]
    if piece.width == 1:
        return raw.decode("cp1252", "replace").ljust(piece.count, "\0")[: piece.count]
    units = np.frombuffer(raw[: len(raw) & ~1], dtype="<u2").astype("<u4")
    return units.tobytes().decode("utf-32-le", "surrogatepass").ljust(piece.count, "\0")


def properties(grpprl: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, operand) of each property in a list."""
    at = 0
    while at + 2 <= len(grpprl):
        number = int.from_bytes(grpprl[at : at + 2], "little")
        at += 2
        size = _SIZES[number >> 13]
        if size == 0:
            if number == 0xD608:
                size = int.from_bytes(grpprl[at : at + 2], "little") + 1
            elif number == 0xC615 and grpprl[at : at + 1] == b"\xff":
                return
            else:
                size = (grpprl[at] if at < len(grpprl) else 0) + 1
        yield number, grpprl[at : at + size]
        at += size


class Runs:
    """Properties by where in the file the characters lie: of runs (CHPX) or of paragraphs (PAPX)."""

    def __init__(self, data: bytes, bins: bytes, *, paragraphs: bool) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.found: list[dict[int, bytes]] = []
        wanted = frozenset((ROW_END, INNER_CELL, INNER_ROW_END, LEVEL, IN_TABLE) if paragraphs else (DELETED, SYMBOL))
        count = max(0, (len(bins) - 4) // 8)
        entries: list[tuple[int, int, dict[int, bytes]]] = []
        seen: set[int] = set()
        for n in range(min(count, _MOST)):
            number = int.from_bytes(bins[(count + 1) * 4 + n * 4 :][:4], "little") & 0x3FFFFF
            page = data[number * 512 : number * 512 + 512]
            if len(page) == 512 and number not in seen:
                seen.add(number)
                entries += _page(page, wanted, paragraphs)
        for start, end, values in sorted(entries, key=lambda entry: entry[0]):
            self.starts.append(start)
            self.ends.append(end)
            self.found.append(values)

    def at(self, place: int) -> dict[int, bytes]:
        """The properties where a character's bytes begin."""
        n = bisect_right(self.starts, place) - 1
        return self.found[n] if n >= 0 and place < self.ends[n] else {}

    def between(self, start: int, end: int) -> Iterator[tuple[int, int, dict[int, bytes]]]:
        """The runs with properties that lie in a range, cut to it."""
        n = max(0, bisect_right(self.starts, start) - 1)
        while n < len(self.starts) and self.starts[n] < end:
            if self.found[n] and self.ends[n] > start:
                yield max(start, self.starts[n]), min(end, self.ends[n]), self.found[n]
            n += 1


def _page(page: bytes, wanted: frozenset[int], paragraphs: bool) -> Iterator[tuple[int, int, dict[int, bytes]]]:
    """(first byte, byte behind, properties) of the runs in a page of 512 bytes."""
    count = page[511]
    if (count + 1) * 4 + count * (13 if paragraphs else 1) > 511:
        return
    places = struct.unpack_from(f"<{count + 1}I", page)
    for n in range(count):
        values: dict[int, bytes] = {}
        at = page[(count + 1) * 4 + n * (13 if paragraphs else 1)] * 2
        if at:
            values = {number: operand for number, operand in properties(_list(page, at, paragraphs)) if number in wanted}
        yield places[n], places[n + 1], values


def _list(page: bytes, at: int, paragraphs: bool) -> bytes:
    """The list of properties at a place in a page; of a paragraph behind its style."""
    if not paragraphs:
        return page[at + 1 : at + 1 + page[at]]
    if page[at]:
        return page[at + 3 : at + 2 * page[at]]
    size = 2 * page[at + 1] if at + 1 < 511 else 0
    return page[at + 4 : at + 2 + size]


def numbers(plc: bytes, size: int) -> list[int]:
    """The character numbers of a list whose elements have ``size`` bytes."""
    count = (len(plc) - 4) // (4 + size)
    return list(struct.unpack_from(f"<{count + 1}I", plc)) if 0 < count <= _MOST else []


def names(table: bytes) -> list[str]:
    """The strings of a table of extended strings (STTB)."""
    found = []
    if len(table) < 6 or table[:2] != b"\xff\xff":
        return []
    count, extra = struct.unpack_from("<HH", table, 2)
    at = 6
    for _ in range(count):
        length = int.from_bytes(table[at : at + 2], "little")
        found.append(table[at + 2 : at + 2 + length * 2].decode("utf-16-le", "replace"))
        at += 2 + length * 2 + extra
    return found


def owners(table: bytes) -> list[str]:
    """The authors of comments."""
    found = []
    at = 0
    while at + 2 <= len(table):
        length = int.from_bytes(table[at : at + 2], "little")
        found.append(table[at + 2 : at + 2 + length * 2].decode("utf-16-le", "replace"))
        at += 2 + length * 2
    return found


def inline(data: bytes) -> Iterator[Atom]:
    """The properties of the pictures that stand in the text, out of the data stream ([MS-DOC] 2.9.192, PICFAndOfficeArtData)."""
    at = 0
    while at + _PICTURE <= len(data):
        size, head, kind = struct.unpack_from("<iHH", data, at)
        if size < _PICTURE or head != _PICTURE:
            return
        start = at + head
        if kind == _LINKED and start < len(data):  # the name of a linked file comes first
            start += 1 + data[start]
        for shape in atoms(data, start, at + size):
            if shape.kind == 0xF004:
                yield from (atom for atom in shape.children() if atom.kind in (0xF00B, 0xF121, 0xF122))
        at += size
