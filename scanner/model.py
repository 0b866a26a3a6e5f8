"""The nouns: what every part of the house hands to the next. Frozen, checked at birth, without behaviour of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from scanner.problems import Problem

Ints = npt.NDArray[np.int32]
WINDOW = 65_536  # characters: the most that one block's text may hold


# ---------------------------------------------------------------- places


@dataclass(frozen=True, slots=True)
class Line:
    """A line and column of a text, counted from 1."""

    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """A page, counted from 1, and a line on it where known (0: unknown)."""

    page: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a sheet or table; row and column counted from 1 as the file counts them."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide, counted from 1; ``part`` tells notes and comments from the slide itself."""

    number: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a document (body, header, comment …) and a paragraph of it (0: the whole)."""

    name: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Key:
    """A key path of a structured file, e.g. ``members[3].name``, and which of its values it is, from 1 (0: unknown).

    The path is text of the document and may itself be a value, so reports show ``number`` and the path's indices only.
    """

    path: str
    number: int = 0


Anchor = Line | Page | Cell | Slide | Part | Key


# ---------------------------------------------------------------- documents and their text


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters in a block's raw text. Empty or negative ranges are refused."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class Document:
    """What a document is; nothing of what it says.

    ``uri``: path as a person types it. ``stamp``: opaque bytes from the source that change when the content may have changed.
    ``inside``: chain of member names when it lies inside another document. ``modified``: seconds since the epoch, or None.
    """

    uri: str
    stamp: bytes = b""
    size: int = -1
    modified: float | None = None
    owner: str = ""
    root: str = ""
    inside: tuple[str, ...] = ()


class Kind(StrEnum):
    """How the text of a block is laid out."""

    TEXT = "text"  # lines
    TABLE = "table"  # a grid of cells: tab between cells, newline after a row
    PAIRS = "pairs"  # a key cell and a value cell in each row: the format itself says which is which


class Section(StrEnum):
    """What part of a document a block comes from."""

    BODY = "body"
    HEADER = "header"
    FOOTER = "footer"
    COMMENT = "comment"
    NOTE = "note"
    DELETED = "deleted"
    HIDDEN = "hidden"
    SUBJECT = "subject"
    QUOTED = "quoted"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A window of at most WINDOW characters of a document's text, cut at record borders.

    ``starts``: TEXT the start of each line, TABLE and PAIRS the start of each cell, ascending from 0. Cell *i* is
    ``text[starts[i]:starts[i+1]-1]`` (one separator character), the last one ends with the text.
    ``rows``, ``columns`` (TABLE, PAIRS): 1-based row and column of each cell. ``records``: record number of each cell where the
    format knows it (JSON elements, SQL tuples), else None and a table's record is its row.
    ``place``: anchor of the beginning; ``anchor()`` refines it. ``scope``: number of the page, slide, sheet or mail message
    the block belongs to: blocks of equal scope are near each other. ``part``: 0 for the first window of a table, 1, 2 … after it.
    """

    index: int
    text: str
    kind: Kind
    place: Anchor
    starts: Ints
    rows: Ints | None = None
    columns: Ints | None = None
    records: Ints | None = None
    section: Section = Section.BODY
    heading: str = ""
    scope: int = 0
    part: int = 0

    def __post_init__(self) -> None:
        if len(self.text) > WINDOW:
            raise ValueError(f"block of {len(self.text)} characters")

    def cell_at(self, offset: int) -> int:
        """Index of the line or cell that holds the raw offset."""
        return max(0, int(np.searchsorted(self.starts, offset, side="right")) - 1)

    def cell_span(self, index: int) -> tuple[int, int]:
        """Raw start and end of a line or cell, its separator left out."""
        start = int(self.starts[index])
        end = int(self.starts[index + 1]) - 1 if index + 1 < len(self.starts) else len(self.text)
        return start, max(start, end)

    def anchor(self, offset: int) -> Anchor:
        """Where a person finds the character at a raw offset."""
        i = self.cell_at(offset)
        match self.place:
            case Line(line, _):
                return Line(line + i, offset - int(self.starts[i]) + 1)
            case Page(page, line):
                return Page(page, (line or 1) + i)
            case Cell(sheet, _, _) if self.rows is not None and self.columns is not None:
                return Cell(sheet, int(self.rows[i]), int(self.columns[i]))
            case Part(name, number) if self.kind is Kind.TEXT and number:
                return Part(name, number + i)
            case Key(_) if self.kind is Kind.PAIRS and self.rows is not None:
                start, end = self.cell_span(i - i % 2)
                return Key(self.text[start:end], int(self.rows[i]))
            case place:
                return place


@dataclass(frozen=True, slots=True)
class Member:
    """A document inside another one, still to be read. ``stream`` is open for reading at its beginning.

    ``problem``: what is known to be wrong with it beforehand; an empty stream with a problem is a member that can't be had.
    """

    name: str
    stream: BinaryIO = field(default_factory=BytesIO)
    size: int = -1
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Trait:
    """A fact about the document as a whole that a reader learned: ``encoding``, ``pages``, ``text_date`` …"""

    name: str
    value: str


# ---------------------------------------------------------------- what was found


class Evidence(StrEnum):
    """How firmly a sensitive statement is tied to a person (taxonomy 3.2), weakest first."""

    __hash__ = str.__hash__  # an enumeration's own is a step of Python for every look into a set

    MENTION = "mention"
    LABEL_ONLY = "label_only"
    NEGATED = "negated"
    INFERENCE = "inference"
    ASSERTED_UNLINKED = "asserted_unlinked"
    LINKED_INDIRECT = "linked_indirect"
    LINKED_DIRECT = "linked_direct"

    @property
    def rank(self) -> int:
        """0 for the weakest."""
        return _EVIDENCE.index(self)

    @property
    def linked(self) -> bool:
        """E4 or E5: counts as 要配慮個人情報."""
        return self in (Evidence.LINKED_INDIRECT, Evidence.LINKED_DIRECT)


_EVIDENCE = tuple(Evidence)


class Certainty(StrEnum):
    """How settled the law is on such a statement."""

    __hash__ = str.__hash__  # an enumeration's own is a step of Python for every look into a set

    CLEAR = "clear"
    LIKELY = "likely"
    REVIEW = "review"


class PersonRole(StrEnum):
    """Who a person is in the document; only some can be the 本人 of a sensitive statement."""

    __hash__ = str.__hash__  # an enumeration's own is a step of Python for every look into a set

    SUBJECT = "subject"
    FAMILY = "family"
    STAFF = "staff"
    PROFESSIONAL = "professional"  # doctors, nurses, care managers, lawyers …
    SENDER = "sender"
    OTHER = "other"  # friends, neighbours, witnesses, agents: neither the subject nor of his family
    UNKNOWN = ""


class Strength(StrEnum):
    """What a sensitive term can prove by itself."""

    STRONG = "strong"
    WEAK = "weak"
    ABBREVIATION = "abbreviation"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Match:
    """A detector's claim about a range of a block's raw text; never leaves the worker except through ``inspect``.

    ``entity``: id of patterns/entities.toml. ``score``: 0..1. ``cue``: the label or keyword that supports it, never a value.
    ``group``: joins the parts of a name or address that is split over cells. ``categories``: the sensitive categories it can
    support. ``strength``: of a sensitive term, else None. ``sample``: a specimen (記入例, 山田太郎 …), not a real person.
    ``checked``: check digit right (True), wrong (False), none (None).
    """

    entity: str
    block: int
    start: int
    end: int
    rule: str
    score: float
    cue: str = ""
    group: str | None = None
    role: PersonRole = PersonRole.UNKNOWN
    categories: tuple[str, ...] = ()
    strength: Strength | None = None
    sample: bool = False
    checked: bool | None = None
    normalized: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"empty match: {self.start}..{self.end}")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score out of range: {self.score}")


@dataclass(frozen=True, slots=True)
class Classified:
    """A match with what classification says of it. ``because``: reasons in terms of labels and rules, never of values."""

    match: Match
    evidence: Evidence | None
    categories: tuple[str, ...]
    role: PersonRole
    confidence: float
    certainty: Certainty = Certainty.CLEAR
    because: tuple[str, ...] = ()


class Finding(NamedTuple):
    """One row a report may show: an entity in a record group or column of a document. Holds no raw value.

    A plain tuple, since frozen objects cost 21 µs each to cross the process border and tuples 1.2 µs.
    ``digest``: keyed digest of the canonical value, empty for My Number and its like. ``place``: printable anchor.
    """

    finding_id: str
    entity: str
    categories: tuple[str, ...]
    evidence: str
    certainty: str
    confidence: float
    hits: int
    persons_lower: int
    persons_upper: int
    role: str
    masked: str
    digest: str
    place: str
    inside: str
    rule: str
    because: str
    checked: bool | None
    sample: bool


class Passage(NamedTuple):
    """Where a document says something of a category, whatever it comes to, for ``explain``. Holds no raw value."""

    category: str
    evidence: str
    entity: str
    masked: str
    place: str
    rule: str
    role: str
    certainty: str
    hits: int
    because: tuple[str, ...]


class Nature(StrEnum):
    """Whether the document is 個人データ (taxonomy 3.1)."""

    DATABASE_LIKE = "database_like"
    EXTRACT_LIKE = "extract_like"
    SCATTERED = "scattered"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Facts:
    """What classification says of a whole document; facts only, no judgement about its place."""

    findings: tuple[Finding, ...] = ()
    matches: tuple[Classified, ...] = ()  # only when asked for (inspect, explain, show)
    special_care: tuple[str, ...] = ()
    sensitive_only: tuple[str, ...] = ()
    categories: Mapping[str, str] = field(default_factory=dict)  # category id → best evidence
    certainty: Mapping[str, str] = field(default_factory=dict)  # category id → legal certainty
    persons_lower: int = 0
    persons_upper: int = 0
    professionals: int = 0
    nature: Nature = Nature.NONE
    severity: str = "S0"
    text_date: str = ""
    because: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()  # only when asked for (explain)


class Status(StrEnum):
    """The one recorded outcome of a document."""

    READ = "read"
    PARTIAL = "partial"
    UNREADABLE = "unreadable"
    EXCLUDED = "excluded"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document. READ exactly when no problem lost text; UNREADABLE has no findings.

    ``members``: outcomes of what lies inside. ``content_id``: keyed digest of the bytes. ``blocks`` and the facts' matches are
    filled only for ``inspect`` and ``extract_text``.
    """

    document: Document
    status: Status
    facts: Facts = field(default_factory=Facts)
    problems: tuple[Problem, ...] = ()
    members: tuple[Outcome, ...] = ()
    recipe: str = ""
    content_id: str = ""
    format: str = ""
    encoding: str = ""
    characters: int = 0
    seconds: float = 0.0
    profile: str = ""
    blocks: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        lost = any(p.loses for p in self.problems)
        if self.status is Status.READ and lost:
            raise ValueError("a READ document has lost no text")
        if self.status in (Status.PARTIAL, Status.UNREADABLE) and not self.problems:
            raise ValueError(f"a {self.status} document names its problem")
        if self.status is Status.UNREADABLE and (self.facts.findings or self.facts.matches):
            raise ValueError("an UNREADABLE document has no findings")


def family(outcome: Outcome) -> Iterator[Outcome]:
    """The outcome and everything inside it, depth first: the order in which a verdict lists its findings."""
    yield outcome
    for member in outcome.members:
        yield from family(member)


# ---------------------------------------------------------------- what it means


class Decision(StrEnum):
    """The verdicts of interfaces: the program's answer for a document in its place."""

    NONE_FOUND = "none_found"
    APPROVED = "approved"
    REVIEW = "review"
    ACTION = "action"
    UNDETERMINED = "undetermined"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with its reasons. ``clause``: the policy's location or class that decided. ``findings``: per-finding decisions."""

    decision: Decision
    severity: str = "S0"
    clause: str = ""
    because: tuple[str, ...] = ()
    violation: str = ""
    unit: str = ""
    department: str = ""
    owner_role: str = ""
    accepted: bool = False
    findings: tuple[tuple[str, str], ...] = ()  # (decision, violation type) per finding, in the facts' order
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """An outcome with its verdict: what reports receive."""

    outcome: Outcome
    verdict: Verdict
