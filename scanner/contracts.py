"""The verbs: what a source, reader, detector, classifier, policy, engine and report must do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO, Protocol, TextIO

from scanner.model import Block, Document, Facts, Judged, Match, Member, Outcome, Trait, Verdict
from scanner.problems import Problem
from scanner.text.view import Reading


class Source(Protocol):
    """Somewhere documents lie."""

    def walk(self) -> Iterator[Document | Outcome]:
        """Every document; what can't be opened or is excluded is already an outcome."""
        ...

    def open(self, document: Document) -> BinaryIO:
        """The document's bytes. Raises Unreadable."""
        ...

    def settled(self, document: Document, stream: BinaryIO) -> bool:
        """Whether the document is still the one that was sighted, now that it has been read."""
        ...


class Budget(Protocol):
    """What one root document may cost, everything inside it included. Each call raises Unreadable past the limit.

    ``depth``: how many documents this one lies in. ``ocr``: whether text on pictures is to be recognised. ``passwords``: those
    that the operator gave for encrypted documents.
    """

    depth: int
    ocr: bool
    passwords: Sequence[str]

    def spend_bytes(self, count: int) -> None:
        """Count decompressed or read bytes."""
        ...

    def spend_characters(self, count: int) -> None:
        """Count characters of extracted text."""
        ...

    def spend_part(self) -> None:
        """Count one part, page, sheet or archive member."""
        ...

    def spend_pixels(self, count: int) -> None:
        """Count pixels of a picture whose text is to be recognised."""
        ...

    def spend_recognition(self, seconds: float) -> None:
        """Count seconds that recognition took; never raises."""
        ...

    def check_ratio(self, packed: int, unpacked: int) -> None:
        """Refuse an abnormal compression ratio."""
        ...

    def check_time(self) -> None:
        """Refuse to go on past the soft deadline."""
        ...

    def holds(self, kept: int, most: int) -> bool:
        """Whether one more of what is kept for later may be kept; once it may not, the document counts as read in part."""
        ...

    def deeper(self) -> Budget:
        """The budget for one level of nesting further down; shares every counter."""
        ...


class Extractor(Protocol):
    """Reads one format. Yields blocks, members, traits and problems as it meets them; raises Unreadable to give up wholly."""

    def __call__(self, stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
        """Read the stream from its beginning; it is seekable."""
        ...


class Detector(Protocol):
    """Finds things in text. One that trips yields a problem; the others still run."""

    name: str

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Matches in raw offsets of each reading's block."""
        ...


class Session(Protocol):
    """Classification of one document, window by window."""

    def feed(self, readings: Sequence[Reading], matches: Sequence[Match]) -> None:
        """Take in a window's readings with the matches found in them."""
        ...

    def finish(self) -> Facts:
        """The facts about the whole document."""
        ...


class Classifier(Protocol):
    """Turns matches into facts."""

    def begin(self, document: Document, *, keep: bool = False) -> Session:
        """A session for one document; ``keep`` asks for the classified matches too."""
        ...


class Policy(Protocol):
    """Turns facts into a verdict; never opens a document."""

    def judge(self, outcome: Outcome) -> Verdict:
        """The verdict on a document where it lies."""
        ...


class Sink(Protocol):
    """Writes a report."""

    def write(self, judged: Iterable[Judged], out: TextIO) -> None:
        """Write all rows."""
        ...


Work = Callable[[Document], Outcome]


class Engine(Protocol):
    """Applies the work to each document, wherever that happens."""

    def map(self, make: Callable[[], Work], documents: Iterable[Document]) -> Iterator[Outcome]:
        """Exactly one outcome for each document, in any order."""
        ...
