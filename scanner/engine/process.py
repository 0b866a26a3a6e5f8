"""A worker process as its supervisor sees it: started, fed, read, watched, killed and buried."""

from __future__ import annotations

import contextlib
import enum
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from scanner.engine.wire import Assembly, frame, load, read_frame
from scanner.model import Document, Outcome

# Runs in the worker before anything of the house is imported. Reads the import path first; what C libraries print (pieces of the
# file, now and then) goes to the null device. No multiprocessing: the caller's __main__ must never be run again.
_BOOT = (
    "import os,sys,json;i=os.fdopen(os.dup(0),'rb');o=os.fdopen(os.dup(1),'wb');n=os.open(os.devnull,os.O_RDWR);"
    "[os.dup2(n,k) for k in(0,1,2)];sys.path[:]=json.loads(i.readline());from scanner.engine.worker import main;main(i,o)"
)
_BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")  # one core for one worker


class State(enum.Enum):
    """What a worker is about."""

    STARTING = enum.auto()
    IDLE = enum.auto()
    BUSY = enum.auto()
    GONE = enum.auto()


class Process:
    """A worker process and the thread that started it, reads it and buries it.

    The thread posts ``(worker, kind, payload)``: ready, failed(type name), outcome((outcome, leaving)), gone(exit status). It
    lives as long as the process does, since PR_SET_PDEATHSIG kills a worker when the thread that started it ends.
    """

    def __init__(self, setup: bytes, events: queue.SimpleQueue[tuple[Process, str, Any]], start_seconds: float) -> None:
        self.state = State.STARTING
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
        self.state, self.document, self.fresh, self.again, self.alone = State.BUSY, document, False, again, alone
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
