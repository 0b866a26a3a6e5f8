"""A rule's match with its weight, and what speaks for it and against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scanner.detect.context import Said
from scanner.detect.rules import Rule

BESIDE = 12  # characters: a cue so near stands beside the number
LABEL_SCORE, DOUBTED = 0.95, 0.5
FAILED = "check digit fails"
SHAPE_CHECKS = ("phone", "phone_without_zero", "postal_code")  # no check digit: what fails is not such a number at all


class Hit(NamedTuple):
    """View positions, the rule, the check digit's word (None: has none) and the confidence."""

    start: int
    end: int
    rule: Rule
    checked: bool | None
    score: float


def search(rules: Sequence[Rule], value: str) -> Iterator[Hit]:
    """The rules' matches in a labelled value; rules for labelled values alone come in only when the others find nothing.

    Of overlapping ones the longest stands, then that of the surer rule, then that of the later rule (a user's over ours).
    """
    for labelled in (False, True):
        hits: list[tuple[int, float, int, Hit]] = []
        for n, rule in enumerate(rules):
            if rule.phrase or (rule.needs == "label") is not labelled:
                continue
            for m in rule.regex.finditer(value):
                checked = rule.passes(m[0], m[0])
                if m.start() == m.end() or (checked is False and rule.check in SHAPE_CHECKS):
                    continue
                score = LABEL_SCORE if checked is not False else DOUBTED
                hits.append((m.start() - m.end(), -rule.score.near, -n, Hit(m.start(), m.end(), rule, checked, score)))
        taken: list[Hit] = []
        for _, _, _, hit in sorted(hits, key=lambda h: h[:3]):
            if not any(t.start < hit.end and hit.start < t.end for t in taken):
                taken.append(hit)
        if taken:
            yield from sorted(taken, key=lambda h: h.start)
            return


def speaks(said: Said, rule: Rule) -> bool:
    """Whether a cue word supports the rule and is near enough."""
    return said.distance <= rule.within and (rule.id in said.cue.rules or rule.entity in said.cue.entities)


def against(said: Said, rule: Rule) -> bool:
    """Whether a cue announces a number of another kind and no digits have used it up."""
    if not said.clear or said.distance > BESIDE:
        return False
    if rule.id in said.cue.denied or said.cue.other:
        return True
    return bool(said.cue.entities) and rule.entity not in said.cue.entities and rule.id not in said.cue.rules
