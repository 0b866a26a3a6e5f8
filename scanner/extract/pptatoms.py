"""The records of PowerPoint 97-2003 ([MS-PPT], [MS-ODRAW]): the tree of atoms, the living versions, texts, shape properties."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

DOCUMENT, SLIDE, NOTES, MASTER, SLIDE_LIST = 0x03E8, 0x03EE, 0x03F0, 0x03F8, 0x0FF0
_MOST = 1_000_000  # records of one container that are looked at
_EDITS = 1_000  # versions that are followed back


@dataclass(frozen=True, slots=True)
class Atom:
    """A record: its type, instance, where its content lies in ``data``, and whether it holds other records."""

    data: bytes
    kind: int
    instance: int
    start: int
    end: int
    holds: bool

    @property
    def content(self) -> bytes:
        """Its bytes."""
        return self.data[self.start : self.end]

    def children(self) -> Iterator[Atom]:
        """The records in it."""
        yield from atoms(self.data, self.start, self.end)

    def inside(self) -> Iterator[Atom]:
        """Every record in it, depth first, without recursion."""
        stack = [self.children()]
        count = 0
        while stack and count < _MOST:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
                continue
            count += 1
            yield child
            if child.holds and len(stack) < 200:
                stack.append(child.children())

    def child(self, kind: int) -> Atom | None:
        """The first record of a type in it."""
        return next((atom for atom in self.children() if atom.kind == kind), None)


def atoms(data: bytes, start: int, end: int) -> Iterator[Atom]:
    """The records one after the other; ends where they make no sense any more."""
    end = min(end, len(data))
    while start + 8 <= end:
        head, kind, size = struct.unpack_from("<HHI", data, start)
        start += 8
        yield Atom(data, kind, head >> 4, start, min(start + size, end), head & 15 == 15)
        start += size


def atom_at(data: bytes, offset: int) -> Atom | None:
    """The record at an offset."""
    return next(atoms(data, offset, len(data)), None) if 0 <= offset < len(data) else None


def live(data: bytes, edit: int) -> tuple[dict[int, int], int]:
    """(offset of each living object by its number, number of the document): the newest version of each counts."""
    places: dict[int, int] = {}
    document = 0
    seen: set[int] = set()
    for _ in range(_EDITS):
        found = atom_at(data, edit)
        if edit in seen or found is None or found.kind != 0x0FF5 or found.end - found.start < 20:
            break
        seen.add(edit)
        before, directory, number = struct.unpack_from("<III", data, found.start + 8)
        document = document or number
        table = atom_at(data, directory)
        if table is not None and table.kind == 0x1772:
            for ident, offset in _directory(table.content):
                places.setdefault(ident, offset)
        edit = before
        if not edit:
            break
    return places, document


def _directory(content: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + 4 <= len(content):
        head = int.from_bytes(content[at : at + 4], "little")
        at += 4
        for n in range(head >> 20):
            if at + 4 > len(content):
                return
            yield (head & 0xFFFFF) + n, int.from_bytes(content[at : at + 4], "little")
            at += 4


def text_of(atom: Atom) -> str | None:
    """The text of a text atom, None for any other."""
    if atom.kind in (0x0FA0, 0x0FBA):
        text = atom.content.decode("utf-16-le", "replace")
    elif atom.kind == 0x0FA8:
        text = atom.content.decode("latin-1")
    else:
        return None
    return text.replace("\r", "\n").replace("\x0b", "\n").replace("\0", "")


def shape_texts(atom: Atom) -> tuple[list[str], bool]:
    """(texts in the properties of a shape: word art and alternative text; whether the shape is a table)."""
    content = atom.content
    texts: list[str] = []
    table = False
    at = atom.instance * 6
    for n in range(min(atom.instance, len(content) // 6)):
        ident, value = struct.unpack_from("<HI", content, n * 6)
        number = ident & 0x3FFF
        if number == 0x039F:
            table = bool(value & 1)
        if ident & 0x8000:
            if number in (0x00C0, 0x0381):
                texts.append(content[at : at + value].decode("utf-16-le", "replace").rstrip("\0"))
            at += value
    return [text for text in texts if text.strip()], table
