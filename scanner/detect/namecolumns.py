"""Columns of names that no header announces: judged by the share of their values that are written as names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scanner.detect.gazetteer import katakana
from scanner.detect.namepage import Page
from scanner.detect.namescore import NOTHING, TOTAL
from scanner.detect.namevalue import ValueReader
from scanner.detect.namewords import (
    BEFORE,
    CITIES,
    HIRAGANA,
    KATAKANA,
    NAME_KANJI,
    NOT_BEFORE_HONORIFIC,
    NOT_NAME_ENDINGS,
    ORGANISATION,
)
from scanner.model import Kind

_PERSON = "person_name"
_MOST = 300  # distinct values of a column that are judged
_FULL, _WORD = 0.7, 0.6  # share of whole names, of surnames or given names alone
_PAIR = re.compile(
    rf"[{NAME_KANJI}]{{1,5}} {{1,2}}[{NAME_KANJI}{HIRAGANA}{KATAKANA}]{{1,5}}|"
    rf"[{KATAKANA}]{{1,12}}(?:[ ・=]{{1,2}}[{KATAKANA}]{{1,12}}){{1,3}}|"
    rf"[{HIRAGANA}]{{2,8}} {{1,2}}[{HIRAGANA}]{{2,8}}|[A-Z][A-Za-z'-]+,? [A-Z][A-Za-z'-]+"
)
_WIDE = re.compile(rf"[{NAME_KANJI}{HIRAGANA}{KATAKANA}](?: {{1,2}}[{NAME_KANJI}{HIRAGANA}{KATAKANA}]){{1,8}}")
# A header that speaks of people although the book does not know it, or knows it as the heading of a text (対応, 確認).
_PEOPLE = re.compile(
    r"氏名|名前|なまえ|お名|名義|[者員人方]名$|担当|記入|対応|応対|受付|聴取|検品|集金|引継|"
    r"確認|点検|査収|記録|当番|当直|宿直|日直|夜勤|日勤|^user$|^host$|^owner$|監督|主任|責任|キャプテン|主将|リーダ|窓口|相手|先生|"
    r"[者員医師士長係役主]$|^by$|(?:name|nm)$"
)
_ACCOUNT = re.compile(r"[a-z][a-z0-9_.-]+")  # batch01, system
_FIGURES = re.compile(r"[0-9./: -]{6,}")
_STAFF = re.compile(
    "担当|記入|対応|応対|受付|聴取|検品|集金|確認|点検|査収|記録|当番|当直|宿直|日直|夜勤|日勤|主任|責任|[員医師士長係役]$"
)
_JOINED = re.compile(rf"[{NAME_KANJI}{HIRAGANA}{KATAKANA}]{{1,14}}")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a column holds: whole names (hint ""), surnames or given names; its cells as start and text."""

    hint: str
    cells: list[tuple[int, str]]


class ColumnJudge:
    """Judges columns without a label."""

    def __init__(self, values: ValueReader) -> None:
        self.values = values
        self.names = values.names

    def judge(self, page: Page) -> list[Judged]:
        """The columns of names that no header announces, and the second halves of names beside one that a header does."""
        columns = _unlabelled(page)
        if not columns:
            return []
        out: list[Judged] = []
        announced = {c.number: c for c in page.reading.layout.columns if c.label is not None and c.label.entity == _PERSON}
        words: dict[int, list[tuple[int, str]]] = {}
        for number, cells in columns.items():
            if self._whole(cells):
                out.append(Judged("", cells))
            else:
                words[number] = cells
        surnames: set[int] = set()
        for number, cells in words.items():
            left = announced.get(number - 1)
            if not self._share(cells, self._given):
                continue
            if number - 1 in words and number - 1 not in surnames and self._share(words[number - 1], self._surname):
                surnames |= {number, number - 1}
                out += [Judged("surname", words[number - 1]), Judged("given", cells)]
            elif (
                left is not None
                and left.label is not None
                and left.label.hint in ("", "group", "key")
                and _single(page, left.number)
            ):
                out += [Judged("surname", _of_column(page, left.number)), Judged("given", cells)]
        out += [Judged("staff" if _STAFF.search(header) else "", cells) for header, cells in self._headed(page)]
        named = any(c.label and c.label.hint not in ("kana", "romaji") for c in announced.values())
        if not out and not announced:
            out += self._grid(words)
        if out or named:
            out += [
                Judged("staff", cells)
                for number, cells in words.items()
                if number not in surnames and len({t for _, t in cells}) >= 3 and self._share(cells, self._surname, _FULL)
            ]
        return out

    def _grid(self, words: dict[int, list[tuple[int, str]]]) -> list[Judged]:
        """A table of nothing but surnames, as a duty roster is one: two columns or more, hardly a cell that is a word or a city."""
        if len(words) < 2:
            return []
        texts = [t for cells in words.values() for _, t in cells][:_MOST]
        known = [t for t in texts if len(t) > 1 and t in self.names.surnames and t not in self.names.vocabulary and t not in CITIES]
        apart = sum(1 for t in known if t not in self.names.doubtful)
        if len(set(texts)) < 4 or len(known) * 5 < len(texts) * 4 or apart * 4 < len(texts):
            return []
        return [Judged("staff", cells) for cells in words.values()]

    def _headed(self, page: Page) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        """Columns under a header that speaks of people: hardly a value that cannot be a name, half of them known."""
        for column in page.reading.layout.columns:
            label = column.label
            if (label is not None and label.entity) or not _PEOPLE.search(column.header):
                continue
            cells = [
                (a, t) for a, t in _of_column(page, column.number) if not (NOTHING.fullmatch(t.strip()) or _ACCOUNT.fullmatch(t))
            ]
            texts = list(dict.fromkeys(t.strip() for _, t in cells))[:_MOST]
            if not texts or any(len(t) > 20 for t in texts):
                continue
            likely = sum(1 for t in texts if self._likely(t))
            known = sum(1 for t in texts if any(self._surname(p) for p in re.split("[ ・]+", t)) or self.names.split(t))
            if likely * 5 >= len(texts) * 4 and known * 2 >= len(texts) and (len(texts) > 1 or len(cells) > 1):
                yield column.header, cells

    def _likely(self, text: str) -> bool:
        """Whether a value can be a name: every name read from it is no word."""
        found = self.values.read(text, strong=True)
        return bool(found) and all(self.values.likely(text[f.start : f.end]) for f in found)

    def _whole(self, cells: list[tuple[int, str]]) -> bool:
        """Whether the values are nearly all whole names, known ones among them."""
        distinct = list(dict.fromkeys(t for _, t in cells))[:_MOST]
        figures = sum(1 for t in distinct if _FIGURES.fullmatch(t))
        if figures * 4 <= len(distinct):  # cells that slipped into the column: telephones, dates
            distinct = [t for t in distinct if not _FIGURES.fullmatch(t)]
        if len(distinct) < 2:
            return False
        marks = [self._full(t) for t in distinct]
        written, known = sum(1 for m in marks if m), sum(1 for m in marks if m > 1)
        need = len(distinct) if len(distinct) < 4 else len(distinct) * _FULL
        return written >= need and known * 3 >= len(distinct)

    def _full(self, text: str) -> int:
        """2: a whole name with a known part, 1: written as one, 0: no name."""
        names = self.names
        if (
            ORGANISATION.search(text)
            or not 2 <= len(text) <= 30
            or (NOT_NAME_ENDINGS.search(text) and text[-1] not in "子男中内本")
        ):
            return 0
        pieces = re.split("[ ・=,]+", text)
        joined = "".join(pieces)
        if any(p in NOT_BEFORE_HONORIFIC or p in BEFORE for p in pieces if len(p) > 1):
            return 0
        if _WIDE.fullmatch(text) and 3 <= len(joined) <= 9:
            return 2 if names.split(joined) or joined[:2] in names.surnames or joined[:1] in names.surnames else 1
        if _PAIR.fullmatch(text):
            if text.isascii():
                return 2 if all(map(names.romaji_kind, pieces)) else 1
            known = any(self._surname(p) for p in pieces[:-1]) or self._given(pieces[-1])
            if not known and (all(len(p) < 2 for p in pieces) or any(self.values.common_noun(p) for p in pieces)):
                return 0
            return 2 if known else 1
        if not _JOINED.fullmatch(text) or len(text) < 3:
            return 0
        if names.split(text) or names.split_kana(text):
            return 2
        return 1 if self.values.score(text, strong=False) >= 0.55 and text not in names.surnames and len(text) > 2 else 0

    def _share(self, cells: list[tuple[int, str]], judge: Callable[[str], bool], least: float = _WORD) -> bool:
        distinct = list(dict.fromkeys(t for _, t in cells))[:_MOST]
        return len(distinct) >= 2 and sum(map(judge, distinct)) >= len(distinct) * least

    def _surname(self, text: str) -> bool:
        if text in self.names.surnames:
            return text not in self.names.ordinary and text not in NOT_BEFORE_HONORIFIC and text not in BEFORE
        return len(text) > 1 and katakana(text) in self.names.surname_kana

    def _given(self, text: str) -> bool:
        names = self.names
        if text in names.given or (len(text) > 1 and katakana(text) in names.given_kana):
            return text not in NOT_BEFORE_HONORIFIC and text not in BEFORE and text not in ("男", "女")
        return len(text) > 1 and names.looks_given(text) and not NOT_NAME_ENDINGS.search(text) and not self.values.common_noun(text)


def _unlabelled(page: Page) -> dict[int, list[tuple[int, str]]]:
    """The cells of each column that has no known label, with what is no value left out."""
    reading = page.reading
    if reading.block.kind is not Kind.TABLE or reading.block.columns is None:
        return {}
    known = {c.number for c in reading.layout.columns if c.label is not None}
    headed = {int(i) for c in reading.layout.columns for i in c.cells.tolist()}
    answers = {f.start for f in reading.layout.fields if f.label.entity != _PERSON}  # a form's values of other things
    out: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for index in range(len(reading.starts)):
        number = int(reading.block.columns[index])
        start, end = reading.cell(index)
        if number in known or start >= end or (headed and index not in headed and page.labelled(start, end)):
            continue
        text = reading.text[start:end]
        clean = text.strip()
        if start + len(text) - len(text.lstrip()) in answers:
            continue
        if clean and not NOTHING.fullmatch(clean) and not TOTAL.fullmatch(clean) and not page.labelled(start, end):
            out[number].append((start + text.index(clean), clean))
    return dict(out)


def _of_column(page: Page, number: int) -> list[tuple[int, str]]:
    reading = page.reading
    column = next(c for c in reading.layout.columns if c.number == number)
    spans = [reading.cell(i) for i in column.cells.tolist()]
    return [(a, reading.text[a:b]) for a, b in spans if reading.text[a:b].strip()]


def _single(page: Page, number: int) -> bool:
    """Whether the values of a column are single words, as the first halves of names are."""
    texts = [t for _, t in _of_column(page, number)]
    return bool(texts) and sum(1 for t in texts if len(t) <= 5 and " " not in t) >= len(texts) * _FULL
