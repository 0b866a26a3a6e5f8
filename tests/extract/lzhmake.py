"""Writes LZH archives, level 0 to 2, stored or packed: an encoder for tests, with matches and real code tables."""

from __future__ import annotations

import heapq
import struct
from collections import Counter
from collections.abc import Sequence

from scanner.extract.lzhuf import METHODS

BLOCK = 4000


def crc16(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


class Writer:
    def __init__(self) -> None:
        self.bits: list[str] = []

    def put(self, value: int, width: int) -> None:
        if width:
            self.bits.append(f"{value:0{width}b}")

    def done(self) -> bytes:
        text = "".join(self.bits)
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big") if text else b""


def lengths_of(counts: Counter[int], size: int) -> list[int]:
    """Code lengths of a Huffman tree."""
    out = [0] * size
    heap = [(count, n, (symbol,)) for n, (symbol, count) in enumerate(sorted(counts.items()))]
    heapq.heapify(heap)
    number = len(heap)
    while len(heap) > 1:
        a, b = heapq.heappop(heap), heapq.heappop(heap)
        for symbol in a[2] + b[2]:
            out[symbol] += 1
        number += 1
        heapq.heappush(heap, (a[0] + b[0], number, a[2] + b[2]))
    return out


def codes_of(lengths: Sequence[int]) -> dict[int, tuple[int, int]]:
    code, out = 0, {}
    for width in range(1, max(lengths, default=0) + 1):
        for symbol, length in enumerate(lengths):
            if length == width:
                out[symbol] = (code, width)
                code += 1
        code <<= 1
    return out


def tokens(data: bytes, window: int) -> list[tuple[int, int]]:
    """(literal, 0) or (256 + length - 3, distance - 1)."""
    out, seen, at = [], dict[bytes, int](), 0
    while at < len(data):
        key = data[at : at + 3]
        before = seen.get(key)
        seen[key] = at
        if before is None or at - before > window or len(key) < 3:
            out.append((data[at], 0))
            at += 1
            continue
        length = 3
        while length < 256 and at + length < len(data) and data[before + length] == data[at + length]:
            length += 1
        out.append((256 + length - 3, at - before - 1))
        at += length
    return out


def short_table(writer: Writer, counts: Counter[int], size: int, width: int, *, gap: int) -> dict[int, tuple[int, int]]:
    """Writes the code lengths of these symbols; their codes. A single symbol needs none."""
    lengths = lengths_of(counts, size)
    used = sorted(counts)
    if len(used) <= 1:
        writer.put(0, width)
        writer.put(used[0] if used else 0, width)
        return {}
    count = used[-1] + 1
    writer.put(count, width)
    n = 0
    while n < count:
        length = lengths[n]
        writer.put(min(length, 7), 3)
        if length >= 7:
            writer.put((1 << length - 6) - 2, length - 6)
        n += 1
        if n == gap:
            zeros = 0
            while zeros < 3 and n + zeros < count and lengths[n + zeros] == 0:
                zeros += 1
            writer.put(zeros, 2)
            n += zeros
    return codes_of(lengths)


def packed(data: bytes, method: bytes = b"-lh5-") -> bytes:
    window_bits, position_bits = METHODS[method]
    writer, every = Writer(), tokens(data, 1 << window_bits)
    for begin in range(0, len(every), BLOCK):
        block = every[begin : begin + BLOCK]
        slots = [(distance.bit_length(), distance) for code, distance in block if code >= 256]
        main = lengths_of(Counter(code for code, _ in block), 510)
        writer.put(len(block), 16)
        table: list[tuple[int, int, int]] = []  # symbol of the code lengths, extra value, its width
        last = max((n for n, length in enumerate(main) if length), default=-1) + 1
        n = 0
        while n < last:
            run = 0
            while n + run < last and main[n + run] == 0:
                run += 1
            if run >= 20:
                table.append((2, run - 20, 9))
            elif run >= 3:
                run = min(run, 18)
                table.append((1, run - 3, 4))
            elif run:
                run = 1
                table.append((0, 0, 0))
            else:
                run = 1
                table.append((main[n] + 2, 0, 0))
            n += run
        if last:
            codes = short_table(writer, Counter(symbol for symbol, _, _ in table), 19, 5, gap=3)
            writer.put(last, 9)
            for symbol, extra, width in table:
                writer.put(*codes.get(symbol, (0, 0)))
                writer.put(extra, width)
        else:
            short_table(writer, Counter(), 19, 5, gap=3)
            writer.put(0, 9)
            writer.put(block[0][0], 9)
        spots = short_table(writer, Counter(slot for slot, _ in slots), window_bits + 1, position_bits, gap=-1)
        codes = codes_of(main)
        for code, distance in block:
            writer.put(*codes.get(code, (0, 0)))
            if code >= 256:
                slot = distance.bit_length()
                writer.put(*spots.get(slot, (0, 0)))
                if slot > 1:
                    writer.put(distance - (1 << slot - 1), slot - 1)
    return writer.done()


def archive(files: dict[bytes, bytes], *, level: int = 0, method: bytes = b"-lh5-", lie: int = 0) -> bytes:
    """An archive; ``lie`` is added to the sizes stated."""
    out = b""
    for name, data in files.items():
        body = data if method in (b"-lh0-", b"-lh1-") else packed(data, method)
        sizes = struct.pack("<II", len(body), len(data) + lie)
        folder, _, base = name.rpartition(b"/")
        extended = [b"\1" + base, *([b"\2" + folder.replace(b"/", b"\xff") + b"\xff"] if folder else [])]
        if level == 0:
            rest = method + sizes + bytes(4) + b"\x20\0" + bytes([len(name)]) + name + struct.pack("<H", crc16(data))
            out += bytes([len(rest), sum(rest) & 255]) + rest + body
        elif level == 1:
            chain, after = b"", 0
            for each in reversed(extended):
                chain = each + struct.pack("<H", after) + chain
                after = len(each) + 2
            sizes = struct.pack("<II", len(body) + len(chain), len(data) + lie)
            rest = method + sizes + bytes(4) + b"\x20\1\0" + struct.pack("<H", crc16(data)) + b"M" + struct.pack("<H", after)
            out += bytes([len(rest), sum(rest) & 255]) + rest + chain + body
        else:
            chain, after = b"", 0
            for each in reversed(extended):
                chain = each + struct.pack("<H", after) + chain
                after = len(each) + 2
            rest = method + sizes + bytes(4) + b"\x20\2" + struct.pack("<H", crc16(data)) + b"M" + struct.pack("<H", after) + chain
            out += struct.pack("<H", len(rest) + 2) + rest + body
    return out + b"\0"
