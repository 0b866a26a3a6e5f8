"""Makes damaged files out of whole ones, as disks, networks and attackers do; the same number always gives the same file."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence

LARGEST = 1 << 20  # bytes of a mutant
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE, 0x10000, 0xFFFFFF)
_TAG = re.compile(rb"<[^<>]{1,200}>")
Change = Callable[[bytes, random.Random], bytes]


def flips(data: bytes, dice: random.Random) -> bytes:
    """Some bytes are others."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16, 64))):
        at = dice.randrange(len(out))
        out[at] = dice.choice((out[at] ^ 1 << dice.randrange(8), dice.randrange(256), 0, 0xFF))
    return bytes(out)


def numbers(data: bytes, dice: random.Random) -> bytes:
    """A number where lengths, counts and places stand is one at a border."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8))):
        form = dice.choice(("<B", "<H", "<I", ">H", ">I", "<Q"))
        size = struct.calcsize(form)
        if len(out) > size:
            at = dice.randrange(min(len(out), dice.choice((64, 4096, len(out)))) - size + 1) if len(out) > size else 0
            struct.pack_into(form, out, at, dice.choice(_NUMBERS) & (1 << 8 * size) - 1)
    return bytes(out)


def cut(data: bytes, dice: random.Random) -> bytes:
    """Only the first part has come."""
    return data[: dice.randrange(len(data))]


def gap(data: bytes, dice: random.Random) -> bytes:
    """A piece is missing, or is all zeros."""
    a, b = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    b = min(b, a + dice.choice((1, 16, 512, 4096, len(data))))
    return data[:a] + (bytes(b - a) if dice.random() < 0.5 else b"") + data[b:]


def again(data: bytes, dice: random.Random) -> bytes:
    """A piece stands there many times."""
    a = dice.randrange(len(data))
    piece = data[a : a + dice.choice((1, 4, 64, 1024))]
    times = max(1, min(dice.choice((2, 10, 1000, 100_000)), (LARGEST - len(data)) // max(1, len(piece))))
    return data[:a] + piece * times + data[a:]


def moved(data: bytes, dice: random.Random) -> bytes:
    """Two pieces have changed places."""
    size = dice.choice((4, 64, 512))
    a, b = sorted(dice.randrange(len(data)) for _ in range(2))
    if b - a < size:
        return data[b:] + data[:b]
    return data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]


def tags(data: bytes, dice: random.Random) -> bytes:
    """A mark of markup is left out, doubled, or put within itself many times."""
    found = list(_TAG.finditer(data, 0, 1 << 20))
    if not found:
        return flips(data, dice)
    mark = dice.choice(found)
    times = dice.choice((0, 2, 300, 20_000))
    times = min(times, (LARGEST - len(data)) // len(mark[0]))
    return data[: mark.start()] + mark[0] * times + data[mark.end() :]


CHANGES: tuple[Change, ...] = (flips, flips, numbers, numbers, cut, gap, again, moved, tags)


def members(data: bytes, dice: random.Random) -> bytes:
    """A ZIP with one member changed, left out, doubled, renamed or put in another's place; checksums are right again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            parts = [(info.filename, old.read(info)) for info in old.infolist()[:500]]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
        return flips(data, dice)
    if not parts:
        return flips(data, dice)
    n = dice.randrange(len(parts))
    name, content = parts[n]
    match dice.randrange(8):
        case 0:
            del parts[n]
        case 1:
            parts.append((name, dice.choice(parts)[1]))
        case 2:
            parts[n] = (dice.choice(parts)[0], content)
        case 3:
            parts[n] = (name, dice.choice(parts)[1])
        case 4:
            parts[n] = ("../" * dice.randrange(3) + name.upper(), content)
        case _:
            parts[n] = (name, dice.choice((*CHANGES, tags, tags))(content, dice) if content else b"<")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for inner, body in parts:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # two members of one name are meant
                new.writestr(inner, body)
    return out.getvalue()


def mutant(number: int, seeds: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    """(name, content) of the mutant of this number: a file changed once or a few times, now and then with another's tail."""
    dice = random.Random(number)
    name, data = seeds[number % len(seeds)]
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        if not data:
            break
        if data[:2] == b"PK" and dice.random() < 0.75:
            data = members(data, dice)
        elif dice.random() < 0.08:
            other = dice.choice(seeds)[1]
            data = data[: dice.randrange(len(data))] + other[dice.randrange(len(other) or 1) :]
        else:
            data = dice.choice(CHANGES)(data, dice)
    return name, data[:LARGEST]
