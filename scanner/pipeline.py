"""One document's straight line: open, sniff, extract, read, detect, classify; and the one border at which errors end."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, BinaryIO

from scanner import extract
from scanner.assemble import Parts, parts
from scanner.contracts import Session, Source
from scanner.extract.budget import Spending
from scanner.model import Block, Document, Facts, Match, Member, Outcome, Status, Trait, family
from scanner.problems import LIMITS, Code, Problem, Stage, Unreadable
from scanner.settings import Settings, recognises
from scanner.text.arrange import Arranger
from scanner.text.view import Reading, read

BATCH = 8  # blocks that detectors see at once


@dataclass(slots=True)
class _State:
    """What is gathered while one document is read."""

    session: Session
    arranger: Arranger
    problems: list[Problem] = field(default_factory=list)
    members: list[Outcome] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    traits: dict[str, str] = field(default_factory=dict)
    waiting: list[Reading] = field(default_factory=list)
    characters: int = 0
    without_secrets: Any = field(default_factory=hashlib.sha256)  # running digest of the text, secret values cut out
    secrets: int = 0


class Worker:
    """The work: ``worker(document) -> Outcome``. Never raises for what a document does."""

    def __init__(self, settings: Settings, source: Source, parts: Parts) -> None:
        self.settings = settings
        self.source = source
        self.parts = parts
        self.ocr = recognises(settings)

    def __call__(self, document: Document) -> Outcome:
        """Exactly one outcome for the document."""
        began = time.monotonic()
        outcome = self._guarded(document)
        return replace(outcome, seconds=round(time.monotonic() - began, 3))

    def budget(self) -> Spending:
        """What one document may cost, and what its readers may use."""
        return Spending(self.settings.limits, ocr=self.ocr, passwords=self.settings.passwords)

    def _guarded(self, document: Document) -> Outcome:
        try:
            stream = self.source.open(document)
        except Unreadable as e:
            return self._unread(document, e.problem)
        except OSError as e:
            return self._unread(document, Problem(Stage.OPEN, Code.IO_ERROR, type(e).__name__))
        with stream:
            outcome = self._bordered(stream, document, self.budget())
            if outcome.status is not Status.UNREADABLE and not self.source.settled(document, stream):
                changed = Problem(Stage.OPEN, Code.CHANGED)
                return replace(outcome, status=Status.PARTIAL, problems=(*outcome.problems, changed))
            return outcome

    def _bordered(self, stream: BinaryIO, document: Document, budget: Spending) -> Outcome:
        """The one border: whatever a parser or detector throws ends here as a problem without its message."""
        try:
            return self._examine(stream, document, budget)
        except extract.Refused as e:
            return self._unread(
                document, e.problem, *e.noticed, format_name=e.format.name, content=_try_digest(stream, budget.limits.bytes)
            )
        except Unreadable as e:
            return self._unread(document, e.problem, content=_try_digest(stream, budget.limits.bytes))
        except MemoryError:
            return self._unread(document, Problem(Stage.EXTRACT, Code.MEMORY))
        except RecursionError:
            return self._unread(document, Problem(Stage.EXTRACT, Code.TOO_DEEP, "RecursionError"))
        except OSError as e:
            return self._unread(document, Problem(Stage.EXTRACT, Code.IO_ERROR, type(e).__name__))
        except Exception as e:  # noqa: BLE001 - the border; the message may quote the document, so only the type is kept
            return self._unread(document, Problem(Stage.EXTRACT, Code.INTERNAL, _type_name(e)))

    def _unread(self, document: Document, *problems: Problem, format_name: str = "", content: str = "") -> Outcome:
        """A document of which nothing was read: for a reason that lost text, because there is none in it, or since it's a link."""
        status = Status.UNREADABLE if any(p.loses for p in problems) else Status.READ
        return Outcome(
            document,
            Status.EXCLUDED if any(p.code is Code.LINK for p in problems) else status,
            problems=problems,
            recipe=self.parts.recipe,
            content_id=self.parts.keyer.content_id(content) if content else "",
            format=format_name,
            profile=self.settings.profile,
        )

    # ------------------------------------------------------------ one document

    def _examine(self, stream: BinaryIO, document: Document, budget: Spending) -> Outcome:
        content = _digest(stream, budget.limits.bytes)
        name = document.inside[-1] if document.inside else PurePath(document.uri).name
        try:
            sniffed = extract.sniff(stream, name)
        except extract.Refused as refused:
            opened = extract.unlocked(stream, refused, budget)
            if opened is None:
                raise
            stream, sniffed = opened, extract.sniff(opened, name)
        stream.seek(0)
        state = _State(
            self.parts.classifier.begin(document, keep=self.settings.keep_matches),
            Arranger(self.parts.book),
            problems=list(sniffed.problems),
        )
        reader = extract.load(sniffed.format)
        try:
            self._extract(reader(stream, document, budget), document, budget, state)
        except Unreadable as e:
            return self._unread(document, e.problem, *sniffed.problems, format_name=sniffed.format.name, content=content)
        return self._outcome(document, sniffed.format.name, content, state)

    def _extract(
        self, found: Iterator[Block | Member | Trait | Problem], document: Document, budget: Spending, state: _State
    ) -> None:
        """Take in what the reader yields; a reader that fails half way leaves a partial document, not none."""
        try:
            for item in found:
                match item:
                    case Block():
                        self._take(item, state)
                    case Member():
                        state.members.append(self._member(item, document, budget))
                    case Trait(name, value):
                        state.traits.setdefault(name, value)
                    case Problem():
                        state.problems.append(item)
        except Unreadable as e:
            self._half(state, e.problem, e)
        except MemoryError as e:
            self._half(state, Problem(Stage.EXTRACT, Code.MEMORY), e)
        except RecursionError as e:
            self._half(state, Problem(Stage.EXTRACT, Code.TOO_DEEP, "RecursionError"), e)
        except Exception as e:  # noqa: BLE001 - a parser met something its author did not think of; what was read stays
            self._half(state, Problem(Stage.EXTRACT, Code.CORRUPT, _type_name(e)), e)
        if budget.cut:
            state.problems.append(Problem(Stage.EXTRACT, Code.TOO_MANY, f"kept > {budget.cut}"))
        self._detect(state)

    @staticmethod
    def _half(state: _State, problem: Problem, error: BaseException) -> None:
        if not (state.characters or state.members):
            raise Unreadable(problem.code, problem.detail, stage=problem.stage, where=problem.where) from error
        state.problems.append(problem)

    def _take(self, block: Block, state: _State) -> None:
        state.characters += len(block.text)
        if self.settings.keep_blocks:
            state.blocks.append(block)
        state.waiting.append(state.arranger.read(read(block)))
        if len(state.waiting) >= BATCH:
            self._detect(state)

    def _detect(self, state: _State) -> None:
        """Run every detector over the waiting readings; one that trips is a problem, the others still run."""
        if not state.waiting:
            return
        readings, state.waiting = state.waiting, []
        matches: list[Match] = []
        for detector in self.parts.detectors:
            try:
                for item in detector.detect(readings):
                    if isinstance(item, Problem):
                        state.problems.append(item)
                    else:
                        matches.append(item)
            except Exception as e:  # noqa: BLE001 - a detector's error must not hide what the others find
                state.problems.append(Problem(Stage.DETECT, Code.DETECTOR_FAILED, f"{detector.name}: {_type_name(e)}"))
        kept = self.parts.resolve(matches, readings)
        self._digest_text(readings, kept, state)
        state.session.feed(readings, kept)

    def _digest_text(self, readings: list[Reading], matches: list[Match], state: _State) -> None:
        """Go on with the digest that stands for a document holding a My Number: nothing kept may depend on the number."""
        cut: dict[int, list[tuple[int, int]]] = {}
        for m in matches:
            if m.entity in self.parts.secret:
                cut.setdefault(m.block, []).append((m.start, m.end))
        for reading in readings:
            text, at = reading.block.text, 0
            for start, end in sorted(cut.get(reading.block.index, ())):
                state.secrets += 1
                state.without_secrets.update(text[at:start].encode("utf-8", "surrogatepass") + b"\0")
                at = max(at, end)
            state.without_secrets.update(text[at:].encode("utf-8", "surrogatepass") + b"\0")

    def _member(self, member: Member, document: Document, budget: Spending) -> Outcome:
        """The outcome of what lies inside. Raises Unreadable when the root's parts or time are spent: that ends the container."""
        inner = replace(document, inside=(*document.inside, member.name), size=member.size)
        budget.spend_part()
        try:
            deeper = budget.deeper()
        except Unreadable as e:
            return self._unread(inner, e.problem)
        with member.stream as stream:
            if member.problem is None:
                return self._bordered(stream, inner, deeper)
            if not stream.read(1):
                return self._unread(inner, member.problem)
            return _with(self._bordered(stream, inner, deeper), member.problem)

    def _outcome(self, document: Document, format_name: str, content: str, state: _State) -> Outcome:
        problems = _unique(state.problems)
        if any(m.status in (Status.PARTIAL, Status.UNREADABLE) for m in state.members):
            problems.append(Problem(Stage.EXTRACT, Code.MEMBER_UNREAD))
        facts = state.session.finish()
        if not state.characters and not state.members and not problems:
            problems.append(Problem(Stage.EXTRACT, Code.NO_TEXT))
        lost = any(p.loses for p in problems)
        nothing = lost and not state.characters and not any(map(_holds, state.members)) and not _stopped(state.members)
        if nothing:
            facts = Facts()
        for member in state.members:
            if self._has_secret(member):
                state.secrets += 1
            state.without_secrets.update(member.content_id.encode())
        # interfaces 5: two files that differ only in a My Number give equal rows, so their id comes from the rest of the text.
        document_id = self.parts.keyer.content_id(state.without_secrets.hexdigest() if state.secrets else content)
        if state.secrets:
            facts = self._placed(facts, document_id)
        return Outcome(
            document,
            Status.UNREADABLE if nothing else Status.PARTIAL if lost else Status.READ,
            facts,
            tuple(problems),
            tuple(state.members),
            recipe=self.parts.recipe,
            content_id=document_id,
            format=format_name,
            encoding=state.traits.get("encoding", ""),
            characters=state.characters,
            profile=self.settings.profile,
            blocks=tuple(state.blocks),
        )

    def _has_secret(self, outcome: Outcome) -> bool:
        if any(f.entity in self.parts.secret for f in outcome.facts.findings):
            return True
        return any(self._has_secret(m) for m in outcome.members)

    def _placed(self, facts: Facts, document_id: str) -> Facts:
        """Finding ids of secret entities, from the document and the place alone."""
        findings = []
        seen: dict[tuple[str, str], int] = {}
        for f in facts.findings:
            if f.entity in self.parts.secret:
                nth = seen[f.entity, f.place] = seen.get((f.entity, f.place), 0) + 1
                f = f._replace(finding_id=self.parts.keyer.finding_id_by_place(f.entity, document_id, f.place, nth), digest="")
            findings.append(f)
        return replace(facts, findings=tuple(findings))


def _holds(member: Outcome) -> bool:
    """Whether anything of a member was read, or nothing was to be read in it."""
    return member.status in (Status.READ, Status.PARTIAL)


def _stopped(members: list[Outcome]) -> bool:
    """Whether a limit ended the reading of a container's members: it was examined as far as that went."""
    return any(problem.code in LIMITS for member in members for inner in family(member) for problem in inner.problems)


def _with(outcome: Outcome, problem: Problem) -> Outcome:
    """An outcome with one problem more, which lost text."""
    status = Status.PARTIAL if outcome.status is Status.READ else outcome.status
    return replace(outcome, status=status, problems=(*outcome.problems, problem))


def _unique(problems: list[Problem]) -> list[Problem]:
    """At most twenty problems of a code, then one that says how many more there were."""
    out: list[Problem] = []
    counts: dict[Code, int] = {}
    for p in dict.fromkeys(problems):
        counts[p.code] = counts.get(p.code, 0) + 1
        if counts[p.code] <= 20:
            out.append(p)
    out += [Problem(Stage.EXTRACT, code, f"+{n - 20}") for code, n in counts.items() if n > 20]
    return out


def _digest(stream: BinaryIO, most: int) -> str:
    """SHA-256 of the content (hex), of one above ``most`` bytes its size and that much; the stream is left at its beginning."""
    hasher = hashlib.sha256()
    stream.seek(0)
    left = most
    while chunk := stream.read(min(1 << 20, left + 1)):
        if left < len(chunk):
            hasher.update(chunk[:left] + b"%d bytes" % stream.seek(0, io.SEEK_END))
            break
        hasher.update(chunk)
        left -= len(chunk)
    stream.seek(0)
    return hasher.hexdigest()


def _try_digest(stream: BinaryIO, most: int) -> str:
    """Like ``_digest``, "" when the content itself can't be read to its end."""
    try:
        return _digest(stream, most)
    except Exception:  # noqa: BLE001 - the problem that led here is the one to tell
        return ""


def _type_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__name__}".removeprefix("builtins.")


def build_work(settings: Settings, source: Source) -> Worker:
    """The work of one worker process. Loads rules and gazetteers; models only when a document needs them."""
    return Worker(settings, source, parts(settings))


def examine_bytes(data: bytes, name: str, worker: Worker) -> Outcome:
    """Examine bytes in this process: for tests and for callers that isolate themselves."""
    document = Document(name, size=len(data))
    return worker._bordered(io.BytesIO(data), document, worker.budget())
