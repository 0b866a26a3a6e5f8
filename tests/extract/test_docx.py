from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK

from scanner.extract.budget import Limits
from scanner.model import Cell, Kind, Part, Section
from scanner.problems import Code, Unreadable
from tests.extract.ooxml import W, p, rels, word, zipped
from tests.extract.readkit import Read, gold, gold_bytes, missing, read


def saved(document: docx.document.Document) -> Read:
    out = io.BytesIO()
    document.save(out)
    return read("docx", out.getvalue())


def sections(out: Read) -> dict[Section, str]:
    found: dict[Section, str] = {}
    for block in out.blocks:
        found[block.section] = (found.get(block.section, "") + "\n" + block.text).strip("\n")
    return found


def test_body_in_order_with_headings_tables_and_places() -> None:
    d = docx.Document()
    d.add_heading("共済金請求書", 1)
    d.add_paragraph("下記のとおり請求します。")
    table = d.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("氏名", "楠瀬 晴彦", "住所", "高知市1-2\nメゾン"), strict=True):
        cell.text = text
    d.add_paragraph("")
    d.add_paragraph("以上")
    first, grid, last = saved(d).blocks[:3]
    assert (first.text, first.heading, first.kind) == ("共済金請求書\n下記のとおり請求します。", "共済金請求書", Kind.TEXT)
    assert first.anchor(8) == Part("本文", 2)
    assert grid.text == "氏名\t楠瀬 晴彦\n住所\t高知市1-2\nメゾン"
    assert (grid.kind, grid.heading) == (Kind.TABLE, "共済金請求書")
    assert grid.anchor(grid.text.index("メゾン")) == Cell("表1", 2, 2)
    assert (last.text, last.anchor(0)) == ("以上", Part("本文", 4))


def test_short_centred_line_is_a_heading_and_a_sentence_is_not() -> None:
    d = docx.Document()
    for text, centred in (("診 断 書", True), ("氏名 山田", False), ("下記のとおり、診断します。", True), ("以上", False)):
        paragraph = d.add_paragraph(text)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    (block,) = [b for b in saved(d).blocks if b.section is Section.BODY]
    assert block.heading == "診 断 書"


def test_heading_by_the_style_it_is_based_on() -> None:
    styles = (
        f'<w:styles {W}><w:style w:styleId="a"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="b"><w:name w:val="社内見出し"/><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    body = '<w:p><w:pPr><w:pStyle w:val="b"/></w:pPr><w:r><w:t>既往歴</w:t></w:r></w:p>' + p("なし")
    out = read("docx", word(body, (("s", "styles", "styles.xml"),), styles__xml=styles))
    assert [(b.text, b.heading) for b in out.blocks] == [("既往歴\nなし", "既往歴")]


def test_strict_documents_are_read_alike() -> None:
    strict = word(p("厳格"))
    with zipfile.ZipFile(io.BytesIO(strict)) as archive:
        parts = {n: archive.read(n).decode() for n in archive.namelist()}
    swap = ("http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/")
    out = read("docx", zipped({name: text.replace(*swap) for name, text in parts.items()}))
    assert [b.text for b in out.blocks] == ["厳格"]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<w:smartTag>", "</w:smartTag>"), ("<w:ins>", "</w:ins>"), ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>")],
)
def test_deep_wrappers_within_the_parser_s_limit(opening: str, closing: str) -> None:
    depth = 240 // opening.count("<")
    inner = "<w:r><w:t>奥</w:t></w:r>"
    out = read("docx", word("<w:p>" + opening * depth + inner + closing * depth + "</w:p>"))
    assert out.text == "奥"
    assert not out.problems
    blocks = read("docx", word(opening * depth + p("底") + closing * depth))
    assert blocks.text == "底"


def test_tables_nested_as_deep_as_the_parser_goes() -> None:
    depth = 80
    rows = "<w:tbl><w:tr><w:tc>" + p("左") + "</w:tc><w:tc>"
    out = read("docx", word(rows * depth + p("底") + "</w:tc></w:tr></w:tbl>" * depth))
    assert out.text.count("左") == depth
    assert out.text.count("底") == 1
    assert not out.problems


def test_name_split_over_runs_is_one_string() -> None:
    d = docx.Document()
    paragraph = d.add_paragraph("氏名：山")
    paragraph.add_run("田").bold = True
    paragraph.add_run(" 花")
    paragraph.add_run("子").italic = True
    assert saved(d).blocks[0].text == "氏名：山田 花子"


def test_merged_cells_are_given_once_at_their_first_column() -> None:
    d = docx.Document()
    table = d.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "横"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "縦"
    table.cell(0, 2).text = "右上"
    table.cell(2, 2).text = "右下"
    block = saved(d).blocks[0]
    assert Counter(block.text.replace("\n", "\t").split("\t")) == Counter(["横", "縦", "右上", "右下"])
    assert block.anchor(block.text.index("右上")) == Cell("表1", 1, 3)
    assert block.anchor(block.text.index("右下")) == Cell("表1", 3, 3)


def test_nested_table_stands_alone_and_a_frame_of_one_cell_is_running_text() -> None:
    d = docx.Document()
    outer = d.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "申請者"
    inner = outer.cell(0, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "電話", "090-1234-5678"
    frame = d.add_table(rows=1, cols=1)
    frame.cell(0, 0).text = "枠の中の文"
    blocks = saved(d).blocks
    assert [(b.kind, b.text) for b in blocks[:3]] == [
        (Kind.TABLE, "申請者"),
        (Kind.TABLE, "電話\t090-1234-5678"),
        (Kind.TEXT, "枠の中の文"),
    ]
    assert blocks[1].anchor(4) == Cell("表2", 1, 2)


def test_headers_footers_once_and_properties() -> None:
    d = docx.Document()
    d.add_paragraph("本文")
    section = d.sections[0]
    section.different_first_page_header_footer = True
    for header in (section.header, section.first_page_header):
        header.paragraphs[0].text = "部外秘 人事課"
    section.footer.paragraphs[0].text = "担当 佐藤"
    d.core_properties.author = "鈴木一郎"
    d.core_properties.title = "人事記録"
    out = saved(d)
    found = sections(out)
    assert found[Section.HEADER] == "部外秘 人事課"
    assert found[Section.FOOTER] == "担当 佐藤"
    assert ("作成者", "鈴木一郎") in out.pairs()
    block = out.blocks[-1]
    assert block.section is Section.PROPERTY
    assert block.anchor(block.text.index("鈴木")) == Part("properties")


def test_template_left_over_is_no_author() -> None:
    d = docx.Document()
    d.add_paragraph("本文")
    assert "python-docx" not in saved(d).text


def test_comments_with_author() -> None:
    d = docx.Document()
    run = d.add_paragraph("本文").runs[0]
    d.add_comment(run, text="山田さんに確認", author="高橋恵子")
    out = saved(d)
    assert sections(out)[Section.COMMENT] == "山田さんに確認"
    assert ("コメント作成者", "高橋恵子") in out.pairs()


def test_page_breaks_part_the_scopes() -> None:
    d = docx.Document()
    d.add_paragraph("一頁")
    d.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    d.add_paragraph("二頁")
    scopes = {b.text.strip(): b.scope for b in saved(d).blocks}
    assert scopes["二頁"] == scopes["一頁"] + 1


def test_insertions_stay_and_deletions_are_apart() -> None:
    body = (
        "<w:p><w:r><w:t>担当は</w:t></w:r>"
        '<w:ins w:id="1" w:author="甲"><w:r><w:t>佐藤</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="乙"><w:r><w:delText>鈴木</w:delText></w:r></w:del>'
        '<w:moveFrom w:id="3" w:author="乙"><w:r><w:t>移動前</w:t></w:r></w:moveFrom><w:r><w:t>です</w:t></w:r></w:p>'
    )
    out = read("docx", word(body))
    assert sections(out)[Section.BODY] == "担当は佐藤です"
    assert sections(out)[Section.DELETED] == "鈴木移動前"
    assert out.pairs() == [("変更者", "甲"), ("変更者", "乙")]


def test_text_box_with_fallback_is_given_once() -> None:
    box = "<w:txbxContent>" + p("箱の中の山田") + "</w:txbxContent>"
    body = (
        '<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        '<wp:docPr id="1" name="図 1" descr="職員の写真"/><a:graphic><a:graphicData><wps:wsp><wps:txbx>'
        f"{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    out = read("docx", word(body))
    assert out.text.count("箱の中の山田") == 1
    assert sections(out)[Section.BODY] == "前\n箱の中の山田"
    assert sections(out)[Section.HIDDEN] == "職員の写真"


def test_fields_show_their_result_and_old_ruby_its_base() -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "mailto:a@example.jp" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>連絡先</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        r'<w:r><w:instrText>EQ \* jc2 \* "Font:ＭＳ 明朝" \* hps10 \o\ad(\s\up 9(やまだ),山田)</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>花子</w:t></w:r></w:p>'
        '<w:p><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'
    )
    found = sections(read("docx", word(body)))
    assert found[Section.BODY] == "連絡先\n山田花子\n1"
    assert found[Section.NOTE] == "やまだ"
    assert found[Section.HIDDEN] == 'HYPERLINK "mailto:a@example.jp"'


def test_ruby_and_form_fields() -> None:
    body = (
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>やま</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>山</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>だ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>田</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
        '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
        '<w:r><w:t>男</w:t></w:r><w:r><w:sym w:font="Wingdings" w:char="F0A8"/><w:t>女</w:t></w:r></w:p>'
    )
    found = sections(read("docx", word(body)))
    assert found[Section.BODY] == "山田\n☑男□女"
    assert found[Section.NOTE] == "やまだ"


def test_link_target_only_where_the_text_hides_it() -> None:
    link = '<w:hyperlink r:id="{}"><w:r><w:t>{}</w:t></w:r></w:hyperlink>'
    body = "<w:p>" + link.format("h1", "taro@example.jp") + link.format("h2", "連絡") + "</w:p>"
    data = word(body, (("h1", "hyperlink", "mailto:taro@example.jp"), ("h2", "hyperlink", "mailto:hanako@example.jp?subject=x")))
    out = read("docx", data)
    assert out.text.count("taro@example.jp") == 1
    assert sections(out)[Section.HIDDEN] == "hanako@example.jp"


def test_notes_controls_and_embedded_files() -> None:
    body = (
        "<w:sdt><w:sdtContent>" + p("統制の中") + "</w:sdtContent></w:sdt>"
        "<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc>"
        + p("甲")
        + "</w:tc></w:sdtContent></w:sdt><w:tc>"
        + p("乙")
        + "</w:tc></w:tr></w:tbl>"
    )
    notes = f"<w:footnotes {W}><w:footnote>{p('脚注の人')}</w:footnote></w:footnotes>"
    data = word(
        body,
        (("n", "footnotes", "footnotes.xml"), ("e", "package", "embeddings/a.xlsx")),
        footnotes__xml=notes,
        **{"embeddings/a__xlsx": b"PK.."},
    )
    out = read("docx", data)
    assert [b.text for b in out.blocks] == ["統制の中", "甲\t乙", "脚注の人"]
    assert out.blocks[2].section is Section.NOTE
    assert out.members == [("word/embeddings/a.xlsx", b"PK..")]


def test_picture_without_text_is_an_image() -> None:
    body = (
        '<w:p><w:r><w:drawing><a:graphic><a:graphicData><a:blip r:embed="i"/></a:graphicData></a:graphic></w:drawing></w:r></w:p>'
    )
    out = read("docx", word(body, (("i", "image", "media/a.png"),)))
    assert out.codes == ["image-only"]


@pytest.mark.parametrize("kind", ["truncated", "not-well-formed"])
def test_damage_keeps_what_came_before(kind: str) -> None:
    good = p("先に読めた行") * 3
    if kind == "truncated":
        xml = (
            f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{good}<w:p><w:r><w:t>切れ'
        )
    else:
        xml = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{good}<w:p></w:q></w:body></w:document>'
    out = read("docx", zipped({"_rels/.rels": rels(("r1", "officeDocument", "word/document.xml")), "word/document.xml": xml}))
    assert out.text.count("先に読めた行") == 3
    assert out.codes == ["corrupt"]


def test_limits() -> None:
    with pytest.raises(Unreadable) as error:
        read("docx", word(p("長い文" * 100)), limits=Limits(characters=100))
    assert error.value.problem.code is Code.TOO_LARGE
    out = read("docx", word("<w:tbl><w:tr><w:tc>" * 100 + p("深い") + "</w:tc></w:tr></w:tbl>" * 100))
    assert out.codes == ["too-deep"]


def test_huge_paragraph_is_not_lost_silently() -> None:
    data = word(p("前の段落") + "<w:p><w:r><w:t>" + "あいう" * 3_700_000 + "</w:t></w:r></w:p>")
    out = read("docx", data, limits=Limits(ratio=100_000))
    assert out.codes == ["too-large"]
    assert "前の段落" in out.text


def test_no_value_in_errors() -> None:
    xml = "<!DOCTYPE x [<!ENTITY e '山田花子'>]><w:document>&e;</w:document>"
    out = read("docx", zipped({"word/document.xml": xml}))
    assert out.codes == ["corrupt"]
    assert out.problems[0].detail == "DOCTYPE"
    assert not out.blocks


def test_markers(shared: Path) -> None:
    path = shared / "data/documents/markers/markers.docx"
    out = read("docx", path.read_bytes())
    found = Counter(re.findall(r"MK[A-Z]+", out.text))
    found.update(re.findall(r"MK[A-Z]+", read("xlsx", out.members[0][1]).text))
    assert len(found) >= 35
    assert max(found.values()) == 1
    by_section = sections(out)
    for marker, section in {"MKDEL": Section.DELETED, "MKCOMMENT": Section.COMMENT, "MKHEADERFIRST": Section.HEADER}.items():
        assert marker in by_section[section]


@pytest.mark.parametrize("document", gold(".docx"))
def test_gold_comes_back(document: dict[str, object]) -> None:
    out = read("docx", gold_bytes(document))
    assert missing(document, out) == []
    assert not out.problems
