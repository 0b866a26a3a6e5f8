"""Reads files in the program's own killable workers and notes of each what it cost and how much text came out; no text is kept."""

from __future__ import annotations

import json
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from scanner.assemble import parts
from scanner.contracts import Engine, Work
from scanner.model import Block, Document, Outcome, family
from scanner.pipeline import Worker, build_work
from scanner.run import choose_engine
from scanner.settings import Settings
from scanner.sources.files import FileSource

LETTERS = ((0x3041, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F))
MARKER = re.compile(r"MK[A-Z]+?(?=MK|[^A-Z]|$)")
KEY = b"measured only, kept nowhere here"


@dataclass(frozen=True, slots=True)
class Read:
    """One file: its outcome without blocks, seconds as the supervisor saw them, and what the worker noted.

    ``memory``: the most bytes the worker held meanwhile; ``japanese``: Japanese characters of all blocks; ``markers``: how often
    each was met. All are 0 or empty for a file whose worker died of it.
    """

    outcome: Outcome
    seconds: float
    memory: int = 0
    japanese: int = 0
    markers: Counter[str] | None = None


class Noting:
    """The work of one worker, with a line in a file for each document. Text is counted as it comes, so that none is held for it."""

    def __init__(self, worker: Worker, notes: Path) -> None:
        self.worker = worker
        self.notes = notes
        self.japanese = 0
        self.markers = Counter[str]()
        line: Any = worker
        take = line._take

        def counted(block: Block, state: Any) -> None:
            self._count(block.text)
            take(block, state)

        line._take = counted

    def _count(self, text: str) -> None:
        self.japanese += japanese(text)
        self.markers.update(MARKER.findall(text))

    def __call__(self, document: Document) -> Outcome:
        """The outcome; names of members count as text, for they are shown."""
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the high-water mark begins anew
        self.japanese, self.markers = 0, Counter()
        outcome = self.worker(document)
        for inner in family(outcome):
            for name in inner.document.inside[-1:]:
                self._count(name)
        note = {"uri": document.uri, "memory": peak(), "japanese": self.japanese, "markers": self.markers}
        with self.notes.open("a", encoding="ascii") as out:
            out.write(json.dumps(note) + "\n")
        return outcome


def japanese(text: str) -> int:
    """How many kana and kanji, half-width kana included."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return int(sum(np.count_nonzero((codes >= first) & (codes <= last)) for first, last in LETTERS))


def peak() -> int:
    """The most bytes that this process has held since its mark was last reset; without one, since it began."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def largest_worker() -> int:
    """The most bytes that any worker that has ended ever held, those that were killed too."""
    time.sleep(0.5)  # the threads that bury workers have their turn
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def settings(profile: str = "fast", **more: Any) -> Settings:
    """The program's own settings and limits, with a key of no installation."""
    return Settings(key=KEY, profile=profile, **more)


def make(chosen: Settings, notes: Path) -> Work:
    """The work of one worker process."""
    return Noting(build_work(chosen, FileSource()), notes)


def bare(chosen: Settings) -> Work:
    """The work of one worker process without detectors: readers and all that lies around them."""
    return Worker(chosen, FileSource(), replace(parts(chosen), detectors=()))


def sighted(path: Path) -> Document:
    """The document that a walk makes of a regular file."""
    (found,) = FileSource([path]).walk()
    assert isinstance(found, Document), path.name
    return found


def pool(chosen: Settings, jobs: int) -> Engine:
    """The pool as ``scan`` starts it."""
    return choose_engine(replace(chosen, jobs=jobs))


def read(paths: Iterable[Path], chosen: Settings, jobs: int = 1) -> Iterator[Read]:
    """Each file once, in any order. Seconds are right with one job only."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.touch()
        began = time.monotonic()
        with notes.open(encoding="ascii") as lines:
            for outcome in pool(chosen, jobs).map(partial(make, chosen, notes), map(sighted, paths)):
                now = time.monotonic()
                seconds, began = now - began, now
                noted = {line["uri"]: line for line in map(json.loads, lines)}
                mine = noted.get(outcome.document.uri)
                if mine is None:
                    yield Read(outcome, seconds)
                else:
                    yield Read(outcome, outcome.seconds, mine["memory"], mine["japanese"], Counter(mine["markers"]))


def codes(outcome: Outcome) -> list[str]:
    """The codes of all problems, here and inside."""
    return sorted({p.code.value for inner in family(outcome) for p in inner.problems})


def under(folder: Path, names: Sequence[str]) -> list[Path]:
    """The regular files of these folders below a folder, sorted."""
    return sorted(f for name in names for f in (folder / name).rglob("*") if f.is_file() and not f.is_symlink())
