"""Finds words about health and the other sensitive matters: lexicon, unlisted words by their form, values, labelled cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import ahocorasick_rs

from scanner.detect import abbreviations, lexicon, morphology, union
from scanner.detect.frames import Frames
from scanner.detect.labelled import Labelled
from scanner.detect.sensitive import OFFICES, Candidate, chained, merged, worded
from scanner.model import Match, Strength
from scanner.problems import Problem
from scanner.text.finder import Finder
from scanner.text.triggers import Triggers
from scanner.text.view import Reading

_SCORES = {Strength.STRONG: 0.8, Strength.WEAK: 0.5, Strength.ABBREVIATION: 0.5, Strength.LABEL: 0.9}
_CONDITION, _TREATMENT, _EXAM = "health_condition", "medication_or_treatment", "exam_result"
_UNIT = (
    r"%|mg/d[lL]|g/d[lL]|mg/[lL]|I?U/[lL]|mmHg|万(?:/μ?[lL])?|/μ[lL]|μg/d[lL]|ng/m[lL]|pg/m[lL]|mEq/[lL]|mmol/[lL]|m[lL]/min(?:/1\.73m2)?|U/m[lL]|fL|pg"
    r"|cm|kg|℃|度|点|bpm|拍(?:/分)?|回/分|mm/h|秒|分画"
)
_RESULT = re.compile(
    r"[ ]?(?:値)?(?:\([^()0-9]{1,8}\))?[ ]?[:=はが]?[ ]?"
    r"(?:[<>≦≧]?[ ]?[0-9][0-9,]*(?:\.[0-9]+)?(?:[ ]?/[ ]?[0-9]{1,3}(?:\.[0-9]+)?)?[ ]?(?:"
    + _UNIT
    + r")?(?![0-9]|年|月|日|号|歳|名|人|件|円|か所|箇所|階)"
    r"|陽性|陰性|良好|不良|[0-9]{1,2}\s?(?:→|⇒|->)\s?[0-9]{1,2}|\((?:[+±-]|[1-4]\+){1,3}\)|[1-4]?\+{1,3}|±|[A-E][12]?(?![A-Za-z0-9])|異常なし|異常あり|異常所見(?:なし|あり)|正常|要精検|要再検|所見なし|所見あり)"
)
_HEAD = 120  # characters of a block in which a document says what it is about
_SURROGATE = re.compile("[\ud800-\udfff]")
_BORDER = re.compile(r"[\t\n]")
_LIMIT = re.compile(r"\s?(?:未満|以上|以下|以内|超|を目標|が目安|が基準|~|が正常)")
_FIRM_VALUE = re.compile(r"[0-9]{2,3}\s?/\s?[0-9]{2,3}|[0-9]+\.[0-9]")
_VITALS = frozenset({"BT", "KT", "BP", "bp"})


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a word of the automaton is."""

    terms: tuple[lexicon.Term, ...]
    tails: tuple[lexicon.Tail, ...]
    analyte: bool | None  # soft or firm; None: no examination
    lookalike: bool


class SensitiveDetector:
    """Detector of everything that patterns/health.toml and patterns/sensitive.toml describe."""

    name = "sensitive"

    def __init__(self, patterns: Path) -> None:
        self.lexicon = lexicon.load(patterns)
        words = self.lexicon.words
        self._entries = [
            _Entry(
                tuple(self.lexicon.terms.get(w, ())),
                tuple(self.lexicon.tails.get(w, ())),
                self.lexicon.analytes.get(w),
                w in self.lexicon.lookalikes,
            )
            for w in words
        ]
        self._words = Finder(words)
        anchors: dict[str, list[int]] = {}
        for n, (value, _) in enumerate(self.lexicon.values):
            for anchor in value.anchors:
                anchors.setdefault(anchor, []).append(n)
        self._anchored = list(anchors.values())
        self._anchors = ahocorasick_rs.AhoCorasick(list(anchors))
        self._valued = Triggers([(p,) for _, p in self.lexicon.values], [v.anchors for v, _ in self.lexicon.values])
        self.frames = Frames(patterns)
        self._clauses = frozenset((*(v.id for v, _ in self.lexicon.values if v.clause), *(f.id for f in self.frames.frames)))
        self._labelled = Labelled(self.lexicon)

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Matches in raw offsets; every one with its categories and strength."""
        of_union = any(union.of_union(r) for r in readings[: union.HEADS])
        about = self.frames.told("\n".join(f"{r.block.heading}\n{r.text[:_HEAD]}" for r in readings[: union.HEADS]))
        for reading in readings:
            for c in self._candidates(reading, about):
                if c.entity == "labour_union" and not (union.office(reading, c) and (of_union or c.rule not in OFFICES)):
                    continue
                c = union.only_office(reading.text, c) if c.entity == "labour_union" else c
                span = reading.raw(c.start, c.end)
                yield Match(
                    c.entity,
                    reading.block.index,
                    span.start,
                    span.end,
                    c.rule,
                    _SCORES[c.strength],
                    cue=c.cue,
                    categories=c.categories,
                    strength=c.strength,
                    normalized=c.said or re.sub(r"\s+", "", reading.text[c.start : c.end]),
                )

    def _candidates(self, reading: Reading, about: frozenset[str]) -> list[Candidate]:
        text = reading.text
        swallowed: list[tuple[int, int]] = []
        found = list(self._lexical(text, self._words.longest(text, reading.prints), swallowed))
        found += [
            c for c in self._values(reading) if not any(a < c.end and c.start < b for a, b in _beside(swallowed, c.start, c.end))
        ]
        found += [
            c
            for c in self.frames.find(reading, about)
            if not any(a <= c.start and c.end <= b for a, b in _beside(swallowed, c.start, c.end))
        ]
        found = worded(found, self._clauses)
        labels = reading.layout.labels
        if labels:
            found = [c for c in found if not _inside(labels, c.start, c.end)]
        found += self._labelled.cells(reading, found)
        found = [c for c in chained(text, merged(text, found)) if not _BORDER.search(text, c.start, c.end)]
        return abbreviations.kept(text, reading, found)

    # ------------------------------------------------------------ words

    def _lexical(self, text: str, hits: Sequence[tuple[int, int, int]], swallowed: list[tuple[int, int]]) -> Iterator[Candidate]:
        """Candidates from words (number, start, end); ``swallowed`` takes the places of look-alikes."""
        for k, (n, start, end) in enumerate(hits):
            entry = self._entries[n]
            if entry.lookalike:
                swallowed.append((start, end))
                continue
            joins = (k > 0 and hits[k - 1][2] == start, k + 1 < len(hits) and hits[k + 1][1] == end)
            if not morphology.whole(text, start, end, joins):
                continue
            result = self._result(text, start, end, entry.analyte) if entry.analyte is not None else None
            if result is not None:
                yield result
                continue
            yield from self._terms(text, start, end, entry.terms)
            if not entry.terms:
                yield from self._tails(text, start, end, entry.tails)

    def _terms(self, text: str, start: int, end: int, terms: Sequence[lexicon.Term]) -> Iterator[Candidate]:
        for term in terms:
            if text[start:end] in ("がん", "ガン") or (text[start:end].endswith("がん") and term.entity == _CONDITION):
                if not morphology.cancer(text, start, end):
                    continue
            elif term.entity == _CONDITION and not morphology.after(text, end):
                continue
            first, last = start, end
            strength = term.strength
            if term.entity == _CONDITION and strength is not Strength.ABBREVIATION:
                first, last = morphology.left(text, start), morphology.right(text, end)
                if morphology.opposed(text[first:last]):
                    continue
                if first < start and strength is Strength.WEAK and text[start:end] in _GROWS:
                    strength = Strength.STRONG
            if strength is not Strength.ABBREVIATION and morphology.PRODUCT.match(text, last):
                continue
            if term.entity == _TREATMENT and _refused(term, text, first, last):
                continue
            entity = _CONDITION if term.id == "disability.developmental" and _DIAGNOSED.match(text, last) else term.entity
            yield Candidate(first, last, entity, term.categories, strength, term.id)

    def _tails(self, text: str, start: int, end: int, tails: Sequence[lexicon.Tail]) -> Iterator[Candidate]:
        for tail in tails:
            first = morphology.left(text, start) if not tail.id.startswith("tail.dose") else _drug(text, start)
            word, stem = text[first:end], text[first:start]
            least = max(tail.least, 2 if text[start:end] in ("症", "病") else 1)
            if len(stem) < least or not _plausible(tail, word, stem, text[start:end]):
                continue
            if not morphology.after(text, end) or morphology.PRODUCT.match(text, end) or morphology.opposed(word):
                continue
            if text[start:end] == "がん" and not morphology.cancer(text, start, end):
                continue
            last = _dose(text, end) if tail.id.startswith("tail.dose") else morphology.right(text, end)
            yield Candidate(first, last, tail.entity, tail.categories, tail.strength, tail.id)

    def _result(self, text: str, start: int, end: int, soft: bool | None) -> Candidate | None:
        found = _RESULT.match(text, end)
        if found is None or _LIMIT.match(text, found.end()) or text[start - 1 : start] in ("未", "非"):
            return None
        value = text[end : found.end()]
        word = text[start:end]
        short = word.isascii() and len(word) <= 2
        if short and value[0] not in " :=(<>" and not (word in _VITALS and _FIRM_VALUE.search(value)):
            return None  # K655 is a code
        strength = Strength.STRONG
        if soft or short:
            firm = "/" in value or (not short and _FIRM_VALUE.search(value) is not None)
            strength = Strength.STRONG if firm else Strength.ABBREVIATION
        if word in ("判定", "総合判定", "所見") and not re.search(r"[A-E]|異常|要", value):
            return None
        stop = found.end()
        while text[stop - 1] in " \t":
            stop -= 1
        return Candidate(start, stop, _EXAM, ("health_checkup_result", "medical_care"), strength, "exam.value")

    # ------------------------------------------------------------ values

    def _values(self, reading: Reading) -> Iterator[Candidate]:
        """Candidates from patterns, each tried around its anchors in lines that hold what it demands."""
        text = reading.text
        wanted = self._valued.lines(text, reading.starts, reading.prints)
        if self._valued.always:
            wanted = dict.fromkeys(range(len(reading.starts)), self._valued.always) | wanted
        for line in sorted(wanted):
            first, last = reading.cell(line)
            anchors = ((n, first + a, first + b) for n, a, b in _hits(self._anchors, text[first:last], overlapping=True))
            yield from self._valued_at(text, anchors, wanted[line])

    def _valued_at(self, text: str, anchors: Iterable[tuple[int, int, int]], wanted: int) -> Iterator[Candidate]:
        """``wanted``: bits of the patterns worth trying."""
        seen: set[tuple[int, int]] = set()
        for n, start, end in anchors:
            for k in self._anchored[n]:
                if not wanted & 1 << k:
                    continue
                value, pattern = self.lexicon.values[k]
                low = max(0, start - 24, text.rfind("\n", 0, start) + 1, text.rfind("\t", 0, start) + 1)
                for hit in pattern.finditer(text, low, min(len(text), end + 48)):
                    if hit.start() > end or hit.end() < start or hit.end() == hit.start():
                        continue
                    if (k, hit.start()) in seen or morphology.PRODUCT.match(text, hit.end()):
                        continue
                    if "\t" in hit.group() or "\n" in hit.group():
                        continue
                    seen.add((k, hit.start()))
                    begin, stop = hit.end() - len(hit.group().lstrip()), hit.end()
                    if hit.lastgroup:  # the word that says it, in a sentence about it
                        begin, stop = hit.span(hit.lastgroup)
                    entity, categories = value.entity, value.categories
                    if value.id == "disability.body" and _COMPLAINT.search(text, max(0, begin - 60), begin):
                        entity, categories = _CONDITION, ("medical_history",)
                    yield Candidate(begin, stop, entity, categories, value.strength, value.id)


def _hits(automaton: ahocorasick_rs.AhoCorasick, text: str, *, overlapping: bool = False) -> list[tuple[int, int, int]]:
    """(word, start, end) of every hit. The automaton takes no lone surrogates; they are replaced one by one."""
    try:
        found: list[tuple[int, int, int]] = automaton.find_matches_as_indexes(text, overlapping=overlapping)
    except UnicodeEncodeError:
        found = automaton.find_matches_as_indexes(_SURROGATE.sub("\ufffd", text), overlapping=overlapping)
    return found


# Weak heads that a modifier makes firm: 左手首骨折 is firm anyway, 胆石, 大腸ポリープ, 下腿潰瘍 by their modifier.
_GROWS = frozenset(
    re.split(
        r"\s+",
        "がん ガン 癌 腫瘍 転移 出血 損傷 切断 痛み 腫れ 炎症 ポリープ 潰瘍 結石 血栓 腫瘤"
        " 嚢胞 のう胞 アレルギー 外傷 異形成 後遺症",
    )
)


def _refused(term: lexicon.Term, text: str, start: int, end: int) -> bool:
    """Whether a word of treatment is part of a product, a form's wording or the name of a place."""
    if morphology.FACILITY.match(text, end):
        return True
    if term.strength is Strength.WEAK:
        return morphology.CARE_PRODUCT.match(text, end) is not None
    return (
        text[start:end].endswith("クリニック")
        and start > 0
        and (text[start - 1].isalpha() and text[start - 1] not in "にのはでをがとも")
    )


def _plausible(tail: lexicon.Tail, word: str, stem: str, ending: str) -> bool:
    if any(word == u or (word.endswith(u) and len(word) - len(u) <= 2) for u in tail.unless):
        return False
    if not tail.stems or (ending == "術" and _METHOD.search(word)):
        return True
    return any(word.endswith(s) if s.endswith(ending) else stem.endswith(s) for s in tail.stems)


_DIAGNOSED = re.compile(r"(?:\([^()\n\t]{0,12}\))?(?:の|と|との)?(?:診断|疑い)")  # the illness is meant, not what it leaves
# A limb that does not move is a complaint where one is taken down, else a lasting disability.
_COMPLAINT = re.compile(r"(?:主訴|症状|訴え|現病歴|急に|突然|昨夜|今朝|発症)[^\n。]{0,40}\Z")
_METHOD = re.compile(
    r"(?:的|下|鏡|経皮|観血)[一-鿿]{2,}術\Z"
)  # 内視鏡的止血術, 腹腔鏡下…術: how it is done says that it is an operation
_DRUG = re.compile(
    r"(?:[ァ-ヴー]{2,}[A-Za-z0-9]*|[A-Z][A-Za-z]{2,}|[一-鿿]{2,6}[ァ-ヴー]{2,}|[ァ-ヴー]{2,}[一-鿿]{1,4}|酸化[ァ-ヴー]+)\Z"
)
_DOSE = re.compile(r"\s?(?:\(?[0-9]+(?:\.[0-9]+)?\s?(?:mg|g|μg|mcg|%|mL|ml|単位|万単位|IU)(?:/[0-9]*(?:mL|g|錠|包))?\)?)?")


def _drug(text: str, start: int) -> int:
    found = _DRUG.search(text, max(0, start - 24), start)
    return found.start() if found else start


def _dose(text: str, end: int) -> int:
    found = _DOSE.match(text, end)
    return found.end() if found and found.group().strip() else end


def _beside(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    i = bisect_right(spans, (start, 0))
    return spans[max(0, i - 1) : i + 3] if spans else []


def _inside(labels: tuple[tuple[int, int], ...], start: int, end: int) -> bool:
    i = bisect_right(labels, (start, 1 << 40)) - 1
    return any(a <= start and end <= b for a, b in labels[max(0, i - 2) : i + 1])
