"""The policy file: its keys, and every check that names the file and line of a mistake."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from scanner import tomlfile
from scanner.taxonomy import Taxonomy
from scanner.tomlfile import FileRefused, Lines, Steps

SEVERITIES = ("S0", "S1", "S2", "S3", "S4", "S5")


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers of the truth table: confidence from which to act or to ask, persons that make a list, persons that make it many."""

    confidence_action: float = 0.85
    confidence_review: float = 0.5
    table_persons: int = 20
    many_persons: int = 1000


class Retention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a class may be kept; for people and later reports, never a verdict here."""

    days: int | None = None
    rule: str = ""
    event: str = ""
    basis: str = ""


class ClassRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a class may be used for. ``allow_purposes`` absent: any purpose; empty: none."""

    allow_purposes: list[str] | None = None
    retention: Retention | None = None
    note: str = ""


class Exemption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Classes that a location may hold besides its own, up to and including a day."""

    until: date
    reason: str
    approver: str
    ticket: str = ""
    classes: list[str] = []


class Location(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An approved place."""

    id: str
    path: str
    purposes: list[str] = []
    classes: list[str] = []
    owner: str = ""
    department: str = ""
    note: str = ""
    access: list[str] = []
    controls: list[str] = []
    retention_days: int | None = None
    exceptions: list[Exemption] = []


class DefaultLocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every place that no location covers."""

    purposes: list[str] = []
    classes: list[str] = []
    owner: str = ""
    department: str = ""
    note: str = ""


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A 管理単位: who looks after a part of the share."""

    path: str
    id: str
    name: str = ""
    department: str = ""
    owner: str = ""
    purpose: str = ""


class CustomIdentifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An identifier of the organisation's own, e.g. its member numbers."""

    label: str
    regex: str
    near: list[str] = []


class Accepted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding that a person has accepted where it is."""

    finding: str
    reason: str
    approver: str
    until: date
    ticket: str = ""


class AcceptedUnexamined(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files that are known not to be examinable. ``code``: the problem; empty for any."""

    path: str
    owner: str
    until: date
    reason: str = ""
    code: str = ""


class PolicyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A policy file, ``policy.toml``."""

    organization: str
    version: Any
    basis: list[str] = []
    timezone: str = "Asia/Tokyo"
    contact: str = ""
    purposes: dict[str, str] = {}
    classes: dict[str, ClassRule] = {}
    locations: list[Location] = []
    default_location: DefaultLocation = DefaultLocation()
    units: list[Unit] = []
    custom_identifiers: dict[str, CustomIdentifier] = {}
    thresholds: Thresholds = Thresholds()
    accepted: list[Accepted] = []
    accepted_unexamined: list[AcceptedUnexamined] = []
    deadlines: dict[str, str] = {}


def read(path: Path, taxonomy: Taxonomy) -> tuple[PolicyFile, Lines]:
    """The checked policy file and the lines of its keys. Raises FileRefused with file and line."""
    file, lines = tomlfile.read(path, PolicyFile)
    _Checker(path, lines, taxonomy).check(file)
    return file, lines


def resolve_class(name: str, taxonomy: Taxonomy) -> str:
    """``entity:…``, ``category:…`` or ``layer:…`` for a class as written. Raises ValueError with a sentence in both languages."""
    known = {"entity": taxonomy.entities, "category": taxonomy.categories, "layer": taxonomy.layers}
    prefix, colon, bare = name.partition(":")
    if colon:
        if prefix in known and bare in known[prefix]:
            return name
        raise ValueError(f"「{name}」という分類はありません。", f"there is no class '{name}'.")
    found = [f"{kind}:{name}" for kind, names in known.items() if name in names]
    if len(found) == 1:
        return found[0]
    if found:
        either = "・".join(found)
        raise ValueError(f"「{name}」は一つに決まりません（{either}）。", f"'{name}' is ambiguous ({', '.join(found)}).")
    raise ValueError(f"「{name}」という分類はありません。", f"there is no class '{name}'.")


class _Checker:
    """Checks that a type cannot express."""

    def __init__(self, path: Path, lines: Lines, taxonomy: Taxonomy) -> None:
        self.path = path
        self.lines = lines
        self.taxonomy = taxonomy

    def refuse(self, steps: Steps, ja: str, en: str) -> FileRefused:
        return FileRefused(self.path, self.lines.find(steps), ja, en)

    def check(self, file: PolicyFile) -> None:
        if not isinstance(file.version, str | date) or not str(file.version).strip():
            raise self.refuse(("version",), "version は文字列か日付にしてください。", "version must be a string or a date.")
        for name, rule in file.classes.items():
            self._classes([name], ("classes", name))
            self._purposes(rule.allow_purposes or [], file, ("classes", name, "allow_purposes"))
        ids: set[str] = set()
        for number, place in enumerate(file.locations):
            at: Steps = ("locations", number)
            if not place.id or place.id in ids:
                raise self.refuse(
                    (*at, "id"),
                    f"場所のid「{place.id}」が空か重複しています。",
                    f"location id '{place.id}' is empty or used twice.",
                )
            ids.add(place.id)
            if not place.path.strip():
                raise self.refuse((*at, "path"), "path が空です。", "path is empty.")
            self._classes(place.classes, (*at, "classes"))
            self._purposes(place.purposes, file, (*at, "purposes"))
            for inner, exemption in enumerate(place.exceptions):
                self._classes(exemption.classes, (*at, "exceptions", inner, "classes"))
        self._classes(file.default_location.classes, ("default_location", "classes"))
        self._purposes(file.default_location.purposes, file, ("default_location", "purposes"))
        for name in file.deadlines:
            if name not in SEVERITIES:
                raise self.refuse(("deadlines", name), f"「{name}」という重要度はありません。", f"there is no severity '{name}'.")
        for name, custom in file.custom_identifiers.items():
            try:
                re.compile(custom.regex)
            except re.error as error:
                steps: Steps = ("custom_identifiers", name, "regex")
                raise self.refuse(steps, f"正規表現として読めません（{error}）。", f"not a regular expression ({error}).") from None
        self._numbers(file.thresholds)

    def _classes(self, names: list[str], steps: Steps) -> None:
        for name in names:
            try:
                resolve_class(name, self.taxonomy)
            except ValueError as error:
                raise self.refuse(steps, *error.args) from None

    def _purposes(self, names: list[str], file: PolicyFile, steps: Steps) -> None:
        for name in names:
            if name not in file.purposes:
                raise self.refuse(steps, f"「{name}」は purposes にありません。", f"'{name}' is not among the purposes.")

    def _numbers(self, numbers: Thresholds) -> None:
        if not 0 <= numbers.confidence_review <= numbers.confidence_action <= 1:
            steps: Steps = ("thresholds", "confidence_review")
            raise self.refuse(
                steps,
                "0 ≦ confidence_review ≦ confidence_action ≦ 1 としてください。",
                "0 ≤ confidence_review ≤ confidence_action ≤ 1 must hold.",
            )
        for name in ("table_persons", "many_persons"):
            if getattr(numbers, name) < 1:
                raise self.refuse(("thresholds", name), f"{name} は1以上にしてください。", f"{name} must be 1 or more.")
