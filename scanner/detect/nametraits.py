"""What can be said of a word by itself, as far as names are concerned: what the trained tagger is told about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from scanner.detect.gazetteer import Names, Towns, katakana, town_key
from scanner.detect.namewords import BEFORE, HISTORY, NOT_AFTER, NOT_NAME_ENDINGS, ORGANISATION, TITLES

_LONGEST = 24  # characters of a word that are looked at
_SMALL = re.compile("[ァィゥェォャュョッヮ]")
_KANA = re.compile("[ァ-ヴー]+")
_LATIN = re.compile("[A-Za-z]+")
_DIGITS = re.compile("[0-9]")


def shape(word: str) -> str:
    """The kinds of its characters: K kanji, H hiragana, T katakana, A and a Latin, 9 digits, S others; runs once."""
    out = last = ""
    for c in word:
        kind = _kind(c)
        if kind != last:
            last = kind
            out += kind
    return out


@lru_cache(maxsize=10_000)
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


def traits(
    word: str, part: Sequence[str], unknown: bool, kinds: Callable[[str], Iterable[int]], names: Names, towns: Towns
) -> list[str]:
    """Traits of a word of the view.

    ``part``: its part of speech as the dictionary has it here; ``unknown``: not in the dictionary; ``kinds``: tells all that
    the dictionary has under a spelling.
    """
    word = word[:_LONGEST]
    plain = word if word.isalpha() else _DIGITS.sub("0", word)
    form, size = shape(word), len(word)
    of_part, brief = _of_part(tuple(part), unknown)
    out = ["w" + plain, f"f{form}{min(size, 5)}", f"h{form[:3]}{brief}", *of_part]
    if size > 1:
        out += ["1" + plain[0], "2" + plain[:2], "8" + plain[-2:], "9" + plain[-1]]
    else:
        out += ["1" + plain, "9" + plain]
    if size > 2:
        out.append("7" + plain[-3:])
    if part[0] in ("名詞", "接尾辞", "接頭辞"):
        out.append("K" + "-".join(map(str, sorted(map(int, kinds(word))))))
        out += (f"c{c}" for c in dict.fromkeys(plain[:8]))
        out += _listed(word, names, towns)
    return out


@lru_cache(maxsize=10_000)
def _of_part(part: tuple[str, ...], unknown: bool) -> tuple[list[str], str]:
    """The traits of a part of speech, and its short form beside the shape of a word."""
    out = ["p" + "/".join(part[:4]), "q" + "/".join(part[:2]) + ("?" if unknown else "")]
    if part[0] in ("動詞", "形容詞", "助動詞"):
        out.append("i" + part[5])
    return out, f"{part[0]}{part[1][:2]}{part[2][:2]}"


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
