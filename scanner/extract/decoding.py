"""Bytes to text for every reader of plain formats: the encoding is detected once, the text streams in pieces."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.model import Block, Line, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter
from scanner.text.encoding import Decoder, canonical, decode_bytes, decoder, detect, detect_stream

PIECE = 1 << 18  # bytes decoded at a time
LONGEST = 1 << 22  # characters: a longer line is cut, so that no file needs memory for one whole line
GATHER = 1 << 16  # characters gathered for one block of text

_HEAD = 1 << 16  # bytes that tell whether a value is text
_UNICODE = re.compile(r"\\u(?:[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[0-9a-fA-F]{4})")


@dataclass(slots=True)
class Decoded:
    """Text as it streams. ``notes`` come before ``pieces``, ``after()`` when they are all read. Line breaks are ``\\n``."""

    notes: tuple[Trait | Problem, ...]
    pieces: Iterator[str]
    reader: Decoder

    def after(self) -> Iterator[Problem]:
        """A doubt that only the whole content raised: bytes that are nothing in its encoding."""
        if self.reader.bad and len(self.notes) == 1:
            yield Problem(Stage.EXTRACT, Code.ENCODING_DOUBT, self.reader.name)


def decoded(stream: BinaryIO, budget: Budget, *, declared: str = "") -> Decoded:
    """Detect the encoding of the stream and decode it piece by piece. Raises Unreadable(BINARY) when it is no text.

    ``declared``: an encoding that the format itself names; it tips the balance where the bytes leave a choice.
    """
    size = stream.seek(0, io.SEEK_END)
    found = detect_stream(stream, size, hint=declared)
    if found.binary and size:
        raise Unreadable(Code.BINARY)
    stream.seek(0)
    notes: list[Trait | Problem] = [Trait("encoding", found.name)]
    if found.doubt:
        notes.append(Problem(Stage.EXTRACT, Code.ENCODING_DOUBT, found.name))
    reader = decoder(found.name)
    return Decoded(tuple(notes), _pieces(stream, reader, budget), reader)


def text_of(data: bytes, declared: str = "") -> tuple[str, str, bool, bool]:
    """(text, encoding, doubt, binary) of a small whole, line breaks as ``\\n``. ``declared`` is taken when the bytes agree."""
    text = decode_bytes(data, declared)
    name = canonical(declared)
    doubt = binary = False
    if not name or "\ufffd" in text:
        found = detect(data, hint=declared)
        name, doubt, binary = found.name, found.doubt, found.binary
    return text.replace("\r\n", "\n").replace("\r", "\n"), name, doubt, binary


def peek(pieces: Iterator[str], size: int) -> tuple[str, Iterator[str]]:
    """The first ``size`` characters or so, and all pieces from the beginning."""
    taken: list[str] = []
    total = 0
    for piece in pieces:
        taken.append(piece)
        total += len(piece)
        if total >= size:
            break
    return "".join(taken)[:size], chain(taken, pieces)


def lines(pieces: Iterator[str]) -> Iterator[str]:
    """Lines with their ``\\n``; a line longer than a few million characters comes in parts without one."""
    rest: list[str] = []
    held = 0
    for piece in pieces:
        parts = piece.split("\n")
        for part in parts[:-1]:
            rest.append(part)
            yield "".join(rest) + "\n"
            rest, held = [], 0
        rest.append(parts[-1])
        held += len(parts[-1])
        if held > LONGEST:
            yield "".join(rest)
            rest, held = [], 0
    if held:
        yield "".join(rest)


def texts(
    writer: BlockWriter, pieces: Iterator[str], *, line: int = 1, section: Section = Section.BODY, heading: str = ""
) -> Iterator[Block]:
    """TEXT blocks with line anchors, window by window; ``line``: number of the first line."""
    held = ""
    for piece in pieces:
        held += piece
        while len(held) > GATHER:
            cut = held.rfind("\n", 0, GATHER) + 1 or GATHER
            yield from writer.text(held[:cut], Line(line), section=section, heading=heading)
            line += held.count("\n", 0, cut)
            held = held[cut:]
    if held:
        yield from writer.text(held, Line(line), section=section, heading=heading)


def unescaped(text: str) -> str:
    """Text with its ``\\uXXXX`` decoded: for JSON that is only read as text."""
    if "\\u" not in text:
        return text
    return _UNICODE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    units = bytes.fromhex(found[0].replace("\\u", ""))
    text = units.decode("utf-16-be", "replace")
    return found[0] if text < " " or text in '"\\' or "\ufffd" in text else text


def _pieces(stream: BinaryIO, reader: Decoder, budget: Budget) -> Iterator[str]:
    breaks = io.IncrementalNewlineDecoder(None, translate=True)
    while True:
        data = stream.read(PIECE)
        budget.spend_bytes(len(data))
        text = breaks.decode(reader.decode(data, final=not data), final=not data)
        if text:
            budget.spend_characters(len(text))
            yield text
        if not data:
            return


def value_text(value: bytes) -> str:
    """The text of a value that a database keeps as bytes; "" where it is none."""
    if not value or text_of(value[:_HEAD])[3]:
        return ""
    text, _, _, binary = text_of(value)
    return "" if binary or "\0" in text else text
