"""Reads mailboxes (mbox): every message is a document of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Code, Problem, Stage

_MOST = 10_000  # messages
_LARGEST = 256 << 20  # bytes of one message
_LINE = 1 << 20  # bytes of one line read at a time


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Each message as a member, numbered from 1; ``>From `` at the beginning of a line is put right."""
    number = 0
    for message in _messages(stream, budget):
        number += 1
        if number > _MOST:
            yield Problem(Stage.EXTRACT, Code.TOO_MANY, f"messages > {_MOST}")
            return
        if message is None:
            yield Problem(Stage.EXTRACT, Code.TOO_LARGE, f"message > {_LARGEST}", f"{number}.eml")
            continue
        yield Member(f"{number}.eml", io.BytesIO(message), len(message))


def _messages(stream: BinaryIO, budget: Budget) -> Iterator[bytes | None]:
    """The messages without their separators; None for one that is too large to hold."""
    held: list[bytes] = []
    size = 0
    blank = begun = False
    whole = True  # whether the piece before ended its line
    while line := stream.readline(_LINE):
        budget.spend_bytes(len(line))
        if whole and line.startswith(b"From ") and (blank or not begun):
            if begun:
                yield b"".join(held) if size <= _LARGEST else None
            begun, held, size = True, [], 0
            whole = line.endswith(b"\n")
            continue
        blank = whole and not line.strip()
        if whole and line.startswith(b">") and line.lstrip(b">").startswith(b"From "):
            line = line[1:]
        whole = line.endswith(b"\n")
        size += len(line)
        if size <= _LARGEST:
            held.append(line)
        else:
            held.clear()
    if begun or size:
        yield b"".join(held) if size <= _LARGEST else None
