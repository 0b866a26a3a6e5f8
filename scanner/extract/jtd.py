"""Reads Ichitaro documents (jtd, jtt): text, ruled tables, readings, and of boxes, headers and notes what is known of them.

The format is not published. What is known of it was learned from public files by OpenJTD (RFC 0003), Tika-JTD and EZPZ File JTD;
their descriptions are followed here, none of their code.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import olefile

from scanner.contracts import Budget
from scanner.extract import office
from scanner.extract.ole import compound, embedded, read_stream
from scanner.extract.oleprops import properties
from scanner.extract.rtfflow import Story, whole
from scanner.model import Block, Cell, Document, Member, Part, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem

_STORE, _TEXT, _LIST = b"SsmgV.01", b"TextV.01", b"QLSTV.01"
_RECORD, _INLINE, _INLINE_END, _BEGIN, _ROW, _PAGE, _LINE = 0x1C, 0x1D, 0x1E, 0x1F, 0x0E, 0x0C, 0x0A
_CELL, _INLINE_CLASS = 0x30, 0x01
_READING = 0x82
_LONGEST = 4096  # units of a record, and of a text within a line
_BESIDE = (
    ("Header", "ヘッダー", Section.HEADER),
    ("Footnote", "脚注", Section.NOTE),
    ("LayoutBoxText", "テキストボックス", Section.BODY),
)


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """Lines as TEXT, ruled tables as TABLE, sheet by sheet; then headers, notes, boxes and properties; embedded files."""
    with compound(stream) as ole:
        yield from _Ichitaro(ole, budget).everything()


class _Ichitaro:
    def __init__(self, ole: olefile.OleFileIO, budget: Budget) -> None:
        self.ole, self.budget = ole, budget
        self.writer = BlockWriter()
        self.pairs = office.Pairs()
        self.tables = 0

    def everything(self) -> Iterator[Item]:
        """The whole document."""
        paths = self.ole.listdir(streams=True, storages=False)
        texts = sorted((path for path in paths if path[-1] == "DocumentText"), key=lambda path: (len(path), path))
        if not texts:
            raise Unreadable(Code.UNSUPPORTED, "JustCompressedDocument")
        for number, path in enumerate(texts, 1):
            self.budget.spend_part()
            self.writer.scope = number
            yield from self._text(read_stream(self.ole, path, self.budget), path)
        for name, shown, section in _BESIDE:
            for path in paths:
                if path[-1] == name:
                    yield from self._beside(read_stream(self.ole, path, self.budget), shown, section)
        properties(self.ole, self.budget, self.pairs)
        yield from self.pairs.blocks(self.writer)
        yield from embedded(self.ole, self.budget)

    def _text(self, data: bytes, path: list[str]) -> Iterator[Item]:
        """The body of a sheet."""
        if not data.startswith(_STORE):
            yield Problem(Stage.EXTRACT, Code.CORRUPT, "no text", "/".join(path))
            return
        text = _Text(Story("本文"), self.budget)
        text.read(text_units(data), begun=True)
        yield from self._given(text, "本文", Section.BODY)

    def _beside(self, data: bytes, name: str, section: Section) -> Iterator[Block]:
        """A stream whose form is not known: what stands behind the signs that begin a text."""
        text = _Text(Story(name), self.budget)
        text.read(_units(data[: len(data) & ~1]), begun=False)
        yield from self._given(text, name, section)

    def _given(self, text: _Text, name: str, section: Section) -> Iterator[Block]:
        story = text.story
        story.flush()
        for item in story.taken():
            if isinstance(item, list):
                self.tables += 1
                yield from self.writer.table(item, Cell(f"表{self.tables}", 1, 1), section=section)
            elif item[0]:
                yield from self.writer.text(item[1], Part(name, item[0]), section=section)
            else:
                self.writer.scope += 1
        yield from office.parted(self.writer, text.readings, "ふりがな", Section.NOTE)
        yield from office.parted(self.writer, text.hidden, "入力の案内", Section.HIDDEN)


def _units(data: bytes) -> str:
    """Big-endian units, one character for each: the halves of pairs stay apart."""
    return np.frombuffer(data, dtype=">u2").astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def text_units(data: bytes) -> str:
    """The units of a text out of its store of blocks; pieces are put together in the order of their list."""
    streams = _streams(data)
    first = streams.get(0, data[20:])
    if first.startswith(_LIST):
        count = int.from_bytes(first[8:12], "big")
        pieces = []
        for n in range(min(count, (len(first) - 12) // 8)):
            length, index = struct.unpack_from(">II", first, 12 + n * 8)
            pieces.append(streams.get(index, b"")[: length * 2])
        return _units(b"".join(piece[: len(piece) & ~1] for piece in pieces))
    if not first.startswith(_TEXT):
        return _units(first[: len(first) & ~1])
    length = int.from_bytes(first[8:12], "big")
    body = first[12 : 12 + length * 2] if 0 in streams and length else first[12:]
    return _units(body[: len(body) & ~1])


def _streams(data: bytes) -> dict[int, bytes]:
    """The parts of a store by their number; none when its directory makes no sense."""
    if len(data) < 20:
        return {}
    _, size, count = struct.unpack_from(">III", data, 8)
    at = 20 + size * count
    if not size or not count or at + 20 > len(data):
        return {}
    streams: dict[int, bytes] = {}
    used = 0
    while at + 20 <= len(data):
        index, _, length, number, _ = struct.unpack_from(">IIIII", data, at)
        at += 20
        used += number
        if not number or at + 4 * number > len(data) or used > count:
            break
        blocks = struct.unpack_from(f">{number}I", data, at)
        at += 4 * number
        streams[index] = b"".join(data[20 + b * size : 20 + (b + 1) * size] for b in blocks if b < count)[:length]
    return streams


class _Text:
    """The units of one text become lines and tables."""

    def __init__(self, story: Story, budget: Budget) -> None:
        self.story, self.budget = story, budget
        self.cells = 0  # cells that the open ruled line has
        self.readings: list[str] = []
        self.hidden: list[str] = []

    def read(self, units: str, *, begun: bool) -> None:
        """Takes the units in. ``begun``: whether text may stand before the first sign that begins one."""
        at, end = 0, len(units)
        start = 0 if begun else -1
        while at < end:
            code = ord(units[at])
            if code >= 0x20 and not 0x80 <= code < 0xA0:
                at += 1
                continue
            if start >= 0:
                self._say(units[start:at])
            start = at + 1 if begun or code == _BEGIN or (start >= 0 and code in (_LINE, 9, 13)) else -1
            at += 1
            if code == _RECORD:
                at = self._record(units, at - 1)
                start = at
            elif code == _ROW:
                self._end_row()
            elif code == 9:
                self._say("\t")
            elif code in (_LINE, _PAGE):
                self._end_line(code)
        if start >= 0:
            self._say(units[start:])
        self._end_row()

    def _say(self, text: str) -> None:
        if text:
            self.budget.spend_characters(len(text))
            self.story.say(text)

    def _record(self, units: str, at: int) -> int:
        """A record, checked by its footer; the place behind it."""
        if at + 6 < len(units) and ord(units[at + 1]) == _INLINE_CLASS and ord(units[at + 6]) == _INLINE:
            return self._inline(units, at)
        kind = ord(units[at + 1]) if at + 2 < len(units) else 0
        length = ord(units[at + 2]) if at + 2 < len(units) else 0
        behind = at + length
        if length > 6 and behind <= len(units) and ord(units[behind - 1]) == _BEGIN and ord(units[behind - 4]) == length:
            if kind == _CELL:
                self._begin_cell()
            return behind
        found = units.find(chr(_BEGIN), at, at + _LONGEST)
        return found + 1 if found >= 0 else at + 1

    def _inline(self, units: str, at: int) -> int:
        """A text within the line: shown, the reading of the one before it, or an instruction for whoever fills the form in."""
        found = units.find(chr(_INLINE_END), at + 7, at + 7 + _LONGEST)
        if found < 0:
            return at + 7
        text = units[at + 7 : found]
        hidden, kind = ord(units[at + 4]), ord(units[at + 5])
        if kind == _READING:
            self.readings.append(whole(text))
        elif hidden:
            self.hidden.append(whole(text))
        else:
            self._say(text)
        return found + 5 if units[found + 4 : found + 5] == chr(_BEGIN) else found + 1

    def _begin_cell(self) -> None:
        if self.cells:
            self.story.end_cell(1)
        elif any(piece.strip() for piece in self.story.pieces):
            self.story.end_line(0)
        else:
            self.story.pieces.clear()
        self.cells += 1

    def _end_row(self) -> None:
        """The end of a ruled line; a line in a mere box is running text."""
        if self.cells > 1:
            self.story.end_cell(1)
            self.story.end_row(1)
        elif self.cells:
            self.story.end_line(0)
        self.cells = 0

    def _end_line(self, code: int) -> None:
        if self.cells > 1:
            self.story.say("\n")
            return
        if self.story.pieces or code == _LINE:
            self.story.end_line(0)
        if code == _PAGE:
            self.story.flush()
            self.story.ready.append((0, ""))  # the sign of a new page
