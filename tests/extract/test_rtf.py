"""Rich text: the Japanese encodings and how writers use them, every story, tables, and what is damaged or made to harm."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import pytest

from scanner.extract.budget import Limits
from scanner.model import Cell, Part, Section
from scanner.problems import Code, Unreadable
from tests.extract.readkit import Read, read

HEAD = r"{\rtf1\ansi\ansicpg932\deff0{\fonttbl{\f0\fnil\fcharset128 \'82\'6c\'82\'72 \'96\'be\'92\'a9;}{\f1\fcharset0 Times;}}"


def escaped(text: str, codec: str = "cp932") -> str:
    """As WordPad writes it: bytes of the code page, trail bytes that are letters as they are."""
    out = []
    for byte in text.encode(codec):
        out.append(chr(byte) if byte < 0x80 and chr(byte) not in "\\{}" else f"\\'{byte:02x}")
    return "".join(out)


def rtf(body: str, head: str = HEAD) -> Read:
    return read("rtf", (head + body + "}").encode("latin-1"))


def sections(out: Read) -> dict[Section, str]:
    return {s: "\n".join(b.text for b in out.blocks if b.section is s) for s in Section}


@pytest.mark.parametrize("text", ["氏名：表 十郎", "能登ソ連①㈱髙橋", "ﾔﾏﾀﾞ ﾊﾅｺ", "申請書〜①"])
def test_code_page_with_letters_as_trail_bytes(text: str) -> None:
    text = text.encode("cp932", "replace").decode("cp932")
    assert rtf(rf"\f0 {escaped(text)}\par").text == text
    assert rtf(rf"\f1 {escaped(text)}\par").text == text  # a Latin font before Japanese text


def test_raw_bytes_whose_second_half_is_a_backslash_or_brace() -> None:
    data = HEAD.encode() + rb"\f0 " + "表示ソース 構\u3000能力ボ".encode("cp932") + rb"\par end}"
    assert read("rtf", data).text == "表示ソース 構\u3000能力ボ\nend"


def test_unicode_with_fallbacks_and_pairs() -> None:
    body = r"\uc2\u23665\'8e\'52\uc1\u30000?{\uc0\u-10179\u-8704}\u-27226\'3f1\par"
    assert rtf(body).text == "山田😀閦1".replace("閦", chr(0x10000 - 27226))


def test_the_font_says_the_encoding_where_the_document_says_another() -> None:
    head = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f3\fcharset128 MS Gothic;}{\f4\fcharset134 SimSun;}}"
    body = rf"\f0 Caf\'e9 \f3 {escaped('佐藤')}\f4 {escaped('北京', 'gbk')}\par"
    assert rtf(body, head).text == "Café 佐藤北京"


def test_stories_values_and_what_is_hidden() -> None:
    body = (
        rf"{{\info{{\title {escaped('人事記録')}}}{{\*\company {escaped('甲社')}}}{{\creatim\yr2026}}}}"
        rf"{{\header {escaped('部外秘')}\par}}{{\headerf {escaped('部外秘')}\par}}{{\footer 1/2\par}}"
        rf"\pard {escaped('本文')}{{\footnote {escaped('脚注')}\par}}{{\v {escaped('隠し')}}}{{\deleted {escaped('消した')}}}\par"
        rf"{{\*\atnauthor {escaped('高橋')}}}\chatn{{\*\annotation {escaped('確認')}}}"
        rf"{{\shp{{\*\shpinst{{\sp{{\sn wzDescription}}{{\sv {escaped('写真')}}}}}{{\shptxt {escaped('箱の中')}\par}}}}"
        rf"{{\shprslt {escaped('箱の中')}}}}}"
        r'{\field{\*\fldinst HYPERLINK "mailto:a@example.jp"}{\fldrslt ' + escaped("連絡先") + r"}}\par"
        r"{\*\unknown skipped}{\pict\pngblip 89504e47}"
    )
    out = rtf(body)
    found = sections(out)
    assert found[Section.BODY] == "本文隠し\n連絡先\n箱の中"
    assert found[Section.HEADER] == "部外秘"
    assert found[Section.FOOTER] == "1/2"
    assert found[Section.NOTE] == "脚注"
    assert found[Section.COMMENT] == "確認"
    assert found[Section.DELETED] == "消した"
    assert set(found[Section.HIDDEN].split("\n")) == {"a@example.jp", "写真"}
    assert out.pairs() == [("タイトル", "人事記録"), ("会社", "甲社"), ("コメント作成者", "高橋")]


def test_tables_with_a_table_inside() -> None:
    row = r"\trowd\cellx1000\cellx2000\pard\intbl "
    nested = r"\pard\intbl\itap2 " + escaped("内") + r"\nestcell " + escaped("側") + r"\nestcell{\*\nesttableprops\trowd\nestrow}"
    body = (
        escaped("前") + r"\par" + row + escaped("氏名") + r"\cell " + escaped("佐藤") + r"\par " + escaped("花子") + r"\cell\row"
        + row + escaped("備考") + r"\cell " + nested + r"\pard\intbl\cell\row\pard " + escaped("後") + r"\par"
    )  # fmt: skip
    out = rtf(body)
    assert [b.text for b in out.blocks] == ["前", "氏名\t佐藤\n花子\n備考", "内\t側", "後"]
    assert out.tables() == [[["氏名", "佐藤\n花子"], ["備考"]], [["内", "側"]]]
    assert out.blocks[1].anchor(out.blocks[1].text.index("備考")) == Cell("表1", 2, 1)
    assert out.blocks[3].place == Part("本文", 2)


def test_embedded_file_is_a_member() -> None:
    content = b"%PDF-1.4 inner"
    names = b"".join(len(n).to_bytes(4, "little") + n for n in (b"AcroExch\0", b"", b""))
    ole = b"\1\5\0\0\2\0\0\0" + names + len(content).to_bytes(4, "little") + content
    out = rtf(r"{\object{\*\objclass AcroExch}{\*\objdata " + ole.hex() + r"}{\result " + escaped("見出し") + r"}}\par")
    assert out.members == [("AcroExch.pdf", content)]
    assert out.text == "見出し"


def test_truncated_file_keeps_what_came_before() -> None:
    out = read("rtf", (HEAD + escaped("先に読めた行") + r"\par {\footnote " + escaped("脚注の途")).encode("latin-1"))
    assert "先に読めた行" in out.text
    assert "脚注の途" in out.text
    assert out.codes == ["corrupt"]


def test_only_a_picture() -> None:
    assert rtf(r"{\pict\pngblip 89504e47}").codes == ["image-only"]


def test_hostile_ones_end_in_time() -> None:
    began = time.monotonic()
    assert rtf("{" * 300_000 + escaped("底") + "}" * 300_000).text == "底"
    read("rtf", HEAD.encode() + b"\x8e\\" * 200_000 + b"}")
    rtf(r"\trowd\intbl" + r"\cell" * 100_000 + r"\row\itap64\nestcell\nestrow")
    rtf(r"\bin99999999999 " + "x" * 1000)
    rtf(r"\u99999999999\u-99999 \fs" + "9" * 100_000)
    assert time.monotonic() - began < 15
    with pytest.raises(Unreadable) as error:
        read("rtf", HEAD.encode() + b"x" * 300 + b"}", limits=Limits(bytes=100))
    assert error.value.problem.code is Code.TOO_LARGE
    out = read("rtf", HEAD.encode() + b"x\\par " * 300 + b"}", limits=Limits(characters=100))
    assert out.codes == ["too-large"]


def test_markers(shared: Path) -> None:
    out = read("rtf", (shared / "data/documents/markers/markers.rtf").read_bytes())
    found = Counter(re.findall(r"MK[A-Z]+?(?=MK|[^A-Z]|$)", out.text))
    twice = {name for name, count in found.items() if count > 1}
    assert len(found) >= 29
    assert twice <= {"MKSDTBLOCK", "MKSDTCELL"}  # these the file itself holds several times over
    assert not out.problems
