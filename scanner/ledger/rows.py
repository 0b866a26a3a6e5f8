"""Turns an outcome into rows of the ledger and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scanner.model import Document, Facts, Finding, Nature, Outcome, Status, family
from scanner.problems import CATALOGUE, Code, Problem, Stage

COLUMNS = Finding._fields


def text(value: str) -> str | bytes:
    """A string as SQLite can hold it: bytes when it has lone surrogates (file names that are no text)."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")
    return value


def untext(value: str | bytes) -> str:
    """The way back."""
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value


def again(outcome: Outcome) -> int:
    """1 when it lost text to something that may be gone next time, 2 when it lacked a password, else 0."""
    lost = [p for inner in family(outcome) for p in inner.problems if p.loses]
    if any(not CATALOGUE[p.code].lasting for p in lost):
        return 1
    return 2 if any(p.code is Code.ENCRYPTED for p in lost) else 0


def head(outcome: Outcome) -> str:
    """The outcome with all inside it, without findings, problems, matches and blocks, as JSON in plain ASCII."""
    return json.dumps(_head(outcome), separators=(",", ":"))


def _head(outcome: Outcome) -> dict[str, Any]:
    document, facts = outcome.document, outcome.facts
    return {
        "document": [document.size, document.modified, document.owner, document.root, list(document.inside)],
        "status": outcome.status.value,
        "facts": {
            "special_care": facts.special_care,
            "sensitive_only": facts.sensitive_only,
            "categories": dict(facts.categories),
            "certainty": dict(facts.certainty),
            "persons_lower": facts.persons_lower,
            "persons_upper": facts.persons_upper,
            "professionals": facts.professionals,
            "nature": facts.nature.value,
            "severity": facts.severity,
            "text_date": facts.text_date,
            "because": facts.because,
        },
        "content_id": outcome.content_id,
        "format": outcome.format,
        "encoding": outcome.encoding,
        "characters": outcome.characters,
        "seconds": outcome.seconds,
        "profile": outcome.profile,
        "members": [_head(member) for member in outcome.members],
    }


def finding_row(finding: Finding) -> list[Any]:
    """A finding's columns, in the order of COLUMNS."""
    row: list[Any] = list(finding)
    row[COLUMNS.index("categories")] = ",".join(finding.categories)
    for name in ("masked", "place", "inside", "because"):
        at = COLUMNS.index(name)
        row[at] = text(row[at])
    return row


def finding(row: Iterable[Any]) -> Finding:
    """The way back."""
    values = dict(zip(COLUMNS, row, strict=True))
    values["categories"] = tuple(c for c in values["categories"].split(",") if c)
    for name in ("masked", "place", "inside", "because"):
        values[name] = untext(values[name])
    values["checked"] = None if values["checked"] is None else bool(values["checked"])
    values["sample"] = bool(values["sample"])
    return Finding(**values)


def problem(stage: str, code: str, detail: str | bytes, place: str | bytes) -> Problem:
    """A problem from its columns."""
    return Problem(Stage(stage), Code(code), untext(detail), untext(place))


def outcome(
    uri: str,
    stamp: bytes,
    recipe: str,
    data: Mapping[str, Any],
    findings: Mapping[int, list[Finding]],
    problems: Mapping[int, list[Problem]],
    *,
    unchanged: bool,
) -> Outcome:
    """An outcome from its head, its findings and problems by number of member. ``unchanged`` replaces the root's status."""
    numbers = iter(range(1 << 30))
    return _outcome(uri, stamp, recipe, data, findings, problems, numbers, unchanged)


def _outcome(
    uri: str,
    stamp: bytes,
    recipe: str,
    data: Mapping[str, Any],
    findings: Mapping[int, list[Finding]],
    problems: Mapping[int, list[Problem]],
    numbers: Iterator[int],
    unchanged: bool,
) -> Outcome:
    number = next(numbers)
    size, modified, owner, root, inside = data["document"]
    facts = dict(data["facts"])
    facts["nature"] = Nature(facts["nature"])
    for name in ("special_care", "sensitive_only", "because"):
        facts[name] = tuple(facts[name])
    return Outcome(
        Document(uri, stamp, size, modified, owner, root, tuple(inside)),
        Status.UNCHANGED if unchanged else Status(data["status"]),
        Facts(findings=tuple(findings.get(number, ())), **facts),
        tuple(problems.get(number, ())),
        tuple(_outcome(uri, stamp, recipe, m, findings, problems, numbers, False) for m in data["members"]),
        recipe,
        data["content_id"],
        data["format"],
        data["encoding"],
        data["characters"],
        data["seconds"],
        data["profile"],
    )
