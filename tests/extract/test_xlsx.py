from __future__ import annotations

import datetime
import io
import re
import resource
import time
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from scanner.extract.budget import Limits
from scanner.model import Cell, Kind, Part, Section
from scanner.problems import Code, Unreadable
from tests.extract.ooxml import S, book, rels, zipped
from tests.extract.readkit import Read, gold, gold_bytes, missing, read


def saved(workbook: openpyxl.Workbook) -> Read:
    out = io.BytesIO()
    workbook.save(out)
    return read("xlsx", out.getvalue())


def row(*cells: str, number: int = 1) -> str:
    return f'<row r="{number}">' + "".join(cells) + "</row>"


def test_cells_as_they_are_shown() -> None:
    w = openpyxl.Workbook()
    s = w.active
    s.title = "名簿"
    s.append(["氏名", "電話", "生年月日", "登録", "有効", "コード"])
    s.append(["山田 花子", 9012345678, datetime.date(1968, 4, 1), datetime.date(2024, 1, 2), True, "007"])
    s["B2"].number_format = "000-0000-0000"
    s["C2"].number_format = '[$-411]ggge"年"m"月"d"日"'
    s["D2"].number_format = "yyyy/m/d"
    out = saved(w)
    assert out.tables() == [
        [
            ["氏名", "電話", "生年月日", "登録", "有効", "コード"],
            ["山田 花子", "090-1234-5678", "昭和43年4月1日", "2024/1/2", "TRUE", "007"],
        ]
    ]
    block = out.blocks[0]
    assert block.anchor(block.text.index("昭和")) == Cell("名簿", 2, 3)
    assert (block.heading, block.scope) == ("名簿", 1)


def test_dates_of_the_1904_system() -> None:
    w = openpyxl.Workbook()
    w.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    w.active["A1"] = datetime.date(1968, 4, 1)
    w.active["A1"].number_format = "yyyy/m/d"
    assert saved(w).tables() == [[["1968/4/1"]]]


def test_hidden_sheets_are_read_and_marked() -> None:
    w = openpyxl.Workbook()
    w.active["A1"] = "表"
    for state in ("hidden", "veryHidden"):
        s = w.create_sheet(state)
        s.sheet_state = state
        s["B3"] = "裏の" + state
    blocks = saved(w).blocks
    assert [(b.text, b.section, b.scope) for b in blocks[:3]] == [
        ("表", Section.BODY, 1),
        ("裏のhidden", Section.HIDDEN, 2),
        ("裏のveryHidden", Section.HIDDEN, 3),
    ]
    assert blocks[2].anchor(0) == Cell("veryHidden", 3, 2)
    assert [value for key, value in saved(w).pairs() if key == "シート名"] == ["Sheet", "hidden", "veryHidden"]


def test_comments_lists_headers_and_names() -> None:
    w = openpyxl.Workbook()
    s = w.active
    s["C5"] = "済"
    s["C5"].comment = Comment("佐藤さんに確認", "高橋恵子")
    s.oddHeader.center.text = "部外秘 &P/&N 人事課"
    lists = DataValidation(type="list", formula1='"営業部,総務部"')
    lists.add("A9")
    s.add_data_validation(lists)
    w.defined_names["n"] = openpyxl.workbook.defined_name.DefinedName("n", attr_text='"名前の中の人"')
    out = saved(w)
    by = {b.text: b for b in out.blocks}
    assert by["佐藤さんに確認"].anchor(0) == Cell("Sheet", 5, 3)
    assert by["佐藤さんに確認"].section is Section.COMMENT
    assert ("コメント作成者", "高橋恵子") in out.pairs()
    assert by["部外秘 / 人事課"].section is Section.HEADER
    assert by["部外秘 / 人事課"].anchor(0) == Part("Sheet ヘッダー")
    assert by["営業部,総務部"].section is Section.HIDDEN
    assert by["名前の中の人"].section is Section.HIDDEN


def test_shared_strings_runs_readings_and_escapes() -> None:
    strings = (
        '<si><t>山田花子</t><rPh sb="0" eb="2"><t>ヤマダ</t></rPh><rPh sb="2" eb="4"><t>ハナコ</t></rPh></si>'
        "<si><r><t>佐</t></r><r><rPr><b/></rPr><t>藤</t></r></si><si><t>一_x000D_\n二</t></si>"
    )
    cells = row(
        '<c r="A1" t="s"><v>0</v></c>',
        '<c r="C1" t="s"><v>1</v></c>',
        '<c r="D1" t="s"><v>2</v></c>',
        '<c r="E1" t="s"><v>99</v></c>',
    )
    out = read("xlsx", book(cells, strings=strings))
    assert out.tables() == [[["山田花子", "佐藤", "一\n二"]], [["ヤマダハナコ"]]]
    reading = out.blocks[1]
    assert (reading.section, reading.anchor(0)) == (Section.NOTE, Cell("名簿", 1, 1))


def test_cell_kinds_and_missing_references() -> None:
    cells = (
        '<row><c t="inlineStr"><is><t>一</t></is></c><c t="str"><f>A&amp;"隠れた文字"</f><v>二</v></c><c t="b"><v>0</v></c>'
        '<c t="e"><v>#N/A</v></c><c t="d" s="1"><v>1968-04-01</v></c><c><v>4.111111111111E15</v></c></row>'
        '<row r="5"><c r="AB5"><v>7</v></c></row>'
    )
    out = read("xlsx", book(cells, formats=("yyyy/m/d",)))
    assert out.tables() == [[["一", "二", "FALSE", "1968/4/1", "4111111111111000"], ["7"]]]
    block = out.blocks[0]
    assert block.anchor(len(block.text) - 1) == Cell("名簿", 5, 28)
    assert out.blocks[1].text == "隠れた文字"


def test_conversation_replaces_its_old_copy() -> None:
    talk = '<ThreadedComments xmlns="x"><threadedComment ref="B2"><text>山田さんの件</text></threadedComment></ThreadedComments>'
    old = f"<comments {S}><authors><author>tc={{1}}</author><author>乙</author></authors><commentList>" + (
        '<comment ref="B2" authorId="0"><text><t>[スレッド] 山田さんの件</t></text></comment>'
        '<comment ref="A1" authorId="1"><text><t>別の件</t></text></comment></commentList></comments>'
    )
    data = book(
        row("<c><v>1</v></c>"),
        relations=(("a", "comments", "../c.xml"), ("b", "threadedComment", "../t.xml")),
        c__xml=old,
        t__xml=talk,
    )
    out = read("xlsx", data)
    assert [b.text for b in out.blocks if b.section is Section.COMMENT] == ["山田さんの件", "別の件"]
    assert ("コメント作成者", "乙") in out.pairs()


def test_links_only_where_the_cell_hides_them() -> None:
    cells = row('<c r="A1" t="str"><v>taro@example.jp</v></c>', '<c r="B1" t="str"><v>連絡</v></c>')
    after = '<hyperlinks><hyperlink ref="A1" r:id="a"/><hyperlink ref="B1" r:id="b"/></hyperlinks>'
    data = book(
        cells, after=after, relations=(("a", "hyperlink", "mailto:taro@example.jp"), ("b", "hyperlink", "mailto:hanako@example.jp"))
    )
    out = read("xlsx", data)
    assert out.text.count("taro@") == 1
    (link,) = [b for b in out.blocks if b.section is Section.HIDDEN]
    assert (link.text, link.anchor(0)) == ("hanako@example.jp", Cell("名簿", 1, 2))


def test_text_box_at_its_cell() -> None:
    drawing = (
        '<d:wsDr xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><d:twoCellAnchor><d:from><d:col>1</d:col><d:row>5</d:row></d:from>'
        '<d:sp><d:nvSpPr><d:cNvPr id="2" name="x" descr="顔写真"/></d:nvSpPr><d:txBody><a:p>'
        "<a:r><a:t>担当 山</a:t></a:r><a:r><a:t>田</a:t></a:r>"
        "</a:p></d:txBody></d:sp></d:twoCellAnchor></d:wsDr>"
    )
    out = read("xlsx", book(row("<c><v>1</v></c>"), relations=(("a", "drawing", "../d.xml"),), d__xml=drawing))
    boxes = [(b.text, b.section, b.anchor(0)) for b in out.blocks if b.kind is Kind.TEXT]
    assert boxes == [("担当 山田", Section.BODY, Cell("名簿", 6, 2)), ("顔写真", Section.HIDDEN, Cell("名簿", 6, 2))]


@pytest.mark.parametrize(("sheet", "kept"), [("消えた名簿", True), ("名簿", False)])
def test_pivot_cache_of_a_source_that_is_gone(sheet: str, kept: bool) -> None:
    definition = (
        f'<pivotCacheDefinition {S}><cacheSource><worksheetSource ref="A1:B3" sheet="{sheet}"/></cacheSource><cacheFields>'
        '<cacheField name="氏名"><sharedItems><s v="山田花子"/><s v="佐藤一郎"/></sharedItems></cacheField>'
        '<cacheField name="生年月日"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>'
    )
    records = f'<pivotCacheRecords {S}><r><x v="1"/><d v="1968-04-01T00:00:00"/></r><r><x v="0"/><m/></r></pivotCacheRecords>'
    source = book(row("<c><v>1</v></c>"))
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        parts = {n: archive.read(n).decode() for n in archive.namelist()}
    more = '<Relationship Id="p" Type="x/pivotCacheDefinition" Target="pivotCache/d.xml"/></Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace("</Relationships>", more)
    parts["xl/pivotCache/d.xml"] = definition
    parts["xl/pivotCache/r.xml"] = records
    parts["xl/pivotCache/_rels/d.xml.rels"] = rels(("1", "pivotCacheRecords", "r.xml"))
    tables = read("xlsx", zipped(parts)).tables()
    assert tables[1:] == ([[["氏名", "生年月日"], ["佐藤一郎", "1968-04-01"], ["山田花子"]]] if kept else [])


def test_many_rows_stream_in_windows() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>会員{n:06d}</t></is></c></row>' for n in range(1, 60_001))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out = read("xlsx", book(rows), limits=Limits(ratio=1000))
    tables = [b for b in out.blocks if b.kind is Kind.TABLE]
    assert sum(len(b.starts) for b in tables) == 60_000
    assert [b.part for b in tables] == list(range(len(tables)))
    last = tables[-1]
    assert last.anchor(len(last.text) - 1) == Cell("名簿", 60_000, 1)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120 << 10


@pytest.mark.parametrize("text", ["@" + "あ" * 300_000, "a@" * 100_000, "x" * 300_000 + "@", '"' * 300_001])
def test_long_cells_and_formulas_take_no_time(text: str) -> None:
    before = time.process_time()
    quoted = text.replace('"', "&quot;")
    out = read("xlsx", book(row(f'<c t="str"><f>{quoted}</f><v>{quoted}</v></c>')), limits=Limits(ratio=10**6))
    assert len("".join(b.text for b in out.blocks if b.kind is Kind.TABLE)) >= len(text)
    assert time.process_time() - before < 3


def test_corners_of_a_sheet_cost_nothing() -> None:
    out = read("xlsx", book('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'))
    assert out.blocks[0].anchor(2) == Cell("名簿", 1_048_576, 16_384)


def test_repeated_string_is_charged_each_time() -> None:
    cells = "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(1, 200))
    with pytest.raises(Unreadable) as error:
        read("xlsx", book(cells, strings=f"<si><t>{'長' * 1000}</t></si>"), limits=Limits(characters=100_000))
    assert error.value.problem.code is Code.TOO_LARGE


def test_broken_parts_leave_the_rest() -> None:
    good = book(row('<c r="A1" t="inlineStr"><is><t>読める</t></is></c>'))
    sheets = '<sheet name="無" r:id="x"/><sheet name="有" r:id="s1"/><sheet name="欠" r:id="s2"/>'
    first = row('<c t="str"><v>読める</v></c>')
    parts = {
        "_rels/.rels": rels(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook {S}><sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": rels(
            ("s1", "worksheet", "worksheets/sheet1.xml"), ("s2", "worksheet", "worksheets/none.xml")
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{first}<row><c><v>",
    }
    out = read("xlsx", zipped(parts))
    assert out.tables() == [[["読める"]]]
    assert out.codes == ["corrupt", "corrupt", "corrupt"]
    assert not read("xlsx", good).problems


def test_markers(shared: Path) -> None:
    out = read("xlsx", (shared / "data/documents/markers/markers.xlsx").read_bytes())
    text = "\n".join(b.heading for b in out.blocks if b.index == 0) + "\n" + out.text
    found = Counter(re.findall(r"MK[A-Z]+", out.text))
    assert len(set(re.findall(r"MK[A-Z]+", text))) >= 18
    assert max(found.values()) == 1
    assert out.tables()[0][2][:3] == ["昭和43年4月1日", "090-1234-5678", "1968/4/1"]


@pytest.mark.parametrize("document", gold(".xlsx"))
def test_gold_comes_back(document: dict[str, object]) -> None:
    out = read("xlsx", gold_bytes(document))
    assert missing(document, out) == []
    assert not out.problems
