"""The parts around a sheet's cells: shared strings, styles, comments, drawings, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from scanner.contracts import Budget
from scanner.extract import numfmt, office
from scanner.extract.opc import Damaged, Element, Package, local
from scanner.model import Block, Cell, Member, Part, Section
from scanner.problems import Problem
from scanner.text.blocks import BlockWriter

_REFERENCE = re.compile(r"^\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_HEADER = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|[LCR]|[A-Za-z])')
FORMULA = 8192  # characters of a formula, Excel's own limit
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


def spot(reference: str) -> tuple[int, int]:
    """Row and column of a reference like ``B12``, counted from 1; (0, 0) when it is none."""
    match = _REFERENCE.match(reference)
    if not match:
        return 0, 0
    return int(match[2]), column_number(match[1])


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """The number of a column by its letters, 0 for anything else."""
    if not (letters.isascii() and letters.isalpha() and len(letters) < 4):
        return 0
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def placed(sheet: str, row: int, column: int, what: str) -> Cell | Part:
    """A cell, or the sheet's part of this name for what hangs on no cell."""
    return Cell(sheet, row, column) if row and column else Part(f"{sheet} {what}")


def literals(formula: str) -> list[str]:
    """The texts in quotation marks in a formula."""
    return [text.replace('""', '"') for text in _LITERAL.findall(formula[:FORMULA]) if text.strip()]


def header_text(code: str) -> str:
    """A sheet's header or footer without its codes (``&L``, ``&"font"``, ``&P`` …); its three parts become lines."""
    marked = code.replace("&&", "\0")
    lined = re.sub(r"&[LCR]", "\n", marked)
    return _HEADER.sub("", lined).replace("\0", "&").strip()


class Strings:
    """The shared strings, their readings (furigana) apart."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.texts: list[str] = []
        self.readings: dict[int, str] = {}

    def read(self, package: Package, part: str) -> Iterator[Problem]:
        """Reads the table; a damaged one gives what came before the damage."""
        try:
            for element in package.stream(part, ("si",)):
                text, reading = self.plain(element)
                if reading:
                    self.readings[len(self.texts)] = reading
                self.texts.append(text)
        except Damaged as damage:
            yield damage.problem

    def at(self, index: int) -> str:
        """A string by its number, "" when there is none."""
        return self.texts[index] if 0 <= index < len(self.texts) else ""

    def plain(self, element: Element) -> tuple[str, str]:
        """Text and reading of an ``si`` or ``is``: runs joined."""
        pieces: list[str] = []
        readings: list[str] = []
        for child in element:
            match local(child.tag):
                case "t":
                    pieces.append(child.text or "")
                case "r":
                    pieces.extend(text.text or "" for text in child if local(text.tag) == "t")
                case "rPh":
                    readings.extend(text.text or "" for text in child if local(text.tag) == "t")
        return self.unescape("".join(pieces)), self.unescape("".join(readings)).strip()

    def unescape(self, text: str) -> str:
        """Undoes ``_x000D_`` and its like (ECMA-376 part 1, 22.9.2.19); control characters vanish."""
        return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    if 0xD800 <= code < 0xE000 or (code < 32 and code not in (9, 10, 13)):
        return ""
    return chr(code)


class Styles:
    """The number format of each cell style."""

    def __init__(self) -> None:
        self.from_1904 = False
        self.codes: dict[str, str] = {}  # by the style's number, as cells write it

    def read(self, package: Package, part: str) -> Iterator[Problem]:
        """Reads formats and cell styles."""
        own: dict[str, str] = {}
        try:
            for element in package.stream(part, ("numFmt", "xf")):
                if local(element.tag) == "numFmt":
                    own[element.get("numFmtId", "")] = element.get("formatCode", "")
                elif local(getattr(element.getparent(), "tag", None)) == "cellXfs":
                    ident = element.get("numFmtId", "0")
                    code = own.get(ident) or numfmt.BUILTIN.get(int(ident) if ident.isdigit() else 0, "")
                    self.codes[str(len(self.codes))] = code
        except Damaged as damage:
            yield damage.problem

    def shown(self, value: str, style: str) -> str:
        """A number as its style shows it."""
        code = self.codes.get(style)
        return numfmt.shown(value, code, from_1904=self.from_1904) if code else numfmt.plain(value)

    def dated(self, value: str, style: str) -> str:
        """An ISO date as its style shows it."""
        return numfmt.iso(value, self.codes.get(style, ""), from_1904=self.from_1904)


class Hung:
    """What hangs on a sheet: comments, conversations, drawings, controls, links."""

    def __init__(self, package: Package, writer: BlockWriter, part: str, name: str, section: Section, pairs: office.Pairs) -> None:
        self.package, self.writer, self.part, self.name, self.section, self.pairs = package, writer, part, name, section, pairs

    def everything(self, links: list[Any], mails: set[str]) -> Iterator[Block | Member | Problem]:
        """All of it; ``mails``: addresses that stand in cells, whose links need no second mention."""
        conversations = False
        for part in self._related("threadedComment"):
            conversations = True
            yield from self._guarded(self._conversation(part))
        for part in self._related("comments"):
            if part.endswith(".bin"):  # of a binary workbook, whose reader has read it
                continue
            yield from self._guarded(self._comments(part, conversations))
        for part in self._related("drawing"):
            yield from self._guarded(self._drawing(part))
            yield from office.graphics(self.package, part, self.writer, placed(self.name, 0, 0, "グラフ"), self.section)
        for part in self._related("vmlDrawing"):
            yield from self._guarded(self._controls(part))
        yield from self._guarded(self._links(links, mails))

    def _related(self, kind: str) -> list[str]:
        try:
            return self.package.related(self.part, kind)
        except Damaged:
            return []

    def _guarded(self, blocks: Iterator[Block]) -> Iterator[Block | Problem]:
        try:
            yield from blocks
        except Damaged as damage:
            yield damage.problem

    def _at(self, row: int, column: int, text: str, section: Section) -> Iterator[Block]:
        self.package.budget.spend_characters(len(text))
        yield from self.writer.text(text, placed(self.name, row, column, "図形"), section=section, heading=self.name)

    def _conversation(self, part: str) -> Iterator[Block]:
        for element in self.package.stream(part, ("threadedComment",)):
            text = "\n".join(text.text or "" for text in element.iter("{*}text"))
            yield from self._at(*spot(element.get("ref", "")), text, Section.COMMENT)

    def _comments(self, part: str, conversations: bool) -> Iterator[Block]:
        """Cell comments; those that only repeat a conversation for old programs have an author ``tc=…``."""
        authors: list[str] = []
        for element in self.package.stream(part, ("author", "comment")):
            if local(element.tag) == "author":
                author = element.text or ""
                authors.append(author)
                if not author.startswith("tc="):
                    self.pairs.add("コメント作成者", author)
                continue
            index = element.get("authorId", "")
            author = authors[int(index)] if index.isdigit() and int(index) < len(authors) else ""
            if conversations and author.startswith("tc="):
                continue
            text = "".join(text.text or "" for text in element.iter("{*}t"))
            yield from self._at(*spot(element.get("ref", "")), text, Section.COMMENT)

    def _drawing(self, part: str) -> Iterator[Block]:
        for anchor in self.package.stream(part, _ANCHORS):
            row = column = 0
            for start in anchor.iter("{*}from"):
                at = {local(child.tag): child.text or "" for child in start}
                row, column = (int(at[key]) + 1 if at.get(key, "").isdigit() else 0 for key in ("row", "col"))
                break
            texts = [office.drawn(body) for body in anchor.iter("{*}txBody")]
            yield from self._at(row, column, "\n".join(text for text in texts if text), self.section)
            alternatives = [office.alt_text(shape) for shape in anchor.iter("{*}cNvPr")]
            yield from self._at(row, column, "\n".join(text for text in alternatives if text), Section.HIDDEN)

    def _controls(self, part: str) -> Iterator[Block]:
        """Old form controls (buttons, boxes, labels) and their macros' texts; comments are read elsewhere."""
        for shape in self.package.stream(part, ("shape",), tolerant=True):
            if any(data.get("ObjectType") == "Note" for data in shape.iter("{*}ClientData")):
                continue
            texts = ["".join(box.itertext()).strip() for box in shape.iter("{*}textbox")]
            yield from self._at(0, 0, "\n".join(text for text in (*texts, office.alt_text(shape)) if text), self.section)

    def _links(self, links: list[Any], mails: set[str]) -> Iterator[Block]:
        relations = self.package.relations(self.part)
        done: set[str] = set()
        for link in links:
            named = {local(key): value for key, value in link.items()}
            relation = relations.get(named.get("id", ""))
            target = office.addressed(relation.target) if relation and relation.external else ""
            texts = [text for text in (target, named.get("tooltip", "")) if text]
            new = [text for text in texts if text.casefold() not in mails and text not in done]
            done.update(new)
            if new:
                yield from self._at(*spot(named.get("ref", "")), "\n".join(new), Section.HIDDEN)
