"""What inspect, explain, show and gate share: reading documents in isolated workers with their matches kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from scanner.contracts import Policy, Source
from scanner.engine import EngineError
from scanner.model import Anchor, Block, Cell, Classified, Document, Evidence, Key, Line, Outcome, Page, Part, Slide
from scanner.policy import Approved
from scanner.run import check_rules, choose_engine, no_worker
from scanner.settings import Settings, with_policy, with_secrets
from scanner.taxonomy import Taxonomy

_FAINT = frozenset({Evidence.MENTION, Evidence.LABEL_ONLY, Evidence.NEGATED})


def outcomes(source: Source, settings: Settings, *, matches: bool = True, blocks: bool = True) -> Iterator[Outcome]:
    """Every document of the source, read in the workers that a scan would use. Raises Refused when none can start."""
    from scanner.pipeline import build_work

    chosen = replace(with_secrets(settings), keep_matches=matches, keep_blocks=blocks)
    check_rules(chosen)
    early: list[Outcome] = []

    def documents() -> Iterable[Document]:
        for item in source.walk():
            if isinstance(item, Outcome):
                early.append(item)
            else:
                yield item

    try:
        for outcome in choose_engine(chosen).map(partial(build_work, chosen, source), documents()):
            while early:
                yield early.pop(0)
            yield outcome
    except EngineError as error:
        raise no_worker(error) from None
    yield from early


def files(paths: Iterable[str | Path], settings: Settings) -> Source:
    """The source of files and folders. Raises Refused for a path that does not exist."""
    from scanner.run import existing
    from scanner.sources.files import FileSource

    return FileSource([str(root) for root in existing(paths)], exclude=settings.exclude)


def firm(entry: Classified, taxonomy: Taxonomy) -> bool:
    """Whether a match counts: no mention, bare label, negation, specimen or organisation's datum."""
    term = taxonomy.entities.get(entry.match.entity)
    return not (entry.match.sample or entry.evidence in _FAINT or (term is not None and term.neutral))


def value(entry: Classified, blocks: dict[int, Block]) -> str:
    """The raw text of a match."""
    block = blocks.get(entry.match.block)
    return block.text[entry.match.start : entry.match.end] if block else ""


def anchor(block: Block | None, offset: int) -> dict[str, Any] | None:
    """A place as a JSON object."""
    return None if block is None else spread(block.anchor(offset))


def spread(place: Anchor) -> dict[str, Any]:
    """An anchor's kind and fields."""
    match place:
        case Line(line, column):
            return {"kind": "line", "line": line, "column": column}
        case Page(page, line):
            return {"kind": "page", "page": page, "line": line}
        case Cell(sheet, row, column):
            return {"kind": "cell", "sheet": sheet, "row": row, "column": column}
        case Slide(number, part):
            return {"kind": "slide", "slide": number, "part": part}
        case Part(name, number):
            return {"kind": "part", "part": name, "number": number}
        case Key(path):
            return {"kind": "key", "key": path}


def prepared(settings: Settings, policy: Policy) -> Settings:
    """The settings with the identifiers that the policy adds."""
    return with_policy(settings, policy) if isinstance(policy, Approved) else settings
