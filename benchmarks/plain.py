"""Text and tables straight through a worker's parts, in this process: no file, no reader, no ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanner.assemble import Parts, parts
from scanner.model import Block, Document, Kind, Line, Match, Part
from scanner.settings import Settings
from scanner.text.arrange import Arranger
from scanner.text.blocks import BlockWriter
from scanner.text.view import read

NO_CLAIM = frozenset({"mention", "label_only", "negated"})  # statements about nobody: as in score.claims


@dataclass(frozen=True, slots=True)
class Hit:
    """What the scanner says of a range of the text. ``confidence``: after classification, 0..1. ``claim``: about a person."""

    entity: str
    start: int
    end: int
    confidence: float
    role: str
    sample: bool
    claim: bool
    group: str
    rule: str


class Plain:
    """One profile's parts, built once. Models that load on first use load in the first call."""

    def __init__(self, profile: str = "standard") -> None:
        self.profile = profile
        self.parts: Parts = parts(Settings(profile=profile, isolation="none", key=bytes(32)))

    def text(self, text: str) -> list[Hit]:
        """The hits in a document of running text; offsets in the text given (its line breaks must be ``\\n``)."""
        starts, at = [], 0
        blocks = list(BlockWriter().text(text, Line(1)))
        for block in blocks:
            at = text.index(block.text, at)
            starts.append(at)
            at += len(block.text)
        return self._run(blocks, starts)

    def table(self, text: str, kind: Kind = Kind.TABLE) -> list[Hit]:
        """The hits in one table: a line is a row, a tab parts its cells. Offsets in the text given (one window at most)."""
        rows = [(n, list(enumerate(line.split("\t"), 1))) for n, line in enumerate(text.split("\n"), 1)]
        if kind is Kind.PAIRS:
            blocks = list(BlockWriter().pairs(((cells[0][1], cells[1][1], 1) for _, cells in rows), Part("table")))
        else:
            blocks = list(BlockWriter().table(rows, Part("table")))
        if len(blocks) != 1 or blocks[0].text != text:
            raise ValueError("the table does not fit one block as it stands")
        return self._run(blocks, [0])

    def _run(self, blocks: Sequence[Block], starts: Sequence[int]) -> list[Hit]:
        arranger = Arranger(self.parts.book)
        session = self.parts.classifier.begin(Document("benchmark"), keep=True)
        resolved: list[Match] = []
        for at in range(0, len(blocks), 8):
            readings = [arranger.read(read(block)) for block in blocks[at : at + 8]]
            matches = [m for d in self.parts.detectors for m in d.detect(readings) if isinstance(m, Match)]
            kept = self.parts.resolve(matches, readings)
            session.feed(readings, kept)
            resolved.extend(kept)
        offset = {block.index: start for block, start in zip(blocks, starts, strict=True)}
        hits, told = [], set()
        for c in session.finish().matches:
            claim = not c.match.sample and (c.evidence is None or str(c.evidence) not in NO_CLAIM)
            told.add((c.match.block, c.match.start, c.match.entity))
            hits.append(_hit(c.match, offset[c.match.block], c.confidence, str(c.role), claim))
        for m in resolved:  # neutral things, an organisation's address among them, are not classified
            if (m.block, m.start, m.entity) not in told:
                hits.append(_hit(m, offset[m.block], m.score, str(m.role), False))
        return sorted(hits, key=lambda h: (h.start, h.end))


def _hit(m: Match, place: int, confidence: float, role: str, claim: bool) -> Hit:
    return Hit(m.entity, place + m.start, place + m.end, confidence, role, m.sample, claim, m.group or "", m.rule)


def spans(hits: Iterable[Hit], entity: str) -> list[tuple[int, int]]:
    """The ranges of one entity, samples included: that a name is a specimen is a judgement about it, not a miss."""
    return [(h.start, h.end) for h in hits if h.entity == entity]
