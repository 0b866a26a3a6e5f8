"""OpenDocument: every place where text can lie, each character once, and what is damaged, locked or made to harm."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pytest

from scanner.extract import Refused, load, sniff
from scanner.extract.budget import Limits
from scanner.model import Cell, Part, Section, Slide
from scanner.problems import Code, Unreadable
from tests.extract.ooxml import zipped
from tests.extract.readkit import Read, read

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = {
    "office": "office:1.0", "text": "text:1.0", "table": "table:1.0", "draw": "drawing:1.0", "style": "style:1.0",
    "svg": "svg-compatible:1.0", "presentation": "presentation:1.0", "meta": "meta:1.0", "form": "form:1.0",
}  # fmt: skip
NS = " ".join(f'xmlns:{key}="{_OASIS}{value}"' for key, value in _NAMES.items()) + (
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def odf(kind: str, body: str, styles: str = "", before: str = "", **more: str | bytes) -> bytes:
    """A package of that kind; ``styles``: what stands in the master page, ``before``: automatic styles."""
    inner = {"text": "text", "spreadsheet": "spreadsheet", "presentation": "presentation", "graphics": "drawing"}[kind]
    content = f"<office:document-content {NS}>{before}<office:body><office:{inner}>{body}</office:{inner}></office:body>"
    parts: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content + "</office:document-content>",
        "styles.xml": f"<office:document-styles {NS}><office:master-styles><style:master-page>{styles}</style:master-page>"
        "</office:master-styles></office:document-styles>",
    }
    return zipped(parts | {name.replace("__", "."): data for name, data in more.items()})


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{p(text) if text else ''}</table:table-cell>"


def by_section(out: Read) -> dict[Section, str]:
    return {s: "\n".join(b.text for b in out.blocks if b.section is s) for s in Section}


def test_text_with_everything_that_hangs_on_it() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>田中</dc:creator>"
        "</office:change-info><text:p>消した行</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        "<text:h>既往歴</text:h>"
        + p('氏名：<text:span>山</text:span><text:span>田</text:span><text:s text:c="2"/>花子<text:tab/>様<text:line-break/>次')
        + p("本文<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        + p("脚注の人") + "</text:note-body></text:note>です")
        + p("<office:annotation><dc:creator>高橋</dc:creator><dc:date>2026</dc:date>" + p("確認要") + "</office:annotation>契約")
        + p("<text:ruby><text:ruby-base>髙橋</text:ruby-base><text:ruby-text>たかはし</text:ruby-text></text:ruby>")
        + p('<text:a xlink:href="mailto:hanako@example.jp">連絡先</text:a>')
        + p('<draw:frame><svg:desc>職員の写真</svg:desc><draw:text-box>' + p("箱の中") + "</draw:text-box></draw:frame>")
    )  # fmt: skip
    out = read("odf", odf("text", body))
    found = by_section(out)
    assert found[Section.BODY] == "既往歴\n氏名：山田  花子\t様\n次\n本文です\n契約\n髙橋\n連絡先\n\n箱の中".replace("\n\n", "\n")
    assert found[Section.NOTE] == "脚注の人\nたかはし"
    assert found[Section.COMMENT] == "確認要"
    assert found[Section.DELETED] == "消した行"
    assert set(found[Section.HIDDEN].split("\n")) == {"職員の写真", "hanako@example.jp"}
    assert out.pairs() == [("変更者", "田中"), ("コメント作成者", "高橋")]
    assert {b.heading for b in out.blocks if "氏名" in b.text} == {"既往歴"}
    block = next(b for b in out.blocks if "氏名" in b.text)
    assert block.anchor(block.text.index("契約")) == Part("本文", 5)


def test_tables_in_text() -> None:
    inner = f"<table:table><table:table-row>{cell('内')}{cell('側')}</table:table-row></table:table>"
    row = f'<table:table-row>{cell("氏名")}<table:table-cell table:number-columns-spanned="2">{p("佐藤")}{inner}</table:table-cell>'
    body = f"<text:section><table:table>{row}<table:covered-table-cell/>{cell('男')}</table:table-row></table:table></text:section>"
    out = read("odf", odf("text", p("前") + body + p("後")))
    assert [b.text for b in out.blocks] == ["前", "氏名\t佐藤\t男", "内\t側", "後"]
    assert out.blocks[1].anchor(out.blocks[1].text.index("男")) == Cell("表1", 1, 4)


def test_sheets_with_comments_hidden_sheets_and_gaps() -> None:
    style = (
        '<office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles>"
    )
    comment = "<office:annotation><dc:creator>高橋</dc:creator>" + p("本人に確認") + "</office:annotation>"
    body = (
        '<table:table table:name="名簿"><table:table-header-rows><table:table-row>'
        + cell("氏名")
        + cell("", 'table:number-columns-repeated="2"')
        + cell("電話")
        + '</table:table-row></table:table-header-rows><table:table-row table:number-rows-repeated="1000000">'
        + cell("", 'table:number-columns-repeated="16384"')
        + "</table:table-row><table:table-row>"
        + f"<table:table-cell>{comment}{p('佐藤')}</table:table-cell>"
        + cell("○", 'table:number-columns-repeated="2"')
        + cell("090-1234-5678", 'office:value-type="float" office:value="9012345678"')
        + '</table:table-row></table:table><table:table table:name="裏" table:style-name="ta2"><table:table-row>'
        + '<table:table-cell office:value-type="date" office:date-value="1968-04-01"/></table:table-row></table:table>'
    )
    out = read("odf", odf("spreadsheet", body, "<style:header>" + p("人事部") + "</style:header>", before=style))
    assert out.tables() == [[["氏名", "電話"], ["佐藤", "○", "○", "090-1234-5678"]], [["1968-04-01"]]]
    sheet, note = out.blocks[:2]
    assert sheet.anchor(sheet.text.index("佐藤")) == Cell("名簿", 1_000_002, 1)
    assert sheet.anchor(sheet.text.index("090")) == Cell("名簿", 1_000_002, 4)
    assert (note.section, note.text, note.place) == (Section.COMMENT, "本人に確認", Cell("名簿", 1_000_002, 1))
    assert out.blocks[2].section is Section.HIDDEN
    assert by_section(out)[Section.HEADER] == "人事部"
    assert ("コメント作成者", "高橋") in out.pairs()


def test_slides_with_notes_groups_and_embedded_chart() -> None:
    body = (
        '<draw:page><draw:frame><draw:text-box>' + p("研修名簿") + "</draw:text-box></draw:frame><draw:g><draw:rect>" + p("群")
        + '</draw:rect></draw:g><draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
        + "<presentation:notes><draw:frame><draw:text-box>" + p("話す人は佐藤")
        + "</draw:text-box></draw:frame></presentation:notes>"
        + "</draw:page><draw:page><draw:frame><draw:image xlink:href='Pictures/a.png'/></draw:frame></draw:page>"
    )  # fmt: skip
    chart = f"<office:document-content {NS}><office:body><office:chart>{p('鈴木')}{p('12.5')}{p('鈴木')}"
    chart += "</office:chart></office:body></office:document-content>"
    out = read("odf", odf("presentation", body, **{"Object 1/content__xml": chart}))
    assert [(b.place, b.section, b.text) for b in out.blocks] == [
        (Slide(1), Section.BODY, "研修名簿\n群"),
        (Slide(1, "ノート"), Section.NOTE, "話す人は佐藤"),
        (Part("図表", 1), Section.BODY, "鈴木"),
    ]
    assert [(problem.code, problem.where) for problem in out.problems] == [(Code.IMAGE_ONLY, "スライド2")]


def test_an_embedded_sheet_keeps_its_numbers() -> None:
    rows = f"<table:table><table:table-row>{cell('電話')}{cell('090-8417-2265')}</table:table-row></table:table>"
    sheet = f"<office:document-content {NS}><office:body><office:spreadsheet>{rows}</office:spreadsheet></office:body>"
    body = p('<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>')
    out = read("odf", odf("text", body, **{"Object 1/content__xml": sheet + "</office:document-content>"}))
    assert [(b.place, b.text) for b in out.blocks] == [(Part("図表", 1), "電話\n090-8417-2265")]


def test_embedded_file_is_a_member_and_properties_are_pairs() -> None:
    meta = f"<office:document-meta {NS}><office:meta><dc:title>人事記録</dc:title><meta:initial-creator>佐藤</meta:initial-creator>"
    meta += '<meta:user-defined meta:name="担当">鈴木</meta:user-defined></office:meta></office:document-meta>'
    frame = p('<draw:frame><draw:object-ole xlink:href="./Object 2"/></draw:frame>')
    out = read("odf", odf("text", p("本文") + frame, meta__xml=meta, **{"Object 2": b"\xd0\xcf.."}))
    assert out.members == [("Object 2", b"\xd0\xcf..")]
    assert out.pairs() == [("タイトル", "人事記録"), ("作成者", "佐藤"), ("担当", "鈴木")]


def test_drawings_are_read_too() -> None:
    data = odf("graphics", "<draw:page><draw:rect>" + p("座席表 佐藤") + "</draw:rect></draw:page>")
    found = sniff(io.BytesIO(data), "a.odg")
    assert (found.format.name, found.problems) == ("odg", ())
    assert read("odf", data).text == "座席表 佐藤"
    assert load(found.format)


def test_locked_ones_are_named() -> None:
    manifest = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    data = zipped(
        {"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": manifest, "content.xml": b"\x9a"}
    )
    with pytest.raises(Refused) as error:
        sniff(io.BytesIO(data), "a.odt")
    assert (error.value.format.name, error.value.problem.code) == ("odt", Code.ENCRYPTED)


@pytest.mark.parametrize("kind", ["text", "spreadsheet", "presentation"])
def test_damage_keeps_what_came_before(kind: str) -> None:
    good = {
        "text": p("先に読めた行") * 3,
        "spreadsheet": f"<table:table><table:table-row>{cell('先に読めた行')}</table:table-row>",
        "presentation": f"<draw:page><draw:rect>{p('先に読めた行')}</draw:rect></draw:page>",
    }[kind]
    out = read("odf", odf(kind, good + "<text:p>切れ</text:q>"))
    assert "先に読めた行" in out.text
    assert out.codes == ["corrupt"]


def test_bombs_end_within_the_budget() -> None:
    row = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16384">'
    out = read("odf", odf("spreadsheet", f"<table:table>{row}{p('爆')}</table:table-cell></table:table-row></table:table>"))
    assert len(out.text) < 100
    many = read("odf", odf("text", p('<text:s text:c="99999999"/>終')))
    assert len(many.text) < 2000
    with pytest.raises(Unreadable) as error:
        read("odf", odf("text", p("長い文" * 100)), limits=Limits(characters=100))
    assert error.value.problem.code is Code.TOO_LARGE
    out = read("odf", odf("text", "<text:section>" * 300 + p("深い") + "</text:section>" * 300))
    assert out.codes == ["too-deep"]
    entity = f'<!DOCTYPE x [<!ENTITY e "山田花子">]><office:document-content {NS}>&e;</office:document-content>'
    out = read("odf", zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": entity}))
    assert (out.codes, out.blocks) == (["corrupt"], [])


@pytest.mark.parametrize(("ending", "least"), [("odt", 31), ("ods", 14), ("odp", 11)])
def test_markers(shared: Path, ending: str, least: int) -> None:
    out = read("odf", (shared / f"data/documents/markers/markers.{ending}").read_bytes())
    found = Counter(re.findall(r"MK[A-Z]+", out.text))
    assert len(found) >= least
    assert max(found.values()) == 1
    assert not out.problems
