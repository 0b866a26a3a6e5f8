"""Counts what run.json and the terminal summary say: coverage first, then what to act on, then what went unexamined."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from scanner.model import Decision, Judged, Outcome, Status, family
from scanner.problems import CATALOGUE, Code
from scanner.report.files_csv import lost, lost_bytes, persons

TOP = 10
_GENERAL = frozenset({"mention", "label_only", "negated"})  # words about no certain person


def _holds(outcome: Outcome) -> bool:
    """Whether it may hold personal information, by its facts alone."""
    facts = outcome.facts
    said = any(not f.sample and f.evidence not in _GENERAL for f in facts.findings)
    return said and (facts.persons_upper > 0 or facts.severity >= "S2")


@dataclass(slots=True)
class Tally:
    """The counts of a run. ``new_unexamined``: documents that lost text and that the policy does not list as known."""

    statuses: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    code_bytes: Counter[str] = field(default_factory=Counter)  # of what was not examined for that reason
    code_accepted: Counter[str] = field(default_factory=Counter)  # documents that the policy lists as known
    entities: Counter[str] = field(default_factory=Counter)
    deltas: Counter[str] = field(default_factory=Counter)
    special_care: int = 0
    holding: int = 0  # documents in which something was found that may be personal information
    unexamined: int = 0
    new_unexamined: int = 0
    expired: int = 0  # of the new ones those that were accepted until a day that has passed
    top: list[tuple[tuple[int, str, int], int, str, str, str]] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        """Count one document."""
        outcome, verdict = judged.outcome, judged.verdict
        self.statuses[outcome.status.value] += 1
        self.bytes[outcome.status.value] += max(0, outcome.document.size)
        self.verdicts[verdict.decision.value] += 1
        self.severities[verdict.severity] += 1
        self.deltas.update(delta for delta, _ in verdict.extra.get("deltas", ()))
        findings = [f for inner in family(outcome) for f in inner.facts.findings]
        self.holding += bool(verdict.extra.get("holding", any(map(_holds, family(outcome)))))
        for finding in findings:
            self.entities[finding.entity] += finding.hits
        self.special_care += any(inner.facts.special_care for inner in family(outcome))
        problems = [p for p in lost(outcome) if p.loses]
        if outcome.status in (Status.PARTIAL, Status.UNREADABLE, Status.UNCHANGED) and problems:
            self.codes.update(p.code.value for p in problems)
            self.unexamined += 1
            accepted = bool(verdict.extra.get("accepted_unexamined", False))
            self.new_unexamined += not accepted
            self.expired += not accepted and bool(verdict.extra.get("acceptance"))
            self.code_accepted.update(p.code.value for p in problems if accepted)
            sizes = lost_bytes(outcome)
            self.code_bytes.update({p.code.value: sizes[p.code] for p in problems})
        self._rank(judged)

    def _rank(self, judged: Judged) -> None:
        order = {Decision.ACTION: 2, Decision.REVIEW: 1, Decision.NOT_JUDGED: 1}
        decision, severity = judged.verdict.decision, judged.verdict.severity
        if decision not in order or severity < "S2":
            return
        lower, upper = persons(judged.outcome)
        number = -sum(self.statuses.values())  # earlier paths first where all else is equal, and no two entries compare equal
        entry = ((order[decision], severity, upper), number, judged.outcome.document.uri, decision.value, f"{lower}～{upper}")
        (heapq.heappush if len(self.top) < TOP else heapq.heappushpop)(self.top, entry)

    @property
    def documents(self) -> int:
        """Every document counted."""
        return sum(self.statuses.values())

    def exit_status(self, *, fail_on_incomplete: bool = False) -> int:
        """0 nothing to act on, 1 action, 3 incomplete, 4 both."""
        action = self.verdicts[Decision.ACTION.value] > 0
        incomplete = (self.unexamined if fail_on_incomplete else self.new_unexamined) > 0
        return {(False, False): 0, (True, False): 1, (False, True): 3, (True, True): 4}[action, incomplete]

    def summary(self) -> dict[str, Any]:
        """The counts as run.json has them."""
        return {
            "documents": {status.value: self.statuses[status.value] for status in Status},
            "coverage": {
                "walked": self.documents,
                "bytes": {status.value: self.bytes[status.value] for status in Status},
                "unexamined": self.unexamined,
                "newly_unexamined": self.new_unexamined,
                "acceptance_expired": self.expired,
            },
            "verdicts": {decision.value: self.verdicts[decision.value] for decision in Decision},
            "severities": {f"S{n}": self.severities[f"S{n}"] for n in range(6)},
            "documents_with_findings": self.holding,
            "special_care_documents": self.special_care,
            "unexamined": {
                code: {
                    "count": count,
                    "bytes": self.code_bytes[code],
                    "accepted": self.code_accepted[code],
                    "ja": CATALOGUE[Code(code)].ja,
                    "en": CATALOGUE[Code(code)].en,
                    "remedy_ja": CATALOGUE[Code(code)].remedy_ja,
                    "remedy_en": CATALOGUE[Code(code)].remedy_en,
                }
                for code, count in sorted(self.codes.items())
            },
            "entities": dict(sorted(self.entities.items())),
            "findings": {"new": self.deltas["new"], "known": self.deltas["known"]},
        }
