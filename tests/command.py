"""The command as a person runs it: a process of its own, with nothing of this process's environment but the path."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "scanner")


@dataclass(frozen=True)
class Home:
    """A place of its own for state, temp files and reports, outside every scanned folder."""

    path: Path

    @property
    def ledger(self) -> Path:
        return self.path / "ledger.sqlite"

    @property
    def out(self) -> Path:
        return self.path / "out"

    def environment(self) -> dict[str, str]:
        for name in ("tmp", "state"):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "TMPDIR": str(self.path / "tmp"),
            "XDG_STATE_HOME": str(self.path / "state"),
            "TANAOROSHI_KEY_FILE": str(self.path / "key"),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
        } | {k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")}

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Begin a command and leave it running."""
        command = [*COMMAND, *map(str, arguments)]
        return subprocess.Popen(
            command, cwd=self.path, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *arguments: str | Path, stdin: str = "", timeout: float = 240) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = [*COMMAND, *map(str, arguments)]
        return subprocess.run(
            command,
            cwd=self.path,
            env=self.environment(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def scan(self, *arguments: str | Path, timeout: float = 240) -> subprocess.CompletedProcess[str]:
        """``scan`` into this home's ledger and reports, with English headers."""
        return self.run("scan", *arguments, "--out", self.out, "--ledger", self.ledger, "--lang", "en", timeout=timeout)

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of a report table."""
        return rows(self.out / name)


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV with a header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def named(table: Sequence[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Rows of files.csv by file name."""
    return {Path(row["path"]).name: row for row in table}
