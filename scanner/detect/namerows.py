"""Names that stand where others stand: the same column of lines written alike, or a row of words parted alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from scanner.detect.namelexis import Hit
from scanner.detect.nameodds import NEVER, PLACE, Odds
from scanner.detect.namescore import STATES
from scanner.detect.namewords import HIRAGANA, HONORIFICS, KATAKANA, NAME_KANJI, longest_first
from scanner.text.view import Reading

_LONGEST = 60  # characters: a longer line is running text
_COLUMNS = 4  # words from the left that may be names
_APART = 2  # empty or other lines between two of a list
_LEAST, _BEST, _SHARE = 2.4, 1.2, 0.75  # what a column's words bring together, what the best brings, the share that may be names
_FEW, _MAY, _MUST = -0.5, -1.5, -3.0  # what a word must bring to be one of a few names, of many, of many that are sure
_CLEAR, _SURELY = 0.75, 9.0  # the share of them with more for than against; what they bring together to be sure
_KNOWN = 3.0  # a name found already

_PARTS = "[^\\s:,、/→⇒=>()\\[\\]・|]+"
_WORDS = re.compile(_PARTS)
_NAME = re.compile(
    rf"[{NAME_KANJI}]{{1,5}}(?: ?[{HIRAGANA}{KATAKANA}]{{2,5}}| [{NAME_KANJI}]{{1,3}})?|[{KATAKANA}]{{2,8}}|[{HIRAGANA}]{{2,4}}"
)
_MARK = re.compile(r"[・•●○◎■□☆★*-]|[xX]|[①-⑳]|[0-9.-]+[A-Za-z一-龠]{0,2}|[A-Za-z]{1,2}[0-9]*")
_POLITE = re.compile(longest_first(HONORIFICS))
_ONE = rf"(?:[{NAME_KANJI}]{{2,4}}(?: [{NAME_KANJI}]{{1,3}})?|[{KATAKANA}]{{2,8}})"
_ROW = re.compile(
    rf"(?<![{NAME_KANJI}{KATAKANA}{HIRAGANA}A-Za-z]){_ONE}"
    rf"(?:(?:さん|様|氏)?(?:\([^()\n]{{1,8}}\))? ?(?:[、,・/]|→|⇒|=>|->) ?{_ONE}){{1,30}}"
    r"(?=[。、\n )さ様氏のがはをにも(]|$)"
)
_ITEM = re.compile(_ONE)
_ROW_CUE = re.compile(
    "敬称略|順不同|出席|欠席|参加|メンバー|委員|氏名|名簿|担当|当番|[Cc][Cc]:|幹事|選手|受講|早番|遅番|夜勤|日勤|交[代替]|引き?継|名\\("
)
_BEFORE_ROW = 24  # characters before a row in which its cue stands


class Word(NamedTuple):
    """A word of a line: its range in the text and the log odds of its being a name."""

    start: int
    end: int
    text: str
    odds: float


class Rows:
    """Finds names by their neighbours above, below and beside. ``free``: whether nothing was found in a range so far."""

    def __init__(self, odds: Odds) -> None:
        self.odds = odds

    def find(self, reading: Reading, free: Callable[[int, int], bool], more: float) -> Iterator[Hit]:
        """Names in columns and rows. ``more``: log odds that the rest of the text brings."""
        yield from self.columns(reading, free, more)
        yield from self.beside(reading.text, free, more)

    def columns(self, reading: Reading, free: Callable[[int, int], bool], more: float = 0.0) -> Iterator[Hit]:
        """Words of short lines that follow each other and are parted alike, where hardly one can be anything but a name."""
        run: list[list[tuple[str, Word]]] = []
        gap, text = 0, reading.text
        for number in range(len(reading.starts)):
            start, end = reading.cell(number)
            found = self._line(text, start, end, free) if 1 < end - start <= _LONGEST else []
            if found:
                gap = 0
                run.append(found)
            elif run and (gap := gap + 1) > _APART:
                yield from self._columns(run, free, more)
                run = []
        yield from self._columns(run, free, more)

    def _line(self, text: str, start: int, end: int, free: Callable[[int, int], bool]) -> list[tuple[str, Word]]:
        """The words at the beginning of a line, each under what stands before and behind it."""
        words: list[tuple[str, Word]] = []
        key = ""
        at = start
        while len(words) < _COLUMNS and (hit := _WORDS.search(text, at, end)):
            first, at = hit.span()
            if _MARK.fullmatch(hit.group()):
                key += "0"
                continue
            if text[at : at + 1] == " " and (given := _WORDS.match(text, at + 1, end)) and given.end() - first <= 9:
                whole = text[first : given.end()]
                at = given.end() if _NAME.fullmatch(whole) and self.odds.of(whole) >= 2 else at
            word = self._word(text, first, at, free)
            behind = text[at : at + 2].strip()[:1]
            words.append((f"{key}{behind if behind and behind in ':→⇒=/' else ' '}", word))
            key += "w"
        return words

    def _word(self, text: str, start: int, end: int, free: Callable[[int, int], bool]) -> Word:
        polite = _POLITE.search(text, start + 1, end)
        word = text[start : polite.start() if polite and polite.end() == end else end]
        if len(word) == 1 and word in STATES:
            return Word(start, end, word, NEVER)
        if not free(start, start + 1):
            return Word(start, end, word, _KNOWN)
        return Word(start, start + len(word), word, self.odds.of(word) if _NAME.fullmatch(word) else NEVER)

    def _columns(self, run: list[list[tuple[str, Word]]], free: Callable[[int, int], bool], more: float) -> Iterator[Hit]:
        """Those columns of a run of lines that hold names."""
        if len(run) < 2:
            return
        columns: defaultdict[str, list[Word]] = defaultdict(list)
        for line in run:
            for key, word in line:
                columns[key].append(word)
        for words in columns.values():
            if (most := self._vote(words, more)) is not None:
                yield from self._hits(words, most, free, "column of a list")

    def _vote(self, words: Sequence[Word], more: float = 0.0) -> float | None:
        """What the different words bring together where they are names, else None. ``more``: what the surroundings bring."""
        each = {w.text: w.odds for w in words}
        if len(each) < 2 or max(each.values()) < _BEST:
            return None
        if sum(1 for odds in each.values() if odds >= _MAY) < len(each) * _SHARE:
            return None
        places = all(self.odds.place(text) or odds < _BEST for text, odds in each.items())
        total = more + sum(max(odds - (PLACE if places and odds < _KNOWN else 0.0), _MAY) for odds in each.values())
        return total if total >= _LEAST else None

    @staticmethod
    def _hits(words: Sequence[Word], most: float, free: Callable[[int, int], bool], rule: str) -> Iterator[Hit]:
        """The words that are names there. One that says little for itself must stand among many that do."""
        each = {w.text: w.odds for w in words}
        clear = len(each) > 4 and sum(1 for odds in each.values() if odds >= 0) >= len(each) * _CLEAR
        least = _MUST if clear and most >= _SURELY else _MAY if clear else _FEW
        for word in words:
            if word.odds >= least and free(word.start, word.end):
                yield Hit(word.start, word.end, 0.75 if word.odds > 0 else 0.65, rule)

    def beside(self, text: str, free: Callable[[int, int], bool], more: float = 0.0) -> Iterator[Hit]:
        """Words parted by the same mark or an arrow: 「安部井、石和、宇留野」, 「花岡→益子」. Places stand in rows too."""
        for hit in _ROW.finditer(text):
            words = [self._word(text, m.start(), m.end(), free) for m in _ITEM.finditer(text, hit.start(), hit.end())]
            cue = _ROW_CUE.search(text, max(text.rfind("\n", 0, hit.start()), hit.start() - _BEFORE_ROW), hit.start())
            if any(word.odds <= _MUST for word in words):
                continue
            if (most := self._vote(words, more + (1.5 if cue else 0.0))) is not None:
                yield from self._hits(words, most, free, "row")
