"""Reads dBASE, FoxPro and Clipper tables (dbf): every record under the names of its fields, those marked as deleted apart."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract.decoding import text_of
from scanner.model import Block, Cell, Document, Member, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter
from scanner.text.encoding import decode

Row = tuple[int, list[tuple[int, str]]]

_KINDS = frozenset((0x02, 0x03, 0x04, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8C, 0x8E, 0xCB, 0xF5, 0xFB))
_PAGES = {0x13: "cp932", 0x7B: "cp932", 0x4D: "cp936", 0x7A: "cp936", 0x4E: "cp949", 0x79: "cp949", 0x4F: "cp950", 0x78: "cp950"}
_PAGES |= {0x03: "cp1252", 0x57: "cp1252", 0x58: "cp1252"}
_HEAD, _FIELD, _END = 32, 32, 0x0D
_SAMPLE = 1 << 16  # bytes of records that tell the encoding where the header does not
_MEMOS = "MGPW"  # kinds of fields whose content lies in a file beside the table
_SHEET = "dbf"
_KEPT = 10_000  # deleted records held until the others are told


@dataclass(frozen=True, slots=True)
class _Field:
    name: bytes
    kind: str
    at: int
    size: int
    scale: int


def is_dbf(head: bytes) -> bool:
    """Whether a file begins as a table does: a known kind, a date of the calendar, names of fields, the end of their list."""
    if len(head) < _HEAD + _FIELD + 1 or head[0] not in _KINDS or not (1 <= head[2] <= 12 and 1 <= head[3] <= 31):
        return False
    records, size = struct.unpack_from("<HH", head, 8)
    if not (_HEAD + _FIELD < records < len(head) + 263 and size > 1):
        return False
    fields = _fields(head)
    return bool(fields) and all(f.kind in "CNFLDTBIYMGPQVW0@+O" for f in fields) and fields[-1].at + fields[-1].size <= size


def _fields(head: bytes) -> list[_Field]:
    out: list[_Field] = []
    place = 1  # behind the mark of deletion
    for at in range(_HEAD, len(head) - _FIELD, _FIELD):
        if head[at] == _END:
            return out
        kind = chr(head[at + 11])
        size, scale = head[at + 16], head[at + 17]
        if kind == "C":
            size, scale = size + 256 * scale, 0
        out.append(_Field(head[at : at + 11].partition(b"\0")[0], kind, place, size, scale))
        place += size
    return out if head[-1] == _END else []


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """A TABLE block (or several windows); a second one of deleted records. Raises Unreadable when the header is damaged."""
    begin = stream.read(_HEAD)
    count, start, size = struct.unpack_from("<IHH", begin, 4)
    head = begin + stream.read(max(0, start - _HEAD))
    fields = _fields(head if head[-1:] == bytes((_END,)) else head + bytes((_END,)) + bytes(_FIELD))
    if not fields or size < 2:
        raise Unreadable(Code.CORRUPT, "no fields")
    sample = stream.read(_SAMPLE)
    page = _PAGES.get(begin[29], "") or text_of(b"\n".join((*(f.name for f in fields), sample.replace(b"\0", b" "))))[1]
    yield Trait("encoding", page)
    stream.seek(start)
    table = _Table(stream, fields, count, size, page, budget)
    writer = BlockWriter()
    yield from writer.table(table.rows(), Cell(_SHEET, 1, 1))
    if table.deleted:
        yield from writer.table([table.names(), *table.deleted], Cell(_SHEET, 1, 1), section=Section.DELETED)
    if any(f.kind in _MEMOS for f in fields):
        yield Problem(Stage.EXTRACT, Code.MEMBER_UNREAD, "memo file")
    if table.met < count:
        yield Problem(Stage.EXTRACT, Code.CORRUPT, "missing records")


class _Table:
    def __init__(self, stream: BinaryIO, fields: list[_Field], count: int, size: int, page: str, budget: Budget) -> None:
        self.stream, self.fields, self.count, self.size, self.page = stream, fields, count, size, page
        self.budget = budget
        self.met = 0
        self.deleted: list[Row] = []

    def names(self) -> Row:
        return 1, [(n, self._text(f.name)) for n, f in enumerate(self.fields, 1)]

    def rows(self) -> Iterator[Row]:
        """The names of the fields, then the living records; deleted ones are kept for later."""
        yield self.names()
        while self.met < self.count:
            record = self.stream.read(self.size)
            if len(record) < self.size or record[:1] == b"\x1a":
                return
            self.met += 1
            self.budget.spend_bytes(len(record))
            cells = [(n, text) for n, f in enumerate(self.fields, 1) if (text := self._shown(f, record[f.at : f.at + f.size]))]
            if not cells:
                continue
            self.budget.spend_characters(sum(len(text) for _, text in cells))
            if record[:1] != b"*":
                yield self.met + 1, cells
            elif self.budget.holds(len(self.deleted), _KEPT):
                self.deleted.append((self.met + 1, cells))

    def _shown(self, field: _Field, data: bytes) -> str:
        match field.kind:
            case "D":
                day = data.decode("ascii", "replace").strip("\0 ")
                return f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == 8 and day.isdigit() else day
            case "I" if len(data) == 4:
                return str(int.from_bytes(data, "little", signed=True))
            case "Y" if len(data) == 8:
                return str(int.from_bytes(data, "little", signed=True) / 10_000)
            case "B" | "O" if len(data) == 8:
                return f"{struct.unpack('<d', data)[0]:g}"
            case "M" | "G" | "P" | "W" | "T" | "@" | "0" | "Q" | "+":
                return ""  # numbers of blocks in a file beside it, times and marks
            case _:
                return self._text(data)

    def _text(self, data: bytes) -> str:
        return decode(data.strip(b"\0 "), self.page)[0].strip(" \u3000\0") if data.strip(b"\0 ") else ""
