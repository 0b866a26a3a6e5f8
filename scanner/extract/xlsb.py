"""Reads binary Excel workbooks (xlsb): cells as they are shown, and all that hangs on sheets as in xlsx."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract import office
from scanner.extract.biff import rk, styled
from scanner.extract.opc import Damaged, Package, Relation, accounted
from scanner.extract.sheetparts import Hung, header_text, placed
from scanner.model import Block, Cell, Document, Member, Section, Trait
from scanner.problems import Code, Problem, Stage
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem
_FEW = 20_000  # things hung on one sheet that are kept for its end
Row = tuple[int, list[tuple[int, str]]]


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """A TABLE block (or several windows) for each sheet, then what hangs on it; properties last; embedded files."""
    yield from accounted(_Book(Package(stream, budget)).everything())


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part ([MS-XLSB] 2.1.4); ends where the bytes end."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80 and at < end:
            kind = kind & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        size = 0
        for n in range(4):
            if at >= end:
                return
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << 7 * n
            if not byte & 0x80:
                break
        yield kind, data[at : at + size]
        at += size


def _wide(data: bytes, at: int) -> tuple[str, int]:
    """(string, offset behind it)."""
    length = int.from_bytes(data[at : at + 4], "little")
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + length * 2
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _rich(data: bytes, at: int) -> tuple[str, str]:
    """(string, its reading) of a RichStr."""
    flags = data[at] if at < len(data) else 0
    text, end = _wide(data, at + 1)
    if flags & 1:
        end += 4 + 4 * int.from_bytes(data[end : end + 4], "little")
    return text, _wide(data, end)[0] if flags & 2 else ""


class _Book:
    def __init__(self, package: Package) -> None:
        self.package, self.budget = package, package.budget
        self.writer = BlockWriter()
        self.main = package.main("xl/workbook.bin")
        self.pairs = office.Pairs()
        self.strings: list[tuple[str, str]] = []
        self.sheets: list[tuple[str, bool, str]] = []
        self.formats: dict[int, str] = {}
        self.styles: list[int] = []
        self.from_1904 = False

    def everything(self) -> Iterator[Item]:
        """The whole workbook."""
        self._workbook()
        for part in self.package.related(self.main, "styles"):
            self._styles(part)
        for part in self.package.related(self.main, "sharedStrings"):
            for kind, data in self._records(part):
                if kind == 19:
                    text, reading = _rich(data, 0)
                    self.budget.spend_characters(len(text))
                    self.strings.append((text, reading))
        relations = self.package.relations(self.main)
        for number, (name, hidden, ident) in enumerate(self.sheets, 1):
            self.pairs.add("シート名", name)
            self.writer.scope = number
            try:
                yield from self._sheet(name, hidden, relations.get(ident))
            except Damaged as damage:
                yield damage.problem
        self.writer.scope = 0
        yield from office.data_parts(self.package, self.main, self.writer)
        yield from office.properties(self.package, self.pairs)
        for part in self.package.related(self.main, "person"):
            yield from office.people(self.package, part, self.pairs)
        yield from self.pairs.blocks(self.writer)
        sheets = [relations[ident].target for _, _, ident in self.sheets if ident in relations]
        yield from office.embedded(self.package, (self.main, *sheets))

    def _records(self, part: str) -> Iterator[tuple[int, bytes]]:
        with self.package.member(part).stream as stream:
            yield from records(stream.read())

    def _workbook(self) -> None:
        for kind, data in self._records(self.main):
            if kind == 153:
                self.from_1904 = bool(data[:1] and data[0] & 1)
            elif kind == 156:
                ident, at = _wide(data, 8)
                self.sheets.append((_wide(data, at)[0], data[:1] in (b"\1", b"\2"), ident))

    def _styles(self, part: str) -> None:
        cells = False
        for kind, data in self._records(part):
            if kind in (617, 618):
                cells = kind == 617
            elif kind == 44:
                self.formats[int.from_bytes(data[:2], "little")] = _wide(data, 2)[0]
            elif kind == 47 and cells:
                self.styles.append(int.from_bytes(data[2:4], "little"))

    def shown(self, number: float, style: int) -> str:
        """A number as its style shows it."""
        return styled(number, style, self.styles, self.formats, from_1904=self.from_1904)

    def _sheet(self, name: str, hidden: bool, relation: Relation | None) -> Iterator[Item]:
        if relation is None:
            yield Problem(Stage.EXTRACT, Code.CORRUPT, "missing part", name)
            return
        section = Section.HIDDEN if hidden else Section.BODY
        sheet = _Sheet(self)
        rows = sheet.rows(self._records(relation.target))
        yield from self.writer.table(rows, Cell(name, 1, 1), section=section, heading=name)
        text = "\n".join(text for text in sheet.margins if text.strip())
        yield from self.writer.text(text, placed(name, 0, 0, "ヘッダー"), section=Section.HEADER)
        yield from self.writer.table(sheet.readings, Cell(name, 1, 1), section=Section.NOTE, heading="ふりがな")
        for part in self.package.related(relation.target, "comments"):
            yield from self._comments(part, name)
        yield from Hung(self.package, self.writer, relation.target, name, section, self.pairs).everything(sheet.links, set())

    def _comments(self, part: str, name: str) -> Iterator[Block]:
        authors: list[str] = []
        row = column = author = 0
        for kind, data in self._records(part):
            if kind == 632:
                authors.append(_wide(data, 0)[0])
            elif kind == 635 and len(data) >= 20:
                author, row, _, column = struct.unpack_from("<IIII", data)
            elif kind == 637:
                said = authors[author] if author < len(authors) else ""
                if said.startswith("tc="):  # the conversation is read from its own part
                    continue
                self.pairs.add("コメント作成者", said)
                text = _rich(data, 0)[0]
                self.budget.spend_characters(len(text))
                place = placed(name, row + 1, column + 1, "図形")
                yield from self.writer.text(text, place, section=Section.COMMENT, heading=name)


class _Sheet:
    """The cells of one sheet, and what its own part says beside them."""

    def __init__(self, book: _Book) -> None:
        self.book = book
        self.readings: list[Row] = []
        self.margins: dict[str, None] = {}
        self.links: list[dict[str, str]] = []

    def rows(self, found: Iterator[tuple[int, bytes]]) -> Iterator[Row]:
        """Row by row, empty cells left out."""
        number, cells = 0, list[tuple[int, str]]()
        for kind, data in found:
            if kind == 0 and len(data) >= 4:
                if cells:
                    yield self._counted(number, cells)
                number, cells = int.from_bytes(data[:4], "little") + 1, []
            elif (kind <= 11 or kind == 62) and len(data) >= 8:
                column = int.from_bytes(data[:4], "little") + 1
                if text := self._text(kind, data, number, column):
                    cells.append((column, text))
            elif kind == 479:
                at = 2
                for _ in range(6):
                    text, at = _wide(data, at)
                    self.margins[header_text(text)] = None
            elif kind == 494 and len(data) > 20 and self.book.budget.holds(len(self.links), _FEW):
                self.links.append({"id": _wide(data, 16)[0]})
        if cells:
            yield self._counted(number, cells)

    def _counted(self, number: int, cells: list[tuple[int, str]]) -> Row:
        self.book.budget.spend_characters(sum(len(text) for _, text in cells))
        return number, cells

    def _text(self, kind: int, data: bytes, row: int, column: int) -> str:
        style = int.from_bytes(data[4:7], "little")
        match kind:
            case 2 if len(data) >= 12:
                return self.book.shown(rk(int.from_bytes(data[8:12], "little")), style)
            case 5 | 9 if len(data) >= 16:
                return self.book.shown(struct.unpack_from("<d", data, 8)[0], style)
            case 4 | 10:
                return "TRUE" if data[8:9] == b"\1" else "FALSE"
            case 6 | 8:
                return _wide(data, 8)[0]
            case 62:
                return _rich(data, 8)[0]
            case 7:
                index = int.from_bytes(data[8:12], "little")
                if index >= len(self.book.strings):
                    return ""
                text, reading = self.book.strings[index]
                if reading and self.book.budget.holds(len(self.readings), _FEW):
                    self.readings.append((row, [(column, reading)]))
                return text
        return ""
