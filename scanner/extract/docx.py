"""Reads Word documents (docx, docm, dotx): every place where text can lie, each character once, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract import office
from scanner.extract.opc import Damaged, Element, Package, accounted, attribute, local
from scanner.extract.wordline import Line, read_line
from scanner.extract.wordparts import SKIPPED, heading_styles, inside, number_of
from scanner.model import Block, Cell, Document, Member, Part, Section, Trait
from scanner.problems import Code, Problem, Stage
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem

_CHILDREN = ("p", "tbl", "sdt", "customXml", "smartTag", "ins", "del", "moveFrom", "moveTo", "AlternateContent", "sectPr")
_SENTENCE = re.compile("[。、：:@＠]|[0-9０-９]{4}")
_NOTES = (("footnotes", "footnote", "脚注"), ("endnotes", "endnote", "文末脚注"))


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """Blocks of body, tables, boxes, headers, footers, notes, comments, deletions, hidden text and properties; embedded files."""
    yield from accounted(_Word(Package(stream, budget)).everything())


class _Flow:
    """A run of paragraphs being gathered for a block. ``number`` counts lines, as paragraph numbers for a person."""

    def __init__(self, name: str, section: Section) -> None:
        self.name, self.section = name, section
        self.number = 0
        self.first = 1
        self.heading = ""
        self.lines: list[str] = []
        self.size = 0
        self.pending: list[Line] = []


class _Word:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.budget = package.budget
        self.writer = BlockWriter()
        self.main = package.main("word/document.xml")
        self.part = self.main
        self.headings = set[str]()
        self.tables = self.boxes = 0
        self.pairs = office.Pairs()
        self.shown: set[str] = set()  # addresses that a hyperlink's own text shows
        self.links: dict[str, None] = {}
        self.hidden: dict[str, None] = {}
        self.pictures = False

    def everything(self) -> Iterator[Item]:
        """The whole document: what a reader sees first, what lies hidden after it."""
        yield from heading_styles(self.package, self._related("styles"), self.headings)
        yield from self._story(self.main, _CHILDREN, "body", "本文", Section.BODY)
        unread = (self.pictures or self._related("image")) and not office.pictures(self.package)
        if self.writer.index == 0 and unread:
            yield Problem(Stage.EXTRACT, Code.IMAGE_ONLY)
        yield from office.graphics(self.package, self.main, self.writer, Part("図表"))
        yield from self._margins()
        yield from self._notes()
        yield from self._comments()
        for part in self._related("glossaryDocument"):
            yield from self._story(part, ("p", "tbl", "sdt"), "docPartBody", "文書パーツ", Section.HIDDEN)
        yield from self._rest()

    def _rest(self) -> Iterator[Item]:
        links = [link for link in self.links if link not in self.shown]
        yield from office.parted(self.writer, links, "リンク先", Section.HIDDEN)
        yield from office.parted(self.writer, self.hidden, "フィールド", Section.HIDDEN)
        yield from office.data_parts(self.package, self.main, self.writer)
        yield from office.properties(self.package, self.pairs)
        for part in self._related("people"):
            yield from office.people(self.package, part, self.pairs)
        yield from self.pairs.blocks(self.writer)
        holders = self._related("header", "footer", "footnotes", "endnotes", "comments", "chart", "chartEx")
        yield from office.embedded(self.package, (self.main, *holders))

    def _related(self, *kinds: str) -> list[str]:
        try:
            return self.package.related(self.main, *kinds)
        except Damaged:
            return []

    # ------------------------------------------------------------ parts

    def _story(self, part: str, tags: tuple[str, ...], under: str, name: str, section: Section) -> Iterator[Item]:
        """One part's flow of paragraphs and tables; what is damaged ends it with a problem."""
        self.part = part
        flow = _Flow(name, section)
        try:
            for element in self.package.stream(part, tags, under=under):
                yield from self._block(element, flow)
        except Damaged as damage:
            yield from self._flush(flow)
            yield damage.problem
        yield from self._flush(flow)

    def _margins(self) -> Iterator[Item]:
        """Headers and footers; those that only repeat another one (first page, even pages, sections) are given once."""
        said: set[tuple[Section, str]] = set()
        for kind, section, name in (("header", Section.HEADER, "ヘッダー"), ("footer", Section.FOOTER, "フッター")):
            for part in self._related(kind):
                first = self.writer.index
                items = list(self._story(part, _CHILDREN, "hdr" if kind == "header" else "ftr", name, section))
                texts = "\0".join(item.text for item in items if isinstance(item, Block))
                if (section, texts) in said:
                    self.writer.index = first
                    continue
                said.add((section, texts))
                yield from items

    def _notes(self) -> Iterator[Item]:
        for kind, tag, name in _NOTES:
            for part in self._related(kind):
                yield from self._story(part, ("p", "tbl", "sdt"), tag, name, Section.NOTE)

    def _comments(self) -> Iterator[Item]:
        """Comments, a block each, with their authors among the properties."""
        for part in self._related("comments"):
            self.part = part
            number = 0
            try:
                for comment in self.package.stream(part, ("comment",)):
                    number += 1
                    self.pairs.add("コメント作成者", attribute(comment, "author"))
                    flow = _Flow("コメント", Section.COMMENT)
                    flow.number = number - 1
                    for child in comment:
                        yield from self._block(child, flow)
                    yield from self._flush(flow, number)
            except Damaged as damage:
                yield damage.problem

    # ------------------------------------------------------------ blocks

    def _blocks(self, elements: Iterable[Element], name: str, section: Section, number: int = 0) -> Iterator[Item]:
        flow = _Flow(name, section)
        for element in elements:
            yield from self._block(element, flow)
        yield from self._flush(flow, number)

    def _block(self, element: Element, flow: _Flow) -> Iterator[Item]:
        """What one element between paragraphs gives."""
        match local(element.tag):
            case "p":
                yield from self._paragraph(element, flow)
            case "tbl":
                yield from self._table(element, flow)
            case "AlternateContent":
                for branch in office.alternatives(element):
                    for child in branch:
                        yield from self._block(child, flow)
            case name if name and name not in SKIPPED:
                for child in element:
                    yield from self._block(child, flow)

    def _paragraph(self, element: Element, flow: _Flow) -> Iterator[Item]:
        line = self._line(element)
        if line.new_page and flow.section is Section.BODY and flow.name == "本文":
            yield from self._flush(flow)
            self.writer.scope += 1
        if line.text.strip() and self._is_heading(line, flow):
            yield from self._flush(flow)
            flow.heading = " ".join(line.text.split())[:200]
        if not flow.lines:
            if not line.text.strip() and not line.extras:
                flow.number += 1
                return
            flow.first = flow.number + 1
        flow.lines.append(line.text)
        flow.number += line.text.count("\n") + 1
        flow.size += len(line.text) + 1
        if line.extras:
            flow.pending.append(line)
        if flow.size > 1 << 20:
            yield from self._flush(flow)

    def _is_heading(self, line: Line, flow: _Flow) -> bool:
        """By style or outline level; a short centred line is one too, as most Japanese forms have their title without a style."""
        if flow.section is not Section.BODY or len(line.text) > 200:
            return False
        if line.outline or line.style in self.headings:
            return True
        return line.centred and len(line.text.strip()) <= 40 and not _SENTENCE.search(line.text)

    def _line(self, element: Element) -> Line:
        line = read_line(element)
        self.budget.spend_characters(len(line.text))
        for author in line.authors:
            self.pairs.add("変更者", author)
        for ident, text in line.links:
            self._link(ident, text)
        for instruction in line.instructions:
            self.hidden[instruction] = None
        self.pictures = self.pictures or line.picture
        return line

    def _link(self, ident: str, text: str) -> None:
        """Notes a hyperlink's target, unless its own text shows it."""
        try:
            relation = self.package.relations(self.part).get(ident)
        except Damaged:
            return
        if relation and relation.external:
            target = office.addressed(relation.target)
            if target.casefold() in text.casefold():
                self.shown.add(target)
            else:
                self.links[target] = None

    def _flush(self, flow: _Flow, number: int = 0) -> Iterator[Item]:
        """Gives out the gathered paragraphs, then the boxes, readings and deletions that hang on them."""
        lines, pending = flow.lines, flow.pending
        flow.lines, flow.pending, flow.size = [], [], 0
        if lines:
            # blank lines at the end belong to nobody
            while lines and not lines[-1].strip():
                lines.pop()
            place = Part(flow.name, number or flow.first)
            yield from self.writer.text("\n".join(lines), place, section=flow.section, heading=flow.heading)
        for line in pending:
            yield from self._extras(line, flow)

    def _extras(self, line: Line, flow: _Flow) -> Iterator[Item]:
        for box in line.boxes:
            self.boxes += 1
            if isinstance(box, str):
                yield from self.writer.text(box, Part("図形", self.boxes), section=flow.section, heading=flow.heading)
            elif local(box.tag) == "txbxContent":
                yield from self._blocks(box, "テキストボックス", flow.section, self.boxes)
            else:
                yield from self.writer.text(office.drawn(box), Part("図形", self.boxes), section=flow.section)
        place = Part(flow.name, flow.first)
        yield from self._aside(line.readings, Part("ふりがな", place.number), Section.NOTE)
        yield from self._aside(line.alternatives, Part("代替テキスト", place.number), Section.HIDDEN)
        yield from self._aside(line.deleted, Part("削除された文字", place.number), Section.DELETED)

    def _aside(self, texts: list[str], place: Part, section: Section) -> Iterator[Block]:
        if texts:
            text = "\n".join(texts)
            self.budget.spend_characters(len(text))
            yield from self.writer.text(text, place, section=section)

    # ------------------------------------------------------------ tables

    def _table(self, table: Element, flow: _Flow) -> Iterator[Item]:
        """A table as a TABLE block; a frame of one cell is running text."""
        rows = [list(inside(row, "tc")) for row in inside(table, "tr")]
        if len(rows) == 1 and len(rows[0]) == 1:
            for child in rows[0][0]:
                yield from self._block(child, flow)
            return
        yield from self._flush(flow)
        self.tables += 1
        place = Cell(f"表{self.tables}", 1, 1)
        nested: list[Element] = []
        asides: list[Line] = []
        cells = self._rows(table, nested, asides)
        yield from self.writer.table(cells, place, section=flow.section, heading=flow.heading)
        for line in asides:
            yield from self._extras(line, flow)
        for inner in nested:
            yield from self._table(inner, flow)

    def _rows(self, table: Element, nested: list[Element], asides: list[Line]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
        for number, row in enumerate(inside(table, "tr"), 1):
            column = 1 + number_of(row, "trPr", "gridBefore", 0)
            cells: list[tuple[int, str]] = []
            for cell in inside(row, "tc"):
                lines: list[str] = []
                self._cell(cell, lines, nested, asides)
                text = "\n".join(lines).strip("\n")
                if text.strip():
                    cells.append((column, text))
                column += number_of(cell, "tcPr", "gridSpan", 1)
            if cells:
                yield number, cells

    def _cell(self, element: Element, lines: list[str], nested: list[Element], asides: list[Line]) -> None:
        for child in element:
            match local(child.tag):
                case "p":
                    line = self._line(child)
                    lines.append(line.text)
                    if line.extras:
                        asides.append(line)
                case "tbl":
                    nested.append(child)
                case "AlternateContent":
                    for branch in office.alternatives(child):
                        self._cell(branch, lines, nested, asides)
                case name if name and name not in SKIPPED:
                    self._cell(child, lines, nested, asides)
