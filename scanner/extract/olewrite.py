"""Writes OLE2 files ([MS-CFB] version 3): an embedded document becomes a file of its own again; tests make theirs with it."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT, _DIFAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
_NUMBERS = _SECTOR // 4  # of sectors in a sector
_HEADER = 109  # sectors of the allocation table that the header itself lists


@dataclass
class _Node:
    name: str
    data: bytes | None = None
    children: dict[str, _Node] = field(default_factory=dict)
    number: int = 0
    right: int = _FREE


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE2 file of these streams; a name with slashes lies in storages."""
    root = _Node("Root Entry")
    for path, data in streams.items():
        node = root
        for part in path.split("/"):
            node = node.children.setdefault(part, _Node(part))
        node.data = data
    nodes: list[_Node] = []
    _number(root, nodes)
    sectors: list[bytes] = []
    chain: list[int] = []

    def place(data: bytes) -> int:
        if not data:
            return _END
        first = len(sectors)
        count = -(-len(data) // _SECTOR)
        for n in range(count):
            sectors.append(data[n * _SECTOR : (n + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
            chain.append(first + n + 1 if n < count - 1 else _END)
        return first

    small = bytearray()
    minifat: list[int] = []
    starts: dict[int, int] = {}
    for node in nodes:
        if node.data is None:
            continue
        if len(node.data) >= _CUTOFF:
            starts[node.number] = place(node.data)
        elif node.data:
            first = len(minifat)
            count = -(-len(node.data) // _MINI)
            minifat += [first + n + 1 if n < count - 1 else _END for n in range(count)]
            small += node.data.ljust(count * _MINI, b"\0")
            starts[node.number] = first
    root_start = place(bytes(small))
    minifat_start = place(b"".join(struct.pack("<I", n) for n in minifat))
    minifat_count = -(-len(minifat) * 4 // _SECTOR)
    directory = b"".join(_entry(node, starts, root_start, len(small)) for node in nodes)
    directory_start = place(directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0"))
    fats, lists = 1, 0
    while fats * _NUMBERS < len(sectors) + fats + lists:
        fats += 1
        lists = max(0, -(-(fats - _HEADER) // (_NUMBERS - 1)))
    table = [*chain, *[_FAT] * fats, *[_DIFAT] * lists]
    table += [_FREE] * (fats * _NUMBERS - len(table))
    first_fat = len(sectors)
    first_list = first_fat + fats if lists else _END
    listed = [first_fat + n for n in range(fats)]
    listed += [_FREE] * (_HEADER + lists * (_NUMBERS - 1) - fats)
    further = b"".join(
        struct.pack(f"<{_NUMBERS}I", *listed[at : at + _NUMBERS - 1], first_list + n + 1 if n < lists - 1 else _END)
        for n, at in enumerate(range(_HEADER, len(listed), _NUMBERS - 1))
    )
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fats, directory_start, 0, _CUTOFF, minifat_start, minifat_count, first_list, lists)
    head += struct.pack(f"<{_HEADER}I", *listed[:_HEADER])
    return head + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table) + further


def _number(node: _Node, nodes: list[_Node]) -> None:
    node.number = len(nodes)
    nodes.append(node)
    for child in node.children.values():
        _number(child, nodes)


def _entry(node: _Node, starts: Mapping[int, int], root_start: int, small: int) -> bytes:
    """A directory entry; siblings hang on one another to the right."""
    name = node.name.encode("utf-16-le")
    kids = sorted(node.children.values(), key=lambda n: (len(n.name), n.name.upper()))
    for kid, following in pairwise(kids):
        kid.right = following.number
    kind = 5 if node.number == 0 else 1 if node.data is None else 2
    start = root_start if kind == 5 else starts.get(node.number, _END if kind == 2 else 0)
    size = small if kind == 5 else len(node.data or b"")
    links = struct.pack("<III", _FREE, node.right, kids[0].number if kids else _FREE)
    return name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, kind, 1) + links + bytes(36) + struct.pack("<IQ", start, size)
