"""Clocks around the parts of a worker: what each stage of a document's path costs."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scanner import pipeline
from scanner.model import Block
from scanner.settings import Settings
from scanner.sources.files import FileSource


class Clocks:
    """Seconds of processor time by stage, so that other work does not count; UTF-8 bytes of the extracted text."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.bytes = 0

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call with its time counted."""

        def run(*args: Any, **kwargs: Any) -> Any:
            began = time.process_time()
            try:
                return call(*args, **kwargs)
            finally:
                self.seconds[stage] += time.process_time() - began

        return run

    def pulled(self, stage: str, items: Iterable[Any]) -> Iterator[Any]:
        """The items, the time to make each counted."""
        pull = self.timed(stage, iter(items).__next__)
        while True:
            try:
                item = pull()
            except StopIteration:
                return
            yield item


class _Detector:
    def __init__(self, inner: Any, clocks: Clocks) -> None:
        self.name, self._inner, self._clocks = inner.name, inner, clocks

    def detect(self, readings: Any) -> Iterator[Any]:
        return self._clocks.pulled(f"detect: {self.name}", self._inner.detect(readings))


class _Classifier:
    def __init__(self, inner: Any, clocks: Clocks) -> None:
        self._inner, self._clocks = inner, clocks

    def begin(self, *args: Any, **kwargs: Any) -> Any:
        session = self._inner.begin(*args, **kwargs)
        clocks = self._clocks

        class Session:
            feed = staticmethod(clocks.timed("classify", session.feed))
            finish = staticmethod(clocks.timed("classify", session.finish))

        return Session()


@contextmanager
def clocked(clocks: Clocks) -> Iterator[None]:
    """Put clocks around reading: the extractors, the view and the layout."""
    line: Any = pipeline  # its names are replaced for a while
    load, read, arranger = line.extract.load, line.read, line.Arranger

    def counted(block: Block) -> Any:
        clocks.bytes += len(block.text.encode("utf-8", "surrogatepass"))
        return clocks.timed("read + layout", read)(block)

    class Arranger(arranger):  # type: ignore[misc, valid-type]
        def read(self, reading: Any) -> Any:
            return clocks.timed("read + layout", super().read)(reading)

    line.extract.load = lambda kind: lambda *args: clocks.pulled("extract", load(kind)(*args))
    line.read, line.Arranger = counted, Arranger
    try:
        yield
    finally:
        line.extract.load, line.read, line.Arranger = load, read, arranger


def measure(folder: Path, profile: str) -> dict[str, Any]:
    """Each stage's MB/s (UTF-8 of extracted text) and files/s over a folder, in this process, models warm."""
    clocks = Clocks()
    settings = Settings(profile=profile, isolation="none", key=bytes(32))
    source = FileSource([str(folder)])
    documents = [d for d in source.walk() if not hasattr(d, "status")]
    worker = pipeline.build_work(settings, source)
    for document in documents[:5]:
        worker(document)  # what is loaded on first use is loaded now
    parts = worker.parts
    parts.detectors = tuple(_Detector(d, clocks) for d in parts.detectors)
    parts.resolve = clocks.timed("detect: resolve", parts.resolve)
    parts.classifier = _Classifier(parts.classifier, clocks)
    with clocked(clocks):
        whole = clocks.timed("whole worker", worker)
        for document in documents:
            whole(document)
    rows = {name: _rate(clocks.bytes, len(documents), clocks.seconds[name]) for name in sorted(clocks.seconds, key=_order)}
    return {"profile": profile, "files": len(documents), "text_bytes": clocks.bytes, "stages": rows}


def _order(name: str) -> tuple[int, str]:
    first = ("extract", "read + layout", "detect", "classify", "whole worker")
    return next(n for n, begin in enumerate(first) if name.startswith(begin)), name


def _rate(size: int, files: int, seconds: float) -> dict[str, float]:
    seconds = max(seconds, 1e-9)
    return {
        "seconds": round(seconds, 3),
        "mb_per_second": round(size / 1e6 / seconds, 3),
        "files_per_second": round(files / seconds, 2),
    }
