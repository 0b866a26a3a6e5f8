"""What every test of a reader needs: run it on bytes, look at what came out."""

from __future__ import annotations

import importlib
import io
import tempfile
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from benchmarks import goldset
from scanner.extract.budget import Limits, Spending
from scanner.model import Block, Document, Kind, Member, Trait
from scanner.problems import Problem

DOCUMENTS = Path(__file__).parents[3] / "shared" / "data" / "documents"


@dataclass
class Read:
    """All that a reader yielded."""

    blocks: list[Block] = field(default_factory=list)
    members: list[tuple[str, bytes]] = field(default_factory=list)
    traits: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(b.text for b in self.blocks)

    @property
    def codes(self) -> list[str]:
        return [p.code.value for p in self.problems]

    def tables(self) -> list[list[list[str]]]:
        """Each TABLE block as rows of texts."""
        return [grid(b) for b in self.blocks if b.kind is Kind.TABLE]

    def pairs(self) -> list[tuple[str, str]]:
        """Every key and value."""
        return [(row[0], row[1] if len(row) > 1 else "") for b in self.blocks if b.kind is Kind.PAIRS for row in grid(b)]


def grid(block: Block) -> list[list[str]]:
    """The cells of a block, row by row."""
    assert block.rows is not None
    rows: dict[int, list[str]] = {}
    for i, row in enumerate(block.rows.tolist()):
        start, end = block.cell_span(i)
        rows.setdefault(row, []).append(block.text[start:end])
    return list(rows.values())


def read(module: str, data: bytes, name: str = "x", limits: Limits | None = None, **means: Any) -> Read:
    """Run a reader over bytes; every block's numbering and cell borders are checked on the way. ``means``: of Spending."""
    extract = importlib.import_module(f"scanner.extract.{module}").extract
    out = Read()
    for item in extract(io.BytesIO(data), Document(name, size=len(data)), Spending(limits or Limits(), **means)):
        if isinstance(item, Block):
            assert item.index == len(out.blocks)
            assert int(item.starts[0]) == 0 and (item.starts[1:] > item.starts[:-1]).all()
            out.blocks.append(item)
        elif isinstance(item, Member):
            out.members.append((item.name, item.stream.read()))
        elif isinstance(item, Trait):
            out.traits[item.name] = item.value
        else:
            out.problems.append(item)
    return out


def squeezed(text: str) -> str:
    """NFKC without any white space: how surfaces of the gold set are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def gold(*renders: str) -> list[object]:
    """Documents of the gold set's development half in files with these endings, as pytest parameters."""
    records = [source.record() for source in goldset.sources() if goldset.half(source.id) == "development"]
    return [pytest.param(r, id=r["id"]) for r in records if r["file"].endswith(renders)]


def gold_bytes(document: dict[str, object]) -> bytes:
    """The rendered file of a gold document."""
    with tempfile.TemporaryDirectory() as folder:
        goldset.render([s for s in goldset.sources() if s.id == document["id"]], Path(folder))
        return (Path(folder) / str(document["file"])).read_bytes()


def missing(document: dict[str, object], out: Read) -> list[str]:
    """Surfaces of a gold document that no block holds in one piece."""
    texts = [squeezed(b.text) for b in out.blocks]
    spans = document["spans"]
    assert isinstance(spans, list)
    return [s["text"] for s in spans if not any(squeezed(s["text"]) in t for t in texts)]


def broken(document: dict[str, object], out: Read) -> list[str]:
    """Surfaces without line breaks of their own that stand nowhere without one in between."""
    lines = [
        "".join(unicodedata.normalize("NFKC", line).split()) for b in out.blocks for line in b.text.replace("\t", "\n").split("\n")
    ]
    spans = document["spans"]
    assert isinstance(spans, list)
    return [s["text"] for s in spans if "\n" not in s["text"] and not any(squeezed(s["text"]) in t for t in lines)]
