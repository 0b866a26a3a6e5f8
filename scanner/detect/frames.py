"""Finds facts by what is told together in one sentence, in any order: offence, police and harm; union and office."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from scanner.detect.sensitive import Candidate
from scanner.model import Strength
from scanner.text.finder import Finder
from scanner.text.view import Reading

_NEAR = 220  # characters before a sentence in which its subject may have been named
_SENTENCE = 300  # characters up to which a sentence is followed
_ENDS, _ROW_ENDS = "。\n\t!?", "。\n!?"
# What behind the last part denies all of it.
_DENIES = re.compile(
    r"(?:は|を|も|が|に|の(?:事実|こと|経験|歴|届|疑い)?(?:は|も)?)?(?:特に|一切|まだ)?(?:して|され|受けて|出して|至って|なって|し|遭って|いて)?(?:は|も)?(?:い(?:ない|ません|なかった)|おりません|ない(?![がのでし])"
    r"|(?:し|い)?ません|なかった|ありません|なし|無し|ず(?:に|、|。|$)|とは(?:言|い)え)"
)
Places = list[tuple[int, int]]


class Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ways to say one thing: a list of words, or a pattern that is looked for only where the words of a frame stand."""

    name: str
    words: tuple[str, ...] = ()
    pattern: str = ""


class Examples(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences in which the frame is found, and in which it is not."""

    match: tuple[str, ...]
    reject: tuple[str, ...]


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must stand together. ``source``: the law or guideline that makes it the category.

    ``all``: concepts (``a|b`` for either) of which each stands in the sentence, no further apart than ``within`` characters.
    ``about``: a concept in the sentence, shortly before it, in the heading or at the head of the document. ``none``: concepts of
    which nothing stands in the sentence. ``shows``: the concept that is the match, the first of ``all`` without it (what lies
    between may be a name). ``row``: the cells of a row count as one sentence.
    """

    id: str
    entity: str
    categories: tuple[str, ...]
    all: tuple[str, ...]
    source: str
    examples: Examples
    about: str = ""
    none: tuple[str, ...] = ()
    within: int = 40
    shows: str = ""
    row: bool = False


_KINDS: dict[str, type[Any]] = {"concept": Concept, "frame": Frame}


@dataclass(frozen=True, slots=True)
class _Made:
    """A frame with its words looked up. ``parts``: the concepts of each demand, by name."""

    frame: Frame
    parts: tuple[tuple[str, ...], ...]
    patterns: tuple[re.Pattern[str] | None, ...]


class Frames:
    """All frames of a folder of patterns. Raises ValueError that names the file and the frame."""

    def __init__(self, folder: Path) -> None:
        self.frames, concepts = _load(folder)
        listed: dict[str, list[str]] = {}
        for concept in concepts.values():
            for word in concept.words:
                listed.setdefault(word, []).append(concept.name)
        self._concepts = list(listed.values())
        self._finder = Finder(list(listed))
        patterns = {c.name: re.compile(c.pattern) for c in concepts.values() if c.pattern}
        self._made = [_made(f, patterns) for f in self.frames]

    def told(self, text: str) -> frozenset[str]:
        """The concepts of which a word stands in the text: what a heading or the head of a document is about."""
        numbers, _ = self._finder.places(text)
        return frozenset(name for n in set(numbers.tolist()) for name in self._concepts[n])

    def find(self, reading: Reading, about: frozenset[str]) -> Iterator[Candidate]:
        """Candidates in a reading. ``about``: the concepts that the document's head tells."""
        text = reading.text
        places: dict[str, Places] = {}
        for n, start, end in sorted(self._finder.every(text, reading.prints), key=lambda hit: hit[1:]):
            for name in self._concepts[n]:
                places.setdefault(name, []).append((start, end))
        if not places:
            return
        heading = self.told(reading.block.heading) if reading.block.heading else frozenset()
        for made in self._made:
            if all(p is not None or any(c in places for c in names) for names, p in zip(made.parts, made.patterns, strict=True)):
                yield from _found(made, text, places, about | heading)


def _found(made: _Made, text: str, places: Mapping[str, Places], about: frozenset[str]) -> Iterator[Candidate]:
    frame = made.frame
    held = [sorted(p for c in names for p in places.get(c, ())) for names in made.parts]
    anchor = min((n for n, p in enumerate(made.patterns) if p is None), key=lambda n: len(held[n]))
    done = -1
    for start, end in held[anchor]:
        if start < done:
            continue
        first, last = _sentence(text, start, end, _ROW_ENDS if frame.row else _ENDS)
        if any(_within(places.get(name, []), first, last) for name in frame.none):
            continue
        if frame.about and frame.about not in about and not _within(places.get(frame.about, []), first - _NEAR, last):
            continue
        parts = _together(made, text, held, anchor, (start, end), (first, last))
        if parts is None:
            continue
        if _DENIES.match(text, max(b for _, b in parts), last):
            continue
        begin, done = next((p for p, names in zip(parts, made.parts, strict=True) if frame.shows in names), parts[0])
        yield Candidate(begin, done, frame.entity, frame.categories, Strength.STRONG, frame.id)


def _together(
    made: _Made, text: str, held: list[Places], anchor: int, at: tuple[int, int], sentence: tuple[int, int]
) -> Places | None:
    """A place for each demand, nearest to the anchor's, or None when one is missing in the sentence or stands too far off."""
    low, high = max(sentence[0], at[0] - made.frame.within), min(sentence[1], at[1] + made.frame.within)
    out: Places = []
    for n, pattern in enumerate(made.patterns):
        if n == anchor:
            out.append(at)
            continue
        near = [m.span() for m in pattern.finditer(text, low, high)] if pattern else _within(held[n], low, high)
        near = [p for p in near if p != at and p[1] <= high]
        if not near:
            return None
        out.append(min(near, key=lambda p: max(p[0] - at[1], at[0] - p[1])))
    return out


def _sentence(text: str, start: int, end: int, ends: str) -> tuple[int, int]:
    low, high = max(0, start - _SENTENCE), min(len(text), end + _SENTENCE)
    first = max(low, *(text.rfind(c, low, start) + 1 for c in ends))
    last = min(high, *(at for at in (text.find(c, end, high) for c in ends) if at >= 0), high)
    return first, last


def _within(places: Places, first: int, last: int) -> Places:
    i = bisect_left(places, (first, 0))
    out = []
    for place in places[i:]:
        if place[0] >= last:
            break
        out.append(place)
    return out


def _made(frame: Frame, patterns: Mapping[str, re.Pattern[str]]) -> _Made:
    parts = tuple(tuple(names.split("|")) for names in frame.all)
    return _Made(frame, parts, tuple(patterns.get(names[0]) for names in parts))


def _load(folder: Path) -> tuple[tuple[Frame, ...], dict[str, Concept]]:
    concepts: dict[str, Concept] = {}
    frames: list[Frame] = []
    for path in sorted(folder.glob("*.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        for kind, struct in _KINDS.items():
            for entry in tables.get(kind, ()):
                try:
                    table: Concept | Frame = msgspec.convert(entry, struct)
                except msgspec.ValidationError as error:
                    raise ValueError(f"{path.name}: {kind} {entry.get('id', entry.get('name', ''))!r}: {error}") from error
                if isinstance(table, Concept):
                    concepts[table.name] = table
                else:
                    frames.append(table)
    for frame in frames:
        _refuse(frame, concepts)
    return tuple(frames), concepts


def _refuse(frame: Frame, concepts: Mapping[str, Concept]) -> None:
    names = [name for demand in frame.all for name in demand.split("|")]
    unknown = {*names, *frame.none, *([frame.about] if frame.about else []), *([frame.shows] if frame.shows else [])} - set(
        concepts
    )
    if unknown:
        raise ValueError(f"frame {frame.id!r}: no concept {sorted(unknown)[0]!r}")
    if all(concepts[demand.split("|")[0]].pattern for demand in frame.all):
        raise ValueError(f"frame {frame.id!r}: one of its demands must be a list of words")
