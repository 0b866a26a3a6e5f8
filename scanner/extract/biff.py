"""The records of Excel 5 to 2003 workbooks ([MS-XLS]): strings over several records, numbers, formats, literals in formulas."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence

from scanner.contracts import Budget
from scanner.extract import numfmt
from scanner.extract.decoding import text_of

CONTINUE, EOF, BOF = 0x3C, 0x0A, 0x809
Record = tuple[int, list[bytes]]


def records(data: bytes, at: int = 0) -> Iterator[Record]:
    """Records with what continues them, from an offset on; ends where the bytes end."""
    held: Record | None = None
    size = len(data)
    while at + 4 <= size:
        kind, length = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == CONTINUE and held is not None:
            held[1].append(body)
            continue
        if held is not None:
            yield held
        held = (kind, [body])
    if held is not None:
        yield held


class Segments:
    """Bytes that lie in several records; characters that are cut by a border begin anew with their width."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = parts
        self.part = self.at = 0

    def left(self) -> bool:
        """Whether anything is left."""
        while self.part < len(self.parts) and self.at >= len(self.parts[self.part]):
            self.part, self.at = self.part + 1, 0
        return self.part < len(self.parts)

    def take(self, count: int) -> bytes:
        """The next bytes, over borders; fewer at the end."""
        pieces = []
        while count > 0 and self.left():
            piece = self.parts[self.part][self.at : self.at + count]
            self.at += len(piece)
            count -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def number(self, size: int) -> int:
        """An unsigned number."""
        return int.from_bytes(self.take(size), "little")

    def characters(self, count: int, wide: bool) -> str:
        """Characters; behind a border stands a byte that says how wide they go on."""
        pieces = []
        while count > 0:
            if self.part < len(self.parts) and self.at >= len(self.parts[self.part]):
                self.part, self.at = self.part + 1, 0
                if self.part >= len(self.parts) or not self.parts[self.part]:
                    break
                wide = bool(self.parts[self.part][0] & 1)
                self.at = 1
            if self.part >= len(self.parts):
                break
            part = self.parts[self.part]
            width = 2 if wide else 1
            number = min(count, (len(part) - self.at) // width)
            if number == 0:
                self.at = len(part)
                continue
            raw = part[self.at : self.at + number * width]
            pieces.append(raw.decode("utf-16-le" if wide else "latin-1", "replace"))
            self.at += number * width
            count -= number
        return "".join(pieces)


def shared_strings(parts: list[bytes], budget: Budget) -> tuple[list[str], dict[int, str]]:
    """The shared strings, and the readings of those that have one (furigana)."""
    source = Segments(parts)
    source.take(4)
    count = source.number(4)
    strings: list[str] = []
    readings: dict[int, str] = {}
    while len(strings) < count and source.left():
        text, reading = rich_string(source)
        budget.spend_characters(len(text))
        if reading:
            readings[len(strings)] = reading
        strings.append(text)
    return strings, readings


def rich_string(source: Segments) -> tuple[str, str]:
    """A string with runs and a reading ([MS-XLS] 2.5.293)."""
    length = source.number(2)
    flags = source.number(1)
    runs = source.number(2) if flags & 8 else 0
    extra = source.number(4) if flags & 4 else 0
    text = source.characters(length, bool(flags & 1))
    source.take(runs * 4)
    return text, _reading(source.take(extra)) if extra else ""


def _reading(data: bytes) -> str:
    """The phonetic string of an ExtRst."""
    if len(data) < 14 or data[:2] != b"\1\0":
        return ""
    length = int.from_bytes(data[12:14], "little")
    return data[14 : 14 + length * 2].decode("utf-16-le", "replace")


def text8(data: bytes, at: int, length_size: int = 2) -> tuple[str, int]:
    """(string, offset behind it) of a plain Unicode string."""
    length = int.from_bytes(data[at : at + length_size], "little")
    at += length_size
    if at >= len(data):
        return "", at
    wide = data[at] & 1
    end = at + 1 + length * (1 + wide)
    return data[at + 1 : end].decode("utf-16-le" if wide else "latin-1", "replace"), end


def text5(data: bytes, at: int, page: str, length_size: int = 2) -> str:
    """A string of Excel 5, in the workbook's code page."""
    length = int.from_bytes(data[at : at + length_size], "little")
    raw = data[at + length_size : at + length_size + length]
    return text_of(raw, page)[0] if raw else ""


def literal(formula: bytes) -> list[str]:
    """The strings that a formula without cells in it consists of: a list of choices, a name for a text."""
    found = []
    at = 0
    while at + 3 <= len(formula) and formula[at] == 0x17:
        text, at = text8(formula, at + 1, 1)
        found += text.split("\0")
    return [text for text in found if text.strip()]


def rk(value: int) -> float:
    """The number in an RkNumber."""
    if value & 2:
        number = float((value >> 2) - (1 << 30 if value & 0x80000000 else 0))
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (value & 0xFFFFFFFC) << 32))[0])
    return number / 100 if value & 1 else number


def decimal(number: float) -> str:
    """A number as a file of text would hold it."""
    if number == number and abs(number) < 1e16 and number == int(number):
        return str(int(number))
    return repr(number) if abs(number) < 1e300 else ""


def numbers(kind: int, data: bytes) -> Iterator[tuple[int, int, int, float]]:
    """(row, column, style, number) of a record of numbers."""
    if kind == 0x203 and len(data) >= 14:
        row, column, style, number = struct.unpack_from("<HHHd", data)
        yield row, column, style, number
    elif kind == 0x27E and len(data) >= 10:
        row, column, style, packed = struct.unpack_from("<HHHI", data)
        yield row, column, style, rk(packed)
    elif kind == 0xBD and len(data) >= 12:
        row, column = struct.unpack_from("<HH", data)
        for n, at in enumerate(range(4, len(data) - 6, 6)):
            style, packed = struct.unpack_from("<HI", data, at)
            yield row, column + n, style, rk(packed)


def link(data: bytes, decode: Callable[[bytes], str]) -> str:
    """Where a hyperlink leads (HLINK): the address of its URL moniker, "" when it has none."""
    moniker = data.find(bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b"), 8)
    if moniker < 0:
        return ""
    size = int.from_bytes(data[moniker + 16 : moniker + 20], "little")
    return decode(data[moniker + 20 : moniker + 20 + min(size, 4096)]).partition("\0")[0]


def styled(number: float, style: int, styles: Sequence[int], formats: Mapping[int, str], *, from_1904: bool) -> str:
    """A number as its style shows it: ``styles`` gives the format's id, ``formats`` the workbook's own ones."""
    value = decimal(number)
    ident = styles[style] if style < len(styles) else 0
    code = formats.get(ident) or numfmt.BUILTIN.get(ident, "")
    return numfmt.shown(value, code, from_1904=from_1904) if code and value else value
