"""What one document may cost, everything inside it included: bytes, characters, parts, depth, ratio, seconds, memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.problems import Code, Unreadable


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one root document. Sizes in bytes, ``seconds`` of wall time, ``memory`` of the worker in bytes.

    ``pixels``, ``ocr_seconds``: what recognising text on its pictures may take, beside ``seconds``.
    """

    bytes: int = 2 << 30
    characters: int = 200_000_000
    parts: int = 10_000
    depth: int = 5
    ratio: int = 200
    seconds: float = 60.0
    memory: int = 1 << 30
    pixels: int = 1_000_000_000
    ocr_seconds: float = 300.0


class Spending:
    """The budget of one root document; see contracts.Budget. Every method raises Unreadable past its limit."""

    FREE = 32 << 20  # bytes that may be unpacked before the ratio is asked about

    def __init__(
        self, limits: Limits, *, ocr: bool = False, passwords: Sequence[str] = (), depth: int = 0, parent: Spending | None = None
    ) -> None:
        self.limits = limits
        self.ocr = ocr
        self.passwords = passwords
        self.depth = depth
        self.cut = 0  # the limit on things kept that was met first; 0: none
        self._root: Spending = parent._root if parent else self
        if parent is None:
            self.bytes = self.characters = self.parts = self.bombs = self.pixels = 0
            self.recognition = 0.0
            self.deadline = time.monotonic() + limits.seconds

    def spend_bytes(self, count: int) -> None:
        """Count bytes read or unpacked."""
        root = self._root
        root.bytes += count
        if root.bytes > self.limits.bytes:
            raise Unreadable(Code.TOO_LARGE, f"bytes > {self.limits.bytes}")
        self.check_time()

    def spend_characters(self, count: int) -> None:
        """Count characters of text."""
        root = self._root
        root.characters += count
        if root.characters > self.limits.characters:
            raise Unreadable(Code.TOO_LARGE, f"characters > {self.limits.characters}")
        self.check_time()

    def spend_part(self) -> None:
        """Count a page, sheet, part or member."""
        root = self._root
        root.parts += 1
        if root.parts > self.limits.parts:
            raise Unreadable(Code.TOO_MANY, f"parts > {self.limits.parts}")
        self.check_time()

    def spend_pixels(self, count: int) -> None:
        """Count pixels of a picture whose text is to be recognised; refuses it when the time for that is spent, too."""
        root = self._root
        if root.recognition > self.limits.ocr_seconds:
            raise Unreadable(Code.TIMEOUT, f"ocr_seconds > {self.limits.ocr_seconds:g}")
        root.pixels += count
        if root.pixels > self.limits.pixels:
            raise Unreadable(Code.TOO_LARGE, f"pixels > {self.limits.pixels}")
        self.check_time()

    def spend_recognition(self, seconds: float) -> None:
        """Count time that recognition took: it is not the document's own."""
        root = self._root
        root.recognition += seconds
        root.deadline += seconds

    def check_ratio(self, packed: int, unpacked: int) -> None:
        """Refuse what grows more than ``ratio`` times once it is more than a little, which is less with every bomb already met."""
        root = self._root
        if unpacked > self.FREE >> 2 * min(root.bombs, 6) and unpacked > max(packed, 1) * self.limits.ratio:
            root.bombs += 1
            raise Unreadable(Code.BOMB, f"ratio > {self.limits.ratio}")

    def check_time(self) -> None:
        """Refuse to go on past the soft deadline."""
        if time.monotonic() > self._root.deadline:
            raise Unreadable(Code.TIMEOUT, f"seconds > {self.limits.seconds:g}")

    def holds(self, kept: int, most: int) -> bool:
        """Whether one more of what is kept for later may be kept. ``cut`` remembers that it once might not."""
        if kept < most:
            return True
        self.cut = self.cut or most
        return False

    def deeper(self) -> Spending:
        """The same budget one level further down."""
        if self.depth + 1 > self.limits.depth:
            raise Unreadable(Code.TOO_DEEP, f"depth > {self.limits.depth}")
        return Spending(self.limits, ocr=self.ocr, passwords=self.passwords, depth=self.depth + 1, parent=self)
