"""Reads Excel workbooks of 5.0 to 2003 (xls): cells as they are shown, comments, text boxes, lists, names, hidden sheets."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import olefile

from scanner.contracts import Budget
from scanner.extract import biff, office
from scanner.extract.blips import bitmaps
from scanner.extract.ole import compound, embedded, read_stream
from scanner.extract.oleprops import properties
from scanner.extract.sheetparts import header_text, placed
from scanner.model import Block, Cell, Document, Member, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem
Row = tuple[int, list[tuple[int, str]]]

_FEW = 20_000  # things hung on one sheet that are kept for its end
_HUNG = (0x100D, 0x1B6, 0x1C, 0x1BE, 0x1B8)  # titles of charts, text boxes, notes, validations, links
_CHART = 2  # [MS-XLS] 2.4.28, the kind of a sheet that is a chart
_NOTE = 0x19  # [MS-XLS] 2.5.143, the kind of object that shows a comment


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """A TABLE block (or several windows) for each sheet, then what hangs on it; names and properties last; embedded files."""
    with compound(stream) as ole:
        yield from _Book(ole, budget).everything()


@dataclass(frozen=True, slots=True)
class _Bound:
    name: str
    offset: int
    hidden: bool
    kind: int  # 0: a sheet of cells


class _Book:
    def __init__(self, ole: olefile.OleFileIO, budget: Budget) -> None:
        self.ole, self.budget = ole, budget
        self.data = read_stream(ole, ["Workbook"], budget) or read_stream(ole, ["Book"], budget)
        self.writer = BlockWriter()
        self.pairs = office.Pairs()
        self.page = "cp1252"
        self.old = False  # Excel 5 and 95: strings of bytes
        self.from_1904 = False
        self.formats: dict[int, str] = {}
        self.styles: list[int] = []
        self.sheets: list[_Bound] = []
        self.strings: list[str] = []
        self.readings: dict[int, str] = {}
        self.names: dict[str, None] = {}
        self.drawings: list[bytes] = []  # what holds the pictures

    def everything(self) -> Iterator[Item]:
        """The whole workbook."""
        self._globals()
        for number, bound in enumerate(self.sheets, 1):
            self.budget.spend_part()
            self.pairs.add("シート名", bound.name)
            self.writer.scope = number
            yield from _Sheet(self, bound).everything()
        self.writer.scope = 0
        yield from office.parted(self.writer, self.names, "名前の定義", Section.HIDDEN)
        properties(self.ole, self.budget, self.pairs)
        yield from self.pairs.blocks(self.writer)
        yield from embedded(self.ole, self.budget)
        yield from bitmaps(b"".join(self.drawings), self.budget)

    def _globals(self) -> None:
        """Formats, styles, sheets and shared strings of the workbook."""
        begun = False
        for kind, parts in biff.records(self.data):
            data = parts[0]
            if not begun:
                if kind not in (biff.BOF, 0x409, 0x209, 0x9):
                    raise Unreadable(Code.CORRUPT, "no workbook")
                self.old = kind != biff.BOF or struct.unpack_from("<H", data.ljust(2, b"\0"))[0] < 0x600
                begun = True
            elif kind == biff.EOF:
                break
            else:
                self._global(kind, data, parts)
        if not begun:
            raise Unreadable(Code.CORRUPT, "no workbook")

    def _global(self, kind: int, data: bytes, parts: list[bytes]) -> None:
        match kind:
            case 0x2F:
                raise Unreadable(Code.ENCRYPTED)
            case 0x42 if len(data) >= 2:
                number = int.from_bytes(data[:2], "little")
                self.page = {0x8000: "mac-roman", 0x8001: "cp1252", 1200: "cp932", 10001: "cp932"}.get(number, f"cp{number}")
            case 0x22:
                self.from_1904 = data[:1] == b"\1"
            case 0x41E if len(data) > 3:
                code = biff.text5(data, 2, self.page, 1) if self.old else biff.text8(data, 2)[0]
                self.formats[int.from_bytes(data[:2], "little")] = code
            case 0xE0 if len(data) >= 4:
                self.styles.append(int.from_bytes(data[2:4], "little"))
            case 0x85 if len(data) > 6:
                name = biff.text5(data, 6, self.page, 1) if self.old else biff.text8(data, 6, 1)[0]
                offset = int.from_bytes(data[:4], "little")
                self.sheets.append(_Bound(name, offset, bool(data[4] & 3), data[5]))
            case 0xEB if self.budget.ocr:
                self.drawings += parts
            case 0xFC:
                self.strings, self.readings = biff.shared_strings(parts, self.budget)
            case 0x18 if len(data) > 15 and not self.old:
                self._name(data)

    def _name(self, data: bytes) -> None:
        wide = data[14] & 1
        at = 15 + data[3] * (1 + wide)
        size = int.from_bytes(data[4:6], "little")
        for text in biff.literal(data[at : at + size]):
            self.names[text] = None

    def shown(self, number: float, style: int) -> str:
        """A number as its style shows it."""
        return biff.styled(number, style, self.styles, self.formats, from_1904=self.from_1904)


class _Sheet:
    """The cells of one sheet, and what stands beside them."""

    def __init__(self, book: _Book, bound: _Bound) -> None:
        self.book, self.bound = book, bound
        self.section = Section.HIDDEN if bound.hidden else Section.BODY
        self.object = (0, 0)  # kind and id of the last object
        self.texts: dict[int, tuple[int, str]] = {}
        self.spots: dict[int, tuple[int, int]] = {}
        self.readings: list[Row] = []
        self.margins: dict[str, None] = {}
        self.hidden: dict[str, None] = {}
        self.links: list[tuple[int, int, str]] = []
        self.whole = False
        self.pending: tuple[int, int] | None = None  # the cell of a formula whose string follows

    def everything(self) -> Iterator[Block | Problem]:
        """Cells, then comments, boxes, lists and the like."""
        book, name = self.book, self.bound.name
        if not 0 < self.bound.offset < len(book.data):
            yield Problem(Stage.EXTRACT, Code.CORRUPT, "no sheet", name)
            return
        yield from book.writer.table(self._rows(), Cell(name, 1, 1), section=self.section, heading=name)
        if not self.whole:
            yield Problem(Stage.EXTRACT, Code.CORRUPT, "truncated", name)
        for ident, (kind, text) in self.texts.items():
            row, column = self.spots.get(ident, (0, 0))
            section = Section.COMMENT if kind == _NOTE or ident in self.spots else self.section
            yield from self._at(row, column, text, section)
        for row, column, target in self.links:
            yield from self._at(row, column, target, Section.HIDDEN)
        for texts, section, part in (
            (self.margins, Section.HEADER, "ヘッダー"),
            (self.hidden, Section.HIDDEN, "入力規則"),
        ):
            text = "\n".join(text for text in texts if text.strip())
            yield from book.writer.text(text, placed(name, 0, 0, part), section=section)
        yield from book.writer.table(self.readings, Cell(name, 1, 1), section=Section.NOTE, heading="ふりがな")

    def _at(self, row: int, column: int, text: str, section: Section) -> Iterator[Block]:
        if text.strip():
            self.book.budget.spend_characters(len(text))
            place = placed(self.bound.name, row, column, "図形")
            yield from self.book.writer.text(text, place, section=section, heading=self.bound.name)

    # ------------------------------------------------------------ cells

    def _rows(self) -> Iterator[Row]:
        """Row by row as the file has them; of a chart only what stands in it, its figures are those of cells."""
        number, cells = -1, dict[int, str]()
        depth = 0
        for kind, parts in biff.records(self.book.data, self.bound.offset):
            if kind == biff.BOF:
                depth += 1
            elif kind == biff.EOF:
                depth -= 1
                if depth <= 0:
                    self.whole = True
                    break
            if depth > 1 or self.bound.kind == _CHART:
                self._beside(kind, parts)
                continue
            for row, column, text in self._cells(kind, parts):
                if row != number:
                    if cells:
                        yield self._row(number, cells)
                    number, cells = row, {}
                if text:
                    cells[column] = text
        if cells:
            yield self._row(number, cells)

    def _row(self, number: int, cells: dict[int, str]) -> Row:
        self.book.budget.spend_characters(sum(map(len, cells.values())))
        return number + 1, [(column + 1, cells[column]) for column in sorted(cells)]

    def _cells(self, kind: int, parts: list[bytes]) -> Iterator[tuple[int, int, str]]:
        """(row, column, text) of the cells in one record; rows and columns from 0."""
        data, book = parts[0], self.book
        if kind in (0x203, 0x27E, 0xBD):
            for row, column, style, number in biff.numbers(kind, data):
                yield row, column, book.shown(number, style)
        elif kind in (0x207, 0x407) and self.pending:
            text = biff.text5(data, 0, book.page) if book.old else biff.rich_string(biff.Segments(parts))[0]
            yield (*self.pending, text)
            self.pending = None
        elif kind in (0xFD, 0x204, 0xD6, 0x6, 0x206, 0x406, 0x205) and len(data) >= 8:
            row, column, style = struct.unpack_from("<HHH", data)
            yield row, column, self._text(kind, parts, row, column, style)
        else:
            self._beside(kind, parts)

    def _text(self, kind: int, parts: list[bytes], row: int, column: int, style: int) -> str:
        data, book = parts[0], self.book
        match kind:
            case 0xFD if len(data) >= 10:
                index = int.from_bytes(data[6:10], "little")
                if index in book.readings and book.budget.holds(len(self.readings), _FEW):
                    self.readings.append((row + 1, [(column + 1, book.readings[index])]))
                return book.strings[index] if index < len(book.strings) else ""
            case 0x204 | 0xD6:
                if book.old:
                    return biff.text5(data, 6, book.page)
                source = biff.Segments([data[6:], *parts[1:]])
                return biff.rich_string(source)[0]
            case 0x205:
                return ("TRUE" if data[6] else "FALSE") if data[7] == 0 else ""
            case _ if len(data) >= 14:
                return self._formula(data, row, column, style)
        return ""

    def _formula(self, data: bytes, row: int, column: int, style: int) -> str:
        """What a formula gave when the file was saved."""
        if data[12:14] == b"\xff\xff":
            if data[6] == 0:
                self.pending = (row, column)
            return ("TRUE" if data[8] else "FALSE") if data[6] == 1 else ""
        return self.book.shown(struct.unpack_from("<d", data, 6)[0], style)

    # ------------------------------------------------------------ beside the cells

    def _beside(self, kind: int, parts: list[bytes]) -> None:
        data, old = parts[0], self.book.old
        if kind in _HUNG and not self.book.budget.holds(len(self.texts) + len(self.links) + len(self.hidden), _FEW):
            return
        match kind:
            case 0x100D if len(data) > 4:  # SeriesText: the titles in a chart
                self.hidden[biff.text5(data, 2, self.book.page, 1) if old else biff.text8(data, 2, 1)[0]] = None
            case 0x5D if len(data) >= 8:
                self.object = struct.unpack_from("<HH", data, 4)
            case 0x1B6 if len(parts) > 1:
                length = int.from_bytes(data[10:12], "little")
                text = biff.Segments([b"", *parts[1:]]).characters(length, wide=False)
                ident = self.object[1]  # a chart in the sheet numbers its own objects anew
                self.texts[ident if ident and ident not in self.texts else -len(self.texts) - 1] = (self.object[0], text)
            case 0x1C if len(data) >= 8:
                self._note(data)
            case 0x14 | 0x15 if data:
                text = biff.text5(data, 0, self.book.page, 1) if old else biff.text8(data, 0)[0]
                self.margins[header_text(text)] = None
            case 0x1BE if not old and len(data) > 12:
                self._validation(data)
            case 0x1B8 if len(data) > 40:
                row, _, column = struct.unpack_from("<HHH", data)
                target = office.addressed(biff.link(data, lambda raw: raw.decode("utf-16-le", "replace")))
                if target:
                    self.links.append((row + 1, column + 1, target))

    def _note(self, data: bytes) -> None:
        row, column, _, ident = struct.unpack_from("<HHHH", data)
        if self.book.old:  # the text itself
            self.texts[-len(self.texts) - 1] = (_NOTE, biff.text5(data, 4, self.book.page))
            return
        self.spots[ident] = (row + 1, column + 1)
        self.book.pairs.add("コメント作成者", biff.text8(data, 8)[0])

    def _validation(self, data: bytes) -> None:
        at = 4
        for _ in range(4):
            text, at = biff.text8(data, at)
            if text.strip("\0 "):
                self.hidden[text] = None
        for _ in range(2):
            size = int.from_bytes(data[at : at + 2], "little")
            for text in biff.literal(data[at + 4 : at + 4 + size]):
                self.hidden[text] = None
            at += 4 + size
