"""Morphological tags: Sudachi in pieces it can swallow, each line of text asked once."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

_PIECE = 16_000  # characters; Sudachi refuses more than 49,149 bytes
_MEMO = 4_096  # lines remembered in a worker


class Tag(IntEnum):
    """What a word is, as far as names are concerned."""

    OTHER = 0
    SURNAME = 1
    GIVEN = 2
    PERSON = 3  # a whole name that the dictionary knows, or the name of a foreigner
    PLACE = 4
    PROPER = 5
    NOUN = 6
    SUFFIX = 7
    NUMBER = 8
    PARTICLE = 9
    SYMBOL = 10
    SPACE = 11
    PREFIX = 12
    VERB = 13


class Word(NamedTuple):
    """A word of a line: its tag and its range in the line. ``sort``: twice its part of speech's number, odd if unknown."""

    tag: Tag
    start: int
    end: int
    sort: int = 0


class Tagger:
    """Sudachi with its core dictionary in mode C. Made once in a process by ``tagger()``."""

    def __init__(self) -> None:
        import sudachipy

        self._dictionary = sudachipy.Dictionary(dict="core")
        self._tokenizer = self._dictionary.create(sudachipy.SplitMode.C)
        self._tags: dict[int, Tag] = {}
        self._parts: dict[int, tuple[str, ...]] = {}
        self._memo: dict[str, tuple[Word, ...]] = {}
        self._kinds: dict[str, frozenset[Tag]] = {}

    def words(self, line: str) -> tuple[Word, ...]:
        """The words of a line in order. Lone surrogates count as symbols."""
        known = self._memo.get(line)
        if known is not None:
            return known
        out: list[Word] = []
        tags, new = self._tags, tuple.__new__  # a named tuple's own constructor takes three times as long
        for first in range(0, len(line), _PIECE):
            piece = line[first : first + _PIECE]
            start = first
            for m in self._tokenizer.tokenize(_clean(piece)):
                sort, end = m.part_of_speech_id(), first + m.end()
                tag = tags.get(sort)
                if tag is None:
                    tag = self._tag(sort, m)
                out.append(new(Word, (tag, start, end, 2 * sort + m.is_oov())))
                start = end
        if len(self._memo) >= _MEMO:
            self._memo.clear()
        self._memo[line] = found = tuple(out)
        return found

    def kinds(self, word: str) -> frozenset[Tag]:
        """Every tag the dictionary has for exactly this word; empty when it does not know it."""
        if word not in self._kinds:
            if len(self._kinds) > 50_000:
                self._kinds.clear()
            self._kinds[word] = frozenset(map(self._tagged, self.looked_up(word)))
        return self._kinds[word]

    def looked_up(self, word: str) -> Any:
        """Everything that the dictionary has under exactly this spelling, as the library gives it."""
        return self._dictionary.lookup(_clean(word))

    def part(self, sort: int) -> tuple[str, ...]:
        """The part of speech of a word that ``words`` gave this ``sort``."""
        return self._parts[sort // 2]

    def _tagged(self, morpheme: Any) -> Tag:
        sort = morpheme.part_of_speech_id()
        tag = self._tags.get(sort)
        return self._tag(sort, morpheme) if tag is None else tag

    def _tag(self, number: int, morpheme: Any) -> Tag:
        part = self._parts[number] = tuple(morpheme.part_of_speech())
        tag = self._tags[number] = _of(part)
        return tag


def _clean(text: str) -> str:
    """The text with lone surrogates replaced one by one."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if _broken(text) else text


def _broken(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


_MAIN = {
    "接尾辞": Tag.SUFFIX,
    "助詞": Tag.PARTICLE,
    "補助記号": Tag.SYMBOL,
    "記号": Tag.SYMBOL,
    "空白": Tag.SPACE,
    "接頭辞": Tag.PREFIX,
    "動詞": Tag.VERB,
}


def _of(pos: tuple[str, ...]) -> Tag:
    if pos[0] != "名詞":
        return _MAIN.get(pos[0], Tag.OTHER)
    if pos[1] == "数詞":
        return Tag.NUMBER
    if pos[1] != "固有名詞":
        return Tag.NOUN
    if pos[2] == "人名":
        return {"姓": Tag.SURNAME, "名": Tag.GIVEN}.get(pos[3], Tag.PERSON)
    return Tag.PLACE if pos[2] == "地名" else Tag.PROPER


@lru_cache(maxsize=1)
def tagger() -> Tagger:
    """The tagger of this process. Raises ImportError without sudachipy."""
    return Tagger()
