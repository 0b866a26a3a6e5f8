"""The truth table as data: reads truth.toml and answers by its first row that fits."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec


class FindingRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row for one finding."""

    kind: str
    strength: str
    place: str
    decision: str
    severity: int
    violation: str


class DocumentRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row for a whole document."""

    policy: str
    status: str
    worst: str
    verdict: str
    severity: int
    violation: str


class Truth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both tables."""

    finding: list[FindingRow]
    document: list[DocumentRow]

    def of_finding(self, kind: str, strength: str, place: str) -> FindingRow:
        """The row for a finding. Raises LookupError when the table has a hole."""
        for row in self.finding:
            if row.kind in ("*", kind) and row.strength in ("*", strength) and row.place in ("*", place):
                return row
        raise LookupError(f"no row for {kind}, {strength}, {place}")

    def of_document(self, policy: str, status: str, worst: str) -> DocumentRow:
        """The row for a document. Raises LookupError when the table has a hole."""
        for row in self.document:
            if row.policy in ("*", policy) and row.status in ("*", status) and row.worst in ("*", worst):
                return row
        raise LookupError(f"no row for {policy}, {status}, {worst}")


@cache
def truth() -> Truth:
    """The table shipped beside this module."""
    text = Path(__file__).with_name("truth.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Truth)
