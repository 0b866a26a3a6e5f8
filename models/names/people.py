"""People for composed lines: surnames and given names of the gazetteers and invented ones, in the writings that people use."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from scanner.detect.gazetteer import Names

_KANJI = re.compile("[一-鿿々]+")
_TO_KATAKANA = {code: code + 96 for code in range(0x3041, 0x3097)}
_TO_HIRAGANA = {code + 96: code for code in range(0x3041, 0x3097)}


class People:
    """Draws names. ``foreign``: in katakana. ``writings``: what fills the slots of the templates, by the slot's letter."""

    def __init__(self, names: Names, foreign: Sequence[str], rng: random.Random) -> None:
        self.rng, self.names, self.foreign = rng, names, foreign
        surnames = sorted(w for w in names.surnames if _KANJI.fullmatch(w) and len(w) < 5)
        weights = [10.0 ** min(names.surnames[w], 5) for w in surnames]
        self._common = rng.choices(surnames, weights, k=50_000)
        self._rare = surnames
        self._words = sorted(w for w in names.doubtful | names.ordinary if _KANJI.fullmatch(w) and len(w) in (2, 3))
        self._two, self._three = ([w for w in surnames if len(w) == n] for n in (2, 3))
        self._given = sorted(w for w in names.given if _KANJI.fullmatch(w) and len(w) < 4)
        self._popular = [w for w in self._given if names.given[w] == 2]
        self._kana_given = sorted(w for w in names.given if re.fullmatch("[ぁ-ん]{2,4}", w))
        self._letters = sorted(names.first_letters), sorted(names.last_letters)
        self._kana = (sorted(names.surname_kana & names.usual_kana), sorted(names.given_kana & names.usual_kana))
        self._romaji = tuple(sorted(w for w, k in names.romaji.items() if k == bit and 3 < len(w) < 9) for bit in (1, 2))
        self.writings: dict[str, Callable[[], str]] = {
            "p": self._whole,
            "s": self.any_surname,
            "g": self.any_given,
            "f": self._foreigner,
            "k": self._reading,
            "e": self._latin,
        }

    def surname(self) -> str:
        """One of many bearers, or any that the gazetteer knows."""
        return self.rng.choice(self._common if self.rng.random() < 0.7 else self._rare)

    def given(self) -> str:
        """In kanji, or in kana as one in six is."""
        draw = self.rng.random()
        return self.rng.choice(self._popular if draw < 0.5 else self._given if draw < 0.84 else self._kana_given)

    def any_surname(self) -> str:
        """As ``surname``, one in four invented, a word or a place as well, or in katakana."""
        draw = self.rng.random()
        if draw < 0.76:
            return self.surname()
        if draw < 0.87:
            return self._invented()
        return self.rng.choice(self._words if draw < 0.95 else self._kana[0])

    def any_given(self) -> str:
        """As ``given``, one in eight invented or in katakana."""
        draw = self.rng.random()
        if draw < 0.88:
            return self.given()
        if draw < 0.94:
            return self.rng.choice(self._letters[0]) + self.rng.choice(self._letters[1])
        return self.rng.choice(self._kana_given).translate(_TO_KATAKANA)

    def _invented(self) -> str:
        """Parts of two surnames that make one which is neither in the gazetteer nor a word."""
        names = self.names
        for _ in range(20):
            first = self.rng.choice(self._two)[0] if self.rng.random() < 0.8 else self.rng.choice(self._three)[:2]
            word = first + self.rng.choice(self._two)[1]
            if word not in names.surnames and word not in names.vocabulary and word not in names.words and word not in names.given:
                return word
        return self.surname()

    def _whole(self) -> str:
        """Surname and given name, joined or parted; the surname alone, a foreigner or a reading now and then."""
        draw = self.rng.random()
        if draw < 0.76:
            return self.any_surname() + ("" if draw < 0.42 else " ") + self.any_given()
        if draw < 0.89:
            return self.any_surname()
        return self._foreigner() if draw < 0.95 else self._reading()

    def _foreigner(self) -> str:
        """In katakana, mostly in two parts, of which one in six is invented."""
        rng, parts = self.rng, []
        for _ in range(rng.choice((1, 2, 2, 2, 3))):
            part = rng.choice(self.foreign)
            if rng.random() < 0.16:
                other = rng.choice(self.foreign)
                part = part[: len(part) // 2 + 1] + other[len(other) // 2 :].lstrip("ーンッャュョァィゥェォ")
            parts.append(part)
        return rng.choice("・・・・・ =").join(parts)

    def _reading(self) -> str:
        """The reading of a name, whole or the surname alone; in hiragana now and then."""
        first, last = (self.rng.choice(k) for k in self._kana)
        text = first if self.rng.random() < 0.2 else first + self.rng.choice((" ", " ", "", "・")) + last
        return text.translate(_TO_HIRAGANA) if self.rng.random() < 0.3 else text

    def _latin(self) -> str:
        """In Latin letters, either part first."""
        parts = [self.rng.choice(r) for r in self._romaji]
        self.rng.shuffle(parts)
        return " ".join(map(self.rng.choice((str.title, str.title, str.upper)), parts))
