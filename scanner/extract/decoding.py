"""Bytes to text for every reader of plain formats: the encoding is detected once, the text streams in pieces."""

from __future__ import annotations

import codecs
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

SAMPLE = 1 << 20  # bytes of the head that the detector sees
PIECE = 1 << 18  # bytes decoded at a time
LONGEST = 1 << 22  # characters: a longer line is cut, so that no file needs memory for one whole line
GATHER = 1 << 16  # characters gathered for one block of text

_UNICODE = re.compile(r"\\u(?:[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text as it streams: ``notes`` (trait and problem) come before ``pieces``. Line breaks are ``\\n``."""

    encoding: str
    notes: tuple[Trait | Problem, ...]
    pieces: Iterator[str]


def decoded(stream: BinaryIO, budget: Budget, *, declared: str = "") -> Decoded:
    """Detect the encoding of the stream and decode it piece by piece. Raises Unreadable(BINARY) when it is no text.

    ``declared``: an encoding that the format itself names; taken when the bytes agree with it.
    """
    head = stream.read(SAMPLE)
    name, doubt, binary = _settle(head, declared)
    if binary:
        raise Unreadable(Code.BINARY)
    notes: list[Trait | Problem] = [Trait("encoding", name)]
    if doubt:
        notes.append(Problem(Stage.EXTRACT, Code.ENCODING_DOUBT, name))
    return Decoded(name, tuple(notes), _pieces(head, stream, name, budget))


def text_of(data: bytes, declared: str = "") -> tuple[str, str, bool, bool]:
    """(text, encoding, doubt, binary) of a small whole, line breaks as ``\\n``."""
    name, doubt, binary = _settle(data[:SAMPLE], declared)
    text = "" if binary else _decoder(name).decode(data, True)
    return text, name, doubt, binary


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


def _pieces(head: bytes, stream: BinaryIO, name: str, budget: Budget) -> Iterator[str]:
    decoder = _decoder(name)
    data = head
    while True:
        final = not data
        for at in range(0, len(data), PIECE):
            piece = data[at : at + PIECE]
            budget.spend_bytes(len(piece))
            text = decoder.decode(piece)
            if text:
                budget.spend_characters(len(text))
                yield text
        if final:
            text = decoder.decode(b"", True)
            if text:
                yield text
            return
        data = stream.read(PIECE)


def _decoder(name: str) -> io.IncrementalNewlineDecoder:
    inner = codecs.getincrementaldecoder(name)("replace")
    return io.IncrementalNewlineDecoder(inner, translate=True)


def _settle(head: bytes, declared: str) -> tuple[str, bool, bool]:
    """(codec, doubt, binary); a declared encoding wins only when the bytes agree with it."""
    name, doubt, binary = _detect(head)
    if declared and not binary:
        wanted = _codec(declared)
        if wanted and wanted != name and (doubt or name == "latin_1") and _fits(head, wanted):
            return wanted, False, False
    return name, doubt, binary


_ALIASES = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "windows-31j": "cp932", "ms932": "cp932", "cp51932": "euc_jp", "x-euc-jp": "euc_jp",
}  # fmt: skip


def _codec(label: str) -> str:
    label = label.strip().strip("'\"").lower()
    try:
        return codecs.lookup(_ALIASES.get(label, label)).name
    except (LookupError, ValueError):
        return ""


def _fits(head: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(head, False)
    except (UnicodeError, LookupError):
        return False
    return True


_KANA = re.compile("[ぁ-んァ-ヶー、。（）「」・]")
_HALF = re.compile("[\uff61-\uff9f]")
_KANJI = re.compile("[一-龥]")


def _detect(head: bytes) -> tuple[str, bool, bool]:
    """A small stand-in for ``scanner.text.encoding.detect``."""
    for bom, name in ((b"\xef\xbb\xbf", "utf_8_sig"), (b"\xff\xfe", "utf_16"), (b"\xfe\xff", "utf_16")):
        if head.startswith(bom):
            return name, False, False
    if b"\x1b$" in head and _fits(head, "iso2022_jp_ext"):
        return "iso2022_jp_ext", False, False
    if head.count(0) > len(head) // 20:
        return _wide(head)
    if sum(head[:4096].count(c) for c in range(1, 27) if c not in (9, 10, 12, 13)) > 40:
        return "latin_1", True, True
    if _fits(head, "utf_8"):
        return "utf_8", False, False
    best, second = sorted(((_score(head, name), name) for name in ("cp932", "euc_jp")), reverse=True)
    return best[1], best[0] - second[0] < 0.3, False


def _score(head: bytes, name: str) -> float:
    text = head[:65536].decode(name, "replace")
    half = len(_HALF.findall(text)) * (1.5 if name == "cp932" else 3)
    good = 2 * len(_KANA.findall(text)) + len(_KANJI.findall(text))
    return (good - 20 * text.count("\ufffd") - half) / max(1, len(text))


def _wide(head: bytes) -> tuple[str, bool, bool]:
    le = sum(b == 0 for b in head[1:4096:2])
    be = sum(b == 0 for b in head[0:4096:2])
    name = "utf_16_le" if le >= be else "utf_16_be"
    return name, False, not _fits(head, name) or min(le, be) * 4 > max(le, be)
