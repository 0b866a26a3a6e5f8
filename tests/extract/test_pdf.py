from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from scanner.extract.budget import Limits
from scanner.model import Kind, Page, Section
from scanner.problems import Unreadable
from tests.extract.readkit import DOCUMENTS, broken, gold, gold_bytes, missing, read, squeezed

FONT = "HeiseiMin-W3"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
STYLE = ParagraphStyle("ja", fontName=FONT, fontSize=10, leading=14, wordWrap="CJK")


def drawn(draw: Callable[[Canvas], None], **options: object) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, **options)
    canvas.setFont(FONT, 10)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def built(*parts: object) -> bytes:
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(list(parts))
    return out.getvalue()


def ruled(rows: list[list[str]], widths: list[int], *more: tuple[object, ...]) -> Table:
    cells = [[Paragraph(text, STYLE) for text in row] for row in rows]
    return Table(cells, colWidths=widths, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), *more]))


def test_ruled_cells_are_cells_and_their_lines_are_joined() -> None:
    address = "北海道旭川市神楽岡八条三丁目二番十五号ノースヒルズ神楽岡二〇三号室"
    rows = [["氏名", "山田 太郎", "電話", "0166-37-4490"], ["住所", address, "番号", "T24120300871T24120300871"]]
    out = read("pdf", built(ruled(rows, [50, 120, 50, 80])), "x.pdf")
    assert out.tables() == [rows]
    (block,) = [b for b in out.blocks if b.kind is Kind.TABLE]
    assert isinstance(block.anchor(0), Page) and block.scope == 1


def test_merged_cells_stand_once_in_their_column() -> None:
    rows = [["被共済者", "氏名", "山田"], ["", "生年月日", "昭和50年1月2日"], ["備考の欄", "", ""]]
    table = ruled(rows, [80, 80, 120], ("SPAN", (0, 0), (0, 1)), ("SPAN", (0, 2), (2, 2)))
    (block,) = [b for b in read("pdf", built(table), "x.pdf").blocks if b.kind is Kind.TABLE]
    assert block.text == "被共済者\t氏名\t山田\n生年月日\t昭和50年1月2日\n備考の欄"
    assert block.columns is not None and block.columns.tolist() == [1, 2, 3, 2, 3, 1]


def test_labels_drawn_first_stay_beside_their_values() -> None:
    def draw(canvas: Canvas) -> None:
        for n, label in enumerate(("氏名", "生年月日", "電話番号")):
            canvas.drawString(60, 700 - 30 * n, label)
        for n, value in enumerate(("山田 太郎", "昭和50年1月2日", "03-1234-5678")):
            canvas.drawString(160, 700 - 30 * n, value)

    out = read("pdf", drawn(draw), "x.pdf")
    assert out.tables() == [[["氏名", "山田 太郎"], ["生年月日", "昭和50年1月2日"], ["電話番号", "03-1234-5678"]]]


def test_a_table_without_rules_has_columns_and_joins_wrapped_cells() -> None:
    rows = [
        ["氏名", "住所", "電話"],
        ["山田 太郎", "東京都千代田区永田町一丁目七番一号", "03-1"],
        ["鈴木", "大阪市", "06-2"],
        ["佐藤", "京都市", "07-3"],
    ]
    cells = [[Paragraph(text, STYLE) for text in row] for row in rows]
    out = read("pdf", built(Table(cells, colWidths=[90, 130, 90])), "x.pdf")
    (table,) = out.tables()
    assert table == rows


def test_labels_at_half_the_height_of_their_cell_stay_beside_it() -> None:
    rows = [
        ["氏名", "山田 太郎"],
        ["住所", "東京都千代田区永田町一丁目七番一号サンプルマンション二〇三号室"],
        ["電話番号", "03-1234-5678"],
        ["勤務先", "株式会社サンプルコーポレーション八王子支店営業本部第二営業部"],
    ]
    cells = [[Paragraph(text, STYLE) for text in row] for row in rows]
    table = Table(cells, colWidths=[80, 240], style=TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
    assert read("pdf", built(table), "x.pdf").tables() == [rows]


def test_wrapped_lines_of_a_paragraph_are_joined_and_short_lines_are_not() -> None:
    text = "信号待ちの音更さんの車に追突した。時速は二十キロくらいで、警察への届出は済んでいる。" * 5
    out = read("pdf", built(Paragraph(text, STYLE), Paragraph("一行目", STYLE), Paragraph("二行目", STYLE)), "x.pdf")
    assert out.text.split("\n") == [text, "一行目", "二行目"]


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(20):
            canvas.drawString(60, 700 - 14 * n, f"左{n:02d}" + "あ" * 18)
            canvas.drawString(310, 700 - 14 * n, f"右{n:02d}" + "い" * 18)

    text = read("pdf", drawn(draw), "x.pdf").text
    assert text.index("左19") < text.index("右00")


def test_turned_pages_read_like_others() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.drawString(100, -200, "氏名 山田太郎 電話番号 03-1234-5678")
        canvas.drawString(100, -230, "住所 東京都千代田区")

    assert read("pdf", drawn(draw), "x.pdf").text == "氏名 山田太郎 電話番号 03-1234-5678\n住所 東京都千代田区"


def test_a_stamp_that_is_turned_does_not_disturb_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 500, "氏名 山田太郎 電話番号")
        canvas.rotate(90)
        canvas.drawString(480, -120, "部外秘 鈴木花子")

    assert read("pdf", drawn(draw), "x.pdf").text == "氏名 山田太郎 電話番号\n部外秘 鈴木花子"


def test_outlines_are_read_where_the_pages_do_not_say_the_same() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.bookmarkPage("a")
        canvas.addOutlineEntry("第一章", "a")
        canvas.addOutlineEntry("山田太郎の件", "a")
        canvas.drawString(60, 700, "第一章")

    assert read("pdf", drawn(draw), "x.pdf").text == "第一章\n山田太郎の件"


def test_vertical_writing_reads_down_from_the_right() -> None:
    def draw(canvas: Canvas) -> None:
        for column, text in enumerate(("氏名は山田太郎という者である", "住所は東京都千代田区にある")):
            for n, char in enumerate(text):
                canvas.drawString(400 - 20 * column, 700 - 11 * n, char)

    assert read("pdf", drawn(draw), "x.pdf").text == "氏名は山田太郎という者である\n住所は東京都千代田区にある"


def upright(canvas: Canvas, lines: list[str], top: int, right: int = 500) -> None:
    for column, text in enumerate(lines):
        for n, char in enumerate(text):
            canvas.drawString(right - 20 * column, top - 11 * n, char)


def test_tiers_of_vertical_writing_are_read_one_after_the_other() -> None:
    above = [f"上の段の第{n}行は長さがまちまち" + "である" * (n % 3) for n in range(1, 9)]
    below = [line.replace("上", "下") for line in above]

    def draw(canvas: Canvas) -> None:
        upright(canvas, above, 750)
        upright(canvas, below, 430, 490)

    text = read("pdf", drawn(draw), "x.pdf").text
    assert text.index("上の段の第8") < text.index("下の段の第1")


def test_a_vertical_roster_keeps_each_name_with_its_address() -> None:
    names = ["山田太郎", "鈴木花子", "音更三郎", "佐野次郎", "高橋良子", "田中四郎", "三条実紀", "林五郎"]

    def draw(canvas: Canvas) -> None:
        for n, name in enumerate(names):
            upright(canvas, [name], 750, 500 - 20 * n)
            upright(canvas, [f"埼玉県川越市仲町{n}丁目"], 600, 500 - 20 * n)

    text = read("pdf", drawn(draw), "x.pdf").text
    assert all(f"{name}\t埼玉県川越市仲町{n}丁目" in text for n, name in enumerate(names))


def test_form_fields_take_the_printed_label() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "お名前")
        canvas.acroForm.textfield(name="Text1", value="Yamada Taro", x=120, y=695, width=200, height=18)
        canvas.acroForm.textfield(name="t2", tooltip="TEL", value="03-1234", x=120, y=650, width=200, height=18)

    assert read("pdf", drawn(draw), "x.pdf").pairs()[:2] == [("お名前", "Yamada Taro"), ("TEL", "03-1234")]


def test_boxes_to_tick_and_round_buttons_stand_in_their_line_and_lists_beside_their_label() -> None:
    def draw(canvas: Canvas) -> None:
        form = canvas.acroForm
        canvas.drawString(60, 700, "治療中の病気")
        for n, word in enumerate(("あり", "なし")):
            form.checkbox(name=f"c{n}", checked=not n, x=160 + 60 * n, y=698, size=12)
            canvas.drawString(176 + 60 * n, 700, word)
        canvas.drawString(60, 670, "性別")
        for n, word in enumerate(("男", "女")):
            form.radio(name="sex", value=f"v{n}", selected=n == 1, x=160 + 60 * n, y=668, size=12)
            canvas.drawString(176 + 60 * n, 670, word)
        form.checkbox(name="c9", tooltip="agreed", checked=True, x=160, y=600, size=12)
        canvas.drawString(60, 640, "病名")
        form.choice(name="d", value="Asthma", options=["None", "Asthma"], x=160, y=635, width=90, height=18)

    out = read("pdf", drawn(draw), "x.pdf")
    lines = ["".join(line.split()) for line in out.text.split("\n")]
    assert lines[:2] == ["治療中の病気☑あり□なし", "性別□男☑女"]
    assert out.pairs() == [("agreed", "☑"), ("病名", "Asthma")]


def test_properties_and_pages() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setAuthor("山田太郎")
        canvas.drawString(60, 700, "one")
        canvas.showPage()
        canvas.drawString(60, 700, "two")

    out = read("pdf", drawn(draw), "x.pdf")
    assert ("Author", "山田太郎") in out.pairs() and out.traits["pages"] == "2"
    assert [(b.text, b.scope, b.anchor(0)) for b in out.blocks[:2]] == [("one", 1, Page(1, 1)), ("two", 2, Page(2, 1))]
    assert out.blocks[-1].section is Section.PROPERTY


def test_attachments_are_members() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    document.new_attachment("名簿.csv").set_data(b"a,b")
    out = io.BytesIO()
    document.save(out)
    assert read("pdf", out.getvalue(), "x.pdf").members == [("名簿.csv", b"a,b")]


def test_locked_and_damaged_files_are_told_apart() -> None:
    owner_only = drawn(lambda c: c.drawString(60, 700, "open"), encrypt=StandardEncryption("", ownerPassword="x"))
    assert read("pdf", owner_only, "x.pdf").text.startswith("open")
    locked = drawn(lambda c: c.drawString(60, 700, "shut"), encrypt=StandardEncryption("u", ownerPassword="x"))
    for data, code in ((locked, "encrypted"), (b"%PDF-1.7\ngarbage", "corrupt"), (b"", "corrupt")):
        with pytest.raises(Unreadable) as caught:
            read("pdf", data, "x.pdf")
        assert caught.value.problem.code.value == code


def test_pages_of_pictures_are_a_loss() -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(4):
            if n == 1:
                canvas.drawString(60, 700, "text")
            canvas.drawInlineImage(picture, 60, 60, 50, 50)
            canvas.showPage()

    from PIL import Image

    picture = Image.new("RGB", (8, 8))
    out = read("pdf", drawn(draw), "x.pdf")
    assert [(p.code.value, p.where) for p in out.problems] == [("image-only", "p.1"), ("image-only", "p.3-4")]


def test_too_many_pages_end_with_a_problem() -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(12):
            canvas.drawString(60, 700, f"page {n}")
            canvas.showPage()

    out = read("pdf", drawn(draw), "x.pdf", Limits(parts=10))
    assert out.codes == ["too-many"] and "page 9" in out.text and "page 10" not in out.text


def test_western_words_keep_their_space_where_a_line_was_wrapped() -> None:
    lines = ("The fox jumped over the old fence while John ", "Smith of the", "Sales office saw it, and then he called")

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, 700, lines[0] * 2)
        canvas.drawString(60, 687, lines[1])

    assert "John Smith of the" in read("pdf", drawn(draw), "x.pdf").text
    english = ParagraphStyle("en", fontName="Helvetica", fontSize=10, leading=13)
    text = "Mr. John Smith-Jones of 12 Baker Street, London watched everything from the window of his office. " * 9
    assert read("pdf", built(Paragraph(text, english)), "x.pdf").text == text.strip()


def test_a_block_set_to_the_right_keeps_its_lines() -> None:
    lines = ["東京都千代田区永田町一丁目七番一号", "株式会社サンプルコーポレーション", "代表取締役 山田 太郎"]

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "令和六年四月一日")
        for n, line in enumerate(lines):
            canvas.drawRightString(500, 680 - 16 * n, line)

    assert read("pdf", drawn(draw), "x.pdf").text.split("\n")[1:] == lines


def test_lines_of_a_table_of_contents_stay_apart() -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(6):
            canvas.drawString(60, 700 - 14 * n, f"第{n}章 山田太郎の件" + "・" * 30 + str(n))

    assert len(read("pdf", drawn(draw), "x.pdf").text.split("\n")) == 6


def boxes(canvas: Canvas, x: float, y: float, text: str, step: float) -> None:
    for n, char in enumerate(text):
        canvas.rect(x + step * n, y, step, 18)
        canvas.drawString(x + step * n + step / 2 - 3, y + 5, char)


@pytest.mark.parametrize("step", [14, 22, 30])
def test_numbers_with_a_box_for_each_digit_are_one_number(step: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 705, "個人番号")
        boxes(canvas, 120, 700, "302814905716", step)
        canvas.drawString(60, 665, "郵便番号")
        boxes(canvas, 120, 660, "194", step)
        canvas.drawString(125 + 3 * step, 665, "-")
        boxes(canvas, 135 + 3 * step, 660, "0072", step)

    text = read("pdf", drawn(draw), "x.pdf").text
    assert "302814905716" in text and "194-0072" in text


def test_boxes_of_digits_within_a_ruled_form_are_one_cell() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (720, 700, 680, 660):
            canvas.line(60, y, 440, y)
        for x in (60, 140, 440):
            canvas.line(x, 660, x, 720)
        for y, label, value in ((705, "氏名", "山田 太郎"), (685, "個人番号", ""), (665, "住所", "東京都千代田区")):
            canvas.drawString(65, y, label)
            canvas.drawString(145, y, value)
        for n, char in enumerate("302814905716"):
            canvas.line(140 + 25 * n, 680, 140 + 25 * n, 700)
            canvas.drawString(149 + 25 * n, 685, char)

    rows = [["氏名", "山田 太郎"], ["個人番号", "302814905716"], ["住所", "東京都千代田区"]]
    assert read("pdf", drawn(draw), "x.pdf").tables() == [rows]


def test_columns_of_single_digits_stay_columns() -> None:
    rows = [["氏名", "国", "数", "理", "社", "英"], ["山田", "3", "4", "5", "2", "1"], ["鈴木", "5", "3", "4", "4", "3"]]
    assert read("pdf", built(ruled(rows, [60, 24, 24, 24, 24, 24])), "x.pdf").tables() == [rows]
    days = [[str(7 * week + day) for day in range(1, 8)] for week in range(4)]
    assert read("pdf", built(ruled(days, [30] * 7)), "x.pdf").tables() == [days]


def test_a_table_within_a_cell_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(60, 640, 100, 60)
        canvas.rect(160, 640, 300, 60)
        canvas.drawString(65, 670, "家族")
        for n, (name, tie) in enumerate((("氏名", "続柄"), ("山田 花子", "妻"))):
            canvas.rect(170, 675 - 20 * n, 100, 20)
            canvas.rect(270, 675 - 20 * n, 60, 20)
            canvas.drawString(175, 680 - 20 * n, name)
            canvas.drawString(275, 680 - 20 * n, tie)

    out = read("pdf", drawn(draw), "x.pdf")
    assert out.text.count("山田 花子") == 1
    assert [["氏名", "続柄"], ["山田 花子", "妻"]] in out.tables()


NAMES = ("佐藤 健一", "鈴木 花子", "高橋 誠", "田中 美咲", "伊藤 翔太")


def roster(count: int) -> list[list[str]]:
    address = "東京都八王子市元本郷町三丁目{}番七号サンプルハイツ{}号室"
    body = [[str(1000 + n), NAMES[n % 5], address.format(n, n), f"042-620-{1000 + n}"] for n in range(count)]
    return [["番号", "氏名", "住所", "電話"], *body]


@pytest.mark.parametrize("rules", [True, False])
@pytest.mark.parametrize("repeat", [0, 1])
def test_a_roster_of_several_pages_keeps_its_header(rules: bool, repeat: int) -> None:
    rows = roster(60)
    cells = [[Paragraph(text, STYLE) for text in row] for row in rows]
    style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)] if rules else []
    out = read("pdf", built(Table(cells, colWidths=[50, 80, 190, 100], repeatRows=repeat, style=TableStyle(style))), "x.pdf")
    tables = [b for b in out.blocks if b.kind is Kind.TABLE]
    assert [b.scope for b in tables] == [1, 2, 3, 4]
    assert [b.part > 0 for b in tables] == [False, *[not repeat] * 3]
    assert [row for table in out.tables() for row in table if row != rows[0]] == rows[1:]


def test_another_table_of_the_same_columns_does_not_take_the_header_of_the_page_before() -> None:
    second = [["番号", "商品", "備考", "在庫"], ["2001", "鉛筆", "箱入り", "12"]]
    parts = [ruled(rows, [50, 80, 190, 100]) for rows in (roster(3), second)]
    out = read("pdf", built(parts[0], PageBreak(), parts[1]), "x.pdf")
    assert [(b.scope, b.part) for b in out.blocks if b.kind is Kind.TABLE] == [(1, 0), (2, 0)]


def test_headers_and_footers_do_not_run_into_the_text() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(2):
            canvas.setFont(FONT, 10)
            canvas.drawString(60, 800, "社外秘 人事評価記録")
            canvas.drawCentredString(297, 30, f"- {page + 1} -")
            for n in range(5):
                canvas.drawString(60, 740 - 16 * n, "山田太郎は令和六年三月十五日に自宅で転倒し救急搬送された病院で手術を受けた")
            canvas.showPage()

    first = read("pdf", drawn(draw), "x.pdf").blocks[0].text.split("\n")
    assert (first[0], first[-1], len(first)) == ("社外秘 人事評価記録", "- 1 -", 3)


def test_a_page_lying_on_its_side_keeps_its_table() -> None:
    rows = [("氏名", "山田 太郎"), ("住所", "東京都千代田区永田町1-7-1"), ("電話番号", "03-1234-5678")]

    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.rotate(90)
        for n, (label, value) in enumerate(rows):
            canvas.rect(60, -105 - 20 * n, 80, 20)
            canvas.rect(140, -105 - 20 * n, 240, 20)
            canvas.drawString(65, -100 - 20 * n, label)
            canvas.drawString(145, -100 - 20 * n, value)

    assert read("pdf", drawn(draw), "x.pdf").tables() == [[list(row) for row in rows]]


def test_invisible_and_white_text_is_read_and_private_characters_stay() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        text.setTextRenderMode(3)
        text.textOut("山田太郎")
        canvas.drawText(text)
        canvas.setFillColor(colors.white)
        canvas.drawString(60, 660, "鈴木花子")

    text = read("pdf", drawn(draw), "x.pdf").text
    assert "山田太郎" in text and "鈴木花子" in text


def test_a_dense_drawing_ends_soon_and_keeps_its_text() -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(140):
            canvas.line(40, 40 + 5 * n, 540, 40 + 5 * n)
            canvas.line(40 + 3.6 * n, 40, 40 + 3.6 * n, 740)
        canvas.drawString(60, 700, "山田太郎")

    began = time.process_time()
    assert "山田太郎" in read("pdf", drawn(draw), "x.pdf").text
    assert time.process_time() - began < 5


def test_pages_that_cannot_be_read_are_told_together() -> None:
    loop = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 30/Kids[2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n"
    )
    assert [(p.code.value, p.where) for p in read("pdf", loop, "x.pdf").problems] == [("corrupt", "p.1-30")]


@pytest.mark.parametrize("document", gold(".pdf"))
def test_gold_surfaces_are_found_without_a_break(document: dict[str, object]) -> None:
    out = read("pdf", gold_bytes(document), str(document["file"]))
    assert missing(document, out) == []
    assert broken(document, out) == []
    assert not out.problems


def real(pages: int) -> list[Path]:
    """PDFs of the corpus that have no more pages than that."""
    found = []
    for file in sorted(f for folder in ("real", "markers") for f in (DOCUMENTS / folder).glob("*.pdf")):
        try:
            count = len(pypdfium2.PdfDocument(file))
        except pypdfium2.PdfiumError:
            continue
        if count <= pages:
            found.append(file)
    return found


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the corpus is not present")
def test_no_character_of_real_files_is_lost() -> None:
    files = real(12)
    assert len(files) > 15
    began = time.monotonic()
    for file in files:
        with pypdfium2.PdfDocument(file) as document:
            wanted = "".join(page.get_textpage().get_text_range() for page in document)
        got = squeezed(read("pdf", file.read_bytes(), file.name).text)
        letters = [c for c in squeezed(wanted) if c.isalnum()]
        assert sum(got.count(c) >= 1 for c in letters) >= 0.995 * len(letters), file.name
        assert sum(c.isalnum() for c in got) >= 0.97 * len(letters), file.name
    assert time.monotonic() - began < 60
