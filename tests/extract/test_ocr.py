"""Text on pictures: where lines and characters stand, what readers make of it, limits; the library itself where it is there."""

from __future__ import annotations

import io
import math
import socket
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from scanner import extract
from scanner.extract import ocr
from scanner.extract.budget import Limits, Spending
from scanner.extract.ocrlines import Line, japanese, placed, skew
from scanner.extract.pdflines import rows_of
from scanner.model import Kind, Page
from scanner.problems import Code, Unreadable
from scanner.refusal import Refused
from scanner.settings import Settings, gather, recipe_of, recognises
from tests.extract.ooxml import p, word
from tests.extract.readkit import DOCUMENTS, read, squeezed

SIZE = 20.0


def line(text: str, x: float, y: float, *, gaps: dict[int, float] | None = None, flipped: bool = False, down: bool = False) -> Line:
    """A recognised line of full-width characters with its beginning at (x, y). ``gaps``: sizes of the type before a character."""
    columns, at = [], 0.0
    chars = text.replace(" ", "")
    for n in range(len(chars)):
        at += (gaps or {}).get(n, 0.0)
        columns.append(round((at + 0.5) * 4 - 0.5))
        at += 1
    long, high = at * SIZE, SIZE / 0.75
    corners = (
        [[x, y], [x + high, y], [x + high, y + long], [x, y + long]]
        if down
        else [[x, y], [x + long, y], [x + long, y + high], [x, y + high]]
    )
    return Line(np.array(corners, dtype=np.float64), text, 0.9, columns, at * 4, flipped)


def texts(lines: list[Line], angle: float = 0.0) -> list[str]:
    return [row.text for glyphs in placed(lines, angle, 1.0, (600, 600)) for row in rows_of(glyphs, range(len(glyphs.chars)))]


def test_a_gap_in_a_line_is_a_space_and_a_wide_one_parts_it() -> None:
    assert texts([line("氏名髙橋花子", 10, 10, gaps={2: 1.0, 4: 0.5})]) == ["氏名 髙橋 花子"]
    assert texts([line("氏名髙橋花子", 10, 10, gaps={2: 4.0})]) == ["氏名   髙橋花子"]
    assert texts([line("電話番号は無し", 10, 10)]) == ["電話番号は無し"]


def test_digits_as_wide_as_kanji_stay_together() -> None:
    assert texts([line("電話番号09012345678", 10, 10)]) == ["電話番号09012345678"]
    assert texts([line("番号1234は無効", 10, 10, gaps={4: 1.0})]) == ["番号12 34は無効"]


def test_a_character_seen_a_little_aside_parts_nothing() -> None:
    aside = line("氏名佐藤太郎です", 10, 10)
    assert texts([replace(aside, columns=[c + (n == 3) for n, c in enumerate(aside.columns)])]) == ["氏名佐藤太郎です"]


def test_a_line_without_places_keeps_its_text() -> None:
    assert texts([replace(line("氏名 佐藤", 10, 10), columns=[1])]) == ["氏名 佐藤"]


def test_lines_that_run_otherwise() -> None:
    assert texts([line("名簿一覧", 100, 10, down=True), line("氏名佐藤", 60, 10, down=True)]) == ["名簿一覧", "氏名佐藤"]
    assert texts([line("下の行です", 10, 10, flipped=True), line("上の行です", 10, 60, flipped=True)]) == [
        "上の行です",
        "下の行です",
    ]


def test_a_page_that_leans_is_set_upright() -> None:
    lean = math.radians(2)
    turn = np.array([[math.cos(lean), math.sin(lean)], [-math.sin(lean), math.cos(lean)]])
    rows = [("氏名と住所と電話番号", 10.0), ("佐藤太郎東京都新宿区", 310.0)]
    lines = [line(text, x, 100.0) for text, x in rows]
    leaning = [replace(each, box=each.box @ turn) for each in lines]
    assert skew(lines) == 0.0
    assert skew(leaning) == pytest.approx(lean, abs=0.002)
    (glyphs,) = placed(leaning, skew(leaning), 1.0, (600, 600))
    assert np.ptp(glyphs.boxes[:, 1]) < 3


def test_what_only_chinese_print_has_is_what_was_meant() -> None:
    assert japanese("性别 户籍 罪名·刑期") == "性別 戸籍 罪名・刑期"


# ---------------------------------------------------------------- readers, with a stub in place of the library


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """Whatever is looked at says the same; the shapes of what was looked at."""
    looked: list[tuple[int, ...]] = []

    def recognise(picture: Any, points: float, budget: Spending) -> ocr.Recognised:
        budget.spend_pixels(picture.shape[0] * picture.shape[1])
        looked.append(picture.shape)
        return ocr.Recognised(placed([line("氏名佐藤太郎", 10, 10, gaps={2: 1.0})], 0.0, points, picture.shape), [], 0.9)

    monkeypatch.setattr(ocr, "recognise", recognise)
    return looked


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), pages: int = 1, **options: Any) -> bytes:
    out = io.BytesIO()
    images = [Image.new("RGB", size, (255, 255, 250 - n)) for n in range(pages)]
    if pages > 1:
        options |= {"save_all": True, "append_images": images[1:]}
    images[0].save(out, kind, **options)
    return out.getvalue()


def scanned() -> bytes:
    """A PDF of two pictures."""
    return picture("PDF", pages=2)


def test_without_it_pictures_are_named_as_not_examined(stub: list[tuple[int, ...]]) -> None:
    with pytest.raises(Unreadable) as error:
        read("image", picture())
    assert error.value.problem.code is Code.IMAGE_ONLY
    out = read("pdf", scanned())
    assert [(p.code, p.where) for p in out.problems] == [(Code.IMAGE_ONLY, "p.1-2")] and not out.blocks
    assert "tanaoroshi[ocr]" in out.problems[0].remedy() and not stub


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "JPEG2000"])
def test_kinds_of_pictures(kind: str, stub: list[tuple[int, ...]]) -> None:
    out = read("image", picture(kind), ocr=True)
    assert [b.text for b in out.blocks] == ["氏名 佐藤太郎"] and out.blocks[0].place == Page(1, 1)
    assert [(p.code, p.loses, p.where) for p in out.problems] == [(Code.RECOGNISED, False, "p.1")]


def test_every_page_of_a_fax(stub: list[tuple[int, ...]]) -> None:
    out = read("image", picture("TIFF", pages=3), ocr=True)
    assert [b.place for b in out.blocks] == [Page(n, 1) for n in (1, 2, 3)]
    assert [b.scope for b in out.blocks] == [1, 2, 3]
    assert out.problems[0].where == "p.1-3"


def test_pages_without_text_layer(stub: list[tuple[int, ...]]) -> None:
    out = read("pdf", scanned(), ocr=True)
    assert [(b.text, b.place) for b in out.blocks if b.kind is Kind.TEXT] == [("氏名 佐藤太郎", Page(n, 1)) for n in (1, 2)]
    assert [p.code for p in out.problems] == [Code.RECOGNISED]


def test_limits_end_in_problems_and_the_rest_is_named(stub: list[tuple[int, ...]]) -> None:
    limits = Limits(pixels=700_000)
    out = read("pdf", scanned(), limits=limits, ocr=True)
    assert sorted((p.code.value, p.where) for p in out.problems) == [
        ("image-only", "p.2"),
        ("recognised", "p.1"),
        ("too-large", ""),
    ]
    out = read("image", picture("TIFF", (900, 800), pages=3), limits=Limits(pixels=3_000_000), ocr=True)
    assert [(p.code, p.where) for p in out.problems] == [(Code.RECOGNISED, "p.1"), (Code.TOO_LARGE, "p.2-3")]


def test_time_for_recognition_is_beside_the_documents_own() -> None:
    spending = Spending(Limits(seconds=60, ocr_seconds=10))
    before = spending.deadline
    spending.deeper().spend_recognition(11)
    assert spending.deadline == before + 11
    with pytest.raises(Unreadable) as error:
        spending.spend_pixels(1)
    assert error.value.problem.code is Code.TIMEOUT


def test_large_small_and_transparent_pictures(stub: list[tuple[int, ...]]) -> None:
    assert read("image", picture(size=(9, 400)), ocr=True).codes == [] and not stub
    read("image", picture(size=(9_000, 1_500)), ocr=True)
    assert max(stub.pop()) <= ocr.LONGEST
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    read("image", out.getvalue(), ocr=True)
    assert stub == [(80, 80, 3)]


def test_hostile_and_damaged_pictures(stub: list[tuple[int, ...]]) -> None:
    bomb = bytearray(picture())
    bomb[16:24] = (40_000).to_bytes(4, "big") * 2
    bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4, "big")
    for data, code in ((bytes(bomb), Code.TOO_LARGE), (b"\x89PNG\r\n\x1a\nxx", Code.UNSUPPORTED)):
        with pytest.raises(Unreadable) as error:
            read("image", data, ocr=True)
        assert error.value.problem.code is code
    cut = read("image", picture("BMP")[:-9_000], ocr=True)
    assert [p.code for p in cut.problems] == [Code.CORRUPT] and not stub


def test_pictures_in_office_files_are_members(stub: list[tuple[int, ...]]) -> None:
    data = word(p("別紙のとおり"), **{"media/image1.png": picture(), "media/image2.emf": b"x"})
    assert read("docx", data).members == []
    assert [name for name, _ in read("docx", data, ocr=True).members] == ["word/media/image1.png"]


# ---------------------------------------------------------------- settings


def test_who_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for there in (True, False):
        monkeypatch.setattr(extract, "recognises", lambda there=there: there)
        asked = {(o, p): recognises(Settings(ocr=o, profile=p)) for o in ("auto", "off") for p in ("fast", "standard", "thorough")}
        assert {key for key, value in asked.items() if value} == ({("auto", "standard"), ("auto", "thorough")} if there else set())
    with pytest.raises(Refused) as error:
        gather({"ocr": "on"}, environ={})
    assert "tanaoroshi[ocr]" in str(error.value)


def test_its_presence_is_part_of_the_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    recipes = set()
    for there in (True, False):
        monkeypatch.setattr(extract, "recognises", lambda there=there: there)
        recipes.add(str(recipe_of(Settings())))
    assert len(recipes) == 2


# ---------------------------------------------------------------- the library itself


def typed(lines: list[str], *, turn: int = 0) -> bytes:
    """A page with lines of type. Skips where no Japanese type is installed."""
    image = Image.new("L", (1200, 100 + 70 * len(lines)), 255)
    try:
        font = ImageFont.truetype("NotoSansCJK-Regular.ttc", 32)
    except OSError:
        pytest.skip("no Japanese type")
    for n, text in enumerate(lines):
        ImageDraw.Draw(image).text((60, 50 + 70 * n), text, 0, font)
    out = io.BytesIO()
    image.rotate(90 * turn, expand=True).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rapidocr")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)


LINES = ["生年月日　昭和53年4月1日", "住所　大阪府大阪市北区梅田1丁目2番3号", "電話　090-1234-5678"]


@pytest.mark.parametrize("turn", range(4))
def test_a_page_of_type_whichever_way_it_lies(turn: int, library: None) -> None:
    out = read("image", typed(LINES, turn=turn), ocr=True)
    assert out.text == "\n".join(LINES).replace("　", " ")


def test_a_ruled_form(library: None) -> None:
    image = Image.open(io.BytesIO(typed(["氏名　　　　　佐藤太郎", "職業　　　　　会社員"])))
    draw = ImageDraw.Draw(image)
    for y in (45, 112, 180):
        draw.line((40, y, 700, y), 0, 2)
    for x in (40, 200, 700):
        draw.line((x, 45, x, 180), 0, 2)
    held = io.BytesIO()
    image.save(held, "PNG")
    assert read("image", held.getvalue(), ocr=True).tables() == [[["氏名", "佐藤太郎"], ["職業", "会社員"]]]


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the shared documents are not here")
@pytest.mark.parametrize("name", ["ocr_hi.png", "ocr_lo.png"])
def test_character_error_rate_of_the_fixture(name: str, library: None, edits: Callable[[str, str], int]) -> None:
    truth = squeezed((DOCUMENTS / "markers" / "ocr_truth.txt").read_text(encoding="utf-8")).replace("髙", "高")
    out = read("image", (DOCUMENTS / "markers" / name).read_bytes(), ocr=True)
    assert edits(truth, squeezed(out.text)) <= 0.02 * len(truth)


@pytest.fixture
def edits() -> Callable[[str, str], int]:
    def count(a: str, b: str) -> int:
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, 1):
            before, row[0] = row[0], i
            for j, y in enumerate(b, 1):
                before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
        return row[-1]

    return count
