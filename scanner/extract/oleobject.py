"""Reads OLE objects, as office files embed them (oleObject1.bin): the file inside, whatever program it is of."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract.members import shown
from scanner.extract.ole import compound, native_file, read_stream
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Code, Problem, Unreadable

_NATIVE = "\x01ole10native"  # [MS-OLEDS] 2.3.6
_WHOLE = ("package", "embeddedodf", "contents")  # streams that are a file by themselves: OOXML, OpenDocument, PDF and others


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """The embedded file as a member. Raises Unreadable when there is none that is known of."""
    found = 0
    with compound(stream) as ole:
        for path in ole.listdir(streams=True, storages=False):
            name = path[-1].lower()
            if len(path) > 1 or name not in (_NATIVE, *_WHOLE):
                continue
            data = read_stream(ole, path, budget)
            member = native_file(data, "object") if name == _NATIVE else Member(path[-1], io.BytesIO(data), len(data))
            if member is not None and member.size > 0:
                found += 1
                yield Member(shown(member.name), member.stream, member.size)
    if not found:
        raise Unreadable(Code.UNSUPPORTED, "OLE object")
