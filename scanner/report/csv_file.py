"""Writes a table as Excel in Japan opens it: UTF-8 with BOM, CRLF, every field quoted, formulas defused, split when long."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from scanner.refusal import Refused
from scanner.report.words import printable

ROWS = 1_000_000  # data rows a file: Excel shows 1,048,576
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−")


def defused(value: str) -> str:
    """A field that no spreadsheet takes for a formula."""
    text = printable(value)
    return "'" + text if text.startswith(_FORMULA) else text


class Table:
    """``stem.csv``, then ``stem-2.csv`` … after every ``rows`` rows. Raises Refused (status 3) when the disk is full."""

    def __init__(self, folder: Path, stem: str, header: Sequence[str], *, rows: int = ROWS) -> None:
        self.folder = folder
        self.stem = stem
        self.header = list(header)
        self.rows = rows
        self.paths: list[Path] = []
        self._out: TextIO | None = None
        self._count = 0
        self._next()

    def _next(self) -> None:
        self._finish()
        number = len(self.paths) + 1
        path = self.folder / (f"{self.stem}.csv" if number == 1 else f"{self.stem}-{number}.csv")
        try:
            self._out = path.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise unwritable(path, error) from None
        path.chmod(0o600)
        self._writer = csv.writer(self._out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        self._writer.writerow(self.header)
        self.paths.append(path)
        self._count = 0

    def _finish(self) -> None:
        out, self._out = self._out, None
        if out is not None:
            try:
                out.close()
            except OSError as error:
                raise unwritable(self.paths[-1], error) from None

    def row(self, values: Sequence[object]) -> None:
        """One row."""
        if self._count >= self.rows:
            self._next()
        try:
            self._writer.writerow([defused(str(value)) for value in values])
        except OSError as error:
            raise unwritable(self.paths[-1], error) from None
        self._count += 1

    def close(self) -> list[Path]:
        """Finish; the files written. Longer tables of an earlier run in the same folder lose their further parts."""
        self._finish()
        number = len(self.paths) + 1
        while (old := self.folder / f"{self.stem}-{number}.csv").is_file():
            old.unlink()
            number += 1
        return self.paths


def unwritable(path: Path, error: OSError) -> Refused:
    """What to say when a report cannot be written."""
    full = error.errno == 28
    return Refused(
        f"{path}: {'ディスクに空きがありません' if full else '書き込めません'}（{type(error).__name__}）。"
        "検査の記録は台帳に残っています。"
        "解消後に同じコマンドを再実行すると報告書を書き出します。",
        f"{path}: {'the disk is full' if full else 'cannot be written'} ({type(error).__name__}). The scan is kept in the ledger;"
        " run the same command again to write the reports once it is resolved.",
        status=3,
    )
