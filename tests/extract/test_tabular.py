from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.extract.tabular import delimiter_of, rows
from scanner.model import Cell, Kind
from tests.extract.readkit import DOCUMENTS, broken, gold, gold_bytes, missing, read


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_and_quotes_are_undone(delimiter: str) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    table = [["氏名", "住所", "備考"], ["山田 太郎", "東京都\n千代田区", 'a"b'], ["鈴木", f"x{delimiter}y", "z"]]
    writer.writerows(table)
    out = read("tabular", buffer.getvalue().encode("cp932"), "x.csv")
    assert out.tables() == [[[cell.replace("\t", " ") for cell in row] for row in table]]


def test_rows_are_physical_lines() -> None:
    out = read("tabular", 'a,b\n"1\n2\n3",x\n\n山田,y\n'.encode(), "x.csv")
    block = out.blocks[0]
    assert block.anchor(block.text.index("x")) == Cell("", 2, 2)
    assert block.anchor(block.text.index("山田")) == Cell("", 6, 1)


def test_ragged_rows_and_empty_cells_keep_their_columns() -> None:
    out = read("tabular", "題名\n氏名,電話,住所\n,03,\n山田,,東京,余り\n鈴木,1,2\n".encode(), "x.csv")
    block = out.blocks[0]
    assert block.anchor(block.text.index("03")) == Cell("", 3, 2)
    assert block.anchor(block.text.index("余り")) == Cell("", 4, 4)


def test_an_unclosed_quote_loses_no_row() -> None:
    lines = ["氏名,電話", '"山田,03'] + [f"人{n},{n}" for n in range(5_000)]
    out = read("tabular", "\n".join(lines).encode(), "x.csv")
    cells = [row for table in out.tables() for row in table]
    assert cells[-1] == ["人4999", "4999"]
    assert len(cells) == 5_002
    last = out.blocks[-1]
    assert last.anchor(last.text.index("人4999")) == Cell("", 5_002, 1)


def test_a_giant_line_is_read_in_parts() -> None:
    text = ",".join(f"v{n}" for n in range(2_000_000))
    began = time.monotonic()
    out = read("tabular", text.encode(), "x.csv")
    assert time.monotonic() - began < 20
    joined = ",".join(b.text.replace("\t", ",") for b in out.blocks)
    assert len(joined.split(",")) >= 2_000_000 and joined.endswith("v1999999")


def test_what_is_no_table_is_text_and_a_list_is_a_column() -> None:
    prose = "これは表ではなく、普通の文章として書かれた長い行で、区切り文字がどこにもありません。\n" * 3
    assert [b.kind for b in read("tabular", prose.encode(), "x.csv").blocks] == [Kind.TEXT]
    assert read("tabular", "氏名\n山田\n鈴木\n".encode(), "x.csv").tables() == [[["氏名"], ["山田"], ["鈴木"]]]


def test_certainty_is_asked_for_where_the_name_promises_nothing() -> None:
    assert delimiter_of("a,b\nc,d\ne,f\ng,h\n", strict=True) == ""
    assert delimiter_of("a\tb\nc\td\ne\tf\ng\th\n", strict=True) == "\t"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='ab,"\n\x00山 ', max_size=60))
def test_broken_quotes_lose_no_character(text: str) -> None:
    got = "".join(cell for _, cells in rows(iter(text.splitlines(keepends=True)), ",", keep_empty=True) for _, cell in cells)
    for character in "ab\x00山":
        assert got.count(character) == text.count(character)


@pytest.mark.parametrize("document", gold(".csv", ".tsv"))
def test_gold_surfaces_are_found(document: dict[str, object]) -> None:
    out = read("tabular", gold_bytes(document), str(document["file"]))
    assert missing(document, out) == []
    assert broken(document, out) == []
    assert out.blocks[0].kind is Kind.TABLE and "\ufffd" not in out.text


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the corpus is not present")
def test_real_files_are_tables() -> None:
    files = sorted(f for folder in ("real", "real2") for f in (DOCUMENTS / folder).glob("*.csv"))
    assert files
    for file in files:
        out = read("tabular", file.read_bytes(), file.name)
        assert out.blocks and "\ufffd" not in out.text
