"""The font of blank boxes: letters of fonts that a file leaves out have a size, on every machine."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pypdfium2.raw as pdfium
import pytest
from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from scanner.extract.pdffonts import BlankFonts, blank_font


@pytest.mark.parametrize(("letter", "width"), [("女", 840), ("𠮷", 840), ("　", 840), ("（", 840), ("A", 380), ("ｱ", 380)])
def test_every_letter_has_a_box_of_its_width(letter: str, width: int) -> None:
    font = ImageFont.truetype(io.BytesIO(blank_font()), 1000)
    left, _, right, _ = font.getmask(letter).getbbox()
    assert right - left == width


def test_only_east_asian_fonts_are_answered() -> None:
    answer = BlankFonts._map
    assert answer(None, 400, 0, pdfium.FXFONT_SHIFTJIS_CHARSET, 0, b"MS-Mincho", None) == 1
    assert answer(None, 400, 0, pdfium.FXFONT_ANSI_CHARSET, 0, b"Arial", None) is None


ALONE = """
import sys, pypdfium2
from scanner.extract import pdf
for page in pypdfium2.PdfDocument(sys.argv[1]):
    text = page.get_textpage()
    print([round(x) for x in text.get_charbox(0)], ascii(text.get_text_range()), sep="|")
"""


def test_letters_alone_on_a_page_are_read_with_boxes_that_no_font_of_the_machine_decides(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    canvas = Canvas(str(path))
    for letter in "女一・":  # in a font of the machine each has a box of its own
        canvas.setFont("HeiseiMin-W3", 100)
        canvas.drawString(100, 500, letter)
        canvas.showPage()
    canvas.save()
    out = subprocess.run([sys.executable, "-c", ALONE, str(path)], capture_output=True, text=True, check=True).stdout
    boxes, letters = zip(*(line.split("|") for line in out.splitlines()), strict=True)
    assert letters == tuple(map(ascii, "女一・"))
    assert len(set(boxes)) == 1
