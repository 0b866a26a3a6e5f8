"""Finds numbers, mail addresses and other things of fixed form by label, by cue words beside them, by shape and check digit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scanner.detect import anchors, organisation
from scanner.detect.context import Cues, Said, Surroundings, counts_rows
from scanner.detect.hits import BESIDE, DOUBTED, FAILED, SHAPE_CHECKS, Hit, against, search, speaks
from scanner.detect.rules import Rule
from scanner.model import Kind, Match
from scanner.problems import Problem
from scanner.text import valued
from scanner.text.labels import Label, LabelBook
from scanner.text.triggers import Triggers
from scanner.text.view import Reading

_REMARK = re.compile(r"[ぁ-ん]")  # a sentence, not a bare value
_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_.\-]*)\s*[=:]\s*[\"']?$")
_SURE = 0.9  # a rule so sure by itself heeds no label of another kind
_LEAD = 30  # characters before a phrase in which a word of deny rejects it
_COLUMN_SHARE, _COLUMN_LEAST, _COLUMN_SCORE = 0.8, 5, 0.7
_VALUED = 0.8  # at most, where only the values of a column say what it holds
_BUSINESS = {"phone_number": "business_phone", "postal_code": "business_address"}


@dataclass(slots=True)
class _Loose:
    """Numbers of one column that only the column as a whole can decide."""

    hits: list[Hit]
    failed: int = 0


_Columns = defaultdict[tuple[str, int], _Loose]  # (rule id, column) → its numbers


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
            if rule.hint:
                self._by_hint[rule.hint].append(rule)
            else:
                self._by_entity[rule.entity].append(rule)
        self._by_entity["business_phone"] = [*self._by_entity["phone_number"], *self._by_entity["business_phone"]]
        plain = [r for r in self.rules if not r.phrase and r.needs != "label"]
        self._mail = [r for r in plain if "@" in r.pattern]
        self._starts = anchors.Starts([r for r in plain if "@" not in r.pattern])
        self._phrases = [r for r in self.rules if r.phrase]
        self._phrased = Triggers([(r.regex,) for r in self._phrases])
        self._valued: dict[tuple[str, str], tuple[Hit, ...]] = {}

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Matches of every rule; overlaps are left to ``resolve``."""
        for reading in readings:
            around = Surroundings(reading)
            yield from self._labelled(around)
            yield from self._by_shape(around)
            yield from self._by_mail(around)
            yield from self._by_phrase(around)

    # ------------------------------------------------------------ by label

    def _labelled(self, around: Surroundings) -> Iterator[Match]:
        for f in around.reading.layout.fields:
            yield from self._value(around, f.label, f.above, f.start, f.end)
        for column in around.reading.layout.columns:
            if column.label is None or not self._wants(column.label) or counts_rows(around.reading, column):
                continue
            for i in column.cells.tolist():
                start, end = around.reading.cell(i)
                if start < end:
                    yield from self._value(around, column.label, column.above, start, end, around.headers)

    def _wants(self, label: Label) -> bool:
        return label.entity in self._by_entity or label.hint in self._by_hint

    def _value(
        self, around: Surroundings, label: Label, above: Label | None, start: int, end: int, headers: str = ""
    ) -> Iterator[Match]:
        """What a labelled value holds of its label's kind. ``headers``: of the whole table, when it is a column's cell."""
        value = around.reading.text[start : min(end, start + 300)]
        if label.entity in self._by_entity:
            hits = self._judge(label.entity, value)
            if label.entity == "phone_number":
                hits = tuple(h for h in hits if not self._other_before(value[: h.start], h.rule))
        elif label.hint in self._by_hint:
            hits = self._judge_open(label.hint, value, headers or around.before(start), above)
        else:
            return
        for hit in hits:
            cue = label.word if hit.checked is not False else f"{label.word}; {FAILED}"
            if label.hint == valued.HINT:
                hit = hit._replace(score=min(hit.score, _VALUED))
            yield self._match(around, hit, start, cue, label)

    def _judge(self, entity: str, value: str) -> tuple[Hit, ...]:
        key = (entity, value)
        known = self._valued.get(key)
        if known is None:
            if len(self._valued) > 50_000:
                self._valued.clear()
            known = self._valued[key] = tuple(search(self._by_entity[entity], value))
        return known

    def _judge_open(self, hint: str, value: str, before: str, above: Label | None) -> tuple[Hit, ...]:
        """A label that says "number" without saying of what: the words around it decide."""
        said = self._cues.before(f"{above.word} {before}" if above else before)
        for rule in self._by_hint[hint]:
            wanted = not rule.near or any(rule.id in s.cue.rules or rule.entity in s.cue.entities for s in said)
            if wanted:
                hits = tuple(search([rule], value))
                if hits:
                    return hits
        return ()

    def _other_before(self, text: str, rule: Rule) -> bool:
        said = self._cues.before(text)
        return bool(said) and against(said[0], rule)

    # ------------------------------------------------------------ by shape

    def _by_shape(self, around: Surroundings) -> Iterator[Match]:
        text = around.reading.text
        loose: _Columns = defaultdict(lambda: _Loose([]))
        for rule, start, end in self._starts.find(text, around.reading.prints):
            match = self._weigh(around, rule, start, end, loose)
            if match is not None:
                yield match
        yield from self._by_column(around, loose)

    def _by_mail(self, around: Surroundings) -> Iterator[Match]:
        text = around.reading.text
        unused: _Columns = defaultdict(lambda: _Loose([]))
        for rule, start, end in anchors.around_at(text, self._mail):
            if organisation.machine_address(text[max(0, start - 240) : start]):
                continue
            match = self._weigh(around, rule, start, end, unused)
            if match is not None:
                yield match

    def _weigh(self, around: Surroundings, rule: Rule, start: int, end: int, loose: _Columns) -> Match | None:
        """A match of a rule's shape, with what its surroundings make of it."""
        value = around.reading.text[start:end]
        if "\t" in value or "\n" in value:
            return None
        label, _ = around.labels_at(start)
        if label is not None and label.entity in (rule.entity, _BUSINESS.get(rule.entity)):
            return None  # judged by its label already
        checked = rule.passes(value, value)
        if rule.score.alone >= _SURE:
            return None if checked is False else self._match(around, Hit(start, end, rule, checked, rule.score.alone), 0, "", label)
        said = self._heard(around, label, start, end)
        support = next((s for s in said if speaks(s, rule)), None)
        counter = next((s for s in said if against(s, rule)), None)
        if counter is not None and (support is None or counter.distance < support.distance):
            return None
        if support is not None:
            return self._supported(around, Hit(start, end, rule, checked, rule.score.near), support, label)
        if self._unknown_key(around.reading.text, start) or self._of_other_kind(around, label, rule, start, end):
            return None
        if rule.score.alone == 0.0 and not rule.needs:
            self._keep_loose(around, Hit(start, end, rule, checked, _COLUMN_SCORE), loose)
        if rule.needs or rule.score.alone == 0.0 or checked is False:
            return None
        return self._match(around, Hit(start, end, rule, checked, rule.score.alone), 0, "", label)

    def _supported(self, around: Surroundings, hit: Hit, support: Said, label: Label | None) -> Match | None:
        """A match with a cue word; a wrong check digit needs the thing's own label right beside it."""
        rule = hit.rule
        if hit.checked is False:
            if support.distance > BESIDE or rule.check in SHAPE_CHECKS or rule.entity not in support.cue.entities:
                return None
            return self._match(around, hit._replace(score=DOUBTED), 0, f"{support.word}; {FAILED}", label)
        score = max(rule.score.checked if hit.checked else rule.score.near, rule.score.alone)
        return self._match(around, hit._replace(score=score), 0, support.word, label)

    def _heard(self, around: Surroundings, label: Label | None, start: int, end: int) -> Sequence[Said]:
        """Cues around a number, nearest first: in the text before it, in its heading and header, then behind it."""
        if around.heard is None or around.heard[0] != start:
            around.heard = start, self._cues.before(around.before(start))
        said = list(around.heard[1])
        column = around.column_at(start)
        if column is not None and column.header and (label is None or not label.entity):
            said += [Said(s.word, s.cue, 0, True) for s in self._cues.before(column.header)]
            said.sort(key=lambda s: s.distance)
        behind = around.after(end)
        if behind.lstrip()[:1] in ("(", "は", "が"):
            said += [Said(s.word, s.cue, 20, False) for s in self._cues.before(behind)]
        heading = around.reading.block.heading
        if heading and not said:
            said += [Said(s.word, s.cue, 30, False) for s in self._cues.before(heading)]
        return said

    def _of_other_kind(self, around: Surroundings, label: Label | None, rule: Rule, start: int, end: int) -> bool:
        """Whether the field or column is one of other numbers, and the number is its value rather than a part of a remark in it."""
        if label is None or label.entity == rule.entity:
            return False
        first, last = around.value_at(start)
        if _REMARK.search(around.reading.text, first, start) or _REMARK.search(around.reading.text, end, last):
            return False
        if not label.entity:
            return label.hint in ("number", "date", "amount")
        if label.entity == "birth_date":
            return True
        if label.entity not in self._by_entity or label.entity in ("age", "gender"):
            return False
        return rule.score.alone < 0.6 or bool(self._judge(label.entity, around.reading.text[first : min(last, first + 300)]))

    def _unknown_key(self, text: str, start: int) -> bool:
        """Whether ``key=`` stands right before, with a key that announces nothing known (seq=, id=)."""
        found = _KEY.search(text, max(0, start - 40), start)
        if found is None or found[0].rstrip("\"' ")[-1] != "=":
            return False
        label = self._book.look(found[1])
        return label is None or not label.entity

    # ------------------------------------------------------------ by column

    def _keep_loose(self, around: Surroundings, hit: Hit, loose: _Columns) -> None:
        block = around.reading.block
        if block.kind is not Kind.TABLE or block.columns is None or hit.checked is None:
            return
        cell = around.reading.cell_at(hit.start)
        start, end = around.reading.cell(cell)
        if around.reading.text[start:end].strip() != around.reading.text[hit.start : hit.end]:
            return
        kept = loose[hit.rule.id, int(block.columns[cell])]
        if hit.checked:
            kept.hits.append(hit)
        else:
            kept.failed += 1

    def _by_column(self, around: Surroundings, loose: _Columns) -> Iterator[Match]:
        """Numbers without any word beside them, in a column nearly all of which passes the check digit."""
        for kept in loose.values():
            values = {around.reading.text[h.start : h.end] for h in kept.hits}
            if len(values) >= _COLUMN_LEAST and len(kept.hits) >= _COLUMN_SHARE * (len(kept.hits) + kept.failed):
                for hit in kept.hits:
                    yield self._match(around, hit, 0, "column", None)

    # ------------------------------------------------------------ by phrase

    def _by_phrase(self, around: Surroundings) -> Iterator[Match]:
        text = around.reading.text
        wanted = self._phrased.groups(text, around.reading.prints)
        for n, rule in enumerate(self._phrases):
            if not wanted & 1 << n or not any(word in text for word in rule.near):
                continue
            for found in rule.regex.finditer(text):
                start, end = found.span(rule.group)
                lead = text[max(0, found.start() - _LEAD) : found.start()]
                if any(word in lead for word in rule.deny):
                    continue
                if start < 0 or start == end or "\t" in found[rule.group] or "\n" in found[rule.group]:
                    continue
                checked = rule.passes(found[0], found[rule.group])
                if checked is False:
                    continue
                label, _ = around.labels_at(start)
                score = rule.score.checked if checked else rule.score.near
                yield self._match(around, Hit(start, end, rule, checked, score), 0, rule.title, label)

    # ------------------------------------------------------------ matches

    def _match(self, around: Surroundings, hit: Hit, base: int, cue: str, label: Label | None) -> Match:
        start, end = base + hit.start, base + hit.end
        value = around.reading.text[start:end]
        entity, score, sample = hit.rule.entity, hit.score, False
        if entity == "phone_number" and (organisation.toll_free(value) or (label is not None and label.entity == "business_phone")):
            entity = "business_phone"
        elif entity in _BUSINESS and self._organisations(around, start, end, value, label, entity):
            entity = _BUSINESS[entity]
        elif entity == "email_address":
            sample = organisation.sample_mailbox(value)
            score = min(score, 0.6) if organisation.role_mailbox(value) else score
        elif entity == "credit_card":
            sample = organisation.published_card(value, around.line_before(start) + " " + around.after(end))
        span = around.reading.raw(start, end)
        return Match(
            entity,
            around.reading.block.index,
            span.start,
            span.end,
            hit.rule.id,
            score,
            cue=cue,
            checked=hit.checked,
            sample=sample,
        )

    def _organisations(self, around: Surroundings, start: int, end: int, value: str, label: Label | None, entity: str) -> bool:
        column = around.column_at(start)
        if column is not None:
            return around.organisations
        if entity != "phone_number":
            return False
        return organisation.owns_phone(value, around.line_before(start), around.after(end), around.lines_above(start))
