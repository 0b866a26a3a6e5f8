"""Reads Excel workbooks (xlsx, xlsm, xltx) as a stream: cells as they are shown, and all that hangs on sheets and cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract import office
from scanner.extract.opc import Damaged, Element, Package, Relation, accounted, attribute, local
from scanner.extract.pivots import pivots
from scanner.extract.sheetparts import Hung, Strings, Styles, column_number, header_text, literals, placed
from scanner.model import Block, Cell, Document, Member, Section, Trait
from scanner.problems import Code, Problem, Stage
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem

_TAGS = ("row", "dataValidation", "hyperlink", "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w.-]{1,255}", re.ASCII)
_FEW = 20_000  # notes of one sort kept for the end of a sheet


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """A TABLE block (or several windows) for each sheet, then its comments, drawings and the like; properties last."""
    yield from accounted(_Book(Package(stream, budget)).everything())


class _Book:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.writer = BlockWriter()
        self.main = package.main("xl/workbook.xml")
        self.pairs = office.Pairs()
        self.strings = Strings(package.budget)
        self.styles = Styles()
        self.sheets: list[tuple[str, str, str]] = []  # name, state, relationship id
        self.names: dict[str, None] = {}
        self.seen = False

    def everything(self) -> Iterator[Item]:
        """The whole workbook."""
        yield from self._workbook()
        for part in self._related("styles"):
            yield from self.styles.read(self.package, part)
        for part in self._related("sharedStrings"):
            yield from self.strings.read(self.package, part)
        relations = self.package.relations(self.main)
        for number, (name, state, ident) in enumerate(self.sheets, 1):
            self.pairs.add("シート名", name)
            self.writer.scope = number
            yield from self._sheet(name, state, relations.get(ident))
        if not self.seen and any("/media/" in name for name in self.package.names()) and not office.pictures(self.package):
            yield Problem(Stage.EXTRACT, Code.IMAGE_ONLY)
        self.writer.scope = 0
        yield from office.parted(self.writer, self.names, "名前の定義", Section.HIDDEN)
        yield from self._caches()
        names = {name for name, _, _ in self.sheets}
        yield from pivots(self.package, self._related("pivotCacheDefinition"), names, self.writer)
        yield from office.data_parts(self.package, self.main, self.writer)
        yield from office.properties(self.package, self.pairs)
        for part in self._related("person"):
            yield from office.people(self.package, part, self.pairs)
        yield from self.pairs.blocks(self.writer)
        sheets = [relations[ident].target for _, _, ident in self.sheets if ident in relations]
        yield from office.embedded(self.package, (self.main, *sheets))

    def _related(self, *kinds: str) -> list[str]:
        return self.package.related(self.main, *kinds)

    def _workbook(self) -> Iterator[Problem]:
        try:
            for element in self.package.stream(self.main, ("workbookPr", "sheet", "definedName")):
                match local(element.tag):
                    case "workbookPr":
                        self.styles.from_1904 = element.get("date1904") in ("1", "true", "on")
                    case "sheet":
                        self.sheets.append((element.get("name", ""), element.get("state", ""), attribute(element, "id")))
                    case _ if not element.get("name", "").startswith("_xlnm"):
                        for text in (*literals(element.text or ""), element.get("comment") or ""):
                            self.names[text] = None
        except Damaged as damage:
            yield damage.problem

    def _sheet(self, name: str, state: str, relation: Relation | None) -> Iterator[Item]:
        """One sheet: cells, then what hangs on it. A sheet whose part is missing or damaged gives a problem."""
        if relation is None:
            yield Problem(Stage.EXTRACT, Code.CORRUPT, "missing part", name)
            return
        section = Section.HIDDEN if state in ("hidden", "veryHidden") else Section.BODY
        sheet = _Sheet(self, name, section)
        cells = sheet.rows(relation.target)
        for block in self.writer.table(cells, Cell(name, 1, 1), section=section, heading=name):
            self.seen = True
            yield block
        if sheet.damage:
            yield sheet.damage
        hung = Hung(self.package, self.writer, relation.target, name, section, self.pairs)
        yield from sheet.notes()
        yield from hung.everything(sheet.links, sheet.mails)

    def _caches(self) -> Iterator[Item]:
        """What other workbooks' cells held when this one was saved."""
        for part in self._related("externalLink"):
            lines: dict[str, None] = {}
            try:
                for cell in self.package.stream(part, ("cell",)):
                    if cell.get("t") == "str" and self.package.budget.holds(len(lines), _FEW):
                        lines["".join(cell.itertext())] = None
            except Damaged as damage:
                yield damage.problem
            yield from office.parted(self.writer, lines, "外部ブックの値", Section.HIDDEN)


class _Sheet:
    """The cells of one sheet, and what its own part says beside them."""

    def __init__(self, book: _Book, name: str, section: Section) -> None:
        self.book, self.name, self.section = book, name, section
        self.budget = book.package.budget
        self.damage: Problem | None = None
        self.links: list[Element] = []
        self.mails: set[str] = set()
        self.hidden: dict[str, None] = {}
        self.margins: dict[str, None] = {}
        self.readings: list[tuple[int, int, int]] = []

    def rows(self, part: str) -> Iterator[tuple[int, list[tuple[int, str]]]]:
        """Row by row, empty cells left out; a row or cell without a number follows the one before."""
        number = 0
        try:
            for element in self.book.package.stream(part, _TAGS):
                name = local(element.tag)
                if name != "row":
                    self._beside(name, element)
                    continue
                given = element.get("r", "")
                number = int(given) if given.isdigit() and len(given) < 8 else number + 1
                cells = self._cells(element, number)
                if cells:
                    self.budget.spend_characters(sum(len(text) for _, text in cells))
                    yield number, cells
        except Damaged as damage:
            self.damage = damage.problem

    def _cells(self, row: Element, number: int) -> list[tuple[int, str]]:
        cells: list[tuple[int, str]] = []
        column = 0
        for cell in row:
            letters = cell.get("r", "").rstrip("0123456789")
            column = column_number(letters) or column + 1
            text = self._text(cell, number, column)
            if text:
                cells.append((column, text))
                if "@" in text:
                    self.mails.update(_MAIL.findall(text.casefold()))
        return cells

    def _text(self, cell: Element, row: int, column: int) -> str:
        """What a cell shows."""
        value = inline = None
        for child in cell:
            name = local(child.tag)
            if name == "v":
                value = child.text
            elif name == "is":
                inline = self.book.strings.plain(child)[0]
            elif name == "f" and child.text and '"' in child.text:
                self._formula(child.text)
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return inline or ""
        if value is None:
            return inline or ""
        match kind:
            case "s":
                return self._shared(value, row, column)
            case "n":
                return self.book.styles.shown(value, cell.get("s", "0"))
            case "b":
                return "TRUE" if value.strip() == "1" else "FALSE"
            case "d":
                return self.book.styles.dated(value, cell.get("s", "0"))
            case "e":
                return ""
            case _:
                return self.book.strings.unescape(value)

    def _shared(self, value: str, row: int, column: int) -> str:
        index = int(value) if value.isdigit() and len(value) < 10 else -1
        if index in self.book.strings.readings and self.budget.holds(len(self.readings), _FEW):
            self.readings.append((row, column, index))
        return self.book.strings.at(index)

    def _formula(self, formula: str) -> None:
        for text in literals(formula):
            told = len(text) > 1 and (not text.isascii() or "@" in text) and text not in self.hidden
            if told and self.budget.holds(len(self.hidden), _FEW):
                self.hidden[text] = None

    def _beside(self, name: str, element: Element) -> None:
        if name == "hyperlink":
            if self.budget.holds(len(self.links), _FEW):
                self.links.append(dict(element.attrib))
        elif name == "dataValidation":
            for child in element:
                for text in literals(child.text or ""):
                    self.hidden[text] = None
            for key in ("promptTitle", "prompt", "errorTitle", "error"):
                self.hidden[element.get(key) or ""] = None
        else:
            self.margins[header_text(element.text or "")] = None

    def notes(self) -> Iterator[Block]:
        """Headers and footers, lists and literals, and the readings of names."""
        writer = self.book.writer
        margins, hidden = (self.margins, Section.HEADER, "ヘッダー"), (self.hidden, Section.HIDDEN, "入力規則・数式")
        for texts, section, name in (margins, hidden):
            text = "\n".join(text for text in texts if text.strip())
            self.budget.spend_characters(len(text))
            yield from writer.text(text, placed(self.name, 0, 0, name), section=section)
        if self.readings:
            strings = self.book.strings.readings
            rows = ((row, [(column, strings[index])]) for row, column, index in self.readings)
            yield from writer.table(rows, Cell(self.name, 1, 1), section=Section.NOTE, heading="ふりがな")
