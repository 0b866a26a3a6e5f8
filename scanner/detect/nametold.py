"""Names in running text: what the rules find, what the trained tagger says of the same lines, and where it overrules them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from scanner.detect.gazetteer import Names, katakana
from scanner.detect.namelexis import Hit
from scanner.detect.namepage import Page, passages
from scanner.detect.nameprose import ProseReader
from scanner.detect.nameregister import past
from scanner.model import Kind

if TYPE_CHECKING:
    from scanner.detect.nametagger import NameTagger, Told

PAST = "name.history"  # the rule of names of those who ruled in the past, and of all whom a text about the past names in prose
_SAYS = re.compile("[。、]|ます|です|した|する|して|いる|いた|ない|れた|れる")  # a cell without is no sentence
# Rules whose names are none where the tagger gives every word of them less: measured on sentences that it had not been trained on,
# where no more than one in ten of them was a name. Honorifics speak for names that no tagger knows, and titles for those in kanji.
_OVERRULED = {"foreign": 0.1, "according to": 0.1, "tagged": 0.1, "named": 0.1, "title": 0.05}
_TITLED = re.compile("[ァ-ヴー・]+|.*[ぁ-ん]")  # ロンドン市長, 長たる裁判官


class _Line(NamedTuple):
    page: Page
    start: int
    text: str
    hits: list[Hit]


def in_prose(pages: Sequence[Page], prose: ProseReader, trained: NameTagger | None) -> Iterator[tuple[Page, int, Hit]]:
    """The pages' names in running text: the page, where the line begins, and the hit in the line. Those of rules come first."""
    lines = [line for page in pages for line in _lines(page, prose)]
    told: dict[int, Told] = {}
    if trained is not None:
        asked = [n for n, x in enumerate(lines) if x.page.reading.block.kind is Kind.TEXT or _SAYS.search(x.text)]
        answers = zip(asked, trained.read([lines[n].text for n in asked]), strict=True)
        told = {n: answer for n, answer in answers if answer is not None}
    for n, line in enumerate(lines):
        for hit in line.hits:
            if n not in told or not _overruled(hit, line.text, told[n], prose):
                yield line.page, line.start, hit
    old = bool(told) and past(page.reading.text for page in pages)
    for n, answer in told.items():
        for hit in answer.hits:
            hit = hit._replace(rule="history") if old else hit
            if not prose.for_sale(lines[n].text, hit.start, hit.end):
                yield lines[n].page, lines[n].start, hit


def _lines(page: Page, prose: ProseReader) -> Iterator[_Line]:
    reading = page.reading
    readers = prose.lines(reading.text, reading.starts, reading.prints)
    for number, start, end in passages(page, readers):
        line = reading.text[start:end]
        yield _Line(page, start, line, prose.read(line, readers[number]))


def _overruled(hit: Hit, line: str, told: Told, prose: ProseReader) -> bool:
    """Whether the tagger, who has read the whole sentence, is sure that what a rule found is no name."""
    least, name = _OVERRULED.get(hit.rule), line[hit.start : hit.end]
    if least is None or (hit.rule in ("named", "title") and _known(name, prose.names)):
        return False
    if hit.rule == "title" and not _TITLED.fullmatch(name):
        return False
    return told.value(hit.start, hit.end) < least


def _known(name: str, names: Names) -> bool:
    """Whether the gazetteer has a word as a surname or given name."""
    kana = katakana(name)
    return name in names.surnames or name in names.given or kana in names.given_kana or kana in names.surname_kana
