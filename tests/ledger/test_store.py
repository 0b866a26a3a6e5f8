"""One outcome per document: recorded whole, read back equal, kept across runs, resumed, compared."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.ledger import Ledger, Reader, RunRecord, Walked
from scanner.model import Document, Outcome, Status
from scanner.problems import Code
from scanner.refusal import Refused
from tests.fakes import CARE, finding, outcome

ABOUT = {"roots": ["/share"]}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "l" / "ledger.sqlite") as opened:
        yield opened


def begin(ledger: Ledger, command: str = "c") -> RunRecord:
    return ledger.begin(command, ABOUT)[0]


def read(ledger: Ledger, run: RunRecord) -> list[Outcome]:
    return [recorded.outcome for recorded in ledger.outcomes(run)]


def run_over(
    ledger: Ledger, outcomes: Iterable[Outcome], recipe: str = "r", *, finish: bool = True, passwords: bool = False
) -> tuple[RunRecord, list[str], Walked]:
    """A whole run over documents with these outcomes: the run, the addresses that had to be read, the count."""
    run, walked = begin(ledger), Walked()
    by_uri = {o.document.uri: o for o in outcomes}
    done = []
    for document in ledger.pending((o.document for o in by_uri.values()), run, recipe, walked, passwords=passwords):
        done.append(document.uri)
        ledger.record(by_uri[document.uri], run, recipe)
    if finish:
        ledger.end(run, "finished", {})
    return run, done, walked


FULL = outcome(
    finding(**CARE, because="理由", checked=True, role="family"),
    finding(sample=True, checked=False, masked="", digest=""),
    uri="/share/メール\n.eml",
    status=Status.PARTIAL,
    codes=(Code.MEMBER_UNREAD, Code.ENCODING_DOUBT),
    members=(
        outcome(finding(inside="a!b"), members=(outcome(finding(place="p.1")),)),
        outcome(status=Status.UNREADABLE, codes=(Code.ENCRYPTED,)),
    ),
    special_care=("medical_history",),
    categories={"medical_history": "linked_direct"},
    certainty={"medical_history": "clear"},
    text_date="2026-01-01",
    because=("x",),
)


def test_an_outcome_comes_back_as_it_was(ledger: Ledger) -> None:
    run = begin(ledger)
    ledger.record(FULL, run, "r1")
    back = read(ledger, run)[0]

    def same(told: Outcome, kept: Outcome) -> None:
        assert replace(kept, members=(), recipe="", document=told.document) == replace(told, members=())
        assert len(told.members) == len(kept.members)
        for one, other in zip(told.members, kept.members, strict=True):
            same(one, other)

    same(FULL, back)
    assert back.recipe == "r1"
    assert back.document == FULL.document


@pytest.mark.parametrize(
    "name", ["/share/\udcff\udc80.txt", "/share/\ud800", "/share/a\tb\u202e.txt", "/share/'; DROP TABLE runs; --"]
)
def test_odd_names_come_back(ledger: Ledger, name: str) -> None:
    run = begin(ledger)
    ledger.record(outcome(finding(place=name, inside=name), uri=name), run, "r")
    back = read(ledger, run)[0]
    assert (back.document.uri, back.facts.findings[0].place) == (name, name)
    assert ledger.outcome(run, name) is not None


def test_the_file_is_its_owner_s_alone(ledger: Ledger) -> None:
    ledger.record(FULL, begin(ledger), "r")
    for file in ledger.path.parent.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file
    assert ledger.path.parent.stat().st_mode & 0o077 == 0


def test_a_broken_record_leaves_nothing_of_it(ledger: Ledger) -> None:
    run = begin(ledger)
    bad = outcome(finding(), finding(confidence=object()))
    with pytest.raises(Refused):
        ledger.record(bad, run, "r")
    assert read(ledger, run) == []
    ledger.record(outcome(finding()), run, "r")
    assert len(read(ledger, run)) == 1


def test_unchanged_documents_are_not_read_again_and_keep_their_findings(ledger: Ledger) -> None:
    told = [outcome(finding(), uri="/share/a"), outcome(status=Status.UNREADABLE, codes=(Code.ENCRYPTED,), uri="/share/b")]
    _, first, _ = run_over(ledger, told)
    run, second, walked = run_over(ledger, told)
    _, third, _ = run_over(ledger, told)
    assert (first, second, third) == (["/share/a", "/share/b"], [], [])
    back = read(ledger, run)
    assert [o.status for o in back] == [Status.UNCHANGED] * 2
    assert back[0].facts.findings == told[0].facts.findings
    assert back[1].problems == told[1].problems
    assert walked.documents == sum(ledger.counts(run).values()) == 2


@pytest.mark.parametrize("code", [Code.PERMISSION, Code.VANISHED, Code.TIMEOUT, Code.CRASHED])
def test_passing_failures_are_tried_again(ledger: Ledger, code: Code) -> None:
    told = [outcome(status=Status.UNREADABLE, codes=(code,), uri="/share/a")]
    run_over(ledger, told)
    assert run_over(ledger, told)[1] == ["/share/a"]


def test_another_stamp_or_recipe_is_read_again(ledger: Ledger) -> None:
    told = outcome(uri="/share/a")
    run_over(ledger, [told])
    assert run_over(ledger, [told], "other")[1] == ["/share/a"]
    changed = replace(told, document=replace(told.document, stamp=b"new"))
    assert run_over(ledger, [changed], "other")[1] == ["/share/a"]
    nameless = replace(told, document=replace(told.document, stamp=b""))
    run_over(ledger, [nameless], "other")
    assert run_over(ledger, [nameless], "other")[1] == ["/share/a"]


def test_what_lacked_a_password_is_read_again_when_there_are_some(ledger: Ledger) -> None:
    inside = outcome(status=Status.UNREADABLE, codes=(Code.ENCRYPTED,))
    told = [outcome(uri="/share/a", status=Status.PARTIAL, codes=(Code.MEMBER_UNREAD,), members=(inside,)), outcome(uri="/share/b")]
    assert run_over(ledger, told)[1] == ["/share/a", "/share/b"]
    assert run_over(ledger, told)[1] == []
    assert run_over(ledger, told, passwords=True)[1] == ["/share/a"]


def test_answers_of_the_walk_are_recorded_at_once(ledger: Ledger) -> None:
    run, walked = begin(ledger), Walked()
    link = outcome(uri="/share/link", status=Status.EXCLUDED, codes=(Code.LINK,))
    items: list[Document | Outcome] = [link, Document("/share/a", b"s", 3), Document("/share/a", b"s", 3)]
    pending = ledger.pending(items, run, "r", walked)
    document = next(pending)
    ledger.record(outcome(uri=document.uri), run, "r")
    assert list(pending) == [], "a document met twice is read once"
    assert walked.documents == 2
    assert ledger.counts(run) == {"excluded": 1, "read": 1}


def test_a_broken_off_run_is_taken_up_by_the_same_command_only(ledger: Ledger) -> None:
    told = [outcome(uri=f"/share/{n}") for n in range(4)]
    run, walked = begin(ledger), Walked()
    pending = ledger.pending((o.document for o in told), run, "r", walked)
    for _ in range(2):
        ledger.record(outcome(uri=next(pending).uri), run, "r")
    again, resumed = ledger.begin("c", ABOUT)
    assert (again.id, resumed, again.run_pass) == (run.id, True, 2)
    walked = Walked()
    rest = []
    for document in ledger.pending((o.document for o in told), again, "r", walked):
        rest.append(document.uri)
        ledger.record(outcome(uri=document.uri), again, "r")
    assert rest == ["/share/2", "/share/3"]
    assert walked.documents == sum(ledger.counts(again).values()) == 4
    ledger.end(again, "finished", {})
    other, resumed = ledger.begin("c", ABOUT)
    assert (other.id > run.id, resumed) == (True, False)
    third, resumed = ledger.begin("d", ABOUT)
    assert (third.id > other.id, resumed) == (True, False)


def test_what_vanished_between_two_passes_leaves_the_counts(ledger: Ledger) -> None:
    run_over(ledger, [outcome(uri="/share/a"), outcome(uri="/share/b")], finish=False)
    run, _, walked = run_over(ledger, [outcome(uri="/share/b")])
    assert walked.documents == sum(ledger.counts(run).values()) == 1
    assert [o.document.uri for o in read(ledger, run)] == ["/share/b"]


def test_new_known_and_resolved(ledger: Ledger) -> None:
    one, two = finding(finding_id="1" * 16), finding(finding_id="2" * 16)
    run, _, _ = run_over(ledger, [outcome(one, uri="/share/a"), outcome(two, uri="/share/b")])
    assert [d for r in ledger.outcomes(run) for d, _ in r.deltas] == ["new", "new"]
    changed = replace(outcome(two, uri="/share/renamed"), content_id="n")
    cleaned = replace(outcome(uri="/share/a"), document=Document("/share/a", b"stamp2"))
    run, _, _ = run_over(ledger, [cleaned, changed])
    recorded = {r.outcome.document.uri: r for r in ledger.outcomes(run)}
    assert [d for d, _ in recorded["/share/renamed"].deltas] == ["known"]
    assert ledger.resolved(run) == 1


def test_what_could_not_be_read_this_time_resolves_nothing(ledger: Ledger) -> None:
    run_over(ledger, [outcome(finding(finding_id="1" * 16), uri="/share/a")])
    lost = replace(outcome(status=Status.UNREADABLE, codes=(Code.PERMISSION,), uri="/share/a"), document=Document("/share/a", b"2"))
    run, _, _ = run_over(ledger, [lost])
    assert ledger.resolved(run) == 0


def test_duplicates_and_search(ledger: Ledger) -> None:
    run, _, _ = run_over(ledger, [outcome(finding(finding_id="abcdef0123"), uri="/share/a"), outcome(uri="/share/b")])
    assert ledger.duplicates(run) == {"c" * 16}
    assert [uri for uri, _ in ledger.find("abcdef01", run)] == ["/share/a"]
    assert ledger.find("abcdef0124", run) == []
    assert ledger.find("abc%", run) == []


def test_a_second_writer_is_refused_and_a_reader_is_not(ledger: Ledger) -> None:
    run_over(ledger, [outcome(uri="/share/a")])
    with pytest.raises(Refused, match="another scan"):
        Ledger(ledger.path)
    reader = Reader(ledger.path)
    assert [r.outcome.document.uri for r in reader.outcomes(reader.run())] == ["/share/a"]
    reader.close()


@pytest.mark.parametrize("content", [b"no ledger at all" * 100, b""])
def test_what_is_no_ledger_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.sqlite"
    file.write_bytes(content)
    with pytest.raises(Refused) as caught:
        Reader(file)
    assert caught.value.status == 2
    with pytest.raises(Refused):
        Reader(tmp_path / "none.sqlite")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    with pytest.raises(Refused):
        Ledger(tmp_path / "shut" / "ledger.sqlite")


def test_a_full_disk_says_so_and_keeps_what_was_recorded(ledger: Ledger) -> None:
    run = begin(ledger)
    ledger.record(outcome(finding(), uri="/share/0"), run, "r")
    pages = ledger._db.execute("PRAGMA page_count").fetchone()[0]
    ledger._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(Refused) as caught:
        for n in range(1, 2000):
            ledger.record(outcome(finding(because="理由" * 200), uri=f"/share/{n}"), run, "r")
    assert "空き" in caught.value.say("ja")
    assert caught.value.status == 3
    kept = read(ledger, run)
    assert kept[0].document.uri == "/share/0"
    ledger._db.execute("PRAGMA max_page_count = 1000000")
    ledger.record(outcome(uri="/share/after"), run, "r")
    assert len(read(ledger, run)) == len(kept) + 1
