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
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

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


def test_form_fields_take_the_printed_label() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "お名前")
        canvas.acroForm.textfield(name="Text1", value="Yamada Taro", x=120, y=695, width=200, height=18)
        canvas.acroForm.textfield(name="t2", tooltip="TEL", value="03-1234", x=120, y=650, width=200, height=18)

    assert read("pdf", drawn(draw), "x.pdf").pairs()[:2] == [("お名前", "Yamada Taro"), ("TEL", "03-1234")]


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
