from __future__ import annotations

import time

import pytest

from scanner.model import Cell, Kind, Line, Part, Section
from tests.extract.readkit import DOCUMENTS, broken, gold, gold_bytes, missing, read


def page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def test_paragraphs_breaks_entities_and_headings() -> None:
    out = read("markup", page("<h2>名簿</h2><p>山田&nbsp;太郎<br>住所:&#x6771;京</p><p>a\n <b>b</b>c</p>"), "x.html")
    (block,) = out.blocks
    assert block.text == "名簿\n山田\xa0太郎\n住所:東京\na bc"
    assert block.heading == "" or block.heading == "名簿"
    assert block.anchor(block.text.index("住所")) == Part("body", 3)


def test_tables_have_merged_cells_once() -> None:
    body = "<table><tr><th>氏名<th>電話<th>備考</tr><tr><td rowspan=2>山田<td>03<td>x</tr><tr><td colspan=2>04</tr></table>"
    (block,) = read("markup", page(body), "x.html").blocks
    assert block.kind is Kind.TABLE and block.text == "氏名\t電話\t備考\n山田\t03\tx\n04"
    assert block.anchor(block.text.index("04")) == Cell("表1", 3, 2)


def test_a_table_that_only_lays_out_is_text() -> None:
    body = "<table><tr><td>左<td><table><tr><th>氏名<th>歳<tr><td>山田<td>4</table></td></tr></table>"
    out = read("markup", page(body), "x.html")
    assert out.tables() == [[["氏名", "歳"], ["山田", "4"]]] and out.blocks[0].text == "左"


def test_forms_and_definition_lists_are_pairs() -> None:
    body = """<form><label for=n>氏名</label><input id=n value="山田 太郎"><p>電話 <input value="03-1"></p>
    <select id=s><option>男<option selected>女</select><input type=hidden name=uid value=U77>
    <table><tr><th>住所<td><input value="東京都"></table></form><dl><dt>生年月日<dd>1980<dt>性別<dd>男</dl>"""
    out = read("markup", page(body), "x.html")
    assert ("氏名", "山田 太郎") in out.pairs() and ("生年月日", "1980") in out.pairs() and ("uid", "U77") in out.pairs()
    assert "電話    03-1" in out.text and "男" in out.text and "女" in out.text
    assert [row for table in out.tables() for row in table] == [["住所", "東京都"]] or any("住所\t" in b.text for b in out.blocks)
    assert out.text.count("山田 太郎") == 1


def test_what_does_not_show_is_read() -> None:
    head = (
        "<title>題</title><meta name=author content=作者><script>var x={n:'\\u5c71'}</script><style>p{}</style><script>f()</script>"
    )
    body = "<!-- 注 --><img alt=絵><p title=註>文<a href='mailto:a@b.example?cc=c%40d.example'>送る</a><a href='mailto:e@f'>e@f</a>"
    out = read("markup", page(body, head), "x.html")
    by = {b.section: b.text for b in out.blocks if b.kind is Kind.TEXT}
    assert by[Section.COMMENT] == "注" and "山" in by[Section.HIDDEN] and "f()" not in out.text and "p{}" not in out.text
    assert {"絵", "註", "a@b.example", "cc=c@d.example"} <= set(by[Section.PROPERTY].split("\n"))
    assert out.text.count("e@f") == 1 and out.pairs() == [("title", "題"), ("author", "作者")]


def test_a_ruby_keeps_the_name_in_one_piece() -> None:
    out = read("markup", page("<p><ruby>山<rt>やま</rt>田<rt>だ</rt></ruby>さん</p>"), "x.html")
    assert out.text == "山田(やまだ)さん"


def test_the_declared_charset_helps_short_pages() -> None:
    data = "<meta charset=Shift_JIS><p>髙橋①</p>".encode("cp932")
    assert "髙橋①" in read("markup", data, "x.html").text


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("<div>", 100_000),
        ("<div ", 100_000),
        ('<a href="', 50_000),
        ("<!--", 100_000),
        ("<script>", 50_000),
        ("<table><tr><td>", 20_000),
        ("<dl><dd>", 20_000),
        ("<![CDATA[", 50_000),
        ("<b a='x' ", 50_000),
    ],
)
def test_hostile_markup_is_read_in_linear_time(unit: str, times: int) -> None:
    began = time.monotonic()
    out = read("markup", (unit * times + "山田太郎").encode(), "x.html")
    assert "山田太郎" in out.text
    assert time.monotonic() - began < 12


def test_markdown_tables_and_headings() -> None:
    text = "# 名簿\n前文\n\n| 氏名 | 電話 |\n|---|:-:|\n| 山田<br>太郎 | 03 \\| 04 |\n鈴木 | 05\n\n後文\n## 次\n終\n"
    out = read("markup", text.encode(), "x.md")
    assert out.tables() == [[["氏名", "電話"], ["山田\n太郎", "03 | 04"], ["鈴木", "05"]]]
    table = next(b for b in out.blocks if b.kind is Kind.TABLE)
    assert table.anchor(table.text.index("鈴木")) == Cell("", 7, 1) and table.heading == "名簿"
    last = out.blocks[-1]
    assert last.heading == "次" and last.anchor(last.text.index("終")) == Line(11, 1)
    assert "後文" in out.text and "前文" in out.text


@pytest.mark.parametrize("document", gold(".html", ".md"))
def test_gold_surfaces_are_found(document: dict[str, object]) -> None:
    out = read("markup", gold_bytes(document), str(document["file"]))
    assert missing(document, out) == []
    assert broken(document, out) == []


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the corpus is not present")
def test_real_pages_are_read() -> None:
    files = sorted(
        f for folder in ("real", "real2", "hostile") for f in (DOCUMENTS / folder).glob("*.*") if f.suffix in (".html", ".md")
    )
    assert files
    for file in files:
        out = read("markup", file.read_bytes(), file.name)
        assert out.text.strip(), file.name
        assert "\ufffd" not in out.text or b"\xef\xbf\xbd" in file.read_bytes(), file.name
