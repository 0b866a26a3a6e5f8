"""Parquet files with the extra ``parquet``: columns of every kind, documents as values, damage, limits, no library."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from scanner.extract import sniff
from scanner.extract.budget import Limits
from scanner.model import Cell
from scanner.problems import Code, Unreadable
from tests.extract.archivekit import codes, examine, zipped
from tests.extract.readkit import read


def made(columns: dict[str, list[Any]], **options: Any) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), out, **options)
    return out.getvalue()


COLUMNS: dict[str, list[Any]] = {
    "氏名": ["山田①", "髙橋", None],
    "年齢": [34, None, 51],
    "家族": [["妻", "長女"], [], None],
    "備考": ["無し".encode("cp932"), b"\0\1\2\xff", None],
}


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip"])
def test_rows_under_their_columns(compression: str) -> None:
    data = made(COLUMNS, compression=compression)
    assert sniff(io.BytesIO(data), "a.parquet").format.name == "parquet"
    out = read("parquets", data)
    assert out.tables() == [[["氏名", "年齢", "家族", "備考"], ["山田①", "34", '["妻", "長女"]', "無し"], ["髙橋", "[]"], ["51"]]]
    assert out.blocks[0].anchor(out.blocks[0].text.index("髙橋")) == Cell("parquet", 3, 1)


def test_documents_as_values_are_members() -> None:
    out = read("parquets", made({"添付": [zipped({"a.txt": b"x"}), None]}))
    assert [name for name, _ in out.members] == ["blob1"]


def test_damage_and_limits() -> None:
    data = made({"氏名": [f"山田{n}" for n in range(20_000)]}, row_group_size=2_000)
    with pytest.raises(Unreadable) as error:
        read("parquets", data[:-9])
    assert error.value.problem.code is Code.CORRUPT
    cut = read("parquets", data[: len(data) // 2] + bytes(600) + data[len(data) // 2 + 600 :])
    assert cut.codes == ["corrupt"] and "山田9\n" in cut.text
    with pytest.raises(Unreadable) as error:
        read("parquets", data, limits=Limits(characters=1_000))
    assert error.value.problem.code is Code.TOO_LARGE


def test_without_the_library_it_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "scanner.extract.parquets", raising=False)
    outcome = examine(b"PAR1" + bytes(99), "a.parquet")
    assert codes(outcome) == ["missing-extra"] and outcome.problems[0].detail == "pip install 'tanaoroshi[parquet]'"
