"""Works that behave and works that die, importable by worker processes."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from scanner.contracts import Work
from scanner.model import Document, Facts, Finding, Outcome, Status
from scanner.problems import Code, Unreadable

SECRET = "山田太郎-090-1234-5678"


class Unpicklable(Exception):
    def __init__(self, a: int, b: int) -> None:
        super().__init__(SECRET)
        self.lock = open

    def __reduce__(self) -> str:
        raise TypeError(SECRET)


def die(how: str) -> None:
    match how:
        case "segv":
            ctypes.string_at(0)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(3600)
        case "spin":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                pass
        case "memory":
            keep = []
            while True:
                keep.append(bytearray(64 << 20))
        case "sys.exit":
            sys.exit(SECRET)
        case "os._exit":
            os._exit(7)
        case "unpicklable":
            raise Unpicklable(1, 2)
        case "interrupt":
            raise KeyboardInterrupt(SECRET)
        case "abort":
            os.abort()
        case "error":
            raise ValueError(SECRET)
        case "unreadable":
            raise Unreadable(Code.ENCRYPTED)
        case "print":
            os.write(1, b"\x00" * 4096)
            os.write(2, SECRET.encode())
            print(SECRET)
        case "close":
            os.closerange(0, 64)


def finding(n: int) -> Finding:
    return Finding(f"f{n}", "person_name", ("x",), "mention", "clear", 0.5, 1, 1, 1, "", "佐●", "d", "L1", "", "r", "", None, False)


def make() -> Work:
    """A document's address is ``number:way to die``; without a way it is read."""

    def work(document: Document) -> Outcome:
        number, _, how = document.uri.partition(":")
        if how:
            die(how)
        if how == "unpicklable-outcome":
            return Outcome(document, Status.READ, encoding=lambda: None)  # type: ignore[arg-type]
        if how == "foreign-outcome":
            return Outcome(document, Status.READ, encoding=Path())  # type: ignore[arg-type]
        if how == "wrong-document":
            return Outcome(Document("another"), Status.READ)
        rows = tuple(finding(n) for n in range(2_500)) if number == "0" else ()
        inner = Outcome(Document("inner"), Status.READ, Facts(findings=rows[:3]))
        return Outcome(document, Status.READ, Facts(findings=rows), members=(inner,), characters=int(number))

    return work


def make_counting(path: str) -> Work:
    """Notes its process in a file, so that tests can count and watch workers; ``sleep`` in the address sleeps."""
    with Path(path).open("a") as file:
        file.write(f"{os.getpid()}\n")

    def work(document: Document) -> Outcome:
        if "sleep" in document.uri:
            time.sleep(60)
        if "nap" in document.uri:
            time.sleep(0.3)
        if "once" in document.uri and not Path(path + ".once").exists():
            Path(path + ".once").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Outcome(document, Status.READ, encoding=str(os.getpid()))

    return work


def make_failing() -> Work:
    raise RuntimeError(SECRET)


def make_dying(path: str) -> Work:
    with Path(path).open("a") as file:
        file.write("x")
    os._exit(9)


def make_slow() -> Work:
    time.sleep(3600)
    raise AssertionError


def count_with_pool(number: int) -> int:
    """Run a pool from within some other process."""
    from scanner.engine.pool import Pool

    return len(list(Pool(2).map(make, (Document(f"{n}:") for n in range(number)))))
