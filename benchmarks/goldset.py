"""The gold documents: their sources, their two halves, their rendered files and where each marked thing stands."""

from __future__ import annotations

import hashlib
import html
import importlib.util
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.labels import category
from benchmarks.skeleton import Laid

GOLD = Path(__file__).resolve().parent / "gold"


@dataclass(frozen=True)
class Span:
    """A marked thing. ``start``, ``end``: in the source's skeleton. ``other``: a second surface (a date cell in ISO form)."""

    label: str
    text: str
    start: int
    end: int
    other: str = ""


@dataclass(frozen=True)
class Gold:
    """A gold document. ``text``: the skeleton of its source, marks removed."""

    id: str
    file: str
    render: str
    kind: str
    special_care: frozenset[str]
    sensitive_only: frozenset[str]
    persons: int
    negative: bool
    text: str
    spans: tuple[Span, ...]

    @property
    def half(self) -> str:
        """``development`` or ``held``."""
        return half(self.id)

    @property
    def format(self) -> str:
        """The kind of file, encodings apart."""
        return self.render.split("-")[0]


def half(document_id: str) -> str:
    """Held: odd first 32 bits of the SHA-256 of the id. Nothing is ever tuned on the held half."""
    return "held" if int(hashlib.sha256(document_id.encode()).hexdigest()[:8], 16) % 2 else "development"


@cache
def renderer() -> ModuleType:
    """The gold set's own render.py."""
    spec = importlib.util.spec_from_file_location("gold_render", GOLD / "render.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["gold_render"] = module
    spec.loader.exec_module(module)
    return module


def sources(docs: Path | None = None) -> list[Any]:
    """The parsed sources (render.Source), by id."""
    return list(renderer().load(docs or GOLD / "docs"))


def read(source: Any) -> Gold:
    """The gold document of a source."""
    record = source.record()
    text, places = _place(source)
    spans = tuple(
        Span(given["label"], given["text"], start, end, given.get("iso", ""))
        for given, (start, end) in zip(record["spans"], places, strict=True)
    )
    return Gold(
        id=record["id"],
        file=record["file"],
        render=record["render"],
        kind=record["kind"],
        special_care=frozenset(map(category, record["special_care"])),
        sensitive_only=frozenset(map(category, record["sensitive_only"])),
        persons=record["persons"],
        negative=record["negative"],
        text=text,
        spans=spans,
    )


def render(chosen: Iterable[Any], folder: Path) -> None:
    """Write the files of some sources into a folder, under their ids."""
    for source in chosen:
        renderer().render(source, folder)


def _place(source: Any) -> tuple[str, list[tuple[int, int]]]:
    """The source's skeleton and the range of each mark in it."""
    laid, places, done = Laid(), [], 0
    clean = {"html": _untag, "json": _unescape}.get(source.render, str)
    for mark in renderer().MARK.finditer(source.body):
        laid.add(clean(source.body[done : mark.start()]))
        places.append(laid.add(clean(mark[2])))
        done = mark.end()
    laid.add(clean(source.body[done:]))
    return laid.text, places


def _untag(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", text))


def _unescape(text: str) -> str:
    return re.sub(r'\\[nrt"\\/]', " ", text)
