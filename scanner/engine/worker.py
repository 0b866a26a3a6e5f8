"""The worker's side of the pool: build the work once, then answer one document after the other until the pipe closes."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from scanner.engine.wire import frame, guarded, pieces, read_frame, type_name, unreadable
from scanner.problems import Code

ADDRESS_SPACE = 32 << 30  # bytes beyond the cap that may be reserved: models and BLAS reserve far more than they use
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def main(inward: BinaryIO, outward: BinaryIO) -> None:
    """Serve until the supervisor closes the pipe. Called by the bootstrap line of ``process``; fds 0, 1, 2 are the null device."""
    setup = read_frame(inward)
    if setup is None:
        return
    made, parent, memory, recycle = pickle.loads(setup)
    _die_with(parent)
    try:
        work = pickle.loads(made)()
    except BaseException as error:  # noqa: BLE001 - told by its type, once
        _send(outward, frame(("failed", type_name(error))))
        return
    gc.collect()
    gc.freeze()  # the models stay: never look at them again
    _cap(memory)
    _send(outward, frame(("ready",)))
    served, fit = 0, True
    while fit and served < recycle:
        body = read_frame(inward)
        if body is None:
            break
        document = pickle.loads(body)
        outcome, fit = guarded(work, document, isolated=True)
        served += 1
        last = not fit or served >= recycle
        try:
            messages = [frame(piece) for piece in pieces(outcome)]
        except MemoryError:
            last, messages = True, [frame(("head", unreadable(document, Code.MEMORY, "MemoryError")))]
        except Exception as error:  # noqa: BLE001 - a result that can't be pickled must not hide its document
            messages = [frame(("head", unreadable(document, Code.INTERNAL, type_name(error))))]
        for message in messages:
            _send(outward, message)
        _send(outward, frame(("done", last)))
        fit = not last
    outward.flush()
    os._exit(0)  # no destructors of models and native readers: they can hang


def _send(outward: BinaryIO, message: bytes) -> None:
    try:
        outward.write(message)
        outward.flush()
    except OSError:
        os._exit(0)  # the supervisor has gone


def _die_with(parent: int) -> None:
    """Leave no orphan, no core file (it would hold the document) and no answer to Ctrl-C: the supervisor decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(0)


def _cap(memory: int) -> None:
    """Let a document take ``memory`` bytes beyond what the idle worker holds; allocation fails with MemoryError past it.

    RLIMIT_DATA counts private writable memory and leaves mapped dictionaries and mere reservations out, which RLIMIT_AS does
    not: that one is set far higher, only as a net.
    """
    if sys.platform != "linux" or memory <= 0:
        return
    import resource

    held = 0
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith("VmData:"):
            held = int(line.split()[1]) * 1024
    for limit, size in ((resource.RLIMIT_DATA, held + memory), (resource.RLIMIT_AS, held + memory + ADDRESS_SPACE)):
        _, hard = resource.getrlimit(limit)
        if hard == resource.RLIM_INFINITY or size < hard:
            resource.setrlimit(limit, (size, size))
