"""Reads Word documents of 97 to 2003 (doc): body, tables, notes, headers, boxes, comments, deletions; Word 6 and 95 as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

import olefile

from scanner.contracts import Budget
from scanner.extract import docparts, office, rtfwords
from scanner.extract.blips import bitmaps
from scanner.extract.decoding import text_of
from scanner.extract.docparts import Header, Piece, Runs
from scanner.extract.fieldcodes import FieldCodes
from scanner.extract.ole import compound, embedded, read_stream
from scanner.extract.oleprops import properties
from scanner.extract.pptatoms import atoms, shape_texts
from scanner.extract.rtfflow import Rows, Story
from scanner.model import Block, Cell, Document, Member, Part, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem

# Characters that mean something: ends of cells, lines and pages, fields, pictures, notes.
_MARK = re.compile("[\x00-\x08\x0b-\x15\x1e\x1f]")
_SAID = {"\x0b": "\n", "\x0e": "\n", "\x1e": "-"}
_PAGES = {0x0411: "cp932", 0x0412: "cp949", 0x0804: "gbk", 0x0404: "big5"}
# The stories behind the body, in the order of the file: number of the list of their parts, size of its elements, name, kind.
_STORIES: tuple[tuple[int, int, str, Section], ...] = (
    (3, 0, "脚注", Section.NOTE),
    (11, 0, "ヘッダー", Section.HEADER),
    (0, 0, "", Section.HIDDEN),
    (5, 0, "コメント", Section.COMMENT),
    (47, 0, "文末脚注", Section.NOTE),
    (56, 22, "テキストボックス", Section.BODY),
    (58, 22, "テキストボックス", Section.HEADER),
)


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """Body and tables first, then notes, headers, comments, boxes, deletions, fields and properties; embedded files."""
    with compound(stream) as ole:
        yield from _Word(ole, budget).everything()


class _Word(FieldCodes):
    def __init__(self, ole: olefile.OleFileIO, budget: Budget) -> None:
        super().__init__()
        self.ole, self.budget = ole, budget
        self.data = read_stream(ole, ["WordDocument"], budget)
        self.header = Header(self.data)
        self.table = b"" if self.header.old else read_stream(ole, [self.header.table], budget)
        self.writer = BlockWriter()
        self.pairs = office.Pairs()
        self.pieces: list[Piece] = []
        self.runs = Runs(self.data, b"", paragraphs=False)
        self.paragraphs = Runs(self.data, b"", paragraphs=True)
        self.deleted: list[str] = []
        self.said: set[tuple[Section, str]] = set()
        self.counts: dict[str, int] = {}
        self.picture = False

    def everything(self) -> Iterator[Item]:
        """The whole document."""
        if self.header.old:
            yield from self._old()
        else:
            yield from self._text()
        yield from self._rest()
        properties(self.ole, self.budget, self.pairs)
        yield from self.pairs.blocks(self.writer)
        yield from embedded(self.ole, self.budget)
        yield from self._bitmaps()

    # ------------------------------------------------------------ stories

    def _text(self) -> Iterator[Item]:
        """The body, then the stories that hang on it."""
        try:
            self.pieces = docparts.pieces(self.header.part(33, self.table))
        except Unreadable as refusal:
            yield refusal.problem
            yield from self._salvaged()
            return
        self.runs = Runs(self.data, self.header.part(12, self.table), paragraphs=False)
        self.paragraphs = Runs(self.data, self.header.part(13, self.table), paragraphs=True)
        lengths = self.header.lengths()
        yield from self._story(0, lengths[0], "本文", Section.BODY)
        if self.writer.index == 0 and self.picture and next(self._bitmaps(), None) is None:
            yield Problem(Stage.EXTRACT, Code.IMAGE_ONLY)
        held = sum(piece.count for piece in self.pieces)
        if lengths[0] > held:
            yield Problem(Stage.EXTRACT, Code.CORRUPT, "truncated")
        first = lengths[0]
        for length, (index, size, name, section) in zip(lengths[1:], _STORIES, strict=True):
            if length and name:
                cuts = docparts.numbers(self.header.part(index, self.table), size)
                yield from self._parts(first, length, cuts, name, section)
            first += length
        for author in docparts.owners(self.header.part(36, self.table)):
            self.pairs.add("コメント作成者", author)
        for author in docparts.names(self.header.part(51, self.table)):
            if author != "Unknown":
                self.pairs.add("変更者", author)
        self._drawn()

    def _parts(self, first: int, length: int, cuts: list[int], name: str, section: Section) -> Iterator[Item]:
        """The parts of a story: notes, comments, boxes one by one; headers told from footers by their place."""
        inside = [cut for cut in cuts if cut < length] if cuts and cuts == sorted(cuts) else []
        borders = sorted({0, *inside, length})
        places = {cut: n for n, cut in enumerate(cuts)}  # of parts that begin at one place all but the last are empty
        headers = name == "ヘッダー"
        for start, end in pairwise(borders):
            kind = places.get(start, 6)
            if headers and kind < 6:
                continue  # separators of notes
            footer = headers and kind % 6 in (2, 3, 5)  # [MS-DOC] 2.2.4: even, odd header, even, odd footer, first of each
            shown, where = ("フッター", Section.FOOTER) if footer else (name, section)
            number = self.counts[shown] = self.counts.get(shown, 0) + 1
            yield from self._story(first + start, end - start, shown, where, number)

    def _story(self, first: int, length: int, name: str, section: Section, number: int = 0) -> Iterator[Item]:
        """A range of characters as lines and tables."""
        story = Story(name, section)
        reader = _Reader(self, story)
        items: list[tuple[int, str] | Rows] = []
        for text, place, width in self._ranges(first, first + length):
            self.budget.spend_characters(len(text))
            reader.read(text, place, width)
            if number == 0:
                yield from self._given(story.taken(), name, section, 0)
        story.flush()
        items = story.taken()
        if section in (Section.HEADER, Section.FOOTER):
            said = (section, repr(items))
            if said in self.said:
                return
            self.said.add(said)
        yield from self._given(items, name, section, number)

    def _ranges(self, first: int, end: int) -> Iterator[tuple[str, int, int]]:
        """(text, where its bytes begin, bytes for each character) of a range, piece by piece."""
        for piece in self.pieces:
            start, stop = max(first, piece.first), min(end, piece.first + piece.count)
            if start < stop:
                place = piece.place + (start - piece.first) * piece.width
                if place >= len(self.data):
                    continue
                part = Piece(start, min(stop - start, len(self.data)), place, piece.width)
                yield docparts.characters(self.data, part), place, piece.width

    def _given(self, items: list[tuple[int, str] | Rows], name: str, section: Section, number: int) -> Iterator[Block]:
        for item in items:
            if isinstance(item, list):
                count = self.counts["表"] = self.counts.get("表", 0) + 1
                yield from self.writer.table(item, Cell(f"表{count}", 1, 1), section=section)
            elif item[0]:
                yield from self.writer.text(item[1], Part(name, number or item[0]), section=section)
            else:
                self.writer.scope += 1

    # ------------------------------------------------------------ what has no pieces

    def _old(self) -> Iterator[Item]:
        """Word 6 and 95: the text lies in one stretch, in the code page of its language."""
        start, end = self.header.bounds()
        text = text_of(self.data[start:end], _PAGES.get(self.header.language, ""))[0]
        yield from self._plain(text)

    def _salvaged(self) -> Iterator[Item]:
        start, end = self.header.bounds()
        raw = self.data[start:end]
        wide = raw.decode("utf-16-le", "replace")
        yield from self._plain(wide if "\ufffd" not in wide and wide.count("\0") * 20 < len(wide) + 20 else text_of(raw)[0])

    def _plain(self, text: str) -> Iterator[Item]:
        story = Story("本文")
        self.budget.spend_characters(len(text))
        _Reader(self, story).read(text.replace("\n", "\r"), -1, 1)
        story.flush()
        yield from self._given(story.taken(), "本文", Section.BODY, 0)

    # ------------------------------------------------------------ beside the text

    def _bitmaps(self) -> Iterator[Member]:
        """The pictures, for text recognition: those in the text, then those of drawings."""
        data = read_stream(self.ole, ["Data"], self.budget) if self.budget.ocr and self.ole.exists("Data") else b""
        yield from bitmaps(data + self.data, self.budget)

    def _drawn(self) -> None:
        """Word art and alternative texts: of the drawings, then of the pictures that stand in the text."""
        self._floating(self.header.part(50, self.table))
        if self.ole.exists("Data"):
            for atom in docparts.inline(read_stream(self.ole, ["Data"], self.budget)):
                for text in shape_texts(atom)[0]:
                    self.hidden[text] = None

    def _floating(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            container = next(atoms(data, at, len(data)), None)
            if container is None or container.kind not in (0xF000, 0xF002):
                return
            for atom in container.inside():
                if atom.kind in (0xF00B, 0xF121, 0xF122):
                    for text in shape_texts(atom)[0]:
                        self.hidden[text] = None
            at = container.end + 1

    def _rest(self) -> Iterator[Block]:
        yield from self.writer.text("".join(self.deleted), Part("削除された文字", 1), section=Section.DELETED)
        yield from office.parted(self.writer, self.readings, "ふりがな", Section.NOTE)
        yield from office.parted(self.writer, self.links, "リンク先", Section.HIDDEN)
        yield from office.parted(self.writer, self.hidden, "フィールド", Section.HIDDEN)


class _Reader:
    """Puts the characters of a story together: marks end lines, cells and rows, fields show their results."""

    def __init__(self, word: _Word, story: Story) -> None:
        self.word, self.story = word, story
        self.fields: list[list[str] | int] = []  # an open instruction, or where the result begins among the story's pieces
        self.cell = False  # whether the last character ended a cell
        self.deleted = False

    def read(self, text: str, place: int, width: int) -> None:
        """Takes in a range. ``place``: where its bytes begin, -1 when its properties are not known."""
        at = 0
        if place >= 0:
            for start, end, values in self.word.runs.between(place, place + len(text) * width):
                first, last = (start - place) // width, (end - place) // width
                if values.get(docparts.DELETED, b"\0")[:1] == b"\1":
                    self._plain(text[at:first], place + at * width, width)
                    self.deleted = True
                    self._plain(text[first:last], place + first * width, width)
                    self.deleted = False
                    at = last
                elif docparts.SYMBOL in values and last - first < 1_000:
                    self._plain(text[at:first], place + at * width, width)
                    self._say(rtfwords.symbol(int.from_bytes(values[docparts.SYMBOL][2:4], "little")) * (last - first))
                    at = last
        self._plain(text[at:], place + at * width if place >= 0 else -1, width)

    def _plain(self, text: str, place: int, width: int) -> None:
        at = 0
        for found in _MARK.finditer(text):
            if found.start() > at:
                self._say(text[at : found.start()])
                self.cell = False
            at = found.end()
            self._mark(found[0], place + found.start() * width if place >= 0 else -1)
        if at < len(text):
            self._say(text[at:])
            self.cell = False

    def _say(self, text: str) -> None:
        if self.fields and isinstance(self.fields[-1], list):
            self.fields[-1].append(text)
        elif self.deleted:
            self.word.deleted.append(text)
        else:
            self.story.say(text)

    def _mark(self, mark: str, place: int) -> None:
        if mark in ("\x13", "\x14", "\x15"):
            self._field(mark)
        elif mark == "\x07":
            self._end_cell(place)
        elif mark in ("\r", "\x0c"):
            self._end_paragraph(mark, place)
        elif mark in ("\x01", "\x08"):
            self.word.picture = True
        elif mark in _SAID:
            self._say(_SAID[mark])

    def _field(self, mark: str) -> None:
        if mark == "\x13":
            if len(self.fields) < 100:
                self.fields.append([])
        elif mark == "\x14":
            if self.fields and isinstance(self.fields[-1], list):
                code = "".join(self.fields[-1])
                self.fields[-1] = len(self.story.pieces)
                self.word.instruction(code, self.story)
        elif self.fields:
            last = self.fields.pop()
            if isinstance(last, list):
                self.word.instruction("".join(last), self.story)
            else:
                self.word.result("".join(self.story.pieces[last:]))

    def _end_cell(self, place: int) -> None:
        values = self.word.paragraphs.at(place) if place >= 0 else {}
        if values.get(docparts.ROW_END, b"\0")[:1] == b"\1" if place >= 0 else self.cell:
            self.story.end_row(1)
            self.cell = False
            return
        self.story.end_cell(1)
        self.cell = True

    def _end_paragraph(self, mark: str, place: int) -> None:
        if self.fields and isinstance(self.fields[-1], list):
            self.fields[-1].append("\n")
            return
        if self.deleted:
            self.word.deleted.append("\n")
            return
        values = self.word.paragraphs.at(place) if place >= 0 else {}
        level = int.from_bytes(values.get(docparts.LEVEL, b"\0")[:1], "little") or int(
            values.get(docparts.IN_TABLE, b"\0")[:1] == b"\1"
        )
        if values.get(docparts.INNER_ROW_END, b"\0")[:1] == b"\1":
            self.story.end_row(max(2, level))
        elif values.get(docparts.INNER_CELL, b"\0")[:1] == b"\1":
            self.story.end_cell(max(2, level))
        else:
            self.story.end_line(level)
            if mark == "\x0c" and self.story.name == "本文" and not level:
                self.story.flush()
                self.story.ready.append((0, ""))  # the sign of a new page
        self.cell = False
