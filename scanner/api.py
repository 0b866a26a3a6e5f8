"""The Python interface: scan, judge and look into documents from a program; see ``scanner`` for the names to import."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from scanner.contracts import Policy, Source
from scanner.model import Block, Classified, Document, Judged, Outcome
from scanner.pipeline import build_work
from scanner.policy import NO_POLICY, Approved
from scanner.run import choose_engine
from scanner.settings import Settings, load_policy, with_policy, with_secrets
from scanner.sources.files import FileSource
from scanner.sources.memory import MemorySource

Paths = Iterable[str | os.PathLike[str]]


@dataclass(frozen=True, slots=True)
class Inspection:
    """A document looked into: outcome, classified matches and the blocks, raw values included. Treat it as personal data."""

    outcome: Outcome
    matches: tuple[Classified, ...]
    blocks: tuple[Block, ...]


def scan(paths: Paths, *, policy: Policy | str | Path | None = None, settings: Settings | None = None) -> Iterator[Judged]:
    """Every document under the paths with its verdict, in any order; exactly one for each document.

    ``policy``: a policy file or anything with ``judge``; without one each verdict is ``not_judged``. Keeps no ledger: the
    command ``tanaoroshi scan`` does. Raises Refused for a bad policy, EngineError when no worker can start.
    """
    chosen = _ready(settings, policy)
    source = FileSource([os.fspath(p) for p in paths], exclude=chosen.exclude)
    judge = _policy(policy).judge
    waiting: list[Outcome] = []

    def documents() -> Iterator[Document]:
        for sighted in source.walk():
            if isinstance(sighted, Outcome):
                waiting.append(sighted)
            else:
                yield sighted

    for outcome in choose_engine(chosen).map(partial(build_work, chosen, source), documents()):
        while waiting:
            early = waiting.pop()
            yield Judged(early, judge(early))
        yield Judged(outcome, judge(outcome))
    for early in waiting:
        yield Judged(early, judge(early))


def scan_file(
    path: str | os.PathLike[str], *, policy: Policy | str | Path | None = None, settings: Settings | None = None
) -> Judged:
    """The verdict on one file. Raises IsADirectoryError for a folder; a file that can't be read is an UNREADABLE outcome."""
    outcome = _one_file(path, _ready(settings, policy))
    return Judged(outcome, _policy(policy).judge(outcome))


def scan_bytes(data: bytes, name: str, *, policy: Policy | str | Path | None = None, settings: Settings | None = None) -> Judged:
    """The verdict on bytes that would be stored under ``name`` (a path, when the policy is to judge the place)."""
    chosen = _ready(settings, policy)
    outcome = _one(MemorySource(name, data), chosen)
    return Judged(outcome, _policy(policy).judge(outcome))


def inspect(path: str | os.PathLike[str], *, settings: Settings | None = None) -> Inspection:
    """Matches with raw values and the blocks they point into: for measuring and for people who embed the scanner."""
    chosen = replace(_ready(settings), keep_matches=True, keep_blocks=True)
    outcome = _one_file(path, chosen)
    return Inspection(outcome, outcome.facts.matches, outcome.blocks)


def extract_text(path: str | os.PathLike[str], *, settings: Settings | None = None) -> str:
    """All blocks of a document and of what lies inside it, joined by newlines. Empty when nothing could be read."""
    chosen = replace(_ready(settings), keep_blocks=True)
    return "\n".join(_texts(_one_file(path, chosen)))


def _texts(outcome: Outcome) -> Iterator[str]:
    for block in outcome.blocks:
        yield block.text
    for member in outcome.members:
        yield from _texts(member)


def _one_file(path: str | os.PathLike[str], settings: Settings) -> Outcome:
    if Path(path).is_dir():
        raise IsADirectoryError(os.fspath(path))
    return _one(FileSource([os.fspath(path)]), settings)


def _one(source: Source, settings: Settings) -> Outcome:
    """The outcome of a source's only document."""
    for sighted in source.walk():
        if isinstance(sighted, Outcome):
            return sighted
        for outcome in choose_engine(replace(settings, jobs=1)).map(partial(build_work, settings, source), [sighted]):
            return outcome
    raise FileNotFoundError("the source holds no document")


def _ready(settings: Settings | None, policy: Policy | str | Path | None = None) -> Settings:
    """The settings with the key that every worker needs, and with the policy's own identifiers."""
    chosen = with_secrets(settings or Settings())
    found = _policy(policy)
    return with_policy(chosen, found) if isinstance(found, Approved) else chosen


def _policy(policy: Policy | str | Path | None) -> Policy:
    if policy is None:
        return NO_POLICY
    if isinstance(policy, str | Path):
        return load_policy(policy)
    return policy
