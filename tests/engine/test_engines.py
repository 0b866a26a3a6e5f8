"""The law of engines: every document exactly one outcome, whatever it does to its reader; for each engine the same class."""

from __future__ import annotations

import functools
import os
import pickle
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.contracts import Engine
from scanner.engine import EngineError, wire
from scanner.engine.pool import Pool
from scanner.engine.process import Process
from scanner.engine.serial import Serial
from scanner.model import Document, Outcome, Status
from scanner.problems import Code, Stage
from tests.engine import poisons

ROOT = Path(__file__).resolve().parents[2]
DEADLY = {  # way to die → what is recorded of it
    "segv": (Code.CRASHED, "SIGSEGV"),
    "abort": (Code.CRASHED, "SIGABRT"),
    "kill": (Code.CRASHED, "SIGKILL"),
    "hang": (Code.TIMEOUT, "seconds > 2"),
    "spin": (Code.TIMEOUT, "seconds > 2"),
    "memory": (Code.MEMORY, "MemoryError"),
    "sys.exit": (Code.CRASHED, "SystemExit"),
    "os._exit": (Code.CRASHED, "exit 7"),
    "unpicklable": (Code.INTERNAL, "tests.engine.poisons.Unpicklable"),
    "interrupt": (Code.CRASHED, "KeyboardInterrupt"),
    "unpicklable-outcome": (Code.INTERNAL, None),  # the type differs between versions of Python
    "foreign-outcome": (Code.CRASHED, None),
    "wrong-document": (Code.INTERNAL, "outcome of another document"),
    "close": (Code.CRASHED, None),
}


def documents(*uris: str) -> Iterator[Document]:
    return (Document(uri) for uri in uris)


def by_uri(outcomes: Iterator[Outcome]) -> dict[str, Outcome]:
    found = list(outcomes)
    result = {outcome.document.uri: outcome for outcome in found}
    assert len(found) == len(result), "a document with two outcomes"
    return result


class Contract:
    """What every engine promises."""

    def engine(self) -> Engine:
        raise NotImplementedError

    def test_gives_one_outcome_for_each_document(self) -> None:
        uris = [f"{n}:" for n in range(1, 40)]
        found = by_uri(self.engine().map(poisons.make, documents(*uris)))
        assert set(found) == set(uris)
        assert all(found[uri].characters == int(uri[:-1]) and found[uri].status is Status.READ for uri in uris)

    def test_gives_nothing_for_nothing(self) -> None:
        assert list(self.engine().map(poisons.make, documents())) == []

    def test_carries_thousands_of_findings_also_of_members(self) -> None:
        (outcome,) = self.engine().map(poisons.make, documents("0:"))
        assert [f.finding_id for f in outcome.facts.findings] == [f"f{n}" for n in range(2_500)]
        assert outcome.facts.findings[7] == poisons.finding(7)
        assert [f.finding_id for f in outcome.members[0].facts.findings] == ["f0", "f1", "f2"]

    def test_takes_documents_only_as_it_needs_them(self) -> None:
        taken = []

        def endless() -> Iterator[Document]:
            for n in range(1, 10**9):
                taken.append(n)
                yield Document(f"{n}:")

        outcomes = self.engine().map(poisons.make, endless())
        for _ in range(10):
            next(outcomes)
        outcomes.close()  # type: ignore[attr-defined]
        assert len(taken) < 30

    def test_records_an_error_by_its_type_alone(self) -> None:
        found = by_uri(self.engine().map(poisons.make, documents("1:error", "2:unreadable", "3:sys.exit", "4:")))
        assert found["1:error"].problems[0].detail == "ValueError"
        assert found["1:error"].problems[0].stage is Stage.ENGINE
        assert found["2:unreadable"].problems[0].code is Code.ENCRYPTED
        assert found["3:sys.exit"].problems[0].code is Code.CRASHED
        assert found["4:"].status is Status.READ
        assert poisons.SECRET not in repr(found)

    def test_says_once_that_the_work_cannot_be_made(self) -> None:
        with pytest.raises(EngineError, match=r"^RuntimeError$"):
            list(self.engine().map(poisons.make_failing, documents("1:", "2:")))

    def test_tells_what_is_in_hand(self) -> None:
        engine = self.engine()
        outcomes = engine.map(poisons.make, documents("1:"))
        assert engine.in_hand() == []  # type: ignore[attr-defined]
        next(outcomes)
        assert list(outcomes) == []
        assert engine.in_hand() == []  # type: ignore[attr-defined]


class TestSerial(Contract):
    def engine(self) -> Engine:
        return Serial()

    def test_leaves_ctrl_c_to_the_user(self) -> None:
        with pytest.raises(KeyboardInterrupt):
            list(Serial().map(poisons.make, documents("1:interrupt")))


class TestPool(Contract):
    def engine(self) -> Engine:
        return Pool(2, deadline=20)

    @pytest.mark.parametrize("turn", range(2))
    def test_survives_every_way_to_die_without_loss(self, turn: int) -> None:
        lots = random.Random(turn)
        uris = [f"{n + 1}:{how}" for n, how in enumerate([*DEADLY, *[""] * 40])]
        lots.shuffle(uris)

        def with_pauses() -> Iterator[Document]:
            for uri in uris:
                time.sleep(lots.random() / 100)
                yield Document(uri)

        outcomes = Pool(2, deadline=2, memory=256 << 20).map(poisons.make, with_pauses())
        found = by_uri(outcomes)
        assert set(found) == set(uris)
        for uri, outcome in found.items():
            how = uri.partition(":")[2]
            if not how:
                assert outcome.status is Status.READ, uri
                continue
            code, detail = DEADLY[how]
            assert outcome.status is Status.UNREADABLE
            assert [p.code for p in outcome.problems] == [code], uri
            assert detail is None or outcome.problems[0].detail == detail, uri
        assert poisons.SECRET not in repr(found)

    def test_kills_a_worker_that_holds_too_much(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def held(worker: Process) -> int:
            return 1 << 40 if worker.document is not None and "hang" in worker.document.uri else 0

        monkeypatch.setattr(Process, "memory", held)
        found = by_uri(Pool(2, deadline=30, memory=128 << 20).map(poisons.make, documents("1:hang", "2:")))
        assert found["1:hang"].problems[0].code is Code.MEMORY
        assert found["1:hang"].problems[0].detail == f"bytes > {128 << 20}"
        assert found["2:"].status is Status.READ

    @pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
    def test_sees_the_memory_of_a_worker(self, tmp_path: Path) -> None:
        seen = []
        pool = Pool(1)
        make = functools.partial(poisons.make_counting, str(tmp_path / "pids"))
        for _ in pool.map(make, documents("a", "b")):
            seen.extend(worker.memory() for worker in pool._workers)
        assert all(1 << 20 < size < 1 << 32 for size in seen)
        assert seen

    def test_tries_a_document_again_whose_worker_was_killed_from_outside(self, tmp_path: Path) -> None:
        make = functools.partial(poisons.make_counting, str(tmp_path / "pids"))
        found = by_uri(Pool(2).map(make, documents("a", "once", "nap1", "nap2", "b", "c")))
        assert {o.status for o in found.values()} == {Status.READ}
        assert (tmp_path / "pids.once").exists()

    def test_replaces_workers_after_so_many_documents(self, tmp_path: Path) -> None:
        make = functools.partial(poisons.make_counting, str(tmp_path / "pids"))
        found = by_uri(Pool(1, recycle=3).map(make, documents(*"abcdefg")))
        assert len(found) == 7
        assert len({o.encoding for o in found.values()}) == 3

    def test_starts_no_more_workers_than_there_are_documents(self, tmp_path: Path) -> None:
        make = functools.partial(poisons.make_counting, str(tmp_path / "pids"))
        list(Pool(4).map(make, documents("a")))
        assert len((tmp_path / "pids").read_text().split()) == 1

    def test_keeps_its_workers_as_a_context_and_only_then(self, tmp_path: Path) -> None:
        make = functools.partial(poisons.make_counting, str(tmp_path / "pids"))
        with Pool(1) as pool:
            first = [o.encoding for n in range(3) for o in pool.map(make, documents(str(n)))]
        assert len(set(first)) == 1
        assert gone(int(first[0]))
        pool = Pool(1)
        second = [o.encoding for n in range(2) for o in pool.map(make, documents(str(n)))]
        assert len(set(second)) == 2

    def test_gives_up_when_workers_die_before_they_begin(self, tmp_path: Path) -> None:
        make = functools.partial(poisons.make_dying, str(tmp_path / "starts"))
        with pytest.raises(EngineError, match=r"^exit 9$"):
            list(Pool(2).map(make, documents("a", "b")))
        assert 3 <= len((tmp_path / "starts").read_text()) <= 6

    def test_gives_up_when_the_models_never_load(self) -> None:
        began = time.monotonic()
        with pytest.raises(EngineError, match=r"^start > 0\.5 s$"):
            list(Pool(1, start_seconds=0.5).map(poisons.make_slow, documents("a")))
        assert time.monotonic() - began < 10

    def test_refuses_what_cannot_be_sent(self) -> None:
        with pytest.raises(EngineError):
            list(Pool(1).map(lambda: None, documents("a")))  # type: ignore[arg-type, return-value]

    def test_shows_the_document_in_hand_and_kills_at_once_when_left(self, tmp_path: Path) -> None:
        make = functools.partial(poisons.make_counting, str(tmp_path / "pids"))
        pool = Pool(2)
        outcomes = pool.map(make, documents("a", "sleep"))
        assert next(outcomes).document.uri == "a"
        waiting = threading.Timer(1.0, signal.raise_signal, [signal.SIGINT])
        waiting.start()
        with pytest.raises(KeyboardInterrupt):
            next(outcomes)
        waiting.join()
        assert pool.in_hand() == []
        assert all(gone(int(pid)) for pid in (tmp_path / "pids").read_text().split())

    def test_dies_with_its_parent(self, tmp_path: Path) -> None:
        script = f"""
            import functools, sys
            sys.path.insert(0, {str(ROOT)!r})
            from tests.engine import poisons
            from scanner.engine.pool import Pool
            from scanner.model import Document
            make = functools.partial(poisons.make_counting, {str(tmp_path / "pids")!r})
            for outcome in Pool(2).map(make, map(Document, ["a", "sleep1", "sleep2"])):
                print("one", flush=True)
            """
        parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE)
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"one\n"
        time.sleep(0.5)
        parent.kill()
        parent.wait()
        parent.stdout.close()
        pids = (tmp_path / "pids").read_text().split()
        assert pids
        assert all(gone(int(pid)) for pid in pids)

    def test_never_runs_the_callers_main_again_nor_lets_anything_be_printed(self, tmp_path: Path) -> None:
        script = tmp_path / "script.py"  # no guard: with multiprocessing this would start itself for ever
        script.write_text(
            f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
            "print('main')\n"
            "from tests.engine import poisons\nfrom scanner.engine.pool import Pool\nfrom scanner.model import Document\n"
            "print(sorted(o.status.value for o in Pool(2).map(poisons.make, [Document('1:print'), Document('2:')])))\n"
        )
        done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=False)
        assert (done.stdout, done.stderr) == ("main\n['read', 'read']\n", "")

    def test_imports_nothing_from_the_current_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("json", "pickle", "os", "sitecustomize", "scanner", "numpy"):
            (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "path", ["", *sys.path])
        assert len(by_uri(Pool(1).map(poisons.make, documents("1:")))) == 1
        assert not (tmp_path / "ran").exists()

    @pytest.mark.parametrize("method", ["spawn", "forkserver"])
    def test_works_inside_a_daemonic_process(self, method: str) -> None:
        import multiprocessing

        context = multiprocessing.get_context(method)
        with context.Pool(1) as outer:  # its processes may have no children of multiprocessing
            assert outer.apply(poisons.count_with_pool, (5,)) == 5

    def test_leaves_no_core_file_of_a_document(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        list(Pool(1).map(poisons.make, documents("1:abort")))
        assert list(tmp_path.iterdir()) == []


class _Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return (os.system, ("true",))


@pytest.mark.parametrize("value", [_Evil(), functools.partial(print), Path("x"), pickle.loads])
def test_wire_refuses_what_is_no_noun(value: object) -> None:
    with pytest.raises(pickle.UnpicklingError):
        wire.load(pickle.dumps(("head", value)))


def gone(pid: int, seconds: float = 5.0) -> bool:
    """Whether a process ends within the time (a zombie has ended)."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False
