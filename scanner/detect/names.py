"""Finds people's names: in columns and fields that announce them, in mail headers, and in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.detect import gazetteer
from scanner.detect.namecolumns import ColumnJudge
from scanner.detect.nameknown import known_people, look_again
from scanner.detect.namepage import (
    ORGANISATION_HINTS,
    Page,
    doubtful_lines,
    filled_cells,
    kana_of_something_else,
    of_animals,
    of_counts,
    passages,
    personal,
    reads_another,
    record_of,
    specimen,
    split_pair,
    supported,
)
from scanner.detect.nameprose import ProseReader
from scanner.detect.namescore import Found
from scanner.detect.nametold import PAST, in_prose
from scanner.detect.namevalue import ValueReader
from scanner.detect.namewords import FUNCTIONS, SAMPLE, SAMPLE_OR_PERSON
from scanner.model import Kind, Match, PersonRole
from scanner.problems import Problem
from scanner.text.labels import Label, LabelBook
from scanner.text.layout import Column
from scanner.text.view import Reading

if TYPE_CHECKING:
    from scanner.detect.nametagger import NameTagger

_PERSON = "person_name"
_ASKED = 8  # characters: a shorter passage is no sentence
_FLOOR, _SHARE = 300, 0.003  # what the neural reader may see in ``standard``: characters, share of the text
_HALVES = frozenset(("last", "first", "family", "given", "middle"))
_OWNER = re.compile("飼い?主|オーナー|所有者|馬主|担当|連絡|獣医|騎手|調教師|里親|owner")  # people in a table of animals
_WEAK = ("group", "header", "key")


def _reading(label: Label) -> bool:
    """Whether a label announces how something is read or spelt, which need not be a person; an account's holder is one."""
    return label.hint in ("kana", "romaji") and not re.search("名義|預金者|holder|card", label.word)


def _open_half(label: Label) -> bool:
    """Whether a label of a surname or given name says other things too (姓, last), so that its other half must stand beside it."""
    return len(label.word) == 1 or label.word in _HALVES


def _of_company(label: Label) -> bool:
    """A column of readings that may belong to companies; the holder of an account is judged value by value."""
    return label.hint.endswith("kana") and not re.search("名義|預金者|holder|card", label.word)


class NameDetector:
    """People's names. Models are loaded at the first call; ``fast`` does without a tagger."""

    name = "names"

    def __init__(self, models_dir: Path, book: LabelBook, profile: str = "standard") -> None:
        self.models_dir = models_dir
        self.book = book
        self.profile = profile
        self._readers: tuple[ValueReader, ProseReader] | None = None
        self._trained: NameTagger | None = None

    def _load(self) -> tuple[ValueReader, ProseReader]:
        if self._readers is None:
            names = gazetteer.names(self.models_dir)
            tagger = None
            if self.profile != "fast":
                from scanner.detect.tagger import tagger as load_tagger

                tagger = load_tagger()
                from scanner.detect.nametagger import name_tagger

                self._trained = name_tagger(self.models_dir)
            self._readers = (ValueReader(names, tagger), ProseReader(names, tagger, gazetteer.towns(self.models_dir).cities))
        return self._readers

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Names in raw offsets. Surnames found beyond doubt are then looked for in the rest of the same readings."""
        values, prose = self._load()
        pages = [Page(reading, self.book) for reading in readings]
        for page in pages:
            self._columns(page, values)
            self._fields(page, values)
        self._prose(pages, prose)
        known = known_people(pages, values)
        people = any(m.score >= 0.75 and not m.sample and m.rule != PAST for page in pages for m in page.matches)
        for page in pages:
            look_again(page, known)
            self._rows(page, prose, people=people)
            self._alone(page, values, people=people)
        self._doubts(pages)
        for page in pages:
            yield from sorted(page.matches, key=lambda m: m.start)

    # ------------------------------------------------------------ columns and fields

    def _columns(self, page: Page, values: ValueReader) -> None:
        layout = page.reading.layout
        organised = any(c.label and not c.label.entity and c.label.hint in ORGANISATION_HINTS for c in layout.columns)
        named = any(c.label and c.label.entity == _PERSON and not _reading(c.label) for c in layout.columns)
        split = {c.label.hint for c in layout.columns if c.label and c.label.entity == _PERSON}
        animals = of_animals(page.reading)
        counted = split & {"surname", "given"} and not split >= {"surname", "given"} and of_counts(layout.columns)
        if counted:
            return
        for column in layout.columns:
            label = column.label
            if label is None or (animals and not _OWNER.search(column.header)):
                continue
            if not named and _reading(label) and label.entity == _PERSON and reads_another(layout.columns, column):
                continue
            if not label.entity and label.hint == "organisation":
                self._partners(page, column, values)
            elif label.entity == _PERSON and not (_of_company(label) and organised and not named):
                if label.hint == "given" and not split & {"surname"}:
                    continue
                if label.hint == "surname" and label.word in _HALVES and not split & {"given"}:
                    continue
                self._column(page, column, label, values)
        self._unannounced(page, values)

    def _column(self, page: Page, column: Column, label: Label, values: ValueReader) -> None:
        """Each distinct value is judged once; where most values are names beyond doubt, doubtful ones count too."""
        cells = filled_cells(page.reading, column)
        judged = {
            text: values.read(text, hint=label.hint, strong=label.hint not in _WEAK) for text in dict.fromkeys(t for _, t in cells)
        }
        filled = [text for text in judged if text.strip()]
        sure = sum(1 for text in filled if any(f.score >= 0.7 for f in judged[text]))
        if label.hint in _WEAK and filled:
            if sure * 2 >= len(filled) or self._likely(judged, values, label.hint):
                judged = {text: values.read(text, hint="", strong=True) for text in judged}
            elif sure * 4 < len(filled):
                judged = {text: [f for f in found if f.score >= 0.8] for text, found in judged.items()}
        for start, text in cells:
            for found in judged[text]:
                self._add(page, start + found.start, start + found.end, found, label, "column", row=start)

    @staticmethod
    def _likely(judged: dict[str, list[Found]], values: ValueReader, hint: str) -> bool:
        """Whether hardly a value under an open label is anything but a name, and one at least is known for one."""
        filled = [text for text in judged if text.strip()]
        hits = [[text[f.start : f.end] for f in values.read(text, strong=True)] for text in filled]
        names = values.names
        likely = sum(1 for found in hits if found and all(map(values.likely, found)))
        rare = sum(1 for found in hits if len(found) == 1 and found[0] in names.surnames and found[0] in names.ordinary - FUNCTIONS)
        known = any(word in names.surnames or names.split(word) for found in hits for word in found)
        return hint == "group" and known and likely * 2 >= len(hits) and (likely + rare) * 5 >= len(hits) * 4

    def _unannounced(self, page: Page, values: ValueReader) -> None:
        """Columns of names without a header, or under one that the book does not know."""
        for judged in ColumnJudge(values).judge(page):
            half = judged.hint if judged.hint in ("surname", "given") else ""
            label = Label(_PERSON, "", PersonRole.STAFF if judged.hint == "staff" else PersonRole.UNKNOWN, half)
            for start, text in judged.cells:
                for found in values.read(text, hint=half, strong=True):
                    if not half and not values.likely(text[found.start : found.end]):
                        continue  # a word among the names
                    self._add(page, start + found.start, start + found.end, found, label, "column of names")

    def _partners(self, page: Page, column: Column, values: ValueReader) -> None:
        """People among payees and partners: surname and given name, both known and parted by a space."""
        for start, text in filled_cells(page.reading, column):
            if " " in text and len(text) <= 10 and values.score(text, strong=False) >= 0.95:
                self._add(page, start, start + len(text), Found(0, len(text), 0.8), Label(_PERSON, ""), "partner")

    def _fields(self, page: Page, values: ValueReader) -> None:
        fields = page.reading.layout.fields
        for n, item in enumerate(fields):
            label = item.label
            if label.entity != _PERSON:
                continue
            if label.hint.endswith("kana") and kana_of_something_else(fields, n):
                continue
            if label.hint in ("surname", "given") and _open_half(label) and not split_pair(fields, n):
                continue
            text = page.reading.text[item.start : item.end]
            if self.book.whole(text) is not None and text not in values.names.surnames:
                continue  # a label says how a label is read: "kana": "フリガナ"
            for found in values.read(text, hint=label.hint, strong=label.hint not in _WEAK):
                if page.reading.block.kind is Kind.TEXT and not supported(fields, n, text, found, values):
                    continue
                self._add(page, item.start + found.start, item.start + found.end, found, label, "field", above=item.above)

    def _add(
        self,
        page: Page,
        start: int,
        end: int,
        found: Found,
        label: Label,
        rule: str,
        *,
        row: int | None = None,
        above: Label | None = None,
    ) -> None:
        reading = page.reading
        if not page.free(start, end) or end <= start:
            return
        role = label.role
        if found.role is not PersonRole.UNKNOWN and role in (PersonRole.UNKNOWN, PersonRole.SUBJECT):
            role = found.role
        if above is not None and above.role is not PersonRole.UNKNOWN and label.role in (PersonRole.SUBJECT, PersonRole.UNKNOWN):
            role = above.role
        group = None
        if label.hint.startswith(("surname", "given")):
            group = f"name:{reading.block.index}:{record_of(reading, start)}:{'kana' if 'kana' in label.hint else 'kanji'}"
        self._emit(page, start, end, f"name.{rule}", found.score, role, label.word, group)

    def _emit(
        self, page: Page, start: int, end: int, rule: str, score: float, role: PersonRole, cue: str, group: str | None = None
    ) -> None:
        reading = page.reading
        text = reading.text[start:end]
        if end - start == 1 and re.fullmatch(r"\([日月火水木金土]\)", reading.text[max(0, start - 1) : end + 1]):
            return  # 9月27日(金)
        span = reading.raw(start, end)
        sample = bool(SAMPLE.fullmatch(text)) or specimen(reading, start)
        sample = sample or bool(SAMPLE_OR_PERSON.fullmatch(text) and page.example())  # elsewhere 山田太郎 is somebody's name
        page.take(start, end)
        plain = re.sub(r"[\s・]", "", text)
        place = (reading.block.index, span.start, span.end)
        score = round(score, 2)
        page.matches.append(Match(_PERSON, *place, rule, score, cue=cue, group=group, role=role, sample=sample, normalized=plain))

    # ------------------------------------------------------------ running text

    def _prose(self, pages: Sequence[Page], prose: ProseReader) -> None:
        """Names in running text, by rules and by the trained tagger; surnames alone wait for what the page shows."""
        for page, line, hit in in_prose(pages, prose, self._trained):
            first, last = line + hit.start, line + hit.end
            if not page.free(first, last) or page.labelled(first, last):
                continue
            if hit.alone:
                page.alone.append(Match(_PERSON, page.reading.block.index, first, last, "name.alone", hit.score))
                continue
            self._emit(page, first, last, f"name.{hit.rule}", hit.score, hit.role, "")

    def _rows(self, page: Page, prose: ProseReader, *, people: bool) -> None:
        """What the whole page shows: names under a row of titles, under ``Regards,``, and beside names that were found."""
        text, listed = page.reading.text, prose.listed
        if page.reading.block.kind is Kind.TEXT:
            for hit in (*listed.boxes(text), *listed.signed(text), *listed.speakers(text)):
                if page.free(hit.start, hit.end) and not page.labelled(hit.start, hit.end):
                    self._emit(page, hit.start, hit.end, f"name.{hit.rule}", hit.score, hit.role, "")
            for hit in prose.rows.find(page.reading, page.free, 0.6 if people else 0.0):
                if page.free(hit.start, hit.end) and not page.labelled(hit.start, hit.end):
                    self._emit(page, hit.start, hit.end, f"name.{hit.rule}", hit.score, hit.role, "")
        for match in list(page.matches):
            start, end, role = page.reading.view(match.start), page.reading.view(match.end), match.role
            for behind in (True, False):
                at = end if behind else start
                while (found := listed.neighbour(text, at, behind=behind)) and page.free(*found) and not page.labelled(*found):
                    self._emit(page, *found, "name.beside", 0.7, role, "")
                    at = found[1 if behind else 0]

    def _doubts(self, pages: list[Page]) -> None:
        """Ask the neural reader: in ``thorough`` about every passage, in ``standard`` about the few lines that leave a doubt.

        The budget counts characters, so results repeat: a share of the text seen at once, and at least a few lines.
        """
        if self.profile == "fast":
            return
        lines: list[tuple[Page, int, int]] = []
        if self.profile == "thorough":
            lines = [(page, a, b) for page in pages for _, a, b in passages(page) if b - a >= _ASKED]
        elif not any(page.matches for page in pages) and any(personal(page) for page in pages):
            budget = max(_FLOOR, int(_SHARE * sum(len(page.reading.text) for page in pages)))
            for page in pages:
                for a, b in doubtful_lines(page):
                    budget -= b - a
                    if budget < 0:
                        break
                    lines.append((page, a, b))
        if lines:
            self._ask(lines)

    def _ask(self, lines: list[tuple[Page, int, int]]) -> None:
        from scanner.detect.ginza import recogniser

        _, prose = self._load()
        texts = [page.reading.text[a:b] for page, a, b in lines]
        for (page, a, _), text, found in zip(lines, texts, recogniser().persons(texts), strict=True):
            for start, end in found:
                if prose.plausible(text, start, end) and page.free(a + start, a + end) and not page.labelled(a + start, a + end):
                    self._emit(page, a + start, a + end, "name.ginza", 0.6, PersonRole.UNKNOWN, "")

    def _alone(self, page: Page, values: ValueReader, *, people: bool) -> None:
        """Surnames without any sign of their own: beside another name in a list, or where people are the subject anyway."""
        text = page.reading.text
        for match in page.alone:
            start, end = match.start, match.end
            if not page.free(start, end):
                continue
            word = text[start:end]
            beside = page.beside_name(start, end)
            usual = word not in values.names.doubtful and len(word) > 1
            if beside or (people and usual):
                self._emit(page, start, end, "name.alone", 0.7 if beside else 0.55, PersonRole.UNKNOWN, "")
