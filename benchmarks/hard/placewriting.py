"""Addresses from the hand-written lists, and how each hard group writes them."""

from __future__ import annotations

import random
import re
from pathlib import Path

DASHES = "-－‐‑–—―−ーｰ─の"
_DIGITS = "〇一二三四五六七八九"


class Places:
    """Draws addresses as (city, rest), or (first line, second line) for the group ``lines``."""

    def __init__(self, lists: Path, rng: random.Random) -> None:
        self.rng = rng
        self.entries: dict[str, list[str]] = {}
        group = ""
        for line in (lists / "addresses.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                group = line.strip("[]")
            elif "|" in line and not line.startswith("#"):
                self.entries.setdefault(group, []).append(line)
        text = (lists / "buildings.txt").read_text(encoding="utf-8")
        self.buildings = [line for line in text.splitlines() if line and not line.startswith("#")]
        self._bags: dict[str, list[str]] = {}

    def of(self, group: str) -> tuple[str, str]:
        """The next address of a group with new numbers."""
        left = self._bags.setdefault(group, [])
        if not left:
            left.extend(self.rng.sample(self.entries[group], len(self.entries[group])))
        city, rest = left.pop().split("|")
        if group == "lines":
            body, building = self._numbers(rest.removesuffix("B")), self._building()
            return (city + body, building) if self.rng.random() < 0.6 else (city, body + building)
        if rest.endswith("B"):
            room = self.rng.choice(("", " ", "　")) + self._building() if self.rng.random() < 0.6 else ""
            return city, self._numbers(rest[:-1]) + room
        return city, self._numbers(rest)

    def _numbers(self, text: str) -> str:
        rng = self.rng
        dash, wide = rng.choice(DASHES), rng.random() < 0.3

        def one(found: re.Match[str]) -> str:
            match found[0]:
                case "=":
                    return dash
                case "%":
                    return kanji(rng.randint(1, 9 if text[found.end() : found.end() + 2] == "丁目" else 68))
                case "@":
                    digits = str(rng.randint(1, 6))
                case _:
                    after = text[found.end() : found.end() + 2]
                    digits = str(rng.randint(1, 9 if after[:1] in ("条", "丁") else 980 if after == "番地" else 40))
            return digits.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if wide else digits

        return re.sub(r"[#@%=]", one, text)

    def _building(self) -> str:
        rng = self.rng
        room = rng.randint(1, 12) * 100 + rng.randint(1, 9)
        return rng.choice(self.buildings) + rng.choice((f"{room}", f"{room}号室", f"{room}号", f" {room}"))


def kanji(number: int) -> str:
    """A number below 100 in kanji: 二十三."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")
