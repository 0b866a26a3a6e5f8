"""Shows how far a scan is: a tqdm bar on a terminal, JSON lines for programs, nothing otherwise."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any

from scanner.ledger import Walked
from scanner.model import Outcome, family
from scanner.report.words import on_one_line
from scanner.run import Progress
from scanner.settings import Settings
from scanner.sources.files import FileSource

_EVERY = 1.0  # seconds between two JSON lines


class Bar(Progress):
    """Files, bytes, findings per second and the file in hand. The total is counted beside the scan, from metadata."""

    def __init__(self, lang: str, count: Callable[[], int]) -> None:
        self.lang = lang
        self._count = count
        self._total: int | None = None
        self._bar: Any = None
        self._findings = self._bytes = 0
        self._began = time.monotonic()

    def start(self, walked: Walked, in_hand: Callable[[], list[str]]) -> None:
        """Open the bar."""
        from tqdm import tqdm

        self._walked, self._in_hand = walked, in_hand
        self._began = time.monotonic()
        unit = "件" if self.lang == "ja" else " files"
        self._bar = tqdm(total=None, unit=unit, dynamic_ncols=True, leave=False, file=sys.stderr)
        threading.Thread(target=self._reckon, name="tanaoroshi-count", daemon=True).start()

    def _reckon(self) -> None:
        self._total = self._count()

    def done(self, outcome: Outcome) -> None:
        """Move it."""
        self._findings += sum(len(inner.facts.findings) for inner in family(outcome))
        self._bytes += max(0, outcome.document.size)
        hand = self._in_hand()
        self._bar.total = None if self._total is None else max(self._total, self._walked.documents)
        seconds = max(time.monotonic() - self._began, 0.001)
        name = on_one_line(PurePath(next(iter(hand), outcome.document.uri)).name)[:24]
        rate = f"{self._findings / seconds:.1f}"
        self._bar.set_postfix_str(
            f"{self._bytes / 1e6:.1f}MB, {'検出' if self.lang == 'ja' else 'findings'} {rate}/s, {name}", refresh=False
        )
        self._bar.update(max(0, self._walked.documents - len(hand) - self._bar.n))  # unchanged ones are behind us too

    def stop(self) -> None:
        """Take it away."""
        if self._bar is not None:
            self._bar.close()


class JsonLines(Progress):
    """A line a second on standard error; no file names, since logs keep them."""

    def __init__(self) -> None:
        self._count = self._findings = self._bytes = 0
        self._began = self._said = time.monotonic()

    def start(self, walked: Walked, in_hand: Callable[[], list[str]]) -> None:
        """Begin."""
        self._walked = walked
        self._began = self._said = time.monotonic()

    def done(self, outcome: Outcome) -> None:
        """Count, and speak when it is time."""
        self._count += 1
        self._findings += sum(len(inner.facts.findings) for inner in family(outcome))
        self._bytes += max(0, outcome.document.size)
        if time.monotonic() - self._said >= _EVERY:
            self._say("progress")

    def _say(self, kind: str) -> None:
        self._said = time.monotonic()
        record = {
            "type": kind,
            "seconds": round(self._said - self._began, 1),
            "walked": self._walked.documents,
            "examined": self._count,
            "bytes": self._bytes,
            "findings": self._findings,
        }
        sys.stderr.write(json.dumps(record) + "\n")
        sys.stderr.flush()

    def stop(self) -> None:
        """The last line."""
        self._say("end")


def chosen(settings: Settings, roots: Sequence[str]) -> Progress:
    """The progress that the settings name; a bar only on a terminal."""
    if settings.progress == "json":
        return JsonLines()
    if settings.progress != "bar" or not sys.stderr.isatty():
        return Progress()

    def count() -> int:
        every = sum(1 for _ in FileSource(list(roots), exclude=settings.exclude).walk())
        return min(every, settings.limit) if settings.limit else every

    return Bar(settings.lang, count)
