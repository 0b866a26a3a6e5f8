"""Archives that only libarchive's bsdtar unpacks: it makes a tar of them through pipes; no file is written, no name passed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract import tars
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Code, Problem, Unreadable

NEEDED = "bsdtar (libarchive)"
_PIECE = 1 << 16
_PATIENCE = 10.0  # seconds for the program to end after its last byte


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Every file as a member. Raises Unreadable without the program."""
    program = unpacker()
    if not program:
        raise Unreadable(Code.MISSING_EXTRA, NEEDED)
    yield from converted(program, stream, document, budget)


@lru_cache(maxsize=1)
def unpacker() -> str:
    """The path of bsdtar, "" without one: on Windows and macOS the system's tar is it."""
    candidates = ["bsdtar"] if sys.platform not in ("win32", "darwin") else ["bsdtar", "tar"]
    return next((found for name in candidates if (found := shutil.which(name))), "")


def converted(program: str, stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Member]:
    """The members as the program puts them out. Raises Unreadable when it complains or stops half way."""
    process = subprocess.Popen(
        [program, "--format", "pax", "-cf", "-", "@-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8", "PATH": ""},
    )
    feeder = threading.Thread(target=_feed, args=(process, stream), daemon=True)
    try:
        stream.seek(0)
        feeder.start()
        yield from tars.members(process.stdout, max(document.size, 1), budget)
        feeder.join()
        if process.wait(_PATIENCE):
            raise Unreadable(Code.CORRUPT, "bsdtar")
    finally:
        process.kill()
        process.wait()
        feeder.join()
        if process.stdout is not None:
            process.stdout.close()


def _feed(process: subprocess.Popen[bytes], stream: BinaryIO) -> None:
    """The archive into the program: it ends with this process, whatever kills that."""
    if process.stdin is None:
        return
    try:
        while piece := stream.read(_PIECE):
            process.stdin.write(piece)
        process.stdin.close()
    except (OSError, ValueError):
        return
