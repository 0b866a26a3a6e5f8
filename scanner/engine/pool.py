"""The supervisor of killable workers: whatever a document does to its worker, every document gets exactly one outcome."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from scanner.contracts import Work
from scanner.engine import EngineError
from scanner.engine.process import Process, State
from scanner.engine.wire import frame, unreadable
from scanner.model import Document, Outcome
from scanner.problems import Code

_TICK = 0.1  # seconds between two looks at the memory of busy workers
_STARTS = 3  # deaths in a row before the first document


class Pool:
    """Runs the work in ``jobs`` killable processes (0: one for each core).

    ``deadline``: seconds of wall time for a document, then its worker is killed. ``memory``: bytes it may take beyond the idle
    worker (0: no cap; enforced on Linux). ``recycle``: documents before a worker is replaced. ``start_seconds``: time to load
    models.

    A document whose worker dies is tried once more in a fresh worker; where the kill came from outside (SIGKILL: most often the
    system ran out of memory) only after every other worker has come to rest. Then it is recorded as CRASHED or MEMORY. One that
    outlasts the deadline is recorded at once: it had its time, and the next run tries again.

    As a context manager it keeps its workers between calls of ``map`` with an equal ``make``. One ``map`` at a time.
    """

    def __init__(
        self,
        jobs: int = 0,
        *,
        deadline: float = 90.0,
        memory: int = 1 << 30,
        recycle: int = 2_000,
        start_seconds: float = 180.0,
    ) -> None:
        self.jobs = jobs if jobs > 0 else _cores()
        self.deadline = deadline
        self.memory_cap = memory
        self.recycle = recycle
        self.start_seconds = start_seconds
        self._workers: list[Process] = []
        self._events: queue.SimpleQueue[tuple[Process, str, Any]] = queue.SimpleQueue()
        self._setup = b""
        self._keep = False
        self._false_starts = 0
        self._looked = 0.0
        self._waiting: deque[Document] = deque()
        self._again: deque[tuple[Document, bool]] = deque()  # suspects, and whether they must run alone

    def __enter__(self) -> Pool:
        self._keep = True
        return self

    def __exit__(self, *_: object) -> None:
        self._keep = False
        self.close()

    def close(self) -> None:
        """Kill every worker."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()
        self._waiting.clear()
        self._again.clear()

    def in_hand(self) -> list[str]:
        """Addresses of the documents being read now; may be asked from another thread."""
        return [d.uri for w in tuple(self._workers) if (d := w.document) is not None]

    # ---------------------------------------------------------------- the loop

    def map(self, make: Callable[[], Work], documents: Iterable[Document]) -> Iterator[Outcome]:
        """Exactly one outcome for each document, as they come. At most ``jobs`` documents are taken ahead of a free worker.

        Raises EngineError when workers can't be started; whatever ends the loop (Ctrl-C too) kills them at once.
        """
        self._prepare(make)
        source = iter(documents)
        ended = clean = False
        try:
            while True:
                moved = False
                if not ended and len(self._waiting) < self.jobs:
                    document = next(source, None)
                    if document is None:
                        ended = True
                    else:
                        self._waiting.append(document)
                        moved = True
                moved = self._hand_out() or moved
                if ended and not self._waiting and not self._again and not self._busy():
                    clean = True
                    return
                yield from self._answers(wait=not moved)
        finally:
            if not (clean and self._keep):
                self.close()

    def _prepare(self, make: Callable[[], Work]) -> None:
        try:
            setup = frame((pickle.dumps(make), os.getpid(), self.memory_cap, self.recycle))
        except Exception as error:  # noqa: BLE001 - anything may refuse to be pickled
            raise EngineError(f"make: {type(error).__name__}") from None
        if setup != self._setup:
            self.close()
        self._setup = setup
        self._false_starts = 0

    def _hand_out(self) -> bool:
        """Give suspects and documents to workers that are free; whether anything was given. Starts workers while there is need."""
        gave = self._retry()
        hush = any(alone for _, alone in self._again) or any(w.alone and w.document for w in self._workers)
        while self._waiting and not hush and (idle := self._idle()) is not None:
            idle.give(self._waiting.popleft(), self.deadline)
            gave = True
        wanted = len(self._again) + (0 if hush else len(self._waiting))
        starting = sum(w.state is State.STARTING for w in self._workers)
        while starting < wanted and len(self._workers) < self.jobs:
            self._workers.append(Process(self._setup, self._events, self.start_seconds))
            starting += 1
        return gave

    def _retry(self) -> bool:
        """Give the first suspect to a worker that has done nothing else; one killed from outside waits until all are at rest."""
        if not self._again:
            return False
        document, alone = self._again[0]
        if alone and self._busy():
            return False
        fresh = next((w for w in self._workers if w.state is State.IDLE and w.fresh), None)
        if fresh is not None:
            self._again.popleft()
            fresh.give(document, self.deadline, again=True, alone=alone)
            return True
        stale = self._idle()
        if len(self._workers) >= self.jobs and stale is not None:
            self._drop(stale)  # makes room for a fresh one
        return False

    def _answers(self, *, wait: bool) -> Iterator[Outcome]:
        """Outcomes that have arrived; with ``wait``, after at most a tick. Looks after deadlines and memory."""
        while True:
            try:
                worker, kind, payload = self._events.get(timeout=self._patience()) if wait else self._events.get_nowait()
            except queue.Empty:
                break
            wait = False
            if worker in self._workers:
                outcome = self._on(worker, kind, payload)
                if outcome is not None:
                    yield outcome
        yield from self._overdue()

    def _patience(self) -> float:
        now = time.monotonic()
        nearest = min((w.deadline - now for w in self._workers if w.state is not State.IDLE), default=_TICK)
        return max(0.0, min(_TICK, nearest))

    def _on(self, worker: Process, kind: str, payload: Any) -> Outcome | None:
        if kind == "ready":
            worker.state, worker.idle_memory = State.IDLE, worker.memory()
            self._false_starts = 0
        elif kind == "failed":
            raise EngineError(payload)
        elif kind == "gone":
            return self._on_gone(worker, payload)
        elif worker.document is not None:
            document, (outcome, leaving) = worker.document, payload
            worker.document, worker.state = None, State.IDLE
            if leaving:
                self._drop(worker)
            if outcome.document.uri != document.uri:
                return unreadable(document, Code.INTERNAL, "outcome of another document")
            lacked_memory = leaving and any(p.code is Code.MEMORY for p in outcome.problems)
            if lacked_memory and not worker.again:
                self._again.append((document, False))
                return None
            return cast("Outcome", outcome)
        return None

    def _on_gone(self, worker: Process, status: int | str) -> Outcome | None:
        document, starting = worker.document, worker.state is State.STARTING
        self._drop(worker)
        if starting:
            self._false_start(_named(status))
        if document is None:
            return None
        if not worker.again:
            from_outside = isinstance(status, int) and status == -getattr(signal, "SIGKILL", 9)
            self._again.append((document, from_outside))
            return None
        return unreadable(document, Code.CRASHED, _named(status))

    def _overdue(self) -> Iterator[Outcome]:
        """Kill what is past its deadline or its memory; a process that can't be killed is left behind with its thread."""
        now = time.monotonic()
        if now - self._looked < _TICK / 2:
            return
        self._looked = now
        for worker in tuple(self._workers):
            late = worker.state is not State.IDLE and now >= worker.deadline
            document = worker.document
            fat = document is not None and 0 < self.memory_cap < worker.memory() - worker.idle_memory
            if not (late or fat):
                continue
            starting = worker.state is State.STARTING
            self._drop(worker)
            if starting:
                self._false_start(f"start > {self.start_seconds:g} s")
            elif document is not None and late:
                yield unreadable(document, Code.TIMEOUT, f"seconds > {self.deadline:g}")
            elif document is not None and not worker.again:
                self._again.append((document, False))
            elif document is not None:
                yield unreadable(document, Code.MEMORY, f"bytes > {self.memory_cap}")

    # ---------------------------------------------------------------- workers

    def _drop(self, worker: Process) -> None:
        worker.state = State.GONE
        self._workers.remove(worker)
        worker.kill()

    def _false_start(self, reason: str) -> None:
        self._false_starts += 1
        if self._false_starts >= _STARTS:
            raise EngineError(reason)

    def _idle(self) -> Process | None:
        return next((w for w in self._workers if w.state is State.IDLE), None)

    def _busy(self) -> bool:
        return any(w.document is not None for w in self._workers)


def _named(status: int | str) -> str:
    """An exit status in words: the signal's name or the number."""
    if isinstance(status, str):
        return status
    if status < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-status).name
    return f"exit {status}"


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
