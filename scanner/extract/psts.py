"""Reads Outlook's stores (pst, ost) with libpff, from the extra ``pst``: every item becomes a message file, read as one."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, BinaryIO

import pypff

from scanner.contracts import Budget
from scanner.extract.members import held, kind_of, problem, shown
from scanner.extract.olewrite import ole
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Code, Problem, Stage, Unreadable

_DEEPEST = 30  # folders within one another
_WITHIN = 3  # messages within one another that are taken over
_FOLDERS = 20_000
_STRING, _NARROW, _BINARY, _SEVERAL = 0x1F, 0x1E, 0x102, 0x101F  # kinds of values ([MS-OXCDATA] 2.11.1)
_FIXED = (0x02, 0x03, 0x0B, 0x40)
_SUBJECT, _CODE_PAGE, _DATA, _METHOD, _KIND = 0x0037, 0x3FFD, 0x3701, 0x3705, 0x0C15
_EMBEDDED = 5  # the way to attach a message
_SEARCHES = ("SPAM Search Folder 2", "Search Root")  # hold what other folders hold


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Every item of every folder as a member ``folder/folder/3 subject.msg``; deleted items that are still there too.

    Raises Unreadable when it is no store, or damaged beyond opening.
    """
    store = pypff.file()
    try:
        store.open_file_object(stream)
        root = store.root_folder
    except (OSError, RuntimeError) as error:
        raise Unreadable(Code.CORRUPT, kind_of(error)) from None
    try:
        yield from _folders(root, budget)
        for n in range(_asked(lambda: store.number_of_orphan_items, 0)):
            yield from _item(lambda n=n: store.get_orphan_item(n), f"削除済み項目の残り/{n + 1}", budget)
    finally:
        store.close()


def _asked(ask: Any, otherwise: Any) -> Any:
    """What the library answers, ``otherwise`` where it stumbles."""
    try:
        return ask()
    except (OSError, RuntimeError, ValueError, OverflowError):
        return otherwise


def _folders(root: Any, budget: Budget) -> Iterator[Member | Problem]:
    stack: list[tuple[Any, tuple[str, ...]]] = [(root, ())]
    met = 0
    while stack:
        folder, path = stack.pop()
        budget.check_time()
        met += 1
        if not budget.holds(met, _FOLDERS):
            return
        for n in range(_asked(lambda f=folder: f.number_of_sub_messages, 0)):
            yield from _item(lambda f=folder, n=n: f.get_sub_message(n), "/".join((*path, str(n + 1))), budget)
        inner = []
        for n in range(_asked(lambda f=folder: f.number_of_sub_folders, 0)):
            found = _asked(lambda f=folder, n=n: f.get_sub_folder(n), None)
            name = _asked(lambda f=found: f.name, None) or str(n + 1) if found is not None else ""
            if found is None or len(path) >= _DEEPEST:
                yield Problem(Stage.EXTRACT, Code.CORRUPT if found is None else Code.TOO_DEEP, "folder")
            elif name not in _SEARCHES:
                inner.append((found, (*path, name.replace("/", "／"))))
        stack.extend(reversed(inner))


def _item(take: Any, place: str, budget: Budget) -> Iterator[Member]:
    """One item as a member. One that can't be had is a member with its problem."""
    name = shown(f"{place}.msg")
    try:
        item = take()
        streams: dict[str, bytes] = {}
        subject = _taken(item, "", streams, budget, 0)
        name = shown(f"{place} {subject}.msg" if subject else f"{place}.msg")
        data = ole(streams)
    except Unreadable as limit:
        if limit.problem.code is not Code.TOO_LARGE or "member" not in limit.problem.detail:
            raise
        yield Member(name, problem=problem(limit.problem.code, limit.problem.detail))
    except (OSError, RuntimeError, ValueError, OverflowError) as error:
        yield Member(name, problem=problem(Code.CORRUPT, kind_of(error)))
    else:
        budget.spend_bytes(len(data))
        yield Member(name, io.BytesIO(data), len(data))


def _taken(item: Any, path: str, streams: dict[str, bytes], budget: Budget, depth: int) -> str:
    """The properties of a message, its recipients and attachments put into ``streams`` as a msg file has them; its subject."""
    values = _values(item, 0)
    _put(values, path, streams, 24 if path else 32)
    people = _asked(lambda: item.recipients, None)
    for n in range(_asked(lambda: people.number_of_record_sets, 0) if people is not None else 0):
        _put(_values(people, n), f"{path}__recip_version1.0_#{n:08X}/", streams, 8)
    count = _asked(lambda: item.number_of_attachments, 0) if hasattr(item, "number_of_attachments") else 0
    for n in range(count):
        _attachment(item.get_attachment(n), f"{path}__attach_version1.0_#{n:08X}/", streams, budget, depth)
    kind, raw = values.get(_SUBJECT, (_STRING, b""))
    return raw.decode("utf-16-le" if kind == _STRING else "cp932", "replace").strip("\0 ")


def _attachment(attached: Any, path: str, streams: dict[str, bytes], budget: Budget, depth: int) -> None:
    values = _values(attached, 0)
    method = int.from_bytes(values.get(_METHOD, (0, b""))[1][:4], "little")
    if method == _EMBEDDED and depth < _WITHIN and _asked(lambda: attached.number_of_sub_items, 0):
        values.pop(_DATA, None)
        _put(values, path, streams, 8)
        _taken(attached.get_sub_item(0), f"{path}__substg1.0_3701000D/", streams, budget, depth + 1)
        return
    size = _asked(lambda: attached.size, 0)
    if size > held(budget) // 2:
        raise Unreadable(Code.TOO_LARGE, f"member > {held(budget) // 2}")
    if size:
        attached.seek_offset(0, 0)
        values[_DATA] = (_BINARY, attached.read_buffer(size))
        budget.spend_bytes(size)
    _put(values, path, streams, 8)


def _values(item: Any, number: int) -> dict[int, tuple[int, bytes]]:
    """The properties of an item by their ids: the kind of each and its bytes."""
    out: dict[int, tuple[int, bytes]] = {}
    if _asked(lambda: item.number_of_record_sets, 0) <= number:
        return out
    for entry in item.get_record_set(number).entries:
        ident, kind = entry.entry_type, entry.value_type
        data = _asked(lambda e=entry: e.data, None)
        if ident is None or kind is None or not data:
            continue
        if kind == _SEVERAL:
            kind, data = _STRING, _joined(data)
        if ident == _SUBJECT:
            wide = 2 if kind == _STRING else 1
            data = data[2 * wide :] if data[:wide] == b"\1\0"[:wide] else data  # marks the length of "Re: " ([MS-PST] 2.5.3.1.1.1)
        out[ident] = (kind, data)
    return out


def _joined(data: bytes) -> bytes:
    """A list of strings as one ([MS-PST] 2.3.3.4.2: count, offsets, strings)."""
    count = min(int.from_bytes(data[:4], "little"), len(data) // 4)
    offsets = [*struct.unpack_from(f"<{count}I", data, 4), len(data)] if len(data) >= 4 + 4 * count else []
    return "；".encode("utf-16-le").join(data[a:b].removesuffix(b"\0\0") for a, b in pairwise(offsets))


def _put(values: dict[int, tuple[int, bytes]], path: str, streams: dict[str, bytes], head: int) -> None:
    """Properties as a msg file has them ([MS-OXMSG] 2.4): a stream for each of variable size, a table of the fixed ones."""
    table = bytearray(head)
    for ident, (kind, data) in values.items():
        if kind in (_STRING, _NARROW, _BINARY):
            streams[f"{path}__substg1.0_{ident:04X}{kind:04X}"] = data
        elif kind in _FIXED:
            table += struct.pack("<HHI", kind, ident, 6) + data[:8].ljust(8, b"\0")
    if _CODE_PAGE not in values and not path:
        table += struct.pack("<HHIQ", 3, _CODE_PAGE, 6, 932)  # narrow strings of a store that doesn't say: of Japanese Windows
    streams[f"{path}__properties_version1.0"] = bytes(table)
