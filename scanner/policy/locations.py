"""Approved places: what a path's place allows, who looks after it, and how a document there is judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scanner.model import Decision, Finding, Outcome, PersonRole, Status, Verdict, family
from scanner.policy import sentences
from scanner.policy.kinds import Weighed, weigh
from scanner.policy.paths import Pattern, absolute
from scanner.policy.policyfile import AcceptedUnexamined, Location, PolicyFile, Unit, read, resolve_class
from scanner.policy.truth import truth
from scanner.taxonomy import Taxonomy

_ORDER = ("none", "approved", "review", "action")


@dataclass(frozen=True, slots=True)
class Place:
    """What the policy says of a path: the location that won (None: default_location), what it allows today, its unit."""

    location: Location | None
    allowed: frozenset[str]
    purposes: frozenset[str]
    unit: Unit | None
    department: str
    owner: str

    @property
    def clause(self) -> str:
        """The part of the policy that decided."""
        return f"locations.{self.location.id}" if self.location else "default_location"


class Approved:
    """A loaded policy; see contracts.Policy. ``today`` decides which exceptions and acceptances are in force."""

    def __init__(self, file: PolicyFile, folder: Path, taxonomy: Taxonomy, *, lang: str = "ja", today: date | None = None) -> None:
        self.file = file
        self.taxonomy = taxonomy
        self.lang = lang
        self.today = today or date.today()
        self.patterns = [Pattern(location.path, folder) for location in file.locations]
        self._units = [Pattern(unit.path, folder) for unit in file.units]
        self._unexamined = [(Pattern(entry.path, folder), entry) for entry in file.accepted_unexamined]
        self._accepted = {entry.finding: entry for entry in file.accepted if entry.until >= self.today}
        self.rules = {resolve_class(name, taxonomy): rule for name, rule in file.classes.items()}

    @property
    def version(self) -> str:
        """The policy's own version."""
        return str(self.file.version)

    # ------------------------------------------------------------ places

    def winners(self, uri: str) -> list[Location]:
        """Every location that covers a path, the one that counts first."""
        path = absolute(uri)
        found = [(pattern.specific, -n) for n, pattern in enumerate(self.patterns) if pattern.covers(path)]
        return [self.file.locations[-n] for _, n in sorted(found, reverse=True)]

    def place(self, uri: str) -> Place:
        """What the policy says of a path."""
        return self._place(next(iter(self.winners(uri)), None), absolute(uri))

    def place_named(self, name: str) -> Place | None:
        """What the policy says of a location by its id; None when there is none of that id."""
        for location, pattern in zip(self.file.locations, self.patterns, strict=True):
            if location.id == name:
                return self._place(location, pattern.normal)
        return None

    def _place(self, here: Location | None, path: str) -> Place:
        units = [(pattern.specific, -n) for n, pattern in enumerate(self._units) if pattern.covers(path)]
        unit = self.file.units[-max(units)[1]] if units else None
        if here is not None:
            names = [*here.classes, *(c for e in here.exceptions if e.until >= self.today for c in e.classes)]
            purposes, department, owner = here.purposes, here.department, here.owner
        else:
            rest = self.file.default_location
            names, purposes, department, owner = rest.classes, rest.purposes, rest.department, rest.owner
        return Place(
            here,
            frozenset(resolve_class(name, self.taxonomy) for name in names),
            frozenset(purposes),
            unit,
            (unit.department if unit else "") or department or owner,
            (unit.owner if unit else "") or owner,
        )

    def allows(self, place: Place, weighed: Weighed) -> tuple[str, list[str]]:
        """``approved``, ``purpose`` or ``outside`` for a finding, with the purposes its classes allow."""
        allowed_purposes: list[str] = []
        fits = True
        for group in weighed.groups:
            if not place.allowed.intersection(group):
                return "outside", []
            for name in group:
                rule = self.rules.get(name)
                if rule is not None and rule.allow_purposes is not None:
                    allowed_purposes += [p for p in rule.allow_purposes if p not in allowed_purposes]
                    fits = fits and bool(place.purposes.intersection(rule.allow_purposes))
                    break
        return ("approved" if fits else "purpose"), allowed_purposes

    # ------------------------------------------------------------ verdicts

    def judge(self, outcome: Outcome, place: Place | None = None) -> Verdict:
        """The verdict on a document where it lies (or in another place), everything inside it included."""
        place = place or self.place(outcome.document.uri)
        judged = [self._finding(f, inner, place) for inner in family(outcome) for f in inner.facts.findings]
        holding = any(d.holding for d in judged)
        worst = max((d.decision for d in judged), key=_ORDER.index, default="none")
        status = outcome.status
        if status is Status.UNCHANGED:
            status = Status.PARTIAL if any(p.loses for p in outcome.problems) else Status.READ
        row = truth().of_document("yes", status.value, worst)
        grave = max([row.severity, *(int(d.severity[1]) for d in judged)], default=0)
        leading = [d for d in judged if d.decision == worst and d.decision != "none"]
        leading.sort(key=lambda d: d.severity, reverse=True)
        because = list(dict.fromkeys(d.because for d in leading))
        if row.verdict == "undetermined":
            why = " ".join(dict.fromkeys(p.sentence(self.lang) for p in outcome.problems if p.loses))
            because.insert(0, sentences.sentence(sentences.SENTENCES["UNVERIFIABLE"], self.lang, why=why))
        elif row.verdict == "none_found":
            because.append(self._nothing(outcome.profile, holding=holding))
        severity = f"S{grave}"
        known = self._known_unexamined(outcome)
        return Verdict(
            Decision(row.verdict),
            severity,
            self._clause(place),
            tuple(because),
            row.violation or next((d.violation for d in leading), ""),
            (place.unit.name or place.unit.id) if place.unit else "",
            place.department,
            place.owner,
            accepted=bool(judged) and all(d.accepted for d in leading) and worst == "approved" and any(d.accepted for d in judged),
            findings=tuple((d.decision, d.violation) for d in judged),
            extra={
                "details": tuple(judged),
                "due": self.file.deadlines.get(severity, "") if row.verdict in ("action", "review") else "",
                "holding": holding,
                "policy_version": self.version,
                "accepted_unexamined": known is not None and known.until >= self.today,
                "acceptance": known and (known.owner, known.until.isoformat(), known.reason),
            },
        )

    def _nothing(self, profile: str, *, holding: bool) -> str:
        """What to say where nothing needs a decision."""
        if holding:
            return sentences.sentence(sentences.SHOWN, self.lang)
        if self.lang == "ja" or profile == "fast":
            profile = sentences.PROFILES.get(profile, profile)
        return sentences.sentence(sentences.NOTHING, self.lang, profile=profile)

    def _clause(self, place: Place) -> str:
        return f"{self.file.basis[0]}（{place.clause}）" if self.file.basis else place.clause

    def _known_unexamined(self, outcome: Outcome) -> AcceptedUnexamined | None:
        """The entry that lists a document as known not to be examinable: one in force, else the one that expired last."""
        path = absolute(outcome.document.uri)
        codes = {p.code.value for inner in family(outcome) for p in inner.problems if p.loses}
        if not codes:
            return None
        fits = [
            entry
            for pattern, entry in self._unexamined
            if (not entry.code or codes - {"member-unread"} <= {entry.code}) and pattern.covers(path)
        ]
        return max(fits, key=lambda entry: entry.until, default=None)

    def _finding(self, finding: Finding, outcome: Outcome, place: Place) -> Detail:
        weighed = weigh(finding, outcome.facts, self.taxonomy, self.file.thresholds)
        where, purposes = self.allows(place, weighed)
        row = truth().of_finding(weighed.kind, weighed.strength, where)
        grave = row.severity
        if row.decision in ("review", "action") and outcome.facts.persons_upper > self.file.thresholds.many_persons:
            grave = min(5, grave + 1)
        entry = self._accepted.get(finding.finding_id)
        if entry and row.decision in ("review", "action"):
            words = {"reason": entry.reason, "approver": entry.approver, "until": entry.until}
            return Detail("approved", "S0", "", sentences.sentence(sentences.ACCEPTED, self.lang, **words), place.clause, True)
        return Detail(
            row.decision,
            f"S{grave}",
            row.violation,
            self._because(row.decision, row.violation, grave, weighed, outcome, place, purposes),
            self._clause(place),
            holding=weighed.kind != "nothing" or finding.role == PersonRole.PROFESSIONAL,
        )

    def _because(
        self, decision: str, violation: str, grave: int, weighed: Weighed, outcome: Outcome, place: Place, purposes: Sequence[str]
    ) -> str:
        if decision == "none":
            return ""
        name = place.location.id if place.location else sentences.sentence(sentences.NO_PLACE, self.lang)
        if decision == "approved":
            return sentences.sentence(sentences.APPROVED, self.lang, place=name)
        return sentences.sentence(
            sentences.SENTENCES[violation],
            self.lang,
            what=self.named(weighed),
            lower=outcome.facts.persons_lower,
            upper=outcome.facts.persons_upper,
            place=name,
            purposes=self._listed(purposes),
            here=self._listed(sorted(place.purposes)),
            due=sentences.due(self.file.deadlines.get(f"S{grave}", ""), self.lang),
        )

    def named(self, weighed: Weighed) -> str:
        """The class of a finding in words: the layer with the categories."""
        entity = weighed.finding.entity
        if not weighed.finding.categories:
            layer = weighed.layer
            words = f"{self.taxonomy.category(layer, self.lang)}（{self.taxonomy.entity(entity, self.lang)}）"
            return self.taxonomy.entity(entity, self.lang) if weighed.kind in ("card", "unmasked") else words
        names = "・".join(self.taxonomy.category(c, self.lang) for c in weighed.finding.categories)
        return f"{self.taxonomy.category(weighed.layer, self.lang)}（{names}）"

    def _listed(self, purposes: Iterable[str]) -> str:
        return "・".join(purposes) or ("なし" if self.lang == "ja" else "none")


@dataclass(frozen=True, slots=True)
class Detail:
    """The verdict on one finding. ``holding``: it may be personal information, whether or not it needs a decision."""

    decision: str
    severity: str
    violation: str
    because: str
    clause: str
    accepted: bool = False
    holding: bool = True


class Unjudged:
    """What stands in where no policy was given: everything is ``not_judged``, severity as the facts have it."""

    version = ""

    def judge(self, outcome: Outcome) -> Verdict:
        """Not judged."""
        row = truth().of_document("no", outcome.status.value, "none")
        severity = max((inner.facts.severity for inner in family(outcome)), default="S0")
        return Verdict(Decision(row.verdict), severity)


def load(path: Path, taxonomy: Taxonomy, *, lang: str = "ja", today: date | None = None) -> Approved:
    """The policy in a file. Raises FileRefused with file and line."""
    file, _ = read(path, taxonomy)
    return Approved(file, path.absolute().parent, taxonomy, lang=lang, today=today)
