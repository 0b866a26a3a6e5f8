"""A second look at a page: where people found beyond doubt are named again, in text and in columns without a header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import ahocorasick_rs

from scanner.detect.namepage import Page
from scanner.detect.nametold import PAST
from scanner.detect.namevalue import ValueReader
from scanner.detect.namewords import NOT_AFTER
from scanner.model import Kind, Match, PersonRole
from scanner.text.japanese import without_surrogates
from scanner.text.view import Reading

_PERSON = "person_name"
_KANJI = "\u4e00-\u9fff々"
_LATIN = re.compile("[A-Z][a-z]{4,14}|[A-Z]{5,14}")  # a shorter word in Latin letters may be anything
_LATIN_LETTER = re.compile("[A-Za-z0-9@._/-]")
_KANA_LETTER, _KANA_JOINT = re.compile("[ァ-ヴー]"), re.compile("[ァ-ヴー・=]")
_LETTER, _KANJI_LETTER = re.compile(f"[{_KANJI}ァ-ヴー]"), re.compile(f"[{_KANJI}]")
_SAYS = re.compile("です[。、\n]|でございます|と申します")
_MOST_KNOWN = 5_000  # people whose names are looked for again


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody found beyond doubt. ``common``: the surname is an ordinary word too."""

    role: PersonRole
    common: bool


def known_people(pages: list[Page], values: ValueReader) -> dict[str, Known]:
    """Surnames and whole names of people already found beyond doubt, in the folded form."""
    known: dict[str, Known] = {}
    for page in pages:
        for match in sorted(page.matches, key=lambda m: -m.score):
            if match.score < 0.55 or match.sample or match.rule == PAST or len(known) >= _MOST_KNOWN:
                continue
            lesser = match.score < 0.75  # only where somebody speaks or is named alone
            words = re.split(r"[ \n・]+", page.reading.text[page.reading.view(match.start) : page.reading.view(match.end)])
            first = words[0]
            if len(words) > 1 and not first.isascii():
                known.setdefault(" ".join(words), Known(match.role, lesser))
            if first[:1].isascii():
                for word in (*words, *([" ".join(words)] if len(words) > 1 else [])):
                    if " " in word or _LATIN.fullmatch(word):
                        known.setdefault(word, Known(match.role, lesser))
                continue
            if re.fullmatch("[ァ-ヴー]{3,12}", first):
                known.setdefault(first, Known(match.role, lesser or values.names.word(first)))
                continue
            if not re.fullmatch(f"[{_KANJI}ヶノ]{{1,5}}", first):
                continue
            size = values.names.split(first) if len(words) == 1 else 0
            for word in {first[:size] if size else first, first}:
                if len(word) > 1:
                    known.setdefault(word, Known(match.role, lesser or values.common_noun(word)))
    return known


def look_again(page: Page, known: dict[str, Known]) -> None:
    """Known names that stand by themselves elsewhere in the text."""
    if not known:
        return
    text = page.reading.text
    words = list(known)
    people = _columns_of(page, known)
    automaton = ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    for number, start, end in automaton.find_matches_as_indexes(without_surrogates(text)):
        person = known[words[number]]
        column = bool(people) and _whole_cell_of(page.reading, people, start, end)
        if not _by_itself(page, start, end, column=column) or (person.common and not column and not _said(text, start, end)):
            continue
        span = page.reading.raw(start, end)
        page.take(start, end)
        place = (page.reading.block.index, span.start, span.end)
        page.matches.append(Match(_PERSON, *place, "name.known", 0.7, role=person.role, normalized=words[number]))


def _columns_of(page: Page, known: Collection[str]) -> frozenset[int]:
    """Columns of a table without a label of their own, most of whose cells are people known already."""
    reading = page.reading
    if reading.block.kind is not Kind.TABLE or reading.block.columns is None:
        return frozenset()
    labelled = {c.number for c in reading.layout.columns if c.label is not None}
    filled: Counter[int] = Counter()
    people: Counter[int] = Counter()
    for index, number in enumerate(reading.block.columns.tolist()):
        start, end = reading.cell(index)
        if number not in labelled and end - start > 1:
            filled[number] += 1
            people[number] += reading.text[start:end] in known
    return frozenset(n for n, count in people.items() if count > 1 and count * 2 > filled[n])


def _whole_cell_of(reading: Reading, columns: Collection[int], start: int, end: int) -> bool:
    index, numbers = reading.cell_at(start), reading.block.columns
    return numbers is not None and int(numbers[index]) in columns and reading.cell(index) == (start, end)


def _by_itself(page: Page, start: int, end: int, *, column: bool) -> bool:
    """Whether the range is a word of its own: no part of a longer one, of a place, a company or a quoted title.

    ``column``: it is a whole cell in a column of people.
    """
    text = page.reading.text
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if text[start].isascii() and (_LATIN_LETTER.match(before) or _LATIN_LETTER.match(after)):
        return False
    kana = _KANA_LETTER.match(text, start) is not None
    if kana and (_KANA_JOINT.match(after) or before in ("・", "=")):
        return False
    if _LETTER.match(before) or (_KANJI_LETTER.match(after) and after not in "家宅様氏殿君"):
        return False
    if (before in ("「", "『") and after in ("」", "』")) or NOT_AFTER.match(text, end):
        return False
    if not page.free(start, end) or page.labelled(start, end):
        return False
    return column or page.reading.block.kind is Kind.TEXT or _within_more(page.reading, start, end)


def _said(text: str, start: int, end: int) -> bool:
    """Whether a name that is a word too stands alone in its line or says who speaks: 「村雨です。」."""
    if _SAYS.match(text, end) and text[max(0, start - 1) : start] in (
        "",
        "\n",
        "。",
        "、",
        " ",
        "の",
    ):
        return True
    if text[end : end + 1] == ":" and text[max(0, start - 1) : start] in ("", "\n"):
        return True
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return text[first : last if last >= 0 else len(text)].strip() == text[start:end]


def _within_more(reading: Reading, start: int, end: int) -> bool:
    """In a table only inside a longer text: a cell that is the word alone may be a place or a shop."""
    first, last = reading.cell(reading.cell_at(start))
    return last - first > end - start + 1
