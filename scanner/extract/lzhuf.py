"""Unpacks LHA's methods lh4 to lh7: a sliding window with static Huffman codes, block by block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# Bits of the window, and bits in which the number of position codes is written.
METHODS = {b"-lh4-": (12, 4), b"-lh5-": (13, 4), b"-lh6-": (15, 5), b"-lh7-": (16, 5)}
_LITERALS = 256
_CODES, _CODE_BITS = 510, 9
_LENGTHS, _LENGTH_BITS = 19, 5
_SHORTEST = 3  # of a match
_DIRECT = 12  # bits that a table answers at once
_PIECE = 1 << 16


class Broken(ValueError):
    """The stream can't be what an archiver wrote, or ends too early."""


class _Bits:
    """Bits from the most significant on; behind the end come zeros for a while, as codes are looked up ahead."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0
        self.held = self.count = 0
        self.beyond = 0

    def fill(self) -> None:
        """At least 64 bits are held afterwards."""
        piece = self.data[self.at : self.at + 8]
        self.at += 8
        if len(piece) < 8:
            self.beyond += 8 - len(piece)
            if self.beyond > 16:
                raise Broken
            piece = piece.ljust(8, b"\0")
        self.held = (self.held & (1 << self.count) - 1) << 64 | int.from_bytes(piece, "big")
        self.count += 64

    def take(self, width: int) -> int:
        if self.count < width:
            self.fill()
        self.count -= width
        return self.held >> self.count & (1 << width) - 1


class _Codes:
    """Canonical codes: symbols by the length of their code, then by number."""

    def __init__(self, lengths: Sequence[int], only: int = 0) -> None:
        self.only = only  # the one symbol when there are no codes at all
        self.table: list[int] = []  # symbol << 5 | length, by the next _DIRECT bits
        self.longer: dict[tuple[int, int], int] = {}
        longest = max(lengths, default=0)
        if not longest:
            return
        self.table = [0] * (1 << _DIRECT)
        code = 0
        for width in range(1, longest + 1):
            for symbol, length in enumerate(lengths):
                if length != width:
                    continue
                if code >> width:
                    raise Broken
                if width <= _DIRECT:
                    start = code << _DIRECT - width
                    self.table[start : start + (1 << _DIRECT - width)] = [symbol << 5 | width] * (1 << _DIRECT - width)
                else:
                    self.longer[width, code] = symbol
                code += 1
            code <<= 1
        self.longest = longest

    def next(self, bits: _Bits) -> int:
        if not self.table:
            return self.only
        if bits.count < 32:
            bits.fill()
        found = self.table[bits.held >> bits.count - _DIRECT & (1 << _DIRECT) - 1]
        if found:
            bits.count -= found & 31
            return found >> 5
        for width in range(_DIRECT + 1, self.longest + 1):
            symbol = self.longer.get((width, bits.held >> bits.count - width & (1 << width) - 1))
            if symbol is not None:
                bits.count -= width
                return symbol
        raise Broken


def unpack(data: bytes, method: bytes, size: int) -> Iterator[bytes]:
    """The content of ``size`` bytes, in pieces. Raises Broken where the stream is damaged; what came before it has been given."""
    window_bits, position_bits = METHODS[method]
    window = 1 << window_bits
    bits = _Bits(data)
    out = bytearray(b" " * window)  # what stands before the beginning
    given, left = window, 0  # bytes of ``out`` already given; codes left in the block
    total = 0
    try:
        while total < size:
            if not left:
                left = bits.take(16)
                codes, positions = _tables(bits, window_bits + 1, position_bits)
                left = left or 1 << 16
            left -= 1
            code = codes.next(bits)
            if code < _LITERALS:
                out.append(code)
                total += 1
            else:
                length = min(code - _LITERALS + _SHORTEST, size - total)
                slot = positions.next(bits)
                back = (1 << slot - 1 | bits.take(slot - 1) if slot > 1 else slot) + 1
                start = len(out) - back
                piece = out[start : start + length]
                out += piece if back >= length else (piece * (length // back + 1))[:length]
                total += length
            if len(out) - given >= _PIECE:
                yield bytes(out[given:])
                del out[: max(0, len(out) - window)]
                given = len(out)
    except Broken:
        yield bytes(out[given:])
        raise
    yield bytes(out[given:])


def _tables(bits: _Bits, slots: int, slot_bits: int) -> tuple[_Codes, _Codes]:
    """The codes of a block: lengths of lengths, literals and matches, positions."""
    lengths = _short(bits, _LENGTHS, _LENGTH_BITS, gap=3)
    count = bits.take(_CODE_BITS)
    if not count:
        codes = _Codes((), bits.take(_CODE_BITS))
    else:
        found: list[int] = []
        while len(found) < count:
            symbol = lengths.next(bits)
            if symbol > 2:
                found.append(symbol - 2)
            else:
                found += [0] * (1 if symbol == 0 else bits.take(4) + 3 if symbol == 1 else bits.take(_CODE_BITS) + 20)
        if len(found) > _CODES:
            raise Broken
        codes = _Codes(found)
    return codes, _short(bits, slots, slot_bits, gap=-1)


def _short(bits: _Bits, most: int, width: int, *, gap: int) -> _Codes:
    """A table of code lengths written in three bits or more; after ``gap`` of them the number of zeros is written."""
    count = bits.take(width)
    if not count:
        return _Codes((), bits.take(width))
    found: list[int] = []
    while len(found) < count:
        length = bits.take(3)
        if length == 7:
            while bits.take(1):
                length += 1
                if length > 16:
                    raise Broken
        found.append(length)
        if len(found) == gap:
            found += [0] * bits.take(2)
    if len(found) > most:
        raise Broken
    return _Codes(found)
