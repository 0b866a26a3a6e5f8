"""Reads text of every kind, line by line; rows of SQL dumps and of text that is certainly a table become tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract import tabular
from scanner.extract.decoding import decoded, peek, texts
from scanner.extract.sqldump import HINT, read_dump
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Problem
from scanner.text.blocks import BlockWriter

_SAMPLE = 65_536


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Lines as TEXT, tuples of INSERT and COPY as TABLE. Raises Unreadable(BINARY) when it is no text."""
    source = decoded(stream, budget)
    yield from source.notes
    writer = BlockWriter()
    sample, pieces = peek(source.pieces, _SAMPLE)
    name = document.inside[-1] if document.inside else document.uri
    if name.lower().endswith(".sql") or HINT.search(sample):
        yield from read_dump(writer, pieces)
    elif delimiter := tabular.delimiter_of(sample, strict=True):
        yield from tabular.tables(writer, pieces, delimiter)
    else:
        yield from texts(writer, pieces)
    yield from source.after()
