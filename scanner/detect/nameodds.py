"""How much speaks for a word being a person's name, before its surroundings are asked: log odds by gazetteer and dictionary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from functools import cached_property, lru_cache

from scanner.detect.gazetteer import Names, katakana
from scanner.detect.namewords import (
    BEFORE,
    CITIES,
    FUNCTIONS,
    HIRAGANA,
    KATAKANA,
    NAME_KANJI,
    NOT_BEFORE_HONORIFIC,
    NOT_NAME_ENDINGS,
    ORGANISATION,
    TITLES,
)
from scanner.detect.tagger import Tag, Tagger

NEVER = -9.0
_WORD = -3.0  # an ordinary word that is no surname
_STRANGE = -1.0  # kanji that nobody knows: a surname, a shop, a brand
_FULL = 4.0  # surname and given name
PLACE = 1.2  # less, where the surroundings fit a place as well and it is one
_FEW, _MANY = 10, 100  # surnames with a kanji in the same place
_PERSON = frozenset((Tag.SURNAME, Tag.GIVEN, Tag.PERSON))
_NOBODY = frozenset((*FUNCTIONS, *BEFORE, *TITLES, *NOT_BEFORE_HONORIFIC, *CITIES))
_KANJI = re.compile(f"[{NAME_KANJI}]+")
_KATA = re.compile(f"[{KATAKANA}]+")
_HIRA = re.compile(f"[{HIRAGANA}]+")


class Odds:
    """Weighs words. ``tagger``: None in the profile that does without."""

    def __init__(self, names: Names, tagger: Tagger | None, cities: Container[str] = ()) -> None:
        """``cities``: names of cities, towns and villages with their ending (高松市)."""
        self.names = names
        self._cities = cities
        self.tagger = tagger
        self.of = lru_cache(maxsize=20_000)(self._of)

    def place(self, word: str) -> bool:
        """Whether a city, town or village is called so."""
        return word in CITIES or any(word + ending in self._cities for ending in "市町村区")

    def _of(self, word: str) -> float:
        names = self.names
        if word in _NOBODY and names.surnames.get(word, 0) < 5:
            return NEVER
        if ORGANISATION.search(word):
            return NEVER
        pieces = re.split("[ ・=]+", word)
        if len(pieces) > 1:
            return self._pieces(pieces)
        if _KANJI.fullmatch(word):
            return self._kanji(word)
        if _KATA.fullmatch(word):
            return self._katakana(word)
        if _HIRA.fullmatch(word):
            known = word in names.given and word not in names.common and word not in names.vocabulary
            return -0.5 if known and len(word) > 1 else _WORD
        return NEVER if word.isascii() else self._mixed(word)

    def _pieces(self, pieces: list[str]) -> float:
        names, first, last = self.names, pieces[0], pieces[-1]
        if len(pieces) > 2 or first in _NOBODY:
            return NEVER
        kana = katakana(last)
        given = last in names.given or kana in names.given_kana
        surname = first in names.surnames or katakana(first) in names.surname_kana
        if surname and given:
            return _FULL if last not in names.common or first not in names.ordinary else 0.5
        if (surname or given) and not names.word(first) and not names.word(last):
            return 2.0 if given or names.looks_given(last) else 0.5
        return NEVER if names.word(first) or names.word(last) else -1.0

    def _kanji(self, word: str) -> float:
        names = self.names
        weight, plain = names.surnames.get(word, 0), word in names.vocabulary
        if len(word) == 1:
            return -0.3 if weight >= 5 else -0.8 if weight >= 4 else _WORD
        if word in CITIES:
            return -1.0
        if weight:
            return self._surname(word, weight, plain=plain)
        if word[-1] in "方宅邸様氏殿君側":
            return _WORD
        size = names.split(word)
        if size and len(word) > 2 and not plain and not names.compound(word):
            return _FULL - 1 if word[size:] not in names.common else 1.0
        written = self._written(word)
        if plain or word in names.words or names.compound(word):
            return _WORD + written
        if NOT_NAME_ENDINGS.search(word) or len(word) > 5 or word[-1] in "他等人":
            return _WORD
        return self._told(word, self._rare(word) + written)

    def _written(self, word: str) -> float:
        """What it adds that many surnames begin and end with the same kanji."""
        first, last = self._letters
        begin, end = first[word[0]], last[word[-1]]
        return 0.0 if begin < _FEW or end < _FEW else 0.9 if end >= _MANY else 0.5

    @cached_property
    def _letters(self) -> tuple[Counter[str], Counter[str]]:
        """How many surnames begin and end with a kanji."""
        words = [w for w in self.names.surnames if len(w) > 1]
        return Counter(w[0] for w in words), Counter(w[-1] for w in words)

    def _surname(self, word: str, weight: int, *, plain: bool) -> float:
        place, doubtful = self.place(word), word in self.names.doubtful
        if weight >= 4:
            return (1.5 if weight >= 5 else 0.5) - (1.5 if plain else 0.0) if place else 1.0 if plain else 3.0
        if plain or word in self.names.ordinary:
            return -2.5
        return -1.0 if place else 0.4 if doubtful else 1.2

    def _rare(self, word: str) -> float:
        popular = self.names.given.get(word, 0)
        if popular:
            return -1.5 if word in self.names.common else 0.5 * popular
        return _STRANGE + (0.3 if self.names.looks_given(word) else 0.0) - (0.8 if len(word) > 3 else 0.0)

    def _told(self, word: str, odds: float) -> float:
        """The odds of a word that no gazetteer of surnames has, corrected by the dictionary of the tagger."""
        kinds = self.tagger.kinds(word) if self.tagger is not None else frozenset()
        if not kinds:
            return odds
        return odds + (0.8 if kinds & _PERSON else -0.5 if kinds == {Tag.PLACE} else -2.0)

    def _katakana(self, word: str) -> float:
        names = self.names
        if len(word) < 2 or len(word) > 8 or names.compound(word):
            return _WORD
        if word in names.vocabulary:
            return -2.0 if word in names.usual_kana else _WORD
        if names.split_kana(word):
            return 2.0
        known = word in names.foreign or katakana(word) in names.surname_kana or katakana(word) in names.given_kana
        return self._told(word, 0.0 if known else -1.4)

    def _mixed(self, word: str) -> float:
        """Kanji and kana: 「瀬音トヨ」, 「江別ひかる」; kana and what makes given names of it: 「ミサ子」."""
        names = self.names
        parts = re.fullmatch(rf"([{NAME_KANJI}]{{1,4}})([{KATAKANA}]{{2,5}}|[{HIRAGANA}]{{2,4}})", word)
        if parts is None:
            return 0.5 if re.fullmatch(rf"[{KATAKANA}{HIRAGANA}]{{1,3}}[子美江代枝]", word) else NEVER
        kana = parts[2][0] > "ゖ" and parts[2] not in names.vocabulary and katakana(parts[2]) in names.given_kana
        given = kana or (parts[2] in names.given and parts[2] not in names.common and parts[2] not in names.vocabulary)
        return 2.0 if given and parts[1] in names.surnames else NEVER
