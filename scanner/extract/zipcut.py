"""Makes the directory of a ZIP that was cut off or has lost its own: it names what the headers before each entry say."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

_LOCAL = struct.Struct("<4s5H3I2H")  # APPNOTE 4.3.7
_MAGIC, _DESCRIPTOR, _CENTRAL = b"PK\x03\x04", b"PK\x07\x08", b"PK\x01\x02"
_LATER = 8  # general purpose bit 3: sizes and check sum stand behind the content
_ENTRIES = 100_000
_NAME = 4_096  # bytes of a name; more is no header
_VERSION = 63  # the latest that APPNOTE knows, in tenths
_WIDE = 0xFFFFFFFF  # the true number stands in the ZIP64 field
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class _Entry:
    """A local header: its first fields as they are, where it begins, what the content takes."""

    fields: tuple[int, ...]  # version, flags, method, time, date
    crc: int
    packed: int
    size: int
    name: bytes
    extra: bytes
    at: int


def rebuilt(stream: BinaryIO) -> BinaryIO | None:
    """The archive with a new directory behind it; None where no header of an entry is left.

    An entry that is cut off ends where the file does, and its check sum tells. Reads the headers and, of entries that were
    written without knowing their size, the content, to find its end.
    """
    end = stream.seek(0, io.SEEK_END)
    entries = list(_entries(stream, end))
    if not entries:
        return None
    directory = b"".join(map(_central, entries))
    count, size = len(entries), len(directory)
    tail = b""
    if count >= 0xFFFF or end >= _WIDE:
        tail += struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, end)
        tail += struct.pack("<4sIQI", b"PK\x06\x07", 0, end + size, 1)
    tail += struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), min(size, _WIDE), min(end, _WIDE), 0
    )
    return io.BufferedReader(_Joined(stream, end, directory + tail))


def _entries(stream: BinaryIO, end: int) -> Iterator[_Entry]:
    """The entries in their order. Behind damage the next header is looked for."""
    found, at = 0, _find(stream, _MAGIC, 0, end)
    while at >= 0 and found < _ENTRIES:
        entry = _entry(stream, at, end)
        if entry is None:
            at = _find(stream, _MAGIC, at + 4, end)
            continue
        found += 1
        yield entry
        after = at + _LOCAL.size + len(entry.name) + len(entry.extra) + entry.packed
        stream.seek(after)
        at = -1 if stream.read(4) == _CENTRAL else _find(stream, _MAGIC, after, end)


def _entry(stream: BinaryIO, at: int, end: int) -> _Entry | None:
    """The header at a place, None where there is none."""
    stream.seek(at)
    head = stream.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        return None
    _, *fields, crc, packed, size, name_size, extra_size = _LOCAL.unpack(head)
    if not 0 < name_size <= _NAME or fields[0] & 0xFF > _VERSION:
        return None
    name, extra = stream.read(name_size), stream.read(extra_size)
    start = at + _LOCAL.size + name_size + extra_size
    if start > end:
        return None
    if _WIDE in (packed, size):
        size, packed = _wide(extra, size, packed)
    if fields[1] & _LATER and not packed:
        crc, packed, size = _behind(stream, start, end)
    return _Entry(tuple(fields), crc, min(packed, end - start), size, name, extra, at)


def _wide(extra: bytes, size: int, packed: int) -> tuple[int, int]:
    """Sizes of the ZIP64 field (APPNOTE 4.5.3)."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1 and length >= 16:
            wide: tuple[int, int] = struct.unpack_from("<QQ", extra, at + 4)
            return wide
        at += 4 + length
    return size, packed


def _behind(stream: BinaryIO, start: int, end: int) -> tuple[int, int, int]:
    """Check sum, packed and true size of an entry that has them behind it: where they agree with the place they stand at."""
    at = start
    while (at := _find(stream, _DESCRIPTOR, at, end)) >= 0:
        stream.seek(at + 4)
        said = stream.read(20)
        for form in ("<III", "<IQQ"):
            if len(said) >= struct.calcsize(form):
                crc, packed, size = struct.unpack_from(form, said)
                if packed == at - start:
                    return int(crc), int(packed), int(size)
        at += 4
    # early writers leave the descriptor's own sign out
    for following in (_find(stream, _MAGIC, start, end), _find(stream, _CENTRAL, start, end), end):
        if following - 12 >= start:
            stream.seek(following - 12)
            crc, packed, size = struct.unpack("<III", stream.read(12))
            if packed == following - 12 - start:
                return int(crc), int(packed), int(size)
    return 0, end - start, _WIDE - 1  # whatever there is of it, and never all


def _find(stream: BinaryIO, what: bytes, at: int, end: int) -> int:
    """Where a sign stands next, -1 for nowhere."""
    kept = b""
    stream.seek(at)
    while at < end:
        piece = stream.read(_PIECE)
        if not piece:
            break
        here = (kept + piece).find(what)
        if here >= 0:
            return at - len(kept) + here
        at += len(piece)
        kept = piece[-3:]
    return -1


def _central(entry: _Entry) -> bytes:
    """The entry of the directory (APPNOTE 4.3.12)."""
    sizes, extra = (entry.packed, entry.size, entry.at), entry.extra
    if max(sizes) >= _WIDE:
        extra = struct.pack("<HHQQQ", 1, 24, entry.size, entry.packed, entry.at)
        sizes = (_WIDE, _WIDE, _WIDE)
    packed, size, at = sizes
    head = struct.pack("<4sH5H3I", _CENTRAL, 20, *entry.fields, entry.crc, packed, size)
    return head + struct.pack("<5H2I", len(entry.name), len(extra), 0, 0, 0, 0, at) + entry.name + extra


class _Joined(io.RawIOBase):
    """A stream with bytes behind it. Closing it leaves the stream open."""

    def __init__(self, stream: BinaryIO, size: int, tail: bytes) -> None:
        self.stream, self.size, self.tail = stream, size, tail
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size + len(self.tail)}[whence]
        self.at = max(0, start + offset)
        return self.at

    def readinto(self, buffer: Any) -> int:
        if self.at < self.size:
            self.stream.seek(self.at)
            data = self.stream.read(min(len(buffer), self.size - self.at))
        else:
            data = self.tail[self.at - self.size :][: len(buffer)]
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)
