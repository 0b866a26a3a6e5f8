"""The supervisor of killable workers: whatever a document does to its worker, every document gets exactly one outcome."""

from __future__ import annotations

import contextlib
import enum
import json
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from scanner.contracts import Work
from scanner.engine import EngineError
from scanner.engine.wire import Assembly, frame, load, read_frame, unreadable
from scanner.model import Document, Outcome
from scanner.problems import Code

# Runs in the worker before anything of the house is imported. Reads the import path first; what C libraries print (pieces of the
# file, now and then) goes to the null device. No multiprocessing: the caller's __main__ must never be run again.
_BOOT = (
    "import os,sys,json;i=os.fdopen(os.dup(0),'rb');o=os.fdopen(os.dup(1),'wb');n=os.open(os.devnull,os.O_RDWR);"
    "[os.dup2(n,k) for k in(0,1,2)];sys.path[:]=json.loads(i.readline());from scanner.engine.worker import main;main(i,o)"
)
_TICK = 0.1  # seconds between two looks at the memory of busy workers
_BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")  # one core for one worker
_STARTS = 3  # deaths in a row before the first document


class _State(enum.Enum):
    STARTING = enum.auto()
    IDLE = enum.auto()
    BUSY = enum.auto()
    GONE = enum.auto()


class _Worker:
    """A worker process and the thread that started it, reads it and buries it.

    The thread posts ``(worker, kind, payload)``: ready, failed(type name), outcome((outcome, leaving)), gone(exit status). It
    lives as long as the process does, since PR_SET_PDEATHSIG kills a worker when the thread that started it ends.
    """

    def __init__(self, setup: bytes, events: queue.SimpleQueue[tuple[_Worker, str, Any]], start_seconds: float) -> None:
        self.state = _State.STARTING
        self.document: Document | None = None
        self.fresh = True  # has had no document yet
        self.again = False  # the document in hand has killed a worker before
        self.alone = False  # and nothing else may run beside it
        self.deadline = time.monotonic() + start_seconds
        self.idle_memory = 0
        self._setup = setup
        self._events = events
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._killed = False
        threading.Thread(target=self._live, name="tanaoroshi-worker", daemon=True).start()

    def _live(self) -> None:
        status: int | str = ""
        try:
            status = self._serve()
        except OSError as error:  # no process can be started, or the pipe broke
            status = type(error).__name__
        self._events.put((self, "gone", status))

    def _serve(self) -> int:
        with self._lock:
            if self._killed:
                return 0
            process = self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **dict.fromkeys(_BLAS, "1")},
                start_new_session=True,  # Ctrl-C and the killing of a whole group are the supervisor's
            )
        stdin, stdout = cast("IO[bytes]", process.stdin), cast("BinaryIO", process.stdout)
        try:
            with contextlib.suppress(OSError):  # it died at once: its exit status tells
                stdin.write(json.dumps(_import_path()).encode() + b"\n" + self._setup)
                stdin.flush()
            self._read(stdout)
        finally:
            self.kill()
            status = process.wait()
            for stream in (stdin, stdout):
                with contextlib.suppress(OSError):
                    stream.close()
        return status

    def _read(self, stdout: BinaryIO) -> None:
        assembly, outcome = Assembly(), None
        while (body := read_frame(stdout)) is not None:
            try:
                message = load(body)
                match message:
                    case ("findings", tuple() as path, list() as rows):
                        assembly.add(path, rows)
                    case ("head", Outcome() as head):
                        outcome = assembly.finish(head)
                    case ("done", bool() as leaving) if outcome is not None:
                        self._events.put((self, "outcome", (outcome, leaving)))
                        outcome = None
                    case ("ready",):
                        self._events.put((self, "ready", None))
                    case ("failed", str() as name):
                        self._events.put((self, "failed", name))
                    case _:
                        return
            except Exception:  # noqa: BLE001 - garbage from a worker that a file has broken: as good as dead
                return

    def give(self, document: Document, deadline: float, *, again: bool = False, alone: bool = False) -> None:
        """Hand over a document. A worker that just died is found out by its thread."""
        self.state, self.document, self.fresh, self.again, self.alone = _State.BUSY, document, False, again, alone
        self.deadline = time.monotonic() + deadline
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                process.stdin.write(frame(document))
                process.stdin.flush()

    def memory(self) -> int:
        """Private bytes it holds now; 0 where that can't be told."""
        process = self._process
        if process is None or sys.platform != "linux":
            return 0
        try:
            fields = Path(f"/proc/{process.pid}/statm").read_bytes().split()
            return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            return 0

    def kill(self) -> None:
        """Kill it and what it started, at once and without waiting."""
        with self._lock:
            self._killed = True
            process = self._process
        if process is None:
            return
        if sys.platform == "win32":
            process.kill()
            return
        if process.returncode is None:  # only the thread waits, so the number is still its own
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)


def _import_path() -> list[str]:
    """Where the worker finds modules: as here, but never in the current folder, which may be a scanned one."""
    home = str(Path(__file__).resolve().parents[2])
    path = [p for p in sys.path if p not in ("", ".")]
    return path if home in path else [*path, home]


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
        memory: int = 3 << 29,
        recycle: int = 2_000,
        start_seconds: float = 180.0,
    ) -> None:
        self.jobs = jobs if jobs > 0 else _cores()
        self.deadline = deadline
        self.memory_cap = memory
        self.recycle = recycle
        self.start_seconds = start_seconds
        self._workers: list[_Worker] = []
        self._events: queue.SimpleQueue[tuple[_Worker, str, Any]] = queue.SimpleQueue()
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
        starting = sum(w.state is _State.STARTING for w in self._workers)
        while starting < wanted and len(self._workers) < self.jobs:
            self._workers.append(_Worker(self._setup, self._events, self.start_seconds))
            starting += 1
        return gave

    def _retry(self) -> bool:
        """Give the first suspect to a worker that has done nothing else; one killed from outside waits until all are at rest."""
        if not self._again:
            return False
        document, alone = self._again[0]
        if alone and self._busy():
            return False
        fresh = next((w for w in self._workers if w.state is _State.IDLE and w.fresh), None)
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
        nearest = min((w.deadline - now for w in self._workers if w.state is not _State.IDLE), default=_TICK)
        return max(0.0, min(_TICK, nearest))

    def _on(self, worker: _Worker, kind: str, payload: Any) -> Outcome | None:
        if kind == "ready":
            worker.state, worker.idle_memory = _State.IDLE, worker.memory()
            self._false_starts = 0
        elif kind == "failed":
            raise EngineError(payload)
        elif kind == "gone":
            return self._on_gone(worker, payload)
        elif worker.document is not None:
            document, (outcome, leaving) = worker.document, payload
            worker.document, worker.state = None, _State.IDLE
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

    def _on_gone(self, worker: _Worker, status: int | str) -> Outcome | None:
        document, starting = worker.document, worker.state is _State.STARTING
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
            late = worker.state is not _State.IDLE and now >= worker.deadline
            document = worker.document
            fat = document is not None and 0 < self.memory_cap < worker.memory() - worker.idle_memory
            if not (late or fat):
                continue
            starting = worker.state is _State.STARTING
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

    def _drop(self, worker: _Worker) -> None:
        worker.state = _State.GONE
        self._workers.remove(worker)
        worker.kill()

    def _false_start(self, reason: str) -> None:
        self._false_starts += 1
        if self._false_starts >= _STARTS:
            raise EngineError(reason)

    def _idle(self) -> _Worker | None:
        return next((w for w in self._workers if w.state is _State.IDLE), None)

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
