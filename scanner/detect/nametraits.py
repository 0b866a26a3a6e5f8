"""What can be said of a word by itself, as far as names are concerned: what the trained tagger is told about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from scanner.detect.gazetteer import Names, Towns, katakana, town_key
from scanner.detect.namewords import BEFORE, HISTORY, NOT_AFTER, NOT_NAME_ENDINGS, ORGANISATION, TITLES

_LONGEST = 24  # characters of a word that are looked at
_CHARACTERS = 10_000  # whose kind is remembered
_SMALL = re.compile("[ァィゥェォャュョッヮ]")
_KANA = re.compile("[ァ-ヴー]+")
_LATIN = re.compile("[A-Za-z]+")
_DIGITS = re.compile("[0-9]")


class _Kinds(dict[int, str]):
    """From a character to its kind, for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        if len(self) > _CHARACTERS:
            self.clear()
        kind = self[code] = _kind(chr(code))
        return kind


def _kind(c: str) -> str:
    if "\u4e00" <= c <= "\u9fff" or c in "々〆ヶ" or c >= "\U00020000":
        return "K"
    if "\u3041" <= c <= "\u309f":
        return "H"
    if "\u30a0" <= c <= "\u30ff":
        return "・" if c == "・" else "T"
    if c.isdigit():
        return "9"
    if c.isalpha():
        return "A" if c.isupper() else "a"
    return " " if c.isspace() else "S"


_KINDS = _Kinds()


def shape(word: str) -> str:
    """The kinds of its characters: K kanji, H hiragana, T katakana, A and a Latin, 9 digits, S others; runs once."""
    return _runs(word.translate(_KINDS))


def _runs(kinds: str) -> str:
    return "".join(kind for kind, before in zip(kinds, "-" + kinds, strict=False) if kind != before)


def traits(
    word: str, part: Sequence[str], unknown: bool, kinds: Callable[[str], Iterable[int]], names: Names, towns: Towns
) -> list[str]:
    """Traits of a word of the view; what is said of its letters as they stand comes first.

    ``part``: its part of speech as the dictionary has it here; ``unknown``: not in the dictionary; ``kinds``: tells all that
    the dictionary has under a spelling.
    """
    word = word[:_LONGEST]
    plain = word if word.isalpha() else _DIGITS.sub("0", word)
    size = len(word)
    out = ["w" + plain, "1" + plain[:1], "9" + plain[-1:], *_of_form(word.translate(_KINDS), tuple(part), unknown)]
    if size > 1:
        out += ("2" + plain[:2], "8" + plain[-2:])
        if size > 2:
            out.append("7" + plain[-3:])
    if part[0] in ("名詞", "接尾辞", "接頭辞"):
        out.append(_of_kinds(frozenset(kinds(word))))
        out += ["c" + c for c in dict.fromkeys(plain[:8])]
        out += _listed(word, names, towns)
    return out


@lru_cache(maxsize=10_000)
def _of_form(kinds: str, part: tuple[str, ...], unknown: bool) -> tuple[str, ...]:
    """The traits of the kinds of a word's characters and of its part of speech."""
    form, brief = _runs(kinds), f"{part[0]}{part[1][:2]}{part[2][:2]}"
    out = (f"f{form}{min(len(kinds), 5)}", f"h{form[:3]}{brief}", "p" + "/".join(part[:4]), "q" + "/".join(part[:2]))
    out = (*out[:3], out[3] + "?") if unknown else out
    return (*out, "i" + part[5]) if part[0] in ("動詞", "形容詞", "助動詞") else out


@lru_cache(maxsize=1_000)
def _of_kinds(kinds: frozenset[int]) -> str:
    """The trait of all that the dictionary has under a spelling."""
    return "K" + "-".join(map(str, sorted(map(int, kinds))))


def _listed(word: str, names: Names, towns: Towns) -> Iterator[str]:
    weight = names.surnames.get(word)
    if weight is not None:
        yield f"s{weight}"
        yield "s" + ("d" if word in names.doubtful else "") + ("o" if word in names.ordinary else "")
    given = names.given.get(word)
    if given is not None:
        yield f"g{given}{'c' if word in names.common else ''}"
    if weight is None and given is None:
        if len(word) > 2 and names.split(word):
            yield "split"
        for n in (3, 2):
            if len(word) > n and word[:n] in names.surnames:
                yield f"begins{n}"
                break
        if names.looks_given(word):
            yield "looks"
    if _KANA.fullmatch(word):
        kana = katakana(word)
        yield f"k{kana in names.surname_kana:d}{kana in names.given_kana:d}{kana in names.usual_kana:d}"
        if len(word) > 4 and names.split_kana(word):
            yield "ksplit"
        yield f"ky{bool(_SMALL.search(word)):d}{'ー' in word:d}"
    elif _LATIN.fullmatch(word):
        yield f"r{names.romaji_kind(word)}"
    if word in towns.cities or word in towns.prefectures:
        yield "city"
    elif town_key(word) in towns.names:
        yield "town"
    if word in TITLES:
        yield "t" + TITLES[word]
    if word in BEFORE:
        yield "b" + BEFORE[word]
    for mark, pattern in (("org", ORGANISATION), ("hist", HISTORY)):
        if pattern.search(word):
            yield mark
    if NOT_AFTER.match(word):
        yield "na"
    if NOT_NAME_ENDINGS.search(word):
        yield "ne"
