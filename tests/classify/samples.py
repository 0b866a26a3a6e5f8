"""Invented documents for tests of classification: ``⟦label|text⟧`` or ``⟦label/role|text⟧`` marks what other detectors find."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scanner import resources
from scanner.classify import DocumentClassifier, build
from scanner.detect.health import SensitiveDetector
from scanner.detect.rules import load_labels
from scanner.model import Block, Cell, Classified, Document, Facts, Line, Match, PersonRole, Section
from scanner.text.arrange import Arranger
from scanner.text.blocks import BlockWriter
from scanner.text.labels import LabelBook
from scanner.text.view import Reading, read

PATTERNS: Path = resources.folder("patterns")
_MARK = re.compile(r"⟦([a-z_]+)(?:/([a-z]+))?\|([^⟧]*)⟧")


class Keys:
    """A stand-in for the installation's keyer."""

    def digest(self, entity: str, canonical: str) -> str:
        return f"{entity}:{len(canonical)}"

    def finding_id(self, entity: str, digest: str, nth: int) -> str:
        return f"{entity}/{digest}/{nth}"


def book() -> LabelBook:
    """Every label of the shipped patterns."""
    return load_labels(PATTERNS)


@dataclass
class Drawn:
    """A document under construction: blocks with the matches that other detectors would have made."""

    blocks: list[Block] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    writer: BlockWriter = field(default_factory=BlockWriter)

    def text(self, marked: str, *, section: Section = Section.BODY, scope: int = 0) -> Drawn:
        plain, spans = unmark(marked)
        self.writer.scope = scope
        (block,) = self.writer.text(plain, Line(1), section=section)
        self.blocks.append(block)
        self._add(block, spans)
        return self

    def table(self, rows: Sequence[Sequence[str]], *, sheet: str = "シート1", scope: int = 0) -> Drawn:
        self.writer.scope = scope
        plain = [(r, [(c, unmark(cell)[0]) for c, cell in enumerate(row, 1) if cell]) for r, row in enumerate(rows, 1)]
        (block,) = self.writer.table([p for p in plain if p[1]], Cell(sheet, 1, 1))
        self.blocks.append(block)
        at = 0
        spans: list[tuple[str, str, int, int]] = []
        for row in rows:
            cells = [c for c in row if c]
            for cell in cells:
                text, found = unmark(cell)
                spans += [(label, role, a + at, b + at) for label, role, a, b in found]
                at += len(text) + 1
        self._add(block, spans)
        return self

    def _add(self, block: Block, spans: list[tuple[str, str, int, int]]) -> None:
        for label, role, a, b in spans:
            value = block.text[a:b]
            self.matches.append(
                Match(label, block.index, a, b, "mark", 0.9, role=PersonRole(role), normalized=re.sub(r"[\s　]", "", value))
            )


def unmark(marked: str) -> tuple[str, list[tuple[str, str, int, int]]]:
    out, spans, last = "", [], 0
    for m in _MARK.finditer(marked):
        out += marked[last : m.start()]
        spans.append((m[1], m[2] or "", len(out), len(out) + len(m[3])))
        out += m[3]
        last = m.end()
    return out + marked[last:], spans


class Bench:
    """Detector, classifier and label book, built once."""

    def __init__(self) -> None:
        self.detector = SensitiveDetector(PATTERNS)
        self.classifier: DocumentClassifier = build(PATTERNS, Keys())
        self.book = book()

    def read(self, drawn: Drawn) -> list[Reading]:
        arranger = Arranger(self.book)
        return [arranger.read(read(b)) for b in drawn.blocks]

    def facts(self, drawn: Drawn, *, name: str = "/share/x.txt", keep: bool = True) -> Facts:
        readings = self.read(drawn)
        found = [m for m in self.detector.detect(readings) if isinstance(m, Match)]
        own = [m for m in found if not any(o.block == m.block and o.start < m.end and m.start < o.end for o in drawn.matches)]
        session = self.classifier.begin(Document(name), keep=keep)
        session.feed(readings, [*drawn.matches, *own])
        return session.finish()

    def sensitive(self, drawn: Drawn, facts: Facts) -> list[tuple[str, str]]:
        """(entity, text) of the sensitive matches that stayed."""
        texts = {b.index: b.text for b in drawn.blocks}
        return [
            (c.match.entity, texts[c.match.block][c.match.start : c.match.end])
            for c in facts.matches
            if self.classifier.taxonomy.sensitive(c.match.entity)
        ]


def evidence_of(facts: Facts, category: str) -> str:
    """Best evidence of a category, an empty string when it did not occur."""
    return facts.categories.get(category, "")


def kept(facts: Facts, entity: str) -> list[Classified]:
    """Matches of an entity that stayed."""
    return [c for c in facts.matches if c.match.entity == entity]
