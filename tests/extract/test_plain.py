from __future__ import annotations

import time

import pytest

from scanner.extract.budget import Limits
from scanner.model import Cell, Kind, Line
from scanner.problems import Unreadable
from tests.extract.readkit import broken, gold, gold_bytes, grid, missing, read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc-jp", "iso2022_jp", "utf-16"])
def test_every_encoding_gives_the_same_text(encoding: str) -> None:
    text = "担当者の氏名は山田太郎です。\r\n電話番号は03-1234-5678、住所は東京都千代田区です。\r\n" * 3
    out = read("plain", text.encode(encoding), "memo.txt")
    assert out.text == text.replace("\r\n", "\n").rstrip("\n")
    assert "encoding" in out.traits and not out.problems


def test_anchors_are_lines_and_columns_also_in_later_windows() -> None:
    lines = [f"{n:06d} 記録の行です" for n in range(1, 30_001)]
    out = read("plain", "\n".join(lines).encode(), "a.log")
    assert len(out.blocks) > 3 and all(b.kind is Kind.TEXT for b in out.blocks)
    for number in (1, 7_777, 30_000):
        block = next(b for b in out.blocks if f"{number:06d}" in b.text)
        assert block.anchor(block.text.index(f"{number:06d}") + 2) == Line(number, 3)
    assert out.text == "\n".join(lines)


def test_binary_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        read("plain", bytes(range(256)) * 40, "x.txt")
    assert caught.value.problem.code.value == "binary"


def test_a_line_longer_than_memory_should_hold_loses_nothing() -> None:
    text = "あいうえお" * 1_000_000
    out = read("plain", text.encode(), "x.txt")
    assert "".join(b.text for b in out.blocks) == text


def test_the_budget_ends_it() -> None:
    with pytest.raises(Unreadable) as caught:
        read("plain", b"abc\n" * 300_000, "x.txt", Limits(characters=100_000))
    assert caught.value.problem.code.value == "too-large"


SQL = """-- 会員
CREATE TABLE `m` (
  `id` int NOT NULL,
  `name` varchar(10) COMMENT '氏名',
  PRIMARY KEY (`id`)
);
INSERT INTO `m` VALUES (1,'山田 太郎'),
(2,'O''ハラ, (凪)'),(3,NULL);
INSERT INTO m VALUES (4, 'a\\nb;');
-- end
INSERT INTO t (id, tel)
VALUES
  (9, N'03-1234-5678'), (10, CAST(N'1980-01-02' AS Date));
insert into broken values (1, 'never closed);
SELECT 1;
"""


def test_tuples_of_inserts_become_tables_with_a_header() -> None:
    out = read("plain", SQL.encode(), "dump.sql")
    first, second = out.tables()
    assert first == [["id", "氏名"], ["1", "山田 太郎"], ["2", "O'ハラ, (凪)"], ["3"], ["4", "a\nb;"]]
    assert second == [["id", "tel"], ["9", "03-1234-5678"], ["10", "1980-01-02"]]
    table = next(b for b in out.blocks if b.kind is Kind.TABLE)
    assert table.anchor(table.text.index("山田")) == Cell("m", 7, 2)
    assert table.anchor(table.text.index("ハラ")) == Cell("m", 8, 2)
    texts = "\n".join(b.text for b in out.blocks if b.kind is Kind.TEXT)
    assert "-- 会員" in texts and "never closed" in texts and "SELECT 1;" in texts


def test_rows_that_share_a_line_have_numbers_of_their_own() -> None:
    many = ",".join(f"({n},'人{n}')" for n in range(20_000))
    began = time.monotonic()
    out = read("plain", f"INSERT INTO t (a, b) VALUES {many};".encode(), "x.sql")
    assert time.monotonic() - began < 5
    rows = [row for table in out.tables() for row in table]
    assert len(rows) == 20_001 and rows[-1] == ["19999", "人19999"]


def test_copy_rows_become_a_table() -> None:
    out = read("plain", "COPY public.m (id, name) FROM stdin;\n1\t山田\n2\t\\N\n\\.\nselect 1;\n".encode(), "x.sql")
    assert out.tables() == [[["id", "name"], ["1", "山田"], ["2"]]]
    assert "select 1;" in out.blocks[-1].text


def test_unclosed_quotes_in_a_dump_do_not_take_long() -> None:
    began = time.monotonic()
    data = "INSERT INTO t VALUES (1, 'x\n" * 20_000
    out = read("plain", data.encode(), "x.sql")
    assert time.monotonic() - began < 10
    assert out.text.count("x") == 20_000


def test_a_text_that_is_certainly_a_table_is_one() -> None:
    out = read("plain", "氏名\t電話\n山田\t03\n鈴木\t04\n佐藤\t05\n".encode(), "x.txt")
    assert out.tables()[0][1] == ["山田", "03"]
    prose = read("plain", "今日は、晴れ。\n明日は,雨\n\n以上\n".encode(), "x.txt")
    assert [b.kind for b in prose.blocks] == [Kind.TEXT]


@pytest.mark.parametrize("document", gold(".txt"))
def test_gold_surfaces_are_found(document: dict[str, object]) -> None:
    out = read("plain", gold_bytes(document), str(document["file"]))
    assert missing(document, out) == []
    assert broken(document, out) == []
    assert "\ufffd" not in out.text
    assert all(len(grid(b)) > 0 for b in out.blocks if b.kind is Kind.TABLE)
