"""Finds people's names: in columns and fields that announce them, in mail headers, and in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scanner.detect import gazetteer
from scanner.detect.nameprose import ProseReader
from scanner.detect.namevalue import Found, ValueReader
from scanner.detect.namewords import NOT_AFTER, SAMPLE, SAMPLE_CUE
from scanner.model import Kind, Match, PersonRole
from scanner.problems import Problem
from scanner.text.labels import Label, LabelBook
from scanner.text.layout import Column, Field
from scanner.text.view import Reading

_PERSON = "person_name"
_PROSE_CELL = 2  # a shorter cell holds no running text
_KANJI = "\u4e00-\u9fff々"
_ASKED = 8  # characters: a shorter passage is no sentence
_FLOOR, _SHARE = 300, 0.003  # what the neural reader may see in ``standard``: characters, share of the text
_LIST = re.compile(r"(?:様|さん|氏|先生|君)?(?:\([^()\n]{1,6}\))?[、,・/と及び ]{1,3}")
_WEAK = ("group", "header")
_ORGANISATION_HINTS = ("organisation", "goods")


@dataclass(slots=True)
class _Page:
    """What is known of one reading while it is searched."""

    reading: Reading
    matches: list[Match] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)
    alone: list[Match] = field(default_factory=list)

    def free(self, start: int, end: int) -> bool:
        return all(end <= a or b <= start for a, b in self.taken[-4_000:])


class NameDetector:
    """People's names. Models are loaded at the first call; ``fast`` does without a tagger."""

    name = "names"

    def __init__(self, models_dir: Path, book: LabelBook, profile: str = "standard") -> None:
        self.models_dir = models_dir
        self.book = book
        self.profile = profile
        self._readers: tuple[ValueReader, ProseReader] | None = None

    def _load(self) -> tuple[ValueReader, ProseReader]:
        if self._readers is None:
            names = gazetteer.names(self.models_dir)
            tagger = None
            if self.profile != "fast":
                from scanner.detect.tagger import tagger as load_tagger

                tagger = load_tagger()
            self._readers = (ValueReader(names, tagger), ProseReader(names, tagger))
        return self._readers

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Names in raw offsets. Surnames found beyond doubt are then looked for in the rest of the same readings."""
        values, prose = self._load()
        pages = [_Page(reading) for reading in readings]
        for page in pages:
            self._columns(page, values)
            self._fields(page, values)
        for page in pages:
            self._prose(page, prose)
        known = _surnames(pages, values)
        people = any(m.score >= 0.75 and not m.sample for page in pages for m in page.matches)
        for page in pages:
            _again(page, known)
            self._alone(page, values, people=people)
        self._doubts(pages)
        for page in pages:
            yield from sorted(page.matches, key=lambda m: m.start)

    # ------------------------------------------------------------ columns and fields

    def _columns(self, page: _Page, values: ValueReader) -> None:
        layout = page.reading.layout
        organised = any(c.label and not c.label.entity and c.label.hint in _ORGANISATION_HINTS for c in layout.columns)
        named = any(c.label and c.label.entity == _PERSON and c.label.hint != "kana" for c in layout.columns)
        split = {c.label.hint for c in layout.columns if c.label and c.label.entity == _PERSON}
        for column in layout.columns:
            label = column.label
            if label is None:
                self._unknown_column(page, column, values)
            elif label.entity == _PERSON and not (label.hint.endswith("kana") and organised and not named):
                if label.hint == "given" and not split & {"surname"}:
                    continue
                self._column(page, column, label, values)

    def _column(self, page: _Page, column: Column, label: Label, values: ValueReader) -> None:
        """Each distinct value is judged once; where most values are names beyond doubt, doubtful ones count too."""
        cells = _cells(page.reading, column)
        judged = {
            text: values.read(text, hint=label.hint, strong=label.hint not in _WEAK) for text in dict.fromkeys(t for _, t in cells)
        }
        filled = [text for text in judged if text.strip()]
        sure = sum(1 for text in filled if any(f.score >= 0.7 for f in judged[text]))
        if label.hint in _WEAK and filled:
            if sure * 2 >= len(filled):
                judged = {text: values.read(text, hint="", strong=True) for text in judged}
            elif sure * 4 < len(filled):
                judged = {text: [f for f in found if f.score >= 0.8] for text, found in judged.items()}
        for start, text in cells:
            for found in judged[text]:
                self._add(page, start + found.start, start + found.end, found, label, "column", row=start)

    def _unknown_column(self, page: _Page, column: Column, values: ValueReader) -> None:
        """A column without a known label whose values are surname and given name nearly throughout."""
        cells = [(start, text) for start, text in _cells(page.reading, column) if text.strip()]
        distinct = dict.fromkeys(text for _, text in cells)
        if len(distinct) < 3:
            return
        full = [
            t
            for t in list(distinct)[:200]
            if 3 <= len(t) <= 10 and values.names.split(t.replace(" ", "")) and values.score(t, strong=False) >= 0.8
        ]
        if len(full) * 10 < min(len(distinct), 200) * 7:
            return
        for start, text in cells:
            for found in values.read(text, strong=True):
                self._add(page, start + found.start, start + found.end, found, Label(_PERSON, ""), "column of names")

    def _fields(self, page: _Page, values: ValueReader) -> None:
        fields = page.reading.layout.fields
        for n, item in enumerate(fields):
            label = item.label
            if label.entity != _PERSON:
                continue
            if label.hint.endswith("kana") and _kana_of_something_else(fields, n):
                continue
            if label.hint in ("surname", "given") and len(label.word) == 1 and not _split_pair(fields, n):
                continue
            text = page.reading.text[item.start : item.end]
            for found in values.read(text, hint=label.hint, strong=label.hint not in _WEAK):
                if page.reading.block.kind is Kind.TEXT and not _supported(fields, n, text, found, values):
                    continue
                self._add(page, item.start + found.start, item.start + found.end, found, label, "field", above=item.above)

    def _add(
        self,
        page: _Page,
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
            group = f"name:{reading.block.index}:{_record(reading, start)}:{'kana' if 'kana' in label.hint else 'kanji'}"
        self._emit(page, start, end, f"name.{rule}", found.score, role, label.word, group)

    def _emit(
        self, page: _Page, start: int, end: int, rule: str, score: float, role: PersonRole, cue: str, group: str | None = None
    ) -> None:
        reading = page.reading
        span = reading.raw(start, end)
        text = reading.text[start:end]
        sample = bool(SAMPLE.fullmatch(text)) or _specimen(reading, start)
        page.taken.append((start, end))
        plain = re.sub(r"[\s・]", "", text)
        place = (reading.block.index, span.start, span.end)
        score = round(score, 2)
        page.matches.append(Match(_PERSON, *place, rule, score, cue=cue, group=group, role=role, sample=sample, normalized=plain))

    # ------------------------------------------------------------ running text

    def _prose(self, page: _Page, prose: ProseReader) -> None:
        reading = page.reading
        for start, end in _passages(page):
            line = reading.text[start:end]
            for hit in prose.read(line):
                first, last = start + hit.start, start + hit.end
                if not page.free(first, last) or _in_label(reading, first, last):
                    continue
                if hit.alone:
                    page.alone.append(Match(_PERSON, reading.block.index, first, last, "name.alone", hit.score))
                    continue
                self._emit(page, first, last, f"name.{hit.rule}", hit.score, hit.role, "")

    def _doubts(self, pages: list[_Page]) -> None:
        """Ask the neural reader: in ``thorough`` about every passage, in ``standard`` about the few lines that leave a doubt.

        The budget counts characters, so results repeat: a share of the text seen at once, and at least a few lines.
        """
        if self.profile == "fast":
            return
        lines: list[tuple[_Page, int, int]] = []
        if self.profile == "thorough":
            lines = [(page, a, b) for page in pages for a, b in _passages(page) if b - a >= _ASKED]
        elif not any(page.matches for page in pages) and any(_personal(page) for page in pages):
            budget = max(_FLOOR, int(_SHARE * sum(len(page.reading.text) for page in pages)))
            for page in pages:
                for a, b in _doubtful_lines(page):
                    budget -= b - a
                    if budget < 0:
                        break
                    lines.append((page, a, b))
        if lines:
            self._ask(lines)

    def _ask(self, lines: list[tuple[_Page, int, int]]) -> None:
        from scanner.detect.ginza import recogniser

        _, prose = self._load()
        texts = [page.reading.text[a:b] for page, a, b in lines]
        for (page, a, _), text, found in zip(lines, texts, recogniser().persons(texts), strict=True):
            for start, end in found:
                if (
                    prose.plausible(text, start, end)
                    and page.free(a + start, a + end)
                    and not _in_label(page.reading, a + start, a + end)
                ):
                    self._emit(page, a + start, a + end, "name.ginza", 0.6, PersonRole.UNKNOWN, "")

    def _alone(self, page: _Page, values: ValueReader, *, people: bool) -> None:
        """Surnames without any sign of their own: beside another name in a list, or where people are the subject anyway."""
        text = page.reading.text
        for match in page.alone:
            start, end = match.start, match.end
            if not page.free(start, end):
                continue
            word = text[start:end]
            beside = any(
                (b <= start <= b + 8 and _LIST.fullmatch(text, b, start)) or (end <= a <= end + 8 and _LIST.fullmatch(text, end, a))
                for a, b in page.taken[-200:]
            )
            usual = word not in values.names.doubtful and len(word) > 1
            if beside or (people and usual):
                self._emit(page, start, end, "name.alone", 0.7 if beside else 0.55, PersonRole.UNKNOWN, "")


def _personal(page: _Page) -> bool:
    """Whether labels on the page announce data of a person other than names."""
    layout = page.reading.layout
    labels = (*(f.label for f in layout.fields), *(c.label for c in layout.columns if c.label))
    return any(label.entity and label.entity not in (_PERSON, "org_name", "corporate_number") for label in labels)


def _doubtful_lines(page: _Page) -> Iterator[tuple[int, int]]:
    """Lines in which a possible surname stood alone and nothing settled it."""
    last = -1
    for match in page.alone:
        index = page.reading.cell_at(match.start)
        if index != last and page.free(match.start, match.end):
            last = index
            yield page.reading.cell(index)


def _cells(reading: Reading, column: Column) -> list[tuple[int, str]]:
    out = []
    for index in column.cells.tolist():
        start, end = reading.cell(index)
        if start < end:
            out.append((start, reading.text[start:end]))
    return out


def _record(reading: Reading, position: int) -> int:
    cell = reading.cell_at(position)
    block = reading.block
    if block.records is not None:
        return int(block.records[cell])
    return int(block.rows[cell]) if block.rows is not None else cell


def _kana_of_something_else(fields: tuple[Field, ...], n: int) -> bool:
    """フリガナ that stands over the name of a company or an address."""
    for other in (*fields[n + 1 : n + 2], *fields[max(0, n - 1) : n]):
        if other.label.entity == _PERSON:
            return False
    following = fields[n + 1 : n + 2]
    return bool(following) and (following[0].label.entity == "address" or following[0].label.hint in _ORGANISATION_HINTS)


def _supported(fields: tuple[Field, ...], n: int, value: str, found: Found, values: ValueReader) -> bool:
    """In running text a label may be an ordinary word: a doubtful value needs another personal field near it."""
    name = value[found.start : found.end]
    if found.score >= 0.85:
        return True
    if re.fullmatch("[ぁ-ゖー ]+", name):
        return found.score >= 0.8
    near = (*fields[max(0, n - 3) : n], *fields[n + 1 : n + 4])
    if any(f.label.entity and f.label.entity not in (_PERSON, "org_name") for f in near):
        return True
    if re.match("[A-Za-z]", name):
        return any(map(values.names.romaji_kind, re.split(r"[ ,.-]+", name))) and len(name.split()) > 1
    if name in values.names.surnames or values.names.split(name):
        return True
    return found.score >= 0.7 or (found.start == 0 and not value[found.end :].strip(" 様殿氏さん印()"))


def _split_pair(fields: tuple[Field, ...], n: int) -> bool:
    """Whether the other half of a name split in two stands beside a label of one letter (姓, 名)."""
    want = "given" if fields[n].label.hint == "surname" else "surname"
    return any(f.label.hint == want for f in (*fields[max(0, n - 2) : n], *fields[n + 1 : n + 3]))


def _specimen(reading: Reading, start: int) -> bool:
    return bool(SAMPLE_CUE.search(reading.text, max(0, start - 40), start))


def _passages(page: _Page) -> Iterator[tuple[int, int]]:
    """Lines of text, and cells that are neither labels nor in a column of something else."""
    reading = page.reading
    if reading.block.kind is Kind.TEXT:
        for i in range(len(reading.starts)):
            start, end = reading.cell(i)
            if end - start >= _PROSE_CELL:
                yield start, end
        return
    skip: set[int] = set()
    for column in reading.layout.columns:
        label = column.label
        if label is not None and (label.entity or label.hint not in ("text", "state")):
            skip.update(column.cells.tolist())
    labels = set(reading.layout.labels)
    for i in range(len(reading.starts)):
        start, end = reading.cell(i)
        if i not in skip and end - start >= _PROSE_CELL and (start, end) not in labels:
            for line in re.finditer(r"[^\n]+", reading.text[start:end]):
                yield start + line.start(), start + line.end()


def _in_label(reading: Reading, start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in reading.layout.labels)


# ---------------------------------------------------------------- a second look


def _surnames(pages: list[_Page], values: ValueReader) -> dict[str, PersonRole]:
    """Surnames and whole names of people already found beyond doubt, with the role they had there."""
    known: dict[str, PersonRole] = {}
    for page in pages:
        for match in page.matches:
            if match.score < 0.75 or match.sample:
                continue
            text = page.reading.block.text[match.start : match.end]
            words = re.split(r"[\s・]+", match.normalized if len(text.split()) < 2 else text)
            first = words[0]
            if not re.fullmatch(f"[{_KANJI}ヶノ]{{1,5}}", first):
                continue
            size = values.names.split(first) if len(words) == 1 else 0
            for word in {first[:size] if size else first, first}:
                if len(word) > 1 and not values.common_noun(word):
                    known.setdefault(word, match.role)
    return known


def _again(page: _Page, known: dict[str, PersonRole]) -> None:
    """Known names that stand by themselves elsewhere in the text."""
    if not known:
        return
    text = page.reading.text
    pattern = re.compile("|".join(sorted(map(re.escape, list(known)[:2_000]), key=len, reverse=True)))
    for hit in pattern.finditer(text):
        start, end = hit.span()
        before, after = text[max(0, start - 1) : start], text[end : end + 1]
        if (before and re.match(f"[{_KANJI}ァ-ヴー]", before)) or (
            after and re.match(f"[{_KANJI}]", after) and after not in "家宅様氏殿君"
        ):
            continue
        if (
            (before in "「『" and after in "」』")
            or NOT_AFTER.match(text, end)
            or not page.free(start, end)
            or _in_label(page.reading, start, end)
        ):
            continue
        if page.reading.block.kind is not Kind.TEXT and not _bare_cell(page.reading, start, end):
            continue
        span = page.reading.raw(start, end)
        page.taken.append((start, end))
        page.matches.append(
            Match(
                _PERSON,
                page.reading.block.index,
                span.start,
                span.end,
                "name.known",
                0.7,
                role=known[hit.group()],
                normalized=hit.group(),
            )
        )


def _bare_cell(reading: Reading, start: int, end: int) -> bool:
    """In a table only inside a longer text: a cell that is the word alone may be a place or a shop."""
    first, last = reading.cell(reading.cell_at(start))
    return last - first > end - start + 1
