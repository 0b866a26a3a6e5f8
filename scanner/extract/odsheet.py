"""Reads the sheets of OpenDocument spreadsheets as a stream: cells as they are shown, comments, boxes, lists and names."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.contracts import Budget
from scanner.extract import office
from scanner.extract.odflow import OFFICE, ROW_GROUPS, TABLE, Flow, repeated, row_cells
from scanner.extract.opc import Damaged, Element, Package, attribute, local
from scanner.extract.sheetparts import literals, placed
from scanner.model import Block, Cell, Section
from scanner.problems import Problem
from scanner.text.blocks import BlockWriter

_TAGS = ("style", "table-row", "shapes", "forms", "table", "content-validation", "named-expression", "deletion")
_VALUES = ("string-value", "date-value", "time-value", "value", "boolean-value")
_FORMULA, _KIND = TABLE + "formula", OFFICE + "value-type"
_FEW = 20_000  # things hung on one sheet that are kept for its end

Row = tuple[int, list[tuple[int, str]]]


class _Sheet:
    """The rows of one sheet being streamed, and what hangs on its cells."""

    def __init__(self, element: Element, hidden_styles: set[str], budget: Budget) -> None:
        self.budget = budget
        self.name = attribute(element, "name")
        self.section = Section.HIDDEN if attribute(element, "style-name") in hidden_styles else Section.BODY
        self.row = 1
        self.hung: list[tuple[int, int, Flow]] = []
        self.literals: dict[str, None] = {}

    def cells(self, row: Element) -> Row | None:
        """The row's cells and its number, None when it is empty."""
        number = self.row
        self.row += repeated(row, "number-rows-repeated")
        column = 0

        def text_of(cell: Element) -> str:
            formula = cell.get(_FORMULA)
            if len(cell) == 1 and not len(cell[0]) and not formula and local(cell[0].tag) == "p":
                return cell[0].text or ""  # nearly every cell
            flow = Flow()
            nested: list[Element] = []
            text = flow.cell(cell, nested) if len(cell) else ""
            for inner in nested:
                flow.take(inner)
            if _hangs(flow) and self.budget.holds(len(self.hung), _FEW):
                self.hung.append((number, column, flow))
            self._formula(formula or "", text)
            return text or next((value for key in _VALUES if (value := cell.get(OFFICE + key))), "")

        cells: list[tuple[int, str]] = []
        for column, cell in _columns(row):
            cells.extend((column + n - 1, text) for n, text in row_cells([cell], text_of))
        return (number, cells) if cells else None

    def _formula(self, formula: str, text: str) -> None:
        for said in literals(formula) if '"' in formula else ():
            told = len(said) > 1 and (not said.isascii() or "@" in said) and said not in text and said not in self.literals
            if told and self.budget.holds(len(self.literals), _FEW):
                self.literals[said] = None


def _columns(row: Element) -> Iterator[tuple[int, Element]]:
    column = 1
    for cell in row:
        if local(cell.tag) in ("table-cell", "covered-table-cell"):
            if len(cell) or cell.get(_KIND):
                yield column, cell
            column += repeated(cell, "number-columns-repeated")


def _hangs(flow: Flow) -> bool:
    return bool(flow.boxes or flow.comments or flow.notes or flow.links or flow.readings or flow.hidden or flow.items)


_Event = tuple[_Sheet, Row | None]


def _rows_of(event: _Event, events: Iterator[_Event], following: list[_Event]) -> Iterator[Row]:
    """The rows of one sheet; the first event of the next one goes into ``following``."""
    sheet, row = event
    if row:
        yield row
    for other in events:
        if other[0] is not sheet:
            following.append(other)
            return
        if other[1]:
            yield other[1]


def sheets(package: Package, writer: BlockWriter, pairs: office.Pairs, objects: dict[str, None]) -> Iterator[Block | Problem]:
    """A TABLE block (or several windows) for each sheet, then what hangs on it; lists and names of the book last."""
    reader = _Reader(package, writer, pairs, objects)
    yield from reader.everything()


class _Reader:
    def __init__(self, package: Package, writer: BlockWriter, pairs: office.Pairs, objects: dict[str, None]) -> None:
        self.package, self.writer, self.pairs, self.objects = package, writer, pairs, objects
        self.hidden_styles: set[str] = set()
        self.lists: dict[str, None] = {}
        self.damage: Problem | None = None

    def everything(self) -> Iterator[Block | Problem]:
        """Sheet by sheet."""
        events = self._events()
        event = next(events, None)
        while event is not None:
            sheet = event[0]
            following: list[_Event] = []
            self.pairs.add("シート名", sheet.name)
            self.writer.scope += 1
            rows = _rows_of(event, events, following)
            yield from self.writer.table(rows, Cell(sheet.name, 1, 1), section=sheet.section, heading=sheet.name)
            yield from self._hung(sheet)
            event = following[0] if following else None
        if self.damage:
            yield self.damage
        self.writer.scope = 0
        yield from office.parted(self.writer, self.lists, "入力規則・名前の定義", Section.HIDDEN)

    def _events(self) -> Iterator[_Event]:
        """(sheet, row) in the file's order; a sheet without text gives one event without row."""
        sheet: _Sheet | None = None
        open_table: Element = None
        try:
            for element in self.package.stream("content.xml", _TAGS):
                name = local(element.tag)
                if name == "style":
                    if any(attribute(child, "display") == "false" for child in element.iter("{*}table-properties")):
                        self.hidden_styles.add(attribute(element, "name"))
                elif name in ("content-validation", "named-expression", "deletion"):
                    self._beside(element)
                else:
                    table = element if name == "table" else _table_of(element)
                    if table is None:
                        continue
                    if table is not open_table:
                        open_table, sheet = table, _Sheet(table, self.hidden_styles, self.package.budget)
                        yield sheet, None
                    if sheet is not None:
                        yield sheet, self._row(sheet, element)
        except Damaged as damage:
            self.damage = damage.problem

    def _row(self, sheet: _Sheet, element: Element) -> Row | None:
        if local(element.tag) == "table-row":
            row = sheet.cells(element)
            if row:
                self.package.budget.spend_characters(sum(len(text) for _, text in row[1]))
            return row
        if local(element.tag) in ("shapes", "forms"):
            flow = Flow()
            flow.take(element)
            sheet.hung.append((0, 0, flow))
        return None

    def _beside(self, element: Element) -> None:
        for key in ("condition", "expression"):
            for text in literals(attribute(element, key)):
                self.lists[text] = None
        for paragraph in element.iter("{*}p"):
            self.lists["".join(paragraph.itertext())] = None

    def _hung(self, sheet: _Sheet) -> Iterator[Block]:
        seen: set[str] = set()
        for row, column, flow in sheet.hung:
            for inner in flow.everywhere():
                self.objects.update(inner.objects)
                for author, text in inner.comments:
                    self.pairs.add("コメント作成者", author)
                    yield from self._at(sheet, row, column, text, Section.COMMENT)
                links = [link for link in inner.links if link not in seen]
                seen.update(links)
                beside = "\n".join(text for text in (*inner.alternatives, *inner.hidden, *links) if text)
                yield from self._at(sheet, row, column, beside, Section.HIDDEN)
                yield from self._at(sheet, row, column, "\n".join(inner.readings), Section.NOTE)
                for note in inner.notes:
                    yield from self._at(sheet, row, column, "\n".join(note.lines()), Section.NOTE)
            yield from self._at(sheet, row, column, "\n".join(flow.lines()), sheet.section)
        yield from self._at(sheet, 0, 0, "\n".join(sheet.literals), Section.HIDDEN)

    def _at(self, sheet: _Sheet, row: int, column: int, text: str, section: Section) -> Iterator[Block]:
        if text.strip():
            self.package.budget.spend_characters(len(text))
            yield from self.writer.text(text, placed(sheet.name, row, column, "図形"), section=section, heading=sheet.name)


def _table_of(element: Element) -> Element | None:
    """The sheet that an element stands in, None when that is a table within a cell or shape."""
    parent = element.getparent()
    while parent is not None:
        name = local(parent.tag)
        if name == "table":
            above = parent.getparent()
            return parent if above is not None and local(above.tag) == "spreadsheet" else None
        if name not in ROW_GROUPS:
            return None
        parent = parent.getparent()
    return None
