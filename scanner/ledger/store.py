"""The ledger: an SQLite file with one writer, in which every document of a run has exactly one outcome."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scanner.ledger import rows
from scanner.ledger.reading import SCHEMA, Reader, RunRecord
from scanner.model import Document, Outcome, Status, family
from scanner.refusal import Refused

_MARKS = ", ".join("?" * (4 + len(rows.COLUMNS)))


def now() -> str:
    """The time, in UTC to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Ledger(Reader):
    """Keeps runs and outcomes. Only one process may write; opening a ledger in use is refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._starting = True
        self._lock: sqlite3.Connection | None = None
        with self._spoken():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file in (path, self._lock_path):
                os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
            self._take()
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA wal_autocheckpoint=256")  # pages: a megabyte beside the ledger at most
            self._db.executescript(Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))
            self._db.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", (str(SCHEMA),))
            self._check_schema()

    @property
    def _lock_path(self) -> Path:
        return self.path.with_name(self.path.name + ".lock")

    def _take(self) -> None:
        """A held transaction on a file beside the ledger: the system lets go of it when the process dies, however it dies."""
        lock = sqlite3.connect(self._lock_path, isolation_level=None, timeout=0, check_same_thread=False)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            if "locked" not in str(error):
                raise
            raise Refused(
                f"{self.path}: 別の検査がこの台帳を使用中です。終了を待つか、--ledger で別の台帳を指定してください。",
                f"{self.path}: another scan is using this ledger. Wait for it, or name another one with --ledger.",
            ) from None
        self._lock = lock

    def close(self) -> None:
        """Close the files and let go of the lock."""
        super().close()
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
        self._starting = False
        return self.run(run), resumed

    def end(self, run: RunRecord, state: str, summary: Mapping[str, Any]) -> None:
        """Mark the end of a run: ``finished`` or ``interrupted``."""
        with self._transaction() as db:
            db.execute(
                "UPDATE runs SET state = ?, finished = ?, summary = ? WHERE id = ?", (state, now(), json.dumps(summary), run.id)
            )

    # ------------------------------------------------------------ recording

    def pending(
        self, items: Iterable[Document | Outcome], run: RunRecord, recipe: str, walked: Walked, *, passwords: bool = False
    ) -> Iterator[Document]:
        """Record what is already an answer and yield the documents still to be read; ``walked`` counts every item once.

        ``passwords``: there are some to try, so what lacked one is to be read again.
        """
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
            elif not self._unchanged(document, run, recipe, passwords):
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
        return "recorded" if row[1] == document.stamp and document.stamp and row[2] != 1 else ""

    def _unchanged(self, document: Document, run: RunRecord, recipe: str, passwords: bool) -> bool:
        with self._spoken():
            row = self._db.execute(
                "SELECT o.document, o.source, o.stamp, o.recipe, o.again, o.content_id, o.bytes, o.examined FROM outcomes o"
                " JOIN documents d ON d.id = o.document WHERE d.uri = ? AND o.run < ? ORDER BY o.run DESC LIMIT 1",
                (rows.text(document.uri), run.id),
            ).fetchone()
        if row is None or not document.stamp or row[2] != document.stamp or row[3] != recipe:
            return False
        if row[4] == 1 or (row[4] == 2 and passwords):
            return False
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, 'unchanged', ?, ?, ?, ?, ?, ?, ?, '')",
                (run.id, row[0], run.run_pass, row[1], row[2], row[3], row[4], row[5], row[6], row[7]),
            )
        return True

    def record(self, outcome: Outcome, run: RunRecord, recipe: str) -> None:
        """Write an outcome with everything in it in one transaction; one recorded before in the same run is replaced."""
        try:
            self._record(outcome, run, recipe)
        except Refused:  # a full disk may have room again once the write-ahead log is folded into the ledger
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._record(outcome, run, recipe)

    def _record(self, outcome: Outcome, run: RunRecord, recipe: str) -> None:
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
                    *(rows.again(outcome), outcome.content_id, outcome.document.size, at, rows.head(outcome)),
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


class Walked:
    """Counts what the walk met: the left side of the counting law. ``bytes`` of documents with a known size."""

    def __init__(self) -> None:
        self.documents = 0
        self.bytes = 0

    def add(self, document: Document) -> None:
        """One more."""
        self.documents += 1
        self.bytes += max(0, document.size)
