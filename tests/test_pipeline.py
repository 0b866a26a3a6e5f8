"""One document's straight line: its error border, its members, its id, and what its matches point at."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import BinaryIO

import pytest

from scanner import assemble, extract
from scanner.contracts import Budget
from scanner.extract.budget import Limits, Spending
from scanner.model import Block, Document, Line, Match, Member, Outcome, Status, Trait, family
from scanner.pipeline import Worker
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.settings import Settings
from scanner.sources.memory import MemorySource
from scanner.text.blocks import BlockWriter
from scanner.text.view import Reading
from tests.extract.ooxml import book

SETTINGS = Settings(key=b"k" * 32, profile="fast", keep_matches=True, keep_blocks=True)


@cache
def parts() -> assemble.Parts:
    return assemble.parts(SETTINGS)


def examine(data: bytes, name: str = "a.txt", given: assemble.Parts | None = None) -> Outcome:
    source = MemorySource(name, data)
    return Worker(SETTINGS, source, given or parts())(Document(name, size=len(data)))


class Trips:
    """A detector that fails on every window, with a message that quotes the document."""

    name = "trips"

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        raise ValueError(readings[0].text)
        yield


def test_a_detector_that_trips_is_a_problem_and_the_others_still_run() -> None:
    broken = replace(parts(), detectors=(Trips(), *parts().detectors))
    outcome = examine("連絡先 taro@example.co.jp".encode(), given=broken)
    assert outcome.status is Status.PARTIAL
    assert [(p.code, p.detail) for p in outcome.problems] == [(Code.DETECTOR_FAILED, "trips: ValueError")]
    assert "email_address" in {f.entity for f in outcome.facts.findings}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unreadable(Code.TOO_LARGE), Code.TOO_LARGE),
        (MemoryError(), Code.MEMORY),
        (RecursionError(), Code.TOO_DEEP),
        (ValueError("山田太郎"), Code.CORRUPT),
    ],
)
def test_a_reader_that_fails_half_way_leaves_a_partial_document(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: Code
) -> None:
    def half(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
        yield from BlockWriter().text("メールは taro@example.co.jp", Line(1))
        raise error

    monkeypatch.setattr(extract, "load", lambda row: half)
    outcome = examine(b"any text")
    assert (outcome.status, [p.code for p in outcome.problems]) == (Status.PARTIAL, [code])
    assert outcome.facts.findings
    assert "山田" not in repr(outcome.problems)


def test_a_document_of_which_more_hangs_than_is_kept_is_partial(monkeypatch: pytest.MonkeyPatch) -> None:
    links = "".join(f'<hyperlink ref="A{n}" r:id="a"/>' for n in range(1, 6))
    relations = (("a", "hyperlink", "mailto:taro@example.co.jp"),)
    data = book(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>連絡先</t></is></c></row>',
        after=f"<hyperlinks>{links}</hyperlinks>",
        relations=relations,
    )
    assert examine(data, "a.xlsx").status is Status.READ
    monkeypatch.setattr("scanner.extract.xlsx._FEW", 3)
    outcome = examine(data, "a.xlsx")
    assert (outcome.status, [(p.code, p.detail) for p in outcome.problems]) == (Status.PARTIAL, [(Code.TOO_MANY, "kept > 3")])


def test_a_reader_that_fails_at_once_leaves_an_unreadable_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
        yield Trait("encoding", "utf-8")
        raise ValueError("山田太郎")

    monkeypatch.setattr(extract, "load", lambda row: none)
    outcome = examine(b"any text")
    assert (outcome.status, [p.code for p in outcome.problems]) == (Status.UNREADABLE, [Code.CORRUPT])
    assert not outcome.facts.findings


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (b"", "empty.txt", Status.READ, Code.EMPTY),
        (b"\x00\x01\x02" * 400, "binary.txt", Status.UNREADABLE, Code.BINARY),
        (b"PK\x03\x04 broken", "broken.docx", Status.UNREADABLE, Code.CORRUPT),
    ],
)
def test_what_has_no_text_has_an_outcome_with_its_reason(data: bytes, name: str, status: Status, code: Code) -> None:
    outcome = examine(data, name)
    assert outcome.status is status
    assert code in [p.code for p in outcome.problems]


def test_a_member_that_cannot_be_read_makes_its_mail_partial() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.jp", "b@example.jp", "送付"
    mail.set_content("送ります。")
    mail.add_attachment(b"PK\x03\x04 broken", maintype="application", subtype="octet-stream", filename="名簿.docx")
    outcome = examine(mail.as_bytes(), "mail.eml")
    assert outcome.status is Status.PARTIAL
    assert Code.MEMBER_UNREAD in [p.code for p in outcome.problems]
    (member,) = outcome.members
    assert (member.document.inside, member.status) == (("名簿.docx",), Status.UNREADABLE)


def rows(outcome: Outcome) -> list[object]:
    return [(o.content_id, o.status, *o.facts.findings) for o in family(outcome)]


@pytest.mark.parametrize("number", ["983205673214", "111111111118"])
def test_nothing_kept_depends_on_a_my_number(number: str) -> None:
    one = examine("氏名：佐藤みなみ\n個人番号：123456789018\n".encode())
    other = examine(f"氏名：佐藤みなみ\n個人番号：{number}\n".encode())
    assert "my_number" in {f.entity for f in one.facts.findings}
    assert rows(one) == rows(other)


def test_nothing_kept_of_a_mail_depends_on_a_my_number_in_its_attachment() -> None:
    def mail(number: str) -> bytes:
        message = EmailMessage()
        message["Subject"] = "送付"
        message.set_content("送ります。")
        message.add_attachment(f"個人番号：{number}".encode(), maintype="text", subtype="plain", filename="a.txt")
        return message.as_bytes().replace(message.get_boundary("").encode() or b"\0", b"boundary")

    assert rows(examine(mail("123456789018"), "m.eml")) == rows(examine(mail("983205673214"), "m.eml"))


def test_a_document_without_secrets_is_known_by_its_bytes() -> None:
    one, same, other = (examine(text.encode()) for text in ("佐藤", "佐藤", "佐藤 "))
    assert one.content_id == same.content_id != other.content_id


def test_a_file_that_changed_while_it_was_read_says_so() -> None:
    class Restless(MemorySource):
        def settled(self, document: Document, stream: BinaryIO) -> bool:
            return False

    outcome = Worker(SETTINGS, Restless("a.txt", "佐藤".encode()), parts())(Document("a.txt"))
    assert (outcome.status, outcome.problems[-1]) == (Status.PARTIAL, Problem(Stage.OPEN, Code.CHANGED))


SAMPLES = sorted((Path(__file__).parents[1] / "examples" / "share").rglob("*.*"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_every_match_points_at_its_value(path: Path) -> None:
    """Offsets lie inside the block, on something, and never across the border of a cell."""
    outcome = examine(path.read_bytes(), path.name)
    for inner in family(outcome):
        blocks = {b.index: b for b in inner.blocks}
        for entry in inner.facts.matches:
            m = entry.match
            block = blocks[m.block]
            value = block.text[m.start : m.end]
            assert value.strip() and len(value) == m.end - m.start
            if block.rows is not None:
                assert block.cell_at(m.start) == block.cell_at(m.end - 1), m.entity
                assert "\t" not in value


def test_the_stream_of_a_member_is_closed() -> None:
    stream = io.BytesIO(b"x")
    Worker(SETTINGS, MemorySource("a", b""), parts())._member(Member("b.txt", stream), Document("a"), _budget())
    assert stream.closed


def _budget() -> extract.budget.Spending:
    from scanner.extract.budget import Limits, Spending

    return Spending(Limits())


@pytest.mark.parametrize("key", ["鵜飼銀次郎", "123456789018", "canary77@kawa.example.jp", "個人番号 123456789018"])
def test_a_key_that_is_a_value_stays_in_the_document(key: str) -> None:
    outcome = examine(f'{{"会員": {{"{key}": {{"氏名": "佐々木良子", "病名": "うつ病"}}}}}}'.encode(), "k.json")
    assert outcome.facts.findings
    assert key not in repr(outcome.facts.findings)
    rows = f'{{"{key}": [{{"氏名": "佐々木良子", "病名": "うつ病"}}, {{"氏名": "岩見恵", "病名": "胃炎"}}]}}'
    outcome = examine(rows.encode(), "k.json")
    assert outcome.facts.findings
    assert key not in repr(outcome.facts.findings)


def test_the_id_of_a_file_above_the_limit_costs_no_more_than_the_limit() -> None:
    class Counted(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            Counted.taken += len(data)
            return data

    worker = Worker(replace(SETTINGS, limits=Limits(bytes=1 << 20)), MemorySource("a.txt", b""), parts())
    ids = set()
    for size in (9 << 20, 10 << 20):
        Counted.taken = 0
        outcome = worker._bordered(Counted(b"abc\n" * (size >> 2)), Document("a.txt", size=size), Spending(worker.settings.limits))
        assert (outcome.status, [p.code for p in outcome.problems]) == (Status.PARTIAL, [Code.TOO_LARGE])
        assert Counted.taken < 4 << 20
        ids.add(outcome.content_id)
    assert len(ids) == 2
