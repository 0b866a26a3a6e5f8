"""What the readers of running text share: hits, borders of words, roles told by the word before."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from scanner.detect.gazetteer import Names
from scanner.detect.namewords import BEFORE, HIRAGANA, KATAKANA, LONGEST_BEFORE, NAME_KANJI
from scanner.detect.tagger import Tag, Tagger
from scanner.model import PersonRole


class Hit(NamedTuple):
    """A name in running text, in positions of the line. ``alone``: a surname without honorific, title, role or given name."""

    start: int
    end: int
    score: float
    rule: str
    role: PersonRole = PersonRole.UNKNOWN
    alone: bool = False


RUN = rf"[{NAME_KANJI}]"
KANJI_WORD = re.compile(rf"{RUN}+")
LETTERS = re.compile(rf"{RUN}|[{KATAKANA}{HIRAGANA}]")
COMPANY_BEHIND = re.compile(r",? (?:Co\b|Ltd|Inc|Corp|LLC|K\.K)")  # what looked like a name was a company's
_UNITS = frozenset("部課係室科局班所店社院園校")  # a name may begin behind: 営業部佐藤
_BETWEEN = re.compile(r"(?:は|の|が|に|:|・|、| |\(|「|で|が、|は、)?$")


class Lexis:
    """Names and, where the profile has one, the tagger."""

    def __init__(self, names: Names, tagger: Tagger | None) -> None:
        self.names = names
        self.tagger = tagger

    def _word_border(self, line: str, at: int) -> bool:
        """Whether a word of the line begins there."""
        if at == 0 or not LETTERS.match(line[at - 1]):
            return True
        if any(line[max(0, at - n) : at] in BEFORE for n in range(1, LONGEST_BEFORE + 1)):
            return True
        if self.tagger is not None:
            words = self.tagger.words(line)
            n = bisect_left(words, at, key=lambda w: w.start)
            return n < len(words) and words[n].start == at
        if line[at - 1] in "のはがとにをもでへや" or line[at - 1] in _UNITS:
            return True
        return any(self.names.word(line[at - n : at]) for n in (2, 3, 4) if n <= at)

    def _surname_at_end(self, run: str) -> int | None:
        for shift in range(len(run)):
            piece = run[shift:]
            if piece in self.names.surnames and not (shift and len(piece) == 1):
                return shift
        return None

    def _noun(self, text: str) -> bool:
        return text in self.names.vocabulary if self.tagger is None else Tag.NOUN in self.tagger.kinds(text)

    def _ordinary(self, text: str) -> bool:
        if self.tagger is None:
            return self.names.word(text) or text in self.names.common
        kinds = self.tagger.kinds(text)
        return bool(kinds) and not kinds & {Tag.SURNAME, Tag.GIVEN, Tag.PERSON}

    def _role_before(self, line: str, start: int) -> PersonRole | None:
        """The role that the word before announces, across one particle, colon, space or bracket."""
        head = line[max(0, start - LONGEST_BEFORE - 2) : start]
        joint = _BETWEEN.search(head)
        head = head[: joint.start()] if joint else head
        for size in range(min(LONGEST_BEFORE, len(head)), 0, -1):
            role = BEFORE.get(head[-size:])
            if role is not None and (
                size > 1 or (joint and joint.group() in ("の", ":", "は", "(") and not KANJI_WORD.match(head[-2:-1] or " "))
            ):
                return role
        return None
