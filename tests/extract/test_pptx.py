from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from scanner.model import Kind, Section, Slide
from tests.extract.ooxml import zipped
from tests.extract.readkit import Read, gold, gold_bytes, missing, read


def saved(show: pptx.presentation.Presentation) -> tuple[Read, bytes]:
    out = io.BytesIO()
    show.save(out)
    return read("pptx", out.getvalue()), out.getvalue()


def show() -> pptx.presentation.Presentation:
    """Two slides: text before the title, a table with merged cells, a group, a chart, notes; the second one hidden."""
    s = pptx.Presentation()
    slide = s.slides.add_slide(s.slide_layouts[5])
    box = slide.shapes.add_textbox(0, 0, Inches(3), Inches(1))
    box.text_frame.text = "担当 香春"
    run = box.text_frame.add_paragraph().add_run()
    run.text = "連絡先"
    run.hyperlink.address = "mailto:hanako@example.jp"
    slide.shapes.title.text = "患者紹介"
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(3), Inches(1)).table
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(0, 0).text = "基本情報"
    table.cell(1, 0).text, table.cell(1, 1).text = "氏名", "築城 キミ子"
    group = slide.shapes.add_group_shape()
    inner = group.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    inner.text_frame.text = "群の中"
    inner._element.nvSpPr.cNvPr.set("descr", "顔写真")
    data = CategoryChartData()
    data.categories = ["一月"]
    data.add_series("系列の人", (1,))
    slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, Inches(2), Inches(2), data)
    slide.notes_slide.notes_text_frame.text = "発表者のメモ"
    second = s.slides.add_slide(s.slide_layouts[6])
    second.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "隠した頁"
    second._element.set("show", "0")
    s.core_properties.author = "鈴木一郎"
    return s


def test_slides_in_order_with_everything_on_them() -> None:
    out, _ = saved(show())
    assert [(b.text, b.kind, b.section, b.anchor(0)) for b in out.blocks[:8]] == [
        ("患者紹介\n担当 香春\n連絡先", Kind.TEXT, Section.BODY, Slide(1)),
        ("基本情報\n氏名\t築城 キミ子", Kind.TABLE, Section.BODY, Slide(1)),
        ("群の中", Kind.TEXT, Section.BODY, Slide(1)),
        ("系列の人\n一月", Kind.TEXT, Section.BODY, Slide(1, "図表")),
        ("顔写真", Kind.TEXT, Section.HIDDEN, Slide(1, "代替テキスト")),
        ("hanako@example.jp", Kind.TEXT, Section.HIDDEN, Slide(1, "リンク先")),
        ("発表者のメモ", Kind.TEXT, Section.NOTE, Slide(1, "ノート")),
        ("隠した頁", Kind.TEXT, Section.HIDDEN, Slide(2)),
    ]
    assert {b.heading for b in out.blocks[:3]} == {"患者紹介"}
    assert [b.scope for b in out.blocks[:8]] == [1] * 7 + [2]
    assert ("作成者", "鈴木一郎") in out.pairs()
    assert "Steve Canny" not in out.text
    assert [name for name, _ in out.members] == ["ppt/embeddings/Microsoft_Excel_Sheet1.xlsx"]


def test_broken_slide_leaves_the_others() -> None:
    import zipfile

    _, data = saved(show())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts["ppt/slides/slide1.xml"] = b"<p:sld"
    out = read("pptx", zipped(parts))
    assert "隠した頁" in out.text
    assert [(p.code.value, p.where) for p in out.problems] == [("corrupt", "スライド1")]


def test_picture_slide_is_an_image() -> None:
    s = pptx.Presentation()
    slide = s.slides.add_slide(s.slide_layouts[6])
    pixel = io.BytesIO(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
            "1f15c4890000000d49444154789c6360000000000400010d0a2db40000000049454e44ae426082"
        )
    )
    slide.shapes.add_picture(pixel, 0, 0)
    out, _ = saved(s)
    assert [(p.code.value, p.where) for p in out.problems] == [("image-only", "スライド1")]


def test_markers(shared: Path) -> None:
    out = read("pptx", (shared / "data/documents/markers/markers.pptx").read_bytes())
    found = Counter(re.findall(r"MK[A-Z]+", out.text))
    assert len(found) >= 12
    assert max(found.values()) == 1


@pytest.mark.parametrize("document", gold(".pptx"))
def test_gold_comes_back(document: dict[str, object]) -> None:
    out = read("pptx", gold_bytes(document))
    assert missing(document, out) == []
    assert not out.problems
