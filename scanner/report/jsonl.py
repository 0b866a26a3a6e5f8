"""findings.jsonl: the rows of findings.csv as JSON lines, keys and values by their ids."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from scanner.model import Judged
from scanner.report import About
from scanner.report.csv_file import unwritable
from scanner.report.findings_csv import rows


class Jsonl:
    """Writes findings.jsonl."""

    def __init__(self, about: About) -> None:
        self.about = replace(about, lang="en")
        self.path = about.folder / "findings.jsonl"
        try:
            self._out = self.path.open("w", encoding="utf-8", newline="\n")
            self.path.chmod(0o600)
        except OSError as error:
            raise unwritable(self.path, error) from None

    def add(self, judged: Judged) -> None:
        """The rows of one document."""
        try:
            for row in rows(judged, self.about):
                self._out.write(json.dumps(row, ensure_ascii=True) + "\n")
        except OSError as error:
            raise unwritable(self.path, error) from None

    def close(self) -> list[Path]:
        """Finish."""
        try:
            self._out.close()
        except OSError as error:
            raise unwritable(self.path, error) from None
        return [self.path]


def open_writer(about: About) -> Jsonl:
    """See SINKS."""
    return Jsonl(about)
