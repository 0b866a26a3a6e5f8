"""Where in a text rules may begin: one cheap pass, then one regex that asks every rule at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from scanner.detect.rules import Rule, unmark
from scanner.text.finder import Prints
from scanner.text.triggers import Triggers, beginnings
from scanner.text.view import fold

# Four digits or more with separators, letters that run into digits, a plus or bracket, kanji numerals. The class in front lets
# the engine skip whatever else there is in a text.
ANCHOR = re.compile(
    r"[0-9A-Za-z+(〇零](?:"
    r"(?<=[0-9])(?<![0-9].)(?=(?:[-() .|]{0,3}[0-9]){3})|(?<=[A-Za-z])(?<![0-9A-Za-z].)[A-Za-z]{0,3}(?=[-0-9])|"
    r"(?<=\+)(?=[ 0-9])|(?<=\()(?=[0-9])|(?<=[〇零])(?<![〇零一二三四五六七八九].)(?=[一二三四五六七八九〇零]))"
)
_MAIL_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#'+_~%-")
_LOCAL, _DOMAIN = 64, 256  # the longest parts of a mail address (RFC 5321)
Place = tuple[Rule, int, int]  # a rule and the view positions of its match


class Starts:
    """Finds the matches of many rules; their number hardly slows it, since a place where none can begin costs one regex step."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        anchored = [r for r in rules if _begins_at_anchor(r)]
        self._free = [r for r in rules if r not in anchored]
        self._wanted = Triggers([(r.regex,) for r in self._free])
        self._anchored = [(r, beginnings(r.regex)) for r in anchored]
        self._together: dict[str, _Together] = {}  # by the letter at the anchor

    def _at(self, letter: str) -> _Together:
        """The rules that a letter can begin."""
        known = self._together.get(letter)
        if known is None:
            known = self._together[letter] = _together([r for r, first in self._anchored if first is None or letter in first])
        return known

    def find(self, text: str, prints: Prints | None = None) -> Iterator[Place]:
        """Every rule at every place where it matches."""
        for anchor in ANCHOR.finditer(text):
            together, groups = self._at(text[anchor.start()])
            found = together.match(text, anchor.start())
            if found is None or found.lastindex is None:
                continue
            spans = found.regs
            for group, rule in groups:
                start, end = spans[group]
                if start >= 0:
                    yield rule, start, end
        wanted = self._wanted.groups(text, prints)
        for n, rule in enumerate(self._free):
            for found in rule.regex.finditer(text) if wanted & 1 << n else ():
                yield rule, found.start(), found.end()


_Together = tuple[re.Pattern[str], list[tuple[int, Rule]]]


def _together(rules: Sequence[Rule]) -> _Together:
    """One pattern that asks every rule at a place, and the group that answers for each."""
    asked = re.compile("".join(f"(?:(?=(?P<r{n}>{r.regex.pattern})))?" for n, r in enumerate(rules)))
    return asked, [(asked.groupindex[f"r{n}"], r) for n, r in enumerate(rules)]


def around_at(text: str, rules: Sequence[Rule]) -> Iterator[Place]:
    """Mail addresses: from each @ to the left as far as its characters reach, then the rules from there."""
    at = text.find("@")
    while at >= 0:
        start = at
        while start > 0 and at - start < _LOCAL and text[start - 1] in _MAIL_CHARACTERS:
            start -= 1
        for rule in rules:
            found = rule.regex.search(text, start, min(len(text), at + _DOMAIN))
            if found is not None and found.start() < at < found.end():
                yield rule, found.start(), found.end()
        at = text.find("@", at + 1)


def _begins_at_anchor(rule: Rule) -> bool:
    """Whether the rule's examples all begin where anchors are looked for; a rule without examples is searched for everywhere."""
    for example in rule.examples.match:
        text, start, _ = unmark(example)
        before = fold(unicodedata.normalize("NFKC", text[:start]))
        if len(before) not in {a.start() for a in ANCHOR.finditer(fold(unicodedata.normalize("NFKC", text)))}:
            return False
    return bool(rule.examples.match)
