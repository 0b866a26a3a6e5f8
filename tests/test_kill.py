"""kill -9 of workers and of the whole scan, and the same command again: it finishes, each document once."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.command import Home
from tests.leaks import traces
from tests.tree import grow

COUNT = 48
CANARY = "鶴ヶ谷ののか"

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at /proc")


def many(root: Path) -> Path:
    """Files that take a moment each."""
    line = "{}さんの連絡先は090-2143-{:04d}です。今日は会議室で打合せを行い、資料を確認しました。\n"
    return grow(root, {f"{n:02d}.txt": "".join(line.format(CANARY, n * 100 + k) for k in range(300)) for n in range(COUNT)})


def children(pid: int) -> list[int]:
    """The processes that a process has begun, at every depth."""
    out: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            out += [child, *children(child)]
    return out


def recorded(ledger: Path) -> int:
    """Rows of the ledger's largest table; 0 before there is one."""
    if not ledger.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:
            names = [n for (n,) in db.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")]
            return max((db.execute(f'select count(*) from "{n}"').fetchone()[0] for n in names), default=0)
    except sqlite3.Error:
        return 0


def begun(home: Home, root: Path) -> subprocess.Popen[str]:
    """A scan that has recorded something and is still at work."""
    scan = home.start("scan", root, "--out", home.out, "--ledger", home.ledger, "--lang", "en", "--jobs", "2", "--profile", "fast")
    deadline = time.monotonic() + 90
    while scan.poll() is None and recorded(home.ledger) < 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    return scan


def finished(home: Home, root: Path, *, read: bool) -> None:
    """The same command again ends well, with each document once."""
    done = home.scan(root, "--jobs", "2", "--profile", "fast")
    assert done.returncode in ({0, 1} if read else {0, 1, 3, 4}), done.stderr
    table = home.table("files.csv")
    assert Counter(Path(row["path"]).name for row in table) == {f"{n:02d}.txt": 1 for n in range(COUNT)}
    if read:
        assert {row["status"] for row in table} <= {"read", "unchanged"}


def test_killed_workers_cost_no_document(tmp_path: Path, home: Home) -> None:
    root = many(tmp_path / "root")
    scan = begun(home, root)
    killed = 0
    for _ in range(3):
        for child in children(scan.pid)[:1] if scan.poll() is None else []:
            with contextlib.suppress(ProcessLookupError):  # it had just ended by itself
                os.kill(child, signal.SIGKILL)
            killed += 1
        time.sleep(0.3)
    out, err = scan.communicate(timeout=200)
    assert "Traceback" not in out + err
    assert killed, "the scan was over before a worker could be killed"
    assert len(home.table("files.csv")) == COUNT
    finished(home, root, read=True)


def test_a_killed_scan_goes_on_where_it_was(tmp_path: Path, home: Home) -> None:
    root = many(tmp_path / "root")
    scan = begun(home, root)
    workers = children(scan.pid)
    assert scan.poll() is None, "the scan was over before it could be killed"
    scan.kill()
    scan.communicate(timeout=60)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{w}").exists() and b"scanner" in _command(w) for w in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [w for w in workers if b"scanner" in _command(w)], "no worker outlives its scan"
    assert recorded(home.ledger) > 0
    assert not traces(home.path, [CANARY]), "nothing of the documents is left lying about"
    finished(home, root, read=True)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
