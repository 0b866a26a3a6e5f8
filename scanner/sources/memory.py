"""Bytes that are already at hand: uploads of the gate, ``scan_bytes`` and members in tests."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from scanner.model import Document, Outcome
from scanner.problems import Code, Stage, Unreadable


class MemorySource:
    """One document made of ``data``, called ``name``. Picklable: it travels to the worker with the work."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.data = data

    def walk(self) -> Iterator[Document | Outcome]:
        """The one document; it has no stamp, so it is never taken for unchanged."""
        yield Document(self.name, size=len(self.data))

    def open(self, document: Document) -> BinaryIO:
        """Its bytes. Raises Unreadable for any other document."""
        if document.uri != self.name:
            raise Unreadable(Code.VANISHED, stage=Stage.OPEN)
        return io.BytesIO(self.data)

    def settled(self, document: Document, stream: BinaryIO) -> bool:
        """Bytes in memory do not change."""
        return True
