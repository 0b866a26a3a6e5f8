"""Finds numbers, addresses of mail and other things of fixed form: by their label, by cue words beside them, by shape and check digit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scanner.detect import organisation
from scanner.detect.context import Cues, Said, Surroundings
from scanner.detect.rules import Rule
from scanner.model import Kind, Match
from scanner.problems import Problem
from scanner.text.labels import Label, LabelBook
from scanner.text.view import Reading

# Where a rule may begin: digits, letters that run into digits, a plus or bracket before digits, kanji numerals.
_ANCHOR = re.compile(
    r"(?<![0-9])[0-9]|(?<![0-9A-Za-z])[A-Za-z]{1,4}(?=[-0-9])|\+(?=[0-9])|\((?=[0-9])|(?<![〇零一二三四五六七八九])[〇零](?=[一二三四五六七八九〇零])"
)
_MAIL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#'+_~%-")
_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_.\-]*)\s*[=:]\s*[\"']?$")
_SURE = 0.9  # a rule so sure by itself heeds no label of another kind
_BESIDE = 12  # a cue so near stands beside the number
_COLUMN_SHARE, _COLUMN_LEAST = 0.8, 5
_BUSINESS = {"phone_number": "business_phone", "postal_code": "business_address"}
LABEL_SCORE = 0.95
FAILED = "check digit fails"


class _Hit(NamedTuple):
    start: int
    end: int
    rule: Rule
    checked: bool | None
    score: float


@dataclass(slots=True)
class _Loose:
    """Numbers of one column that only the column as a whole can decide."""

    hits: list[_Hit]
    cells: set[int]
    failed: int = 0


class PatternDetector:
    """Applies the rules to readings. ``book``: the label book that arranged them."""

    name = "pattern"

    def __init__(self, rules: Iterable[Rule], book: LabelBook) -> None:
        self.rules = tuple(rules)
        self._cues = Cues(self.rules, book)
        self._book = book
        self._by_entity: dict[str, list[Rule]] = defaultdict(list)
        self._by_hint: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            self._by_entity[rule.entity].append(rule)
            if rule.hint:
                self._by_hint[rule.hint].append(rule)
        self._by_entity["business_phone"] = [*self._by_entity["business_phone"], *self._by_entity["phone_number"]]
        plain = [r for r in self.rules if not r.phrase and r.needs != "label"]
        self._mail = [r for r in plain if "@" in r.pattern]
        self._anchored = [r for r in plain if "@" not in r.pattern]
        self._phrases = [r for r in self.rules if r.phrase]
        together = "".join(f"(?:(?=(?P<r{n}>{r.regex.pattern})))?" for n, r in enumerate(self._anchored))
        self._together = re.compile(together)
        self._valued: dict[tuple[str, str], tuple[_Hit, ...]] = {}

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Matches of every rule; overlaps are left to ``resolve``."""
        for reading in readings:
            around = Surroundings(reading)
            yield from self._labelled(reading, around)
            yield from self._by_shape(reading, around)
            yield from self._by_phrase(reading, around)

    # ------------------------------------------------------------ by label

    def _labelled(self, reading: Reading, around: Surroundings) -> Iterator[Match]:
        for f in reading.layout.fields:
            yield from self._value(reading, around, f.label, f.above, f.start, f.end)
        for column in reading.layout.columns:
            if column.label is None or not self._wants(column.label):
                continue
            for i in column.cells.tolist():
                start, end = reading.cell(i)
                if start < end:
                    yield from self._value(reading, around, column.label, column.above, start, end)

    def _wants(self, label: Label) -> bool:
        return label.entity in self._by_entity or label.hint in self._by_hint

    def _value(
        self, reading: Reading, around: Surroundings, label: Label, above: Label | None, start: int, end: int
    ) -> Iterator[Match]:
        """What a labelled value holds of its label's kind."""
        value = reading.text[start : min(end, start + 300)]
        if label.entity in self._by_entity:
            hits = self._judge(label.entity, value)
            if label.entity == "phone_number":
                hits = tuple(h for h in hits if not self._other_before(value[: h.start], h.rule))
        elif label.hint in self._by_hint:
            hits = self._judge_open(label.hint, value, around.before(start), above)
        else:
            return
        for hit in hits:
            cue = label.word if hit.checked is not False else f"{label.word}; {FAILED}"
            yield self._match(reading, around, hit, start, cue, label)

    def _judge(self, entity: str, value: str) -> tuple[_Hit, ...]:
        key = (entity, value)
        known = self._valued.get(key)
        if known is None:
            if len(self._valued) > 50_000:
                self._valued.clear()
            known = self._valued[key] = tuple(_search(self._by_entity[entity], value))
        return known

    def _judge_open(self, hint: str, value: str, before: str, above: Label | None) -> tuple[_Hit, ...]:
        """A label that says "number" without saying of what: the words around it decide."""
        said = self._cues.before(f"{above.word} {before}" if above else before)
        for rule in self._by_hint[hint]:
            wanted = not rule.near or any(rule.id in s.cue.rules or rule.entity in s.cue.entities for s in said)
            if wanted:
                hits = tuple(_search([rule], value))
                if hits:
                    return hits
        return ()

    def _other_before(self, text: str, rule: Rule) -> bool:
        said = self._cues.before(text)
        return bool(said) and _against(said[0], rule)

    # ------------------------------------------------------------ by shape

    def _by_shape(self, reading: Reading, around: Surroundings) -> Iterator[Match]:
        text = reading.text
        loose: dict[tuple[str, int], _Loose] = defaultdict(lambda: _Loose([], set()))
        for anchor in _ANCHOR.finditer(text):
            for rule, start, end in self._starting(text, anchor.start()):
                hit = self._weigh(reading, around, rule, start, end, loose)
                if hit is not None:
                    yield hit
        at = text.find("@")
        while at >= 0:
            start = at
            while start > 0 and at - start < 64 and text[start - 1] in _MAIL:
                start -= 1
            for rule in self._mail:
                found = rule.regex.search(text, start, min(len(text), at + 256))
                if found and found.start() < at < found.end():
                    match = self._weigh(reading, around, rule, found.start(), found.end(), loose)
                    if match is not None:
                        yield match
            at = text.find("@", at + 1)
        yield from self._by_column(reading, around, loose)

    def _starting(self, text: str, position: int) -> Iterator[tuple[Rule, int, int]]:
        """The rules that match at an anchor; one regex asks all of them at once."""
        found = self._together.match(text, position)
        if found is None or found.lastindex is None:
            return
        for n, rule in enumerate(self._anchored):
            span = found.span(f"r{n}")
            if span[0] >= 0:
                yield rule, span[0], span[1]

    def _weigh(
        self,
        reading: Reading,
        around: Surroundings,
        rule: Rule,
        start: int,
        end: int,
        loose: dict[tuple[str, int], _Loose],
    ) -> Match | None:
        """A match of a rule's shape, with what its surroundings make of it."""
        value = reading.text[start:end]
        if "\t" in value or "\n" in value:
            return None
        label, _ = around.labels_at(start)
        if label is not None and label.entity in (rule.entity, _BUSINESS.get(rule.entity)):
            return None  # judged by its label already
        checked = rule.passes(value, value)
        sure = rule.score.alone >= _SURE
        said = () if sure else self._heard(around, label, start, end)
        support = next((s for s in said if _speaks(s, rule)), None)
        against = next((s for s in said if _against(s, rule)), None)
        if against is not None and (support is None or against.distance < support.distance):
            return None
        if support is None and not sure and (self._of_other_kind(label, rule) or self._unknown_key(reading.text, start)):
            return None
        if support is None:
            if rule.score.alone == 0.0 and not rule.needs:
                self._keep_loose(reading, around, _Hit(start, end, rule, checked, 0.7), loose)
            if rule.needs or rule.score.alone == 0.0 or checked is False:
                return None
            return self._match(reading, around, _Hit(start, end, rule, checked, rule.score.alone), 0, "", label)
        if checked is False:
            if support.distance > _BESIDE or rule.check == "phone" or rule.entity not in support.cue.entities:
                return None
            return self._match(reading, around, _Hit(start, end, rule, False, 0.5), 0, f"{support.word}; {FAILED}", label)
        score = max(rule.score.checked if checked else rule.score.near, rule.score.alone)
        return self._match(reading, around, _Hit(start, end, rule, checked, score), 0, support.word, label)

    def _heard(self, around: Surroundings, label: Label | None, start: int, end: int) -> Sequence[Said]:
        """Cues around a number, nearest first: in the text before it, in its heading and header, then behind it."""
        said = self._cues.before(around.before(start))
        column = around.column_at(start)
        if column is not None and label is None and column.header:
            said += [Said(s.word, s.cue, 0, True) for s in self._cues.before(column.header)]
            said.sort(key=lambda s: s.distance)
        behind = around.after(end)
        if behind.lstrip()[:1] in ("(", "は", "が"):
            said += [Said(s.word, s.cue, 20, False) for s in self._cues.before(behind)]
        heading = around.reading.block.heading
        if heading and not said:
            said += [Said(s.word, s.cue, 30, False) for s in self._cues.before(heading)]
        return said

    def _of_other_kind(self, label: Label | None, rule: Rule) -> bool:
        if label is None or label.entity == rule.entity:
            return False
        if not label.entity:
            return label.hint in ("number", "date", "amount")
        return (label.entity in self._by_entity or label.entity == "birth_date") and label.entity not in ("age", "gender")

    def _unknown_key(self, text: str, start: int) -> bool:
        """Whether ``key=`` stands right before, with a key that announces nothing known (seq=, id=)."""
        found = _KEY.search(text, max(0, start - 40), start)
        if found is None or found[0].rstrip("\"' ")[-1] != "=":
            return False
        return self._book.look(found[1]) is None or not self._book.look(found[1]).entity  # type: ignore[union-attr]

    # ------------------------------------------------------------ by column

    def _keep_loose(self, reading: Reading, around: Surroundings, hit: _Hit, loose: dict[tuple[str, int], _Loose]) -> None:
        block = reading.block
        if block.kind is not Kind.TABLE or block.columns is None or hit.checked is None:
            return
        cell = reading.cell_at(hit.start)
        start, end = reading.cell(cell)
        if reading.text[start:end].strip() != reading.text[hit.start : hit.end]:
            return
        kept = loose[hit.rule.id, int(block.columns[cell])]
        if hit.checked:
            kept.hits.append(hit)
            kept.cells.add(cell)
        else:
            kept.failed += 1

    def _by_column(self, reading: Reading, around: Surroundings, loose: dict[tuple[str, int], _Loose]) -> Iterator[Match]:
        """Numbers without any word beside them, in a column nearly all of which passes the check digit."""
        for kept in loose.values():
            values = {reading.text[h.start : h.end] for h in kept.hits}
            if len(values) >= _COLUMN_LEAST and len(kept.hits) >= _COLUMN_SHARE * (len(kept.hits) + kept.failed):
                for hit in kept.hits:
                    yield self._match(reading, around, hit, 0, "column", None)

    # ------------------------------------------------------------ by phrase

    def _by_phrase(self, reading: Reading, around: Surroundings) -> Iterator[Match]:
        text = reading.text
        for rule in self._phrases:
            if not any(word in text for word in rule.near):
                continue
            for found in rule.regex.finditer(text):
                start, end = found.span(rule.group)
                if start < 0 or start == end or "\t" in found[rule.group] or "\n" in found[rule.group]:
                    continue
                checked = rule.passes(found[0], found[rule.group])
                if checked is False:
                    continue
                label, _ = around.labels_at(start)
                score = rule.score.checked if checked else rule.score.near
                yield self._match(reading, around, _Hit(start, end, rule, checked, score), 0, rule.title, label)

    # ------------------------------------------------------------ matches

    def _match(self, reading: Reading, around: Surroundings, hit: _Hit, base: int, cue: str, label: Label | None) -> Match:
        start, end = base + hit.start, base + hit.end
        value = reading.text[start:end]
        entity, score, sample = hit.rule.entity, hit.score, False
        if label is not None and label.entity == "business_phone" and entity == "phone_number":
            entity = "business_phone"
        elif entity in _BUSINESS and self._organisations(around, start, end, value, label, entity):
            entity = _BUSINESS[entity]
        elif entity == "email_address":
            sample = organisation.sample_mailbox(value)
            score = min(score, 0.6) if organisation.role_mailbox(value) else score
        span = reading.raw(start, end)
        return Match(
            entity, reading.block.index, span.start, span.end, hit.rule.id, score, cue=cue, checked=hit.checked, sample=sample
        )

    def _organisations(
        self, around: Surroundings, start: int, end: int, value: str, label: Label | None, entity: str
    ) -> bool:
        column = around.column_at(start)
        if column is not None:
            return around.organisations
        if entity != "phone_number":
            return False
        return organisation.owns_phone(value, around.line(start).split(value)[0][-60:], around.after(end))


def _search(rules: Sequence[Rule], value: str) -> Iterator[_Hit]:
    """The rules' matches in a labelled value; rules for labelled values alone come in only when the others find nothing."""
    found: list[_Hit] = []
    taken: list[tuple[int, int]] = []
    for strict in (True, False):
        for rule in rules:
            if rule.phrase or (rule.needs != "label") is not strict:
                continue
            for m in rule.regex.finditer(value):
                if m.start() == m.end() or any(a < m.end() and m.start() < b for a, b in taken):
                    continue
                checked = rule.passes(m[0], m[0])
                if checked is False and (rule.check.startswith("phone") or rule.check == "postal_code"):
                    continue
                found.append(_Hit(m.start(), m.end(), rule, checked, LABEL_SCORE if checked is not False else 0.5))
                taken.append((m.start(), m.end()))
        if found:
            break
    yield from found


def _speaks(said: Said, rule: Rule) -> bool:
    return said.distance <= rule.within and (rule.id in said.cue.rules or rule.entity in said.cue.entities)


def _against(said: Said, rule: Rule) -> bool:
    """Whether a cue announces a number of another kind and no digits have used it up."""
    if not said.clear or said.distance > _BESIDE:
        return False
    if rule.id in said.cue.denied or said.cue.other:
        return True
    return bool(said.cue.entities) and rule.entity not in said.cue.entities and rule.id not in said.cue.rules
