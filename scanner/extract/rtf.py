"""Reads rich text (rtf) with a tokenizer of its own: every story, tables, deletions and properties, in the Japanese encodings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract import office, rtfwords
from scanner.extract.fieldcodes import FieldCodes
from scanner.extract.markup import html_blocks
from scanner.extract.members import problem
from scanner.extract.ole import packaged
from scanner.extract.rtfflow import Rows, Story
from scanner.extract.rtfreader import Reader, State
from scanner.model import Block, Cell, Document, Member, Part, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem

_SHAPE_TEXTS = ("wzDescription", "gtextUNICODE", "wzTooltip")


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """Body, tables, text boxes, headers, footers, notes, comments, deletions and properties; embedded files as members."""
    pieces = []
    while piece := stream.read(1 << 20):
        budget.spend_bytes(len(piece))
        pieces.append(piece)
    yield from Rtf(b"".join(pieces), budget).everything()


class Rtf(FieldCodes, Reader):
    """One rich text on its way into blocks."""

    def __init__(self, data: bytes, budget: Budget, writer: BlockWriter | None = None, place: str = "本文") -> None:
        FieldCodes.__init__(self)
        Reader.__init__(self, data, budget, place)
        self.writer = writer or BlockWriter()
        self.asides: list[Story] = []
        self.pairs = office.Pairs()
        self.values: dict[str, str] = {}
        self.members: list[Member] = []
        self.said: set[tuple[Section, str]] = set()
        self.counts: dict[str, int] = {}

    # ------------------------------------------------------------ everything

    def everything(self) -> Iterator[Item]:
        """Blocks as they are complete, then what hangs on the document."""
        try:
            for _ in self.tokens():
                yield from self._drain()
        except Unreadable as limit:
            yield from self._finish()
            yield limit.problem
            return
        if self.stack:
            yield Problem(Stage.EXTRACT, Code.CORRUPT, "open group")
        yield from self._finish()

    # ------------------------------------------------------------ the ends of groups

    def ended(self, ended: State) -> None:
        """A group with a story of its own is complete."""
        story = ended.story
        if ended.kind == "story":
            self.asides.append(story)
        elif ended.kind == "value":
            self.pairs.add(rtfwords.VALUES[story.name], story.text())
        elif ended.kind == "revtbl":
            for author in story.text().split(";"):
                if author.strip() != "Unknown":
                    self.pairs.add("変更者", author)
        elif ended.kind == "kept":
            self._kept(story.name, story)

    def _kept(self, name: str, story: Story) -> None:
        if name == "objdata":
            self._object("".join(story.pieces))
            return
        text = story.text()
        match name:
            case "propname" | "sn":
                self.values[name] = text
            case "staticval":
                self.pairs.add(self.values.get("propname", ""), text)
            case "sv":
                if self.values.get("sn") in _SHAPE_TEXTS:
                    self.hidden[text] = None
            case "fldinst":
                self.instruction(text, self.state.story)
            case _:
                self.hidden[text.strip("\r")] = None

    def _object(self, digits: str) -> None:
        """An embedded file out of the hexadecimal digits of an OLE 1.0 object."""
        try:
            data = bytes.fromhex(digits[: len(digits) & ~1])
        except ValueError:
            self.members.append(Member("object", problem=problem(Code.CORRUPT, "ValueError")))
            return
        if found := packaged(data):
            self.members.append(found)

    # ------------------------------------------------------------ out

    def _drain(self) -> Iterator[Item]:
        for item in self.body.taken():
            if isinstance(item, list):
                yield from self._table(item, "表", Section.BODY)
            elif item[0]:
                yield from self.writer.text(item[1], Part(self.body.name, item[0]))
            else:
                self.writer.scope += 1
        asides, self.asides = self.asides, []
        for story in asides:
            yield from self._aside(story)

    def _aside(self, story: Story) -> Iterator[Item]:
        """A note, a comment, a box; a header that only repeats another one is given once."""
        story.flush()
        items = story.taken()
        if story.section in (Section.HEADER, Section.FOOTER):
            said = (story.section, repr(items))
            if said in self.said:
                return
            self.said.add(said)
        number = self.counts[story.name] = self.counts.get(story.name, 0) + 1
        for item in items:
            if isinstance(item, list):
                yield from self._table(item, f"{story.name}{number}の表", story.section)
            else:
                yield from self.writer.text(item[1], Part(story.name, number), section=story.section)

    def _table(self, rows: Rows, name: str, section: Section) -> Iterator[Block]:
        self.counts[name] = self.counts.get(name, 0) + 1
        yield from self.writer.table(rows, Cell(f"{name}{self.counts[name]}", 1, 1), section=section)

    def _finish(self) -> Iterator[Item]:
        self.decode()
        for state in (*reversed(self.stack), self.state):
            if state.kind == "story" and state.story not in self.asides:
                self.asides.append(state.story)
        self.body.flush()
        if self.from_html:
            yield from html_blocks(self.writer, "".join(self.html), self.budget, part=self.body.name)
        yield from self._drain()
        if self.writer.index == 0 and self.pictures:
            yield Problem(Stage.EXTRACT, Code.IMAGE_ONLY)
        yield from self.writer.text("".join(self.deleted), Part("削除された文字", 1), section=Section.DELETED)
        yield from office.parted(self.writer, self.readings, "ふりがな", Section.NOTE)
        yield from office.parted(self.writer, self.links, "リンク先", Section.HIDDEN)
        yield from office.parted(self.writer, self.hidden, "フィールド", Section.HIDDEN)
        yield from self.pairs.blocks(self.writer)
        yield from self.members
