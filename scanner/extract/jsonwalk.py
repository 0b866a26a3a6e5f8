"""Walks decoded JSON, or JSON as a stream of tokens, without recursion: leaves with key path and record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

_COLUMNS = 400  # keys: more are no table


class Obj(list[tuple[str, Any]]):
    """An object as its pairs, in the order and number of the file."""


class Leaf(NamedTuple):
    """A scalar with its key path and record (0: of no record), or a list of flat objects under that path."""

    path: str
    value: str
    record: int
    table: Sequence[Obj] | None = None


def scalar(value: Any) -> str:
    """The text of a scalar; numbers come as they are written."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    return "" if value is None else str(value)


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def leaves(value: Any, path: str = "", record: int = 0) -> Iterator[Leaf]:
    """Leaves in the order of the file.

    A record is an object in the outermost list of objects, or among the values of an object of objects alike; a list of one
    object that holds longer lists itself is only a wrapper. ``record`` is given by the caller where a whole value is one.
    """
    numbered = record
    stack: list[Iterator[tuple[str, Any, int]]] = [iter([(path, value, record)])]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            continue
        path, value, record = step
        if isinstance(value, Obj):
            fresh = not record and _alike([v for _, v in value])
            if fresh:
                stack.append(iter([(_joined(path, k), v, numbered + n) for n, (k, v) in enumerate(value, 1)]))
                numbered += len(value)
            else:
                stack.append(iter([(_joined(path, k), v, record) for k, v in value]))
        elif isinstance(value, list):
            objects = sum(isinstance(v, Obj) for v in value)
            if not record and flat(value):
                yield Leaf(path, "", 0, value)
                numbered += len(value)
            elif not record and objects and not (len(value) == 1 and _wraps(value[0])):
                stack.append(iter([(f"{path}[{n}]", v, numbered + n + 1) for n, v in enumerate(value)]))
                numbered += len(value)
            else:
                stack.append(iter([(f"{path}[{n}]", v, record) for n, v in enumerate(value)]))
        elif value is not None and value != "":
            yield Leaf(path, scalar(value), record)


def _alike(values: list[Any]) -> bool:
    """Objects only, at least three, most keys in common: a table keyed by name."""
    if len(values) < 3 or not all(isinstance(v, Obj) and v for v in values):
        return False
    first = {k for k, _ in values[0]}
    return all(len(first & {k for k, _ in v}) * 2 > len(first) for v in values)


def _wraps(value: Any) -> bool:
    """Whether an object holds a list of several objects somewhere within three levels."""
    level = [value]
    for _ in range(3):
        inner = [v for o in level if isinstance(o, Obj) for _, v in o]
        if any(isinstance(v, list) and not isinstance(v, Obj) and sum(isinstance(x, Obj) for x in v) > 1 for v in inner):
            return True
        level = inner
    return False


def flat(value: Any) -> bool:
    """A list of at least two objects of scalars, most of whose keys are shared."""
    if not isinstance(value, list) or len(value) < 2:
        return False
    keys: set[str] = set()
    filled = 0
    for element in value:
        if not isinstance(element, Obj) or any(isinstance(v, list) for _, v in element):
            return False
        names = {k for k, _ in element}
        if len(names) != len(element):
            return False
        keys |= names
        filled += len(names)
        if len(keys) > _COLUMNS:
            return False
    return bool(keys) and filled * 2 >= len(keys) * len(value)


def flat_rows(elements: Sequence[Any], base: int, numbers: Sequence[int] | None = None) -> list[tuple[int, list[tuple[int, str]]]]:
    """A header of the keys and a row for each element; [] when they are no flat objects alike.

    Row numbers: of the header ``base`` (or one before the first), of the elements ``numbers`` or counted on from it.
    """
    if not flat(elements):
        return []
    columns: dict[str, int] = {}
    for element in elements:
        for key, _ in element:
            columns.setdefault(key, len(columns) + 1)
    first = numbers[0] - 1 if numbers else base
    rows = [(first, [(n, key) for key, n in columns.items()])]
    for n, element in enumerate(elements):
        cells = sorted((columns[k], scalar(v)) for k, v in element if v is not None and v != "")
        rows.append((numbers[n] if numbers else base + 1 + n, cells))
    return rows


# ---------------------------------------------------------------- as a stream

_TOKEN = re.compile(r'[ \n\t]*+(?:(?P<mark>[{}\[\],:])|"(?P<string>(?:[^"\\]++|\\.)*+)"|(?P<bare>[\w+.-]++))', re.DOTALL)
_HELD = 1 << 22  # characters: the longest token


class _Frame:
    """An open object or list."""

    __slots__ = ("index", "is_list", "key", "record")

    def __init__(self, is_list: bool, record: int) -> None:
        self.is_list = is_list
        self.record = record
        self.index = 0
        self.key: str | None = None


def stream_leaves(pieces: Iterator[str]) -> Iterator[Leaf | tuple[int, Iterator[str]]]:
    """Leaves token by token; where it is no JSON any more, at last (line, the rest as text). Paths deeper than 60 steps are cut."""
    stack: list[_Frame] = []
    numbered, line = 0, 1
    text, at, end = "", 0, False
    while True:
        found = _TOKEN.match(text, at)
        if found is None or (found.end() == len(text) and not end):
            if end or len(text) - at > _HELD:
                if text[at:].strip():
                    yield line + text.count("\n", 0, at), chain([text[at:]], pieces)
                return
            line += text.count("\n", 0, at)
            piece = next(pieces, "")
            text, at, end = text[at:] + piece, 0, not piece
            continue
        at = found.end()
        mark = found["mark"]
        if mark in ("{", "["):
            top = stack[-1] if stack else None
            record = top.record if top else 0
            if mark == "{" and not record and top is not None and top.is_list:
                numbered += 1
                record = numbered
            stack.append(_Frame(mark == "[", record))
        elif mark in ("}", "]"):
            if stack:
                stack.pop()
        elif mark == ",":
            if stack:
                stack[-1].index += 1
                stack[-1].key = None
        elif mark is None:
            value = found["bare"] if found["string"] is None else _string(found["string"])
            top = stack[-1] if stack else None
            if top is not None and not top.is_list and top.key is None:
                top.key = value
            elif value and (found["string"] is not None or value != "null"):
                yield Leaf(_path(stack), value, top.record if top else 0)


def _string(raw: str) -> str:
    if "\\" not in raw:
        return raw
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw


def _path(stack: list[_Frame]) -> str:
    shown = stack if len(stack) <= 60 else [*stack[:30], *stack[-30:]]
    out = ""
    for frame in shown:
        out = f"{out}[{frame.index}]" if frame.is_list else _joined(out, frame.key or "")
    return out
