"""Tables split where Excel would stop reading, and no formula survives."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.refusal import Refused
from scanner.report.csv_file import Table, defused
from scanner.report.words import confidence, masked_path, on_one_line


def test_a_long_table_is_split_and_old_parts_go(tmp_path: Path) -> None:
    for count, names in ((7, ["t.csv", "t-2.csv", "t-3.csv"]), (3, ["t.csv"])):
        table = Table(tmp_path, "t", ["n", "値"], rows=3)
        for n in range(count):
            table.row([n, f'{n},"x"\r\n行'])
        assert [p.name for p in table.close()] == names
        assert sorted(p.name for p in tmp_path.iterdir()) == sorted(names)
        read = []
        for name in names:
            with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
                header, *rows = csv.reader(file)
            assert header == ["n", "値"]
            read += rows
        assert read == [[str(n), f'{n},"x"\r\n行'] for n in range(count)]


@given(st.text())
def test_no_field_starts_a_formula_and_nothing_else_changes(text: str) -> None:
    out = defused(text)
    assert not out.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert out.removeprefix("'") == text.removeprefix("'") or "\\ud" in out


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        Table(tmp_path / "gone", "t", ["n"])
    assert caught.value.status == 3


def test_a_full_disk_is_said() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")

    class Full(Table):
        def _next(self) -> None:
            self._out = full.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._out)
            self.paths.append(full)

    table = Full(Path(), "t", ["n"])
    with pytest.raises(Refused, match="disk is full"):
        for _ in range(100_000):
            table.row(["x" * 100])


@pytest.mark.parametrize(("value", "ja"), [(1.0, "高"), (0.85, "高"), (0.849, "中"), (0.5, "中"), (0.49, "低"), (0.0, "低")])
def test_confidence_is_three_words(value: float, ja: str) -> None:
    assert confidence(value, "ja") == ja


def test_a_masked_path_keeps_root_depth_and_extension() -> None:
    assert masked_path("/share/佐藤みなみ/診断書.pdf", "/share") == "/share/佐●/診●.pdf"


def test_file_names_cannot_forge_a_line_or_move_the_cursor() -> None:
    assert on_one_line("a\n終了コード: 0\x1b[2J\u202e") == "a\\x0a終了コード: 0\\x1b[2J\\x202e"
