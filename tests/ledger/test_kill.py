"""A scan killed with SIGKILL in the middle, and the same command again: it finishes, with each document once."""

from __future__ import annotations

import csv
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.command import ROOT
from tests.tree import grow

COUNT = 24


def start(root: Path, home: Path, engine: str) -> subprocess.Popen[bytes]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(home)}
    command = [sys.executable, "-m", "tests.fakes", str(root), str(home), engine]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def recorded(home: Path) -> list[str]:
    """Addresses recorded so far."""
    ledger = home / "ledger.sqlite"
    if not ledger.exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:
            return [u for (u,) in db.execute("SELECT uri FROM outcomes o JOIN documents d ON d.id = o.document")]
    except sqlite3.Error:
        return []


@pytest.mark.parametrize("engine", ["serial", "pool"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_the_same_command_finishes_what_was_broken_off(tmp_path: Path, engine: str, how: signal.Signals) -> None:
    text = '{"sleep": 0.1, "findings": [{"confidence": 0.9}], "n": %d}'
    root = grow(tmp_path / "root", {f"{n:02d}.txt": text % n for n in range(COUNT)})
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    process = start(root, home, engine)
    deadline = time.monotonic() + 60
    while len(recorded(home)) < 3 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert process.poll() is None, "it was over before it could be broken off"
    process.send_signal(how)
    _, err = process.communicate(timeout=30)
    assert b"Traceback" not in err
    assert process.returncode == (130 if how is signal.SIGINT else -signal.SIGKILL)
    before = recorded(home)
    assert 3 <= len(before) < COUNT
    again = start(root, home, engine)
    _, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    assert sorted(recorded(home)) == sorted(str(p) for p in root.iterdir()), "one run, each document once"
    with (home / "out" / "files.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert Counter(row["パス"] for row in table) == {str(p): 1 for p in root.iterdir()}
    with (home / "out" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == COUNT
