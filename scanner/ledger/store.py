"""The ledger: an SQLite file with one writer, in which every document of a run has exactly one outcome."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scanner.ledger import rows
from scanner.model import Document, Finding, Outcome, Status, family
from scanner.problems import Problem
from scanner.refusal import Refused

SCHEMA = 1
_MARKS = ", ".join("?" * (4 + len(rows.COLUMNS)))


def now() -> str:
    """The time, in UTC to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as the ledger knows it. ``about``: roots, versions, options. ``summary``: counts, once it ended."""

    id: int
    name: str
    state: str
    run_pass: int
    started: str
    finished: str
    about: Mapping[str, Any]
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An outcome as recorded. ``deltas``: for each finding of the family ``new`` or ``known``, and when first seen."""

    outcome: Outcome
    examined: str
    deltas: tuple[tuple[str, str], ...]


class Ledger:
    """Keeps runs and outcomes. Only one process may write; opening a ledger in use is refused."""

    def __init__(self, path: Path, *, write: bool = True) -> None:
        self.path = path
        self._lock: sqlite3.Connection | None = None
        with self._spoken():
            if write:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                for file in (path, self._lock_path):
                    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
                self._take()
            elif not path.is_file():
                raise Refused(
                    f"{path}: 台帳がありません。先に scan を実行してください。", f"{path}: no such ledger. Run scan first."
                )
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
            self._db.execute("PRAGMA synchronous=NORMAL")
            if write:
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.executescript(Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))
                self._db.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", (str(SCHEMA),))
            found = self._db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
            if found is None or int(found[0]) != SCHEMA:
                raise Refused(f"{path}: この版では読めない台帳です。", f"{path}: a ledger this version cannot read.")

    @property
    def _lock_path(self) -> Path:
        return self.path.with_name(self.path.name + ".lock")

    def _take(self) -> None:
        """A held transaction on a file beside the ledger: the system lets go of it when the process dies, however it dies."""
        lock = sqlite3.connect(self._lock_path, isolation_level=None, timeout=0, check_same_thread=False)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            lock.close()
            raise Refused(
                f"{self.path}: 別の検査がこの台帳を使用中です。終了を待つか、--ledger で別の台帳を指定してください。",
                f"{self.path}: another scan is using this ledger. Wait for it, or name another one with --ledger.",
            ) from None
        self._lock = lock

    def close(self) -> None:
        """Close the files and let go of the lock."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _spoken(self) -> Iterator[None]:
        """Turn what SQLite or the system throws into a sentence. What was recorded before stays recorded."""
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.DatabaseError, OSError) as error:
            text = str(error).lower()
            status = 3
            if "full" in text or getattr(error, "errno", 0) == 28:
                ja, en = "ディスクに空きがありません", "the disk is full"
            elif "not a database" in text or "malformed" in text:
                ja, en, status = "台帳ではないか、壊れています", "not a ledger, or damaged", 2
            elif "readonly" in text or "unable to open" in text or isinstance(error, OSError):
                ja, en, status = "台帳に書き込めません", "the ledger cannot be written", 2
            else:
                ja, en = "台帳の書き込みに失敗しました", "writing the ledger failed"
            raise Refused(
                f"{self.path}: {ja}（{type(error).__name__}）。"
                "それまでの記録は残っています。解消後に同じコマンドを再実行してください。",
                f"{self.path}: {en} ({type(error).__name__})."
                " What was recorded is kept; run the same command again once it is resolved.",
                status=status,
            ) from None

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._spoken():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    # ------------------------------------------------------------ runs

    def begin(self, command: str, about: Mapping[str, Any]) -> tuple[RunRecord, bool]:
        """A new run, or the last one when it was broken off under the same command (then True)."""
        with self._transaction() as db:
            last = db.execute("SELECT id, command, state FROM runs ORDER BY id DESC LIMIT 1").fetchone()
            if last and last[1] == command and last[2] != "finished":
                db.execute("UPDATE runs SET state = 'running', pass = pass + 1 WHERE id = ?", (last[0],))
                run, resumed = int(last[0]), True
            else:
                name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
                cursor = db.execute(
                    "INSERT INTO runs (name, command, state, pass, started, about) VALUES (?, ?, 'running', 1, ?, ?)",
                    (name, command, now(), json.dumps(about)),
                )
                run, resumed = int(cursor.lastrowid or 0), False
        return self.run(run), resumed

    def end(self, run: RunRecord, state: str, summary: Mapping[str, Any]) -> None:
        """Mark the end of a run: ``finished`` or ``interrupted``."""
        with self._transaction() as db:
            db.execute(
                "UPDATE runs SET state = ?, finished = ?, summary = ? WHERE id = ?", (state, now(), json.dumps(summary), run.id)
            )

    def run(self, run: int | str | None = None) -> RunRecord:
        """A run by its number or name; the last one without. Raises Refused when there is none."""
        columns = "SELECT id, name, state, pass, started, finished, about, summary FROM runs"
        with self._spoken():
            if run is None:
                row = self._db.execute(f"{columns} ORDER BY id DESC LIMIT 1").fetchone()
            else:
                row = self._db.execute(f"{columns} WHERE id = ? OR name = ?", (run, str(run))).fetchone()
        if row is None:
            raise Refused(f"{self.path}: その実行の記録がありません。", f"{self.path}: no such run is recorded.")
        number, name, state, run_pass, started, finished, about, summary = row
        return RunRecord(number, name, state, run_pass, started, finished, json.loads(about), json.loads(summary or "{}"))

    # ------------------------------------------------------------ recording

    def pending(self, items: Iterable[Document | Outcome], run: RunRecord, recipe: str, walked: Walked) -> Iterator[Document]:
        """Record what is already an answer and yield the documents still to be read; ``walked`` counts every item once."""
        for item in items:
            document = item.document if isinstance(item, Outcome) else item
            known = self._known(run, document)
            if known == "met":
                continue
            walked.add(document)
            if isinstance(item, Outcome):
                self.record(item, run, recipe)
            elif known == "recorded":
                with self._transaction() as db:
                    db.execute(
                        "UPDATE outcomes SET pass = ? WHERE run = ? AND document = (SELECT id FROM documents WHERE uri = ?)",
                        (run.run_pass, run.id, rows.text(document.uri)),
                    )
            elif not self._unchanged(document, run, recipe):
                yield document

    def _known(self, run: RunRecord, document: Document) -> str:
        """``met`` in this pass already, ``recorded`` in an earlier pass and still the same, or nothing."""
        with self._spoken():
            row = self._db.execute(
                "SELECT pass, stamp, again FROM outcomes WHERE run = ? AND document = (SELECT id FROM documents WHERE uri = ?)",
                (run.id, rows.text(document.uri)),
            ).fetchone()
        if row is None:
            return ""
        if row[0] == run.run_pass:
            return "met"
        return "recorded" if row[1] == document.stamp and document.stamp and not row[2] else ""

    def _unchanged(self, document: Document, run: RunRecord, recipe: str) -> bool:
        with self._spoken():
            row = self._db.execute(
                "SELECT o.document, o.source, o.stamp, o.recipe, o.again, o.content_id, o.bytes, o.examined FROM outcomes o"
                " JOIN documents d ON d.id = o.document WHERE d.uri = ? AND o.run < ? ORDER BY o.run DESC LIMIT 1",
                (rows.text(document.uri), run.id),
            ).fetchone()
        if row is None or not document.stamp or row[2] != document.stamp or row[3] != recipe or row[4]:
            return False
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, 'unchanged', ?, ?, ?, 0, ?, ?, ?, '')",
                (run.id, row[0], run.run_pass, row[1], row[2], row[3], row[5], row[6], row[7]),
            )
        return True

    def record(self, outcome: Outcome, run: RunRecord, recipe: str) -> None:
        """Write an outcome with everything in it in one transaction; one recorded before in the same run is replaced."""
        uri, at = rows.text(outcome.document.uri), now()
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO documents (uri) VALUES (?)", (uri,))
            number = int(db.execute("SELECT id FROM documents WHERE uri = ?", (uri,)).fetchone()[0])
            key = (run.id, number)
            for table in ("findings", "problems"):
                db.execute(f"DELETE FROM {table} WHERE run = ? AND document = ?", key)
            used = "" if outcome.status is Status.EXCLUDED else recipe
            db.execute(
                "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(run.id, number, run.run_pass, outcome.status.value, run.id, outcome.document.stamp, used),
                    *(int(rows.passing(outcome)), outcome.content_id, outcome.document.size, at, rows.head(outcome)),
                ),
            )
            for member, inner in enumerate(family(outcome)):
                db.executemany(
                    f"INSERT INTO findings VALUES ({_MARKS})",
                    ((*key, member, n, *rows.finding_row(f)) for n, f in enumerate(inner.facts.findings)),
                )
                db.executemany(
                    "INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        (*key, member, n, p.stage.value, p.code.value, rows.text(p.detail), rows.text(p.where))
                        for n, p in enumerate(inner.problems)
                    ),
                )
                db.executemany(
                    "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)",
                    ((f.finding_id, run.id, at) for f in inner.facts.findings if f.finding_id),
                )

    # ------------------------------------------------------------ reading

    def counts(self, run: RunRecord) -> dict[str, int]:
        """Outcomes of the run's last pass by status."""
        with self._spoken():
            found = self._db.execute(
                "SELECT status, count(*) FROM outcomes WHERE run = ? AND pass = ? GROUP BY status", (run.id, run.run_pass)
            )
            return {status: int(n) for status, n in found}

    def outcomes(self, run: RunRecord) -> Iterator[Recorded]:
        """Every outcome of the run in the order of paths; an unchanged document keeps its last findings and problems."""
        with self._spoken():
            yield from self._outcomes("o.run = ? AND o.pass = ?", (run.id, run.run_pass), run)

    def outcome(self, run: RunRecord, uri: str) -> Recorded | None:
        """One document's outcome in the run."""
        with self._spoken():
            return next(self._outcomes("o.run = ? AND d.uri = ?", (run.id, rows.text(uri)), run), None)

    def _outcomes(self, where: str, values: tuple[Any, ...], run: RunRecord) -> Iterator[Recorded]:
        heads = self._db.execute(
            "SELECT o.document, d.uri, o.status, o.source, o.stamp, o.recipe, o.examined, s.head FROM outcomes o"
            " JOIN documents d ON d.id = o.document JOIN outcomes s ON s.run = o.source AND s.document = o.document"
            f" WHERE {where} ORDER BY CAST(d.uri AS BLOB)",
            values,
        )
        for document, uri, status, source, stamp, recipe, examined, head in heads:
            findings: dict[int, list[Finding]] = {}
            deltas: list[tuple[str, str]] = []
            names = ", ".join(f"f.{name}" for name in rows.COLUMNS)
            for row in self._db.execute(
                f"SELECT f.member, s.run, s.at, {names} FROM findings f LEFT JOIN seen s ON s.finding_id = f.finding_id"
                " WHERE f.run = ? AND f.document = ? ORDER BY f.member, f.n",
                (source, document),
            ):
                findings.setdefault(row[0], []).append(rows.finding(row[3:]))
                deltas.append(("new" if row[1] is None or row[1] == run.id else "known", row[2] or examined))
            problems: dict[int, list[Problem]] = {}
            for member, *columns in self._db.execute(
                "SELECT member, stage, code, detail, place FROM problems WHERE run = ? AND document = ? ORDER BY member, n",
                (source, document),
            ):
                problems.setdefault(member, []).append(rows.problem(*columns))
            made = rows.outcome(
                rows.untext(uri), stamp, recipe, json.loads(head), findings, problems, unchanged=status == Status.UNCHANGED.value
            )
            yield Recorded(made, examined, tuple(deltas))

    def duplicates(self, run: RunRecord) -> set[str]:
        """Content ids that more than one document of the run has."""
        with self._spoken():
            return {
                row[0]
                for row in self._db.execute(
                    "SELECT content_id FROM outcomes WHERE run = ? AND pass = ? AND content_id <> ''"
                    " GROUP BY content_id HAVING count(*) > 1",
                    (run.id, run.run_pass),
                )
            }

    def find(self, finding_id: str, run: RunRecord) -> list[tuple[str, Finding]]:
        """Where a finding is in the run: addresses with the finding. ``finding_id`` may be a beginning of eight or more."""
        with self._spoken():
            names = ", ".join(f"f.{name}" for name in rows.COLUMNS)
            found = self._db.execute(
                f"SELECT d.uri, {names} FROM outcomes o JOIN findings f ON f.run = o.source AND f.document = o.document"
                " JOIN documents d ON d.id = o.document WHERE o.run = ? AND o.pass = ? AND substr(f.finding_id, 1, ?) = ?",
                (run.id, run.run_pass, max(8, len(finding_id)), finding_id),
            )
            return [(rows.untext(row[0]), rows.finding(row[1:])) for row in found]

    def resolved(self, run: RunRecord) -> int:
        """Findings of the last finished run over the same roots that are gone, their documents having been read fully or left."""
        with self._spoken():
            before = self._db.execute(
                "SELECT id, pass, about FROM runs WHERE id < ? AND state = 'finished' ORDER BY id DESC LIMIT 1", (run.id,)
            ).fetchone()
            if before is None or json.loads(before[2]).get("roots") != run.about.get("roots"):
                return 0
            row = self._db.execute(
                "SELECT count(DISTINCT f.finding_id) FROM outcomes p"
                " JOIN findings f ON f.run = p.source AND f.document = p.document"
                " WHERE p.run = ? AND p.pass = ? AND f.finding_id <> '' AND f.finding_id NOT IN"
                " (SELECT g.finding_id FROM outcomes o JOIN findings g ON g.run = o.source AND g.document = o.document WHERE o.run = ? AND o.pass = ?)"
                " AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.run = ? AND o.document = p.document"
                " AND o.status IN ('unreadable', 'partial'))",
                (before[0], before[1], run.id, run.run_pass, run.id),
            ).fetchone()
            return int(row[0])


class Walked:
    """Counts what the walk met: the left side of the counting law. ``bytes`` of documents with a known size."""

    def __init__(self) -> None:
        self.documents = 0
        self.bytes = 0

    def add(self, document: Document) -> None:
        """One more."""
        self.documents += 1
        self.bytes += max(0, document.size)
