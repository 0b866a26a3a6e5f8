"""Lists of surnames, given names and towns, loaded once in a process and asked for single words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from scanner.detect.romaji import latin, plain_romaji

_TO_KATAKANA = {code: code + 96 for code in range(0x3041, 0x3097)}
_OLD_KANA = str.maketrans({"ヲ": "オ", "ヅ": "ズ", "ヂ": "ジ", "ヰ": "イ", "ヱ": "エ"})
_AFFIXES = frozenset(
    "新旧各全前後中外内者員係課部室局長済用品金費料書票表等他別毎両第一二三四五六七八九十副正総大小無未非不再最初次本当現元準"
    "高低的性化業界店社会所機器材類型式系家人側方面点線力度率額数量値日月年時分間期回目号番区市町村県府都道国省庁署隊団組班"
)
_USUAL = 12  # so many given names begin or end with a kanji that is usual there


@lru_cache(maxsize=20_000)
def katakana(text: str) -> str:
    """Hiragana as katakana, small differences of spelling removed (ヅ is ズ)."""
    return text.translate(_TO_KATAKANA).translate(_OLD_KANA)


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Surnames and given names in folded form.

    ``surnames``: weight 1..7 (log10 of bearers; 1: known to the dictionary alone). ``doubtful``: surnames that are also a place
    or an ordinary word; ``ordinary``: rare surnames that are also an ordinary word. ``given``: 1 or 2 (popular);
    ``common``: given names that are also an ordinary word. ``surname_kana``, ``given_kana``: readings in katakana, ``usual_kana``:
    those of names that many people bear. ``romaji``: readings in capitals, long vowels shortened: 1 surname, 2 given, 3 both.
    ``first_letters``, ``last_letters``: kanji with which many given names begin and end. ``words``: ordinary words and places that
    a surname and a given name make when joined (音響, 常務, 川辺町).
    ``vocabulary``: ordinary words of two to four letters, those that are names too among them.
    ``foreign``: names of foreigners in katakana.
    """

    surnames: dict[str, int]
    doubtful: frozenset[str]
    ordinary: frozenset[str]
    given: dict[str, int]
    common: frozenset[str]
    surname_kana: frozenset[str]
    given_kana: frozenset[str]
    usual_kana: frozenset[str]
    romaji: dict[str, int]
    first_letters: frozenset[str]
    last_letters: frozenset[str]
    words: frozenset[str]
    vocabulary: frozenset[str]
    foreign: frozenset[str]

    def word(self, text: str) -> bool:
        """Whether it is an ordinary word and no name."""
        return (text in self.vocabulary or text in self.words) and not self._name(text)

    def _name(self, text: str) -> bool:
        return text in self.surnames or text in self.given or text in self.foreign

    @lru_cache(maxsize=20_000)  # noqa: B019 - the lists live as long as the process
    def compound(self, text: str) -> bool:
        """Whether it falls into ordinary words, affixes between them: 営業担当, 新商品, コピーサービス."""
        kana = text.translate(_TO_KATAKANA) == text and all("ァ" <= c <= "ー" for c in text)
        least, most = (3, 8) if kana else (2, 4)
        reach = {0: 0}  # end of a piece → letters covered by whole words
        for at in range(len(text)):
            if at not in reach:
                continue
            if text[at] in _AFFIXES:
                reach[at + 1] = max(reach.get(at + 1, 0), reach[at])
            for end in range(at + least, min(at + most, len(text)) + 1):
                piece = text[at:end]
                if piece in self.vocabulary and self.surnames.get(piece, 0) < 3 and self.given.get(piece, 0) < 2:
                    reach[end] = max(reach.get(end, 0), reach[at] + end - at)
        return len(text) > 1 and reach.get(len(text), 0) * 2 > len(text)

    def looks_given(self, word: str) -> bool:
        """Whether an unknown word is written with kanji that given names begin and end with."""
        return 1 <= len(word) <= 3 and word[0] in self.first_letters and word[-1] in self.last_letters

    def split(self, word: str) -> int:
        """Length of the surname when the word is a known surname and a known given name joined; else, and for ``words``, 0."""
        if word in self.words:
            return 0
        best, score = 0, 0
        for size in range(1, min(5, len(word))):
            weight = self.surnames.get(word[:size])
            given = self.given.get(word[size:]) if weight else None
            if weight and given and weight * 2 + given + (size == 2) > score:
                best, score = size, weight * 2 + given + (size == 2)
        return best

    def split_kana(self, word: str) -> int:
        """The same for a reading in kana written together."""
        kana = katakana(word)
        for size in (3, 4, 2, 5, 6, 7):
            first, last = kana[:size], kana[size:]
            usual = first in self.usual_kana or last in self.usual_kana
            if usual and first in self.surname_kana and last in self.given_kana:
                return size
        return 0

    def romaji_kind(self, word: str) -> int:
        """1: a surname's reading, 2: a given name's, 3: both, 0: neither."""
        return self.romaji.get(plain_romaji(word), 0)


class City(NamedTuple):
    """A city of a prefecture. ``towns``: its towns, each between two spaces; ``codes``: their postal codes in the same order,
    several of one town parted by /; ``general``: the codes for what has none of its own, parted by /."""

    prefecture: str
    towns: str
    codes: str
    general: str


@dataclass(frozen=True, slots=True)
class Towns:
    """Prefectures, cities and towns. ``cities``: name → the cities of that name. ``names``: every town.

    A city of a county stands under its full name (下都賀郡野木町) and under the short one (野木町); a ward of a big city under
    both too (札幌市中央区 and 札幌市). ``readings``: (prefecture, city or ward) in katakana, a space behind county and big city.
    """

    prefectures: tuple[str, ...]
    cities: dict[str, tuple[City, ...]]
    names: frozenset[str]
    readings: tuple[tuple[str, str], ...]

    def in_city(self, city: str, text: str, limit: int = 16) -> int:
        """Length of the longest town of the city that begins the text, else 0."""
        for known in self.cities.get(city, ()):
            towns = _towns_of(known)
            for size in range(min(limit, len(text)), 0, -1):
                if text[:size] in towns:
                    return size
        return 0

    def begins(self, city: str, text: str) -> bool:
        """Whether some town of the city begins with the text."""
        return any(f" {text}" in known.towns for known in self.cities.get(city, ()))

    def longest(self, text: str, limit: int = 12) -> int:
        """Length of the longest town of any city that begins the text, else 0."""
        for size in range(min(limit, len(text)), 0, -1):
            if text[:size] in self.names:
                return size
        return 0

    def agrees(self, code: str, city: str, text: str) -> bool | None:
        """Whether a postal code of seven digits is that of the place: a city and the text behind it. None: nothing is known.

        A big firm or an office has a code of its own, which begins like those of its city.
        """
        known = self.cities.get(city, ())
        size = self.in_city(city, text)
        if not known:
            return None
        inside = [c for c in known if code in c.codes or code in c.general]
        if not inside:
            return None if any(f" {code[:3]}" in f" {c.codes}" or c.general.startswith(code[:3]) for c in known) else False
        if not size or any(code in c.general for c in inside):
            return True
        return any(code in _codes_of(c).get(text[:size], ()) for c in inside)


@lru_cache(maxsize=512)
def _towns_of(city: City) -> frozenset[str]:
    return frozenset(city.towns.split())


@lru_cache(maxsize=64)
def _codes_of(city: City) -> dict[str, tuple[str, ...]]:
    return {town: tuple(codes.split("/")) for town, codes in zip(city.towns.split(), city.codes.split(), strict=True)}


_ONE_SPELLING = str.maketrans({"ヶ": "ケ", "が": "ケ", "ガ": "ケ", "の": "ノ", "之": "ノ", "龍": "竜"})


def town_key(text: str) -> str:
    """Spelling in which towns are kept: 霞ヶ関 and 霞が関 as 霞ケ関, 井の頭 as 井ノ頭. Of equal length."""
    return text.translate(_ONE_SPELLING)


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield line.rstrip("\n").split("\t")


@lru_cache(maxsize=2)
def names(models: Path) -> Names:
    """The names and words in surnames.tsv, given.tsv, words.tsv, vocabulary.txt, foreign.txt. Raises OSError without them."""
    surnames: dict[str, int] = {}
    doubtful: set[str] = set()
    ordinary: set[str] = set()
    surname_kana: set[str] = set()
    usual_kana: set[str] = set()
    for word, weight, flags, readings in _rows(models / "surnames.tsv"):
        surnames[word] = int(weight)
        if flags != "-":
            doubtful.add(word)
        if "n" in flags and int(weight) < 3:
            ordinary.add(word)
        kana = readings.translate(_OLD_KANA).split()
        surname_kana.update(kana)
        if int(weight) >= 3:
            usual_kana.update(kana[:1])
    given: dict[str, int] = {}
    common: set[str] = set()
    given_kana: set[str] = set()
    for reading, forms in _rows(models / "given.tsv"):
        given_kana.add(reading.translate(_OLD_KANA))
        if "+" in forms:
            usual_kana.add(reading.translate(_OLD_KANA))
        for form in forms.split():
            word = form.rstrip("+!")
            given[word] = max(given.get(word, 0), 2 if "+" in form else 1)
            if form.endswith("!"):
                common.add(word)
    romaji: dict[str, int] = {}
    for bit, kanas in ((1, surname_kana), (2, given_kana)):
        for reading in kanas:
            written = plain_romaji(latin(reading))
            romaji[written] = romaji.get(written, 0) | bit
    first = Counter(w[0] for w in given)
    last = Counter(w[-1] for w in given)
    return Names(
        surnames,
        frozenset(doubtful),
        frozenset(ordinary),
        given,
        frozenset(common),
        frozenset(surname_kana),
        frozenset(given_kana),
        frozenset(usual_kana),
        romaji,
        frozenset(c for c, n in first.items() if n >= _USUAL),
        frozenset(c for c, n in last.items() if n >= _USUAL),
        frozenset(word for (word,) in _rows(models / "words.tsv")),
        frozenset((models / "vocabulary.txt").read_text(encoding="utf-8").split()),
        frozenset((models / "foreign.txt").read_text(encoding="utf-8").split()),
    )


@lru_cache(maxsize=2)
def towns(models: Path) -> Towns:
    """The places in ``models/towns.tsv``. Raises OSError when it is missing."""
    prefectures: dict[str, None] = {}
    cities: dict[str, list[City]] = {}
    every: set[str] = set()
    readings: list[tuple[str, str]] = []
    for prefecture, reading, city, kana, general, listed, codes in _rows(models / "towns.tsv"):
        prefectures[prefecture] = None
        readings.append((reading, kana))
        known = City(prefecture, town_key(f" {listed} "), codes, general)
        every.update(known.towns.split())
        for name in _city_forms(city):
            cities.setdefault(name, []).append(known)
    return Towns(tuple(prefectures), {c: tuple(v) for c, v in cities.items()}, frozenset(every), tuple(readings))


def _city_forms(city: str) -> set[str]:
    forms = {city}
    county = city.find("郡", 1)
    if 0 < county < len(city) - 2 and city[-1] in "町村":
        forms.add(city[county + 1 :])
    ward = city.find("市", 1)
    if 0 < ward < len(city) - 1 and city.endswith("区"):
        forms.add(city[: ward + 1])
    return forms
