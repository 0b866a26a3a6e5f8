"""Reads JSON and JSON lines: lists of flat objects as tables, everything else as key paths with their values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from scanner.contracts import Budget
from scanner.extract.decoding import decoded, lines, peek, texts, unescaped
from scanner.extract.jsonwalk import Leaf, Obj, flat_rows, leaves, stream_leaves
from scanner.model import Block, Cell, Document, Key, Line, Member, Trait
from scanner.problems import Problem
from scanner.text.blocks import BlockWriter

_WHOLE = 24 << 20  # characters: a bigger file is read as a stream of tokens, without looking for tables
_BATCH = 2_000  # pairs for one call of the writer, or lines of JSON lines


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Keys and values as PAIRS, flat lists as TABLE. What is no JSON is read as text and has ``Trait("structure", "text")``."""
    source = decoded(stream, budget)
    yield from source.notes
    yield from _read(BlockWriter(), source.pieces, budget)
    yield from source.after()


def _read(writer: BlockWriter, pieces: Iterator[str], budget: Budget) -> Iterator[Block | Trait]:
    sample, pieces = peek(pieces, 65_536)
    if _is_lines(sample):
        yield from _json_lines(writer, pieces, budget)
        return
    whole, pieces = peek(pieces, _WHOLE)
    if len(whole) >= _WHOLE:
        yield from _big(writer, pieces, budget)
        return
    value: Any
    try:
        value = load(whole)
    except RecursionError:  # deeper than the decoder goes: read token by token
        yield from _big(writer, iter([whole]), budget)
    except ValueError:
        yield Trait("structure", "text")
        yield from texts(writer, iter([unescaped(whole)]))
    else:
        yield from blocks_of(writer, value, budget)


def load(text: str) -> Any:
    """The value: objects as lists of pairs so that no repeated key is lost, numbers as they are written.

    Raises ValueError or RecursionError.
    """
    return json.loads(text.lstrip("\ufeff"), object_pairs_hook=Obj, parse_int=str, parse_float=str, parse_constant=str)


def blocks_of(writer: BlockWriter, value: Any, budget: Budget) -> Iterator[Block]:
    """The blocks of one decoded value."""
    pending: list[Leaf] = []
    tables = 0
    for leaf in leaves(value):
        if leaf.table is None:
            pending.append(leaf)
            if len(pending) < _BATCH:
                continue
        yield from _pairs(writer, pending, budget)
        pending = []
        if leaf.table is not None:
            tables += 1  # a key can be a value itself, so the table has a number for its name
            yield from writer.table(flat_rows(leaf.table, 1), Cell(f"表{tables}", 1, 1), heading=_last(leaf.path))
    yield from _pairs(writer, pending, budget)


def _last(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path).rpartition(".")[2]


def _pairs(writer: BlockWriter, found: list[Leaf], budget: Budget) -> Iterator[Block]:
    budget.check_time()
    if found:
        yield from writer.pairs([(leaf.path, leaf.value, leaf.record) for leaf in found], Key(found[0].path))


def _big(writer: BlockWriter, pieces: Iterator[str], budget: Budget) -> Iterator[Block | Trait]:
    """Token by token; from where it is no JSON any more as text."""
    pending: list[Leaf] = []
    rest: Iterator[str] | None = None
    line = 1
    for item in stream_leaves(pieces):
        if not isinstance(item, Leaf):
            line, rest = item
            break
        pending.append(item)
        if len(pending) >= _BATCH:
            yield from _pairs(writer, pending, budget)
            pending = []
    yield from _pairs(writer, pending, budget)
    if rest is not None:
        yield Trait("structure", "text")
        yield from texts(writer, map(unescaped, rest), line=line)


def _is_lines(sample: str) -> bool:
    """At least two lines, the first two (where whole) a value each."""
    first, _, behind = sample.lstrip("\ufeff \r\n\t").partition("\n")
    second, end, _ = behind.lstrip().partition("\n")
    if first[:1] not in ("{", "[") or second[:1] not in ("{", "["):
        return False
    try:
        load(first)
        if end:
            load(second)
    except (ValueError, RecursionError):
        return False
    return True


def _json_lines(writer: BlockWriter, pieces: Iterator[str], budget: Budget) -> Iterator[Block | Trait]:
    batch: list[tuple[int, Any]] = []
    doubtful = False
    for number, line in enumerate(chain(lines(pieces), [""]), 1):
        budget.check_time()
        value: Any = None
        broken = False
        if line.strip():
            try:
                value = load(line)
            except (ValueError, RecursionError):
                broken = True
        if value is not None:
            batch.append((number, value))
        if batch and (broken or not line or len(batch) >= _BATCH):
            yield from _batch(writer, batch, budget)
            batch = []
        if broken:
            if not doubtful:
                yield Trait("structure", "partly text")
            doubtful = True
            yield from writer.text(unescaped(line), Line(number))


def _batch(writer: BlockWriter, batch: list[tuple[int, Any]], budget: Budget) -> Iterator[Block]:
    """Lines of JSON lines: one table when they are flat objects alike, else each line a record."""
    rows = flat_rows([value for _, value in batch], 0, [number for number, _ in batch])
    if rows:
        yield from writer.table(rows, Cell("", batch[0][0], 1))
        return
    pending = [leaf for number, value in batch for leaf in leaves(value, f"[{number - 1}]", number)]
    spread = [part for leaf in pending for part in _spread(leaf)]
    yield from _pairs(writer, spread, budget)


def _spread(leaf: Leaf) -> Iterator[Leaf]:
    """A table within a line as leaves, since it shares the line's record."""
    if leaf.table is None:
        yield leaf
        return
    for n, element in enumerate(leaf.table):
        for key, value in element:
            if value not in (None, ""):
                yield Leaf(f"{leaf.path}[{n}].{key}", str(value), leaf.record)
