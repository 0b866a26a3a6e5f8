"""What a whole document sounds like: about nobody, source code, a specimen, about animals, or a record about people."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scanner.classify.evidence import Words
from scanner.text.finder import Prints

GENERAL = 3  # points from which on a text counts as one about nobody
_CODE = re.compile(
    r"^[ \t]*(?:(?:async )?def \w+\(|class \w+[(:{]|import [\w.{]|from [\w.]+ import|return\b|else\b ?[:{]?$|try ?[:{]$"
    r"|(?:if|elif|while|for|switch|catch)\b.*[:{]$"
    r"|(?:public|private|protected|static|function|const|let|var|func|fn|package|namespace|using|assert|raise|throw|export)\b.{2,}"
    r"|#include|(?:struct|enum|interface)\b.{2,}"
    r"|[A-Za-z_][A-Za-z0-9_.]* ?=(?!=) ?(?:[A-Za-z_.]+\(|\{|\[|new |lambda)|[)}\]]+[;,)]*$|[A-Za-z_][A-Za-z0-9_.]*\(.*\);?$"
    r"|@[A-Za-z]+(?:\(.*\))?$|//.*|/\*.*|\*/$)",
    re.MULTILINE,
)
_STATUTE = ("に規定する", "の規定により", "に掲げる", "前項", "各号", "政令で定め", "省令で定め")
_CITING = 12  # of them at least
_CITED = 250  # characters for each such word, up to which a text is a statute's
_SPECIMEN = re.compile(r"記入例|記載例|入力例|見本|サンプル|SAMPLE|ひな形|雛形|ダミー|テストデータ|デモ用|訓練用|架空")


def heading(line: str) -> str:
    """What of a line can be a title: all of it, or of a line of sentences what stands apart at its beginning."""
    return line if "。" not in line else line.split(" ")[0][:20] if " " in line[:20] else ""


@dataclass(slots=True)
class Tone:
    """Counts, over the beginning of a document, what speaks for a general text and what for a record about people."""

    seen: int = 0
    title: str = ""
    hits: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    coded: int = 0
    cited: int = 0
    _points: int | None = None  # what ``general`` said, until more is read
    _specimen: bool | None = None

    LIMIT = 60_000  # characters looked at

    def read(self, words: Words, text: str, heading: str, prints: Prints | None = None) -> None:
        """Take in a block's view."""
        if self.seen >= self.LIMIT:
            return
        if len(self.title) < 300:
            self.title += heading + "\n" + text[: 300 - len(self.title)] + "\n"
        part = text[: self.LIMIT - self.seen]
        filled = [line for line in part.split("\n") if line and not line.isspace()]
        self.lines += len(filled)
        self.coded += sum(1 for line in filled if line.lstrip(" \t")[0].isascii() and _CODE.match(line))
        self.seen += len(part)
        self.cited += sum(map(part.count, _STATUTE))
        self._points = self._specimen = None
        for kind, n in words.counted.count(part, prints if len(part) == len(text) else None).items():
            before = self.hits.get(kind, 0)
            self.hits[kind] = max(before, n) if kind == "animal" else before + n

    def general(self, words: Words) -> int:
        """Points for a text about nobody: 3 or more means it is one unless people are firmly named."""
        if self._points is None:
            self._points = self._weighed(words)
        return self._points

    def _weighed(self, words: Words) -> int:
        told = words.titles.count("\n".join(heading(line) for line in self.title[:200].split("\n")))
        points = 2 * min(2, told["general"]) + (3 if told["policy"] else 0)
        points += 3 if self.hits.get("product", 0) >= 4 else 0
        points += 2 if self.hits.get("statistics", 0) >= 4 else 0
        points += 2 if self.hits.get("template", 0) >= 1 else 0
        points += 2 if self.hits.get("it", 0) >= 5 else 0
        points += 3 if self.hits.get("fiction", 0) >= 3 else 0
        return points - (2 if told["records"] else 0)

    def statute(self) -> bool:
        """Whether it reads as a statute does: whoever it seems to name, its rules are nobody's."""
        return self.cited >= _CITING and self.cited * _CITED >= self.seen

    def code(self) -> bool:
        """Whether it is source code: what stands in it are words of a program, about nobody."""
        return self.coded >= 8 and self.coded * 4 >= self.lines

    def specimen(self) -> bool:
        """Whether its title says that it is a specimen: nobody in it is real."""
        if self._specimen is None:
            self._specimen = _SPECIMEN.search(self.title[:80]) is not None
        return self._specimen

    def animals(self) -> bool:
        """Whether it is about animals: their illnesses are nobody's."""
        return self.hits.get("animal", 0) >= 2
