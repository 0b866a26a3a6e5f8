"""Compares what was found in a document with what is marked in it, one to one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.goldset import Gold, Span
from benchmarks.labels import ABSORBS, EXACT, NO_CLAIM, SCORED
from benchmarks.skeleton import Laid, common_prefix, compact, lay, overlap, skeleton, text_overlap

CONTEXT = 40  # letters and digits of context on each side that tell equal values apart
CAP = 50  # spans that one document may weigh for one label
ENOUGH = 0.5


@dataclass
class Found:
    """A match of the scanner. ``start``, ``end``: in the source's skeleton; -1 where its text does not stand there."""

    label: str
    value: str
    before: str = ""
    after: str = ""
    start: int = -1
    end: int = -1


@dataclass
class Tally:
    """Right, false and missed; fractions once a document is capped."""

    right: float = 0.0
    false: float = 0.0
    missed: float = 0.0

    def add(self, other: Tally, weight: float = 1.0) -> None:
        """Add another tally, weighted."""
        self.right += other.right * weight
        self.false += other.false * weight
        self.missed += other.missed * weight

    def figures(self) -> dict[str, float | None]:
        """Precision, recall, F1 (None where nothing can be said) and the counts."""
        claimed, marked = self.right + self.false, self.right + self.missed
        p = self.right / claimed if claimed else None
        r = self.right / marked if marked else None
        f = 2 * self.right / (claimed + marked) if claimed + marked else None
        return {
            "precision": _round(p),
            "recall": _round(r),
            "f1": _round(f),
            "right": round(self.right, 2),
            "false": round(self.false, 2),
            "missed": round(self.missed, 2),
        }


@dataclass
class Scored:
    """One document's result. ``wrong`` and ``missed`` hold raw surfaces of (invented) gold people: for ``--misses`` only."""

    gold: Gold
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    wrong: list[Found] = field(default_factory=list)
    missed: list[Span] = field(default_factory=list)
    corporate_as_my_number: int = 0
    samples: int = 0
    line: Mapping[str, Any] = field(default_factory=dict)

    def capped(self) -> dict[str, Tally]:
        """The tallies, each scaled down so that no label weighs more than CAP spans."""
        out = {}
        for label, tally in self.tallies.items():
            size = max(tally.right + tally.false, tally.right + tally.missed)
            out[label] = Tally()
            out[label].add(tally, min(1.0, CAP / size) if size else 1.0)
        return out


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def claims(matches: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The match lines that claim something about a person: no specimens, no terms said to be about nobody."""
    return [m for m in matches if not m.get("sample") and m.get("evidence") not in NO_CLAIM]


def found(matches: Sequence[Mapping[str, Any]], blocks: Mapping[int, str]) -> list[Found]:
    """The matches with their contexts, in reading order. ``blocks``: text by index; may be empty, then there is no context."""
    laid = Laid()
    by_block: dict[int, list[int]] = defaultdict(list)
    where: dict[int, tuple[int, int]] = {}
    for n, match in enumerate(matches):
        by_block[match["block"]].append(n)
    for index in sorted(blocks):
        mine = by_block.get(index, [])
        places = lay(blocks[index], ((matches[n]["start"], matches[n]["end"]) for n in mine), laid)
        where.update(zip(mine, places, strict=True))
    text = laid.text
    out = []
    for n in sorted(range(len(matches)), key=lambda n: (matches[n]["block"], matches[n]["start"])):
        match = matches[n]
        start, end = where.get(n, (0, 0))
        before = text[max(0, start - CONTEXT) : start] if n in where else ""
        after = text[end : end + CONTEXT] if n in where else ""
        out.append(Found(match["entity"], match["value"], before, after))
    return out


def settle(text: str, items: Sequence[Found]) -> None:
    """Find each item's place in the source's skeleton: where its own text stands in the most similar context.

    Items of one label and text share out the places one to one, best context first, so that repeated values, table order and pdf
    wraps do not shift one another; what is left over (a reader that repeats a cell) takes its best place too and finds it taken.
    """
    groups: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for item in items:
        groups[item.label, skeleton(item.value)].append(item)
    for (_, bones), members in groups.items():
        places = _occurrences(text, bones)
        if not places:
            continue
        pairs = []
        for i, item in enumerate(members):
            for k, place in enumerate(places):
                pairs.append((-_likeness(text, place, len(bones), item), abs(i - k), i, k))
        pairs.sort()
        best: dict[int, int] = {}
        taken: dict[int, int] = {}
        used: set[int] = set()
        for _, _, i, k in pairs:
            best.setdefault(i, k)
            if i not in taken and k not in used:
                taken[i] = k
                used.add(k)
        for i, item in enumerate(members):
            place = places[taken.get(i, best[i])]
            item.start, item.end = place, place + len(bones)


def _occurrences(text: str, bones: str) -> list[int]:
    out, at = [], text.find(bones) if bones else -1
    while at >= 0:
        out.append(at)
        at = text.find(bones, at + 1)
    return out


def _likeness(text: str, place: int, size: int, item: Found) -> int:
    before = text[max(0, place - CONTEXT) : place]
    after = text[place + size : place + size + CONTEXT]
    return common_prefix(before[::-1], item.before[::-1]) + common_prefix(after, item.after)


def alike(item: Found, span: Span) -> float:
    """How well a match fits a span of its own label: intersection over union, and for identifiers 1 or 0."""
    exact = item.label in EXACT
    if item.start >= 0 and span.end > span.start:
        fit = overlap((item.start, item.end), (span.start, span.end))
        if exact:
            return 1.0 if fit == 1.0 else 0.0
    else:
        mine = compact(item.value)
        fits = [text_overlap(mine, compact(other)) for other in (span.text, span.other) if other]
        fit = max(fits, default=0.0)
        if exact:
            return 1.0 if skeleton(item.value) == skeleton(span.text) else 0.0
    return fit if fit >= ENOUGH else 0.0


def score(gold: Gold, matches: Sequence[Mapping[str, Any]], blocks: Mapping[int, str], line: Mapping[str, Any]) -> Scored:
    """The result of one document from its ``inspect`` lines. ``line``: its document line."""
    claimed = [m for m in claims(matches) if m["entity"] in SCORED]
    items = found(claimed, blocks)
    settle(gold.text, items)
    result = Scored(gold, line=line, samples=sum(bool(m.get("sample")) for m in matches))
    optional = {"email_address"} if gold.negative else set()  # business mailboxes of negatives may be left out
    for label in SCORED:
        mine = [i for i in items if i.label == label]
        spans = [s for s in gold.spans if s.label == label]
        hit_items, hit_spans = pair(mine, spans)
        tally = result.tallies[label]
        wrong = [i for n, i in enumerate(mine) if n not in hit_items and not _excused(i, gold.spans)]
        missed = [s for n, s in enumerate(spans) if n not in hit_spans]
        tally.false += len(wrong)
        result.wrong += wrong
        if label not in optional:
            tally.right += len(hit_items)
            tally.missed += len(missed)
            result.missed += missed
    result.corporate_as_my_number = sum(
        i.label == "my_number" and _lies_on(i, gold.spans, "corporate_number") for i in result.wrong
    )
    return result


def pair(items: Sequence[Found], spans: Sequence[Span]) -> tuple[set[int], set[int]]:
    """One-to-one pairs, best fit first: the indices of the items and of the spans that found each other."""
    fits = sorted(
        (
            (-fit, abs(i - k), i, k)
            for i, item in enumerate(items)
            for k, span in enumerate(spans)
            if (fit := alike(item, span)) > 0
        ),
    )
    took_items: set[int] = set()
    took_spans: set[int] = set()
    for _, _, i, k in fits:
        if i not in took_items and k not in took_spans:
            took_items.add(i)
            took_spans.add(k)
    return took_items, took_spans


def _excused(item: Found, spans: Sequence[Span]) -> bool:
    return any(item.label in excuses and _lies_on(item, spans, label) for label, excuses in ABSORBS.items())


def _lies_on(item: Found, spans: Sequence[Span], label: str) -> bool:
    """Whether at least half of the item's characters lie on a span of that label."""
    size = max(1, item.end - item.start)
    for span in spans:
        if span.label != label:
            continue
        if item.start >= 0:
            if (min(item.end, span.end) - max(item.start, span.start)) / size >= ENOUGH:
                return True
        elif text_overlap(compact(item.value), compact(span.text)) > 0:
            return True
    return False


def entity_table(results: Iterable[Scored]) -> dict[str, dict[str, float | None]]:
    """Per label: figures over all documents, capped."""
    total: dict[str, Tally] = defaultdict(Tally)
    for result in results:
        for label, tally in result.capped().items():
            total[label].add(tally)
    return {label: total[label].figures() for label in SCORED if any(vars(total[label]).values())}


def format_table(results: Iterable[Scored]) -> dict[str, dict[str, float | None]]:
    """Per format: figures over all scored labels, capped."""
    total: dict[str, Tally] = defaultdict(Tally)
    for result in results:
        for tally in result.capped().values():
            total[result.gold.format].add(tally)
    return {name: total[name].figures() for name in sorted(total)}


def category_table(results: Iterable[Scored]) -> dict[str, dict[str, float | None]]:
    """Per category, over documents; ``any_special_care`` and ``any_sensitive`` first."""
    total: dict[str, Tally] = {"any_special_care": Tally(), "any_sensitive": Tally()}
    for result in results:
        gold, line = result.gold, result.line
        said_care, said_other = set(line.get("special_care", ())), set(line.get("sensitive_only", ()))
        _count(total["any_special_care"], bool(said_care), bool(gold.special_care))
        _count(total["any_sensitive"], bool(said_care | said_other), bool(gold.special_care | gold.sensitive_only))
        for name in sorted(said_care | said_other | gold.special_care | gold.sensitive_only):
            tally = total.setdefault(name, Tally())
            _count(tally, name in said_care | said_other, name in gold.special_care | gold.sensitive_only)
    return {name: tally.figures() for name, tally in total.items()}


def _count(tally: Tally, said: bool, true: bool) -> None:
    tally.right += said and true
    tally.false += said and not true
    tally.missed += true and not said


def negatives(results: Iterable[Scored]) -> dict[str, Any]:
    """False findings in the documents in which a perfect scanner reports nothing."""
    mine = [r for r in results if r.gold.negative]
    false = [sum(t.false for t in r.tallies.values()) for r in mine]
    return {
        "documents": len(mine),
        "false_per_document": _round(sum(false) / len(mine)) if mine else None,
        "without_any": sum(n == 0 for n in false),
        "called_special_care": sum(bool(r.line.get("special_care")) for r in mine),
        "specimens_set_aside": sum(r.samples for r in mine),
        "by_label": dict(Counter(i.label for r in mine for i in r.wrong).most_common()),
    }


def persons(results: Iterable[Scored]) -> dict[str, Any]:
    """How far the estimated number of people, professionals included, is from the number of people named."""
    errors, relative, within = [], [], 0
    rows = list(results)
    for result in rows:
        low, high = result.line.get("persons", (0, 0))
        high += result.line.get("professionals", 0)
        n = result.gold.persons
        error = max(low - n, n - high, 0)
        errors.append(error)
        relative.append(error / max(n, 1))
        within += error == 0
    count = len(rows)
    return {
        "documents": count,
        "within_interval": within,
        "mean_error": _round(sum(errors) / count) if count else None,
        "mean_relative_error": _round(sum(relative) / count) if count else None,
    }
