"""Reads runs and outcomes back from the ledger, and says in a sentence what the file or the disk refuses."""

from __future__ import annotations

import contextlib
import errno
import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.ledger import rows
from scanner.model import Finding, Outcome, Status
from scanner.problems import Problem
from scanner.refusal import Refused

SCHEMA = 1


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


class Reader:
    """A ledger opened for reading; reports rest on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._starting = True
        if not path.is_file():
            raise Refused(f"{path}: 台帳がありません。先に scan を実行してください。", f"{path}: no such ledger. Run scan first.")
        with self._spoken():
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
            self._check_schema()
        self._starting = False

    def _check_schema(self) -> None:
        tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found = self._db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() if "meta" in tables else None
        if found is None or int(found[0]) != SCHEMA:
            raise Refused(f"{self.path}: この版では読めない台帳です。", f"{self.path}: a ledger this version cannot read.")

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(sqlite3.Error, AttributeError):
            self._db.close()

    @contextlib.contextmanager
    def _spoken(self) -> Iterator[None]:
        """Turn what SQLite or the system throws into a sentence. What was recorded before stays recorded."""
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:
            ja, en = self._reason(error)
            raise Refused(
                f"{self.path}: {ja}（{type(error).__name__}）。"
                "それまでの記録は残っています。解消後に同じコマンドを再実行してください。",
                f"{self.path}: {en} ({type(error).__name__})."
                " What was recorded is kept; run the same command again once it is resolved.",
                status=2 if self._starting else 3,
            ) from None

    def _reason(self, error: Exception) -> tuple[str, str]:
        text = str(error).lower()
        if "full" in text or getattr(error, "errno", 0) == errno.ENOSPC or self._no_space():
            return "ディスクに空きがありません", "the disk is full"
        if "not a database" in text or "malformed" in text:
            return "台帳ではないか、壊れています", "not a ledger, or damaged"
        if "locked" in text:
            return "台帳は使用中です", "the ledger is in use"
        return "台帳を読み書きできません", "the ledger cannot be read or written"

    def _no_space(self) -> bool:
        """SQLite calls a disk without room an I/O error when it cannot make its side files."""
        folder = next((p for p in self.path.parents if p.is_dir()), None)
        try:
            return folder is not None and shutil.disk_usage(folder).free < 64 << 10
        except OSError:
            return False

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

    def pace(self) -> tuple[int, int, float]:
        """Documents, bytes and worker seconds of everything examined by the last run that examined something."""
        with self._spoken():
            last = self._db.execute("SELECT max(run) FROM outcomes WHERE head <> '' AND status IN ('read', 'partial')").fetchone()[
                0
            ]
            documents, size, seconds = 0, 0, 0.0
            for count, head in self._db.execute("SELECT bytes, head FROM outcomes WHERE run = ? AND head <> ''", (last,)):
                documents += 1
                size += max(0, count)
                seconds += json.loads(head)["seconds"]
            return documents, size, seconds

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
                " (SELECT g.finding_id FROM outcomes o JOIN findings g ON g.run = o.source AND g.document = o.document"
                " WHERE o.run = ? AND o.pass = ?)"
                " AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.run = ? AND o.document = p.document"
                " AND o.status IN ('unreadable', 'partial'))",
                (before[0], before[1], run.id, run.run_pass, run.id),
            ).fetchone()
            return int(row[0])
