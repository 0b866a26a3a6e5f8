"""What every reader of archives does with a member: its name as a person reads it, its content unpacked within the budget."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from scanner.contracts import Budget
from scanner.model import Member
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text import encoding

HELD = 256 << 20  # bytes of a member held in memory, half of it with each level further in; longer ones are unpacked anew
PIECE = 1 << 18
NAME = 500  # characters of a member's name that are kept
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def held(budget: Budget) -> int:
    """Bytes of one member that may be held in memory at this level: all levels together stay below twice HELD."""
    return HELD >> budget.depth


def problem(code: Code, detail: str = "") -> Problem:
    """A member's problem, met before any reader has seen it."""
    return Problem(Stage.OPEN, code, detail)


def kind_of(error: BaseException) -> str:
    """The type of an error; its message may quote the archive."""
    return type(error).__name__


# ---------------------------------------------------------------- names


def names(raw: Sequence[bytes], known: Sequence[str | None] = ()) -> list[str]:
    """Names as a person reads them. ``known``: those whose encoding the archive states, None for the others.

    The encoding of the rest is judged from all of them together (UTF-8, CP932, EUC-JP), since one name alone is often too short.
    """
    given = list(known) or [None] * len(raw)
    odd = [name for name, is_known in zip(raw, given, strict=True) if is_known is None and not name.isascii()]
    chosen = encoding.detect(b"\n".join(odd)[: 1 << 16], hint="cp932").name if odd else "utf-8"
    if chosen not in ("utf-8", "cp932", "euc-jp"):
        chosen = "cp932"
    return [
        shown(_decoded(name, chosen) if text is None else text, n) for n, (name, text) in enumerate(zip(raw, given, strict=True), 1)
    ]


def _decoded(name: bytes, chosen: str) -> str:
    tried = [encoding.decode(name, each) for each in dict.fromkeys((chosen, "utf-8", "cp932"))]
    return min(tried, key=lambda text_and_bad: text_and_bad[1])[0]


def shown(name: str, number: int = 1) -> str:
    """A member's name for people: composed, with ``/``, control characters spelled out. It never becomes a path of ours."""
    name = unicodedata.normalize("NFC", name.partition("\0")[0].replace("\\", "/"))
    name = _CONTROL.sub(lambda m: f"\\x{ord(m[0]):02x}", name)
    if len(name) > NAME:
        name = name[: NAME // 2] + "…" + name[-NAME // 2 :]
    return name or f"member{number}"


# ---------------------------------------------------------------- content


def unpacked(name: str, opened: Callable[[], Any], packed: int, budget: Budget, *, again: bool = True) -> Member:
    """A member with its content, unpacked once to its end so that a lie about its size or a break is known before it is read.

    ``opened`` gives a fresh stream of the content; ``packed``: its bytes in the archive, for the ratio. What is longer than
    ``held`` is unpacked anew as it is read, or kept only so far where the archive can't do that (``again`` False). A break and
    a limit leave what came before them; past the time limit nobody could read it.
    """
    data = io.BytesIO()
    most, size, trouble = held(budget), 0, None
    try:
        with opened() as source:
            take = getattr(source, "read1", source.read)  # read() gives nothing of its last pieces where the stream is cut off
            while piece := take(PIECE):
                size += len(piece)
                budget.spend_bytes(len(piece))
                budget.check_ratio(packed, size)
                if size <= most:
                    data.write(piece)
                elif not again:
                    raise Unreadable(Code.TOO_LARGE, f"member > {most}")  # noqa: TRY301 - one border for every limit
    except Unreadable as error:
        trouble = problem(error.problem.code, error.problem.detail)
        if error.problem.code is Code.TIMEOUT:
            return Member(name, io.BytesIO(), size, trouble)
    except MemoryError:
        return Member(name, io.BytesIO(), size, problem(Code.MEMORY))
    except Exception as error:  # noqa: BLE001 - what libraries for unpacking raise on junk is open-ended
        trouble = problem(Code.CORRUPT, kind_of(error))
    if size > most and again:
        return Member(name, io.BufferedReader(_Again(opened, size)), size, trouble)
    data.seek(0)
    return Member(name, data, size, trouble)


class _Again(io.RawIOBase):
    """The first ``size`` bytes of a content that is unpacked as it is read, and from its beginning when a reader goes back."""

    def __init__(self, opened: Callable[[], BinaryIO], size: int) -> None:
        self.opened = opened
        self.size = size
        self.source: BinaryIO | None = None
        self.at = 0  # where the source stands
        self.wanted = 0  # where the reader stands

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.wanted

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.wanted, io.SEEK_END: self.size}[whence]
        self.wanted = max(0, start + offset)
        return self.wanted

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), self.size - self.wanted)
        if count <= 0:
            return 0
        if self.source is None or self.at > self.wanted:
            self._release()
            self.source, self.at = self.opened(), 0
        while self.at < self.wanted:
            skipped = len(self.source.read(min(PIECE, self.wanted - self.at)))
            if not skipped:
                return 0
            self.at += skipped
        data = self.source.read(count)
        buffer[: len(data)] = data
        self.at += len(data)
        self.wanted += len(data)
        return len(data)

    def _release(self) -> None:
        source, self.source = self.source, None
        if source is not None:
            source.close()

    def close(self) -> None:
        self._release()
        super().close()
