"""Which encoding: on text nobody trained on, in every encoding Japanese files have, and on what is no Japanese or no text."""

from __future__ import annotations

import hashlib
import io
import json
import random
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.text.encoding import Encoding, canonical, decode, decode_bytes, decoder, detect, detect_stream

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = DATA if DATA.is_dir() else Path(__file__).resolve().parents[3] / "shared" / "data"
ENCODINGS = {
    "utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "cp932": "cp932", "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp",
    "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
}  # fmt: skip
FORM = (
    "会員番号,氏名,フリガナ,生年月日,住所\r\n"
    "A-0012,秋元 玲奈,ｱｷﾓﾄ ﾚﾅ,昭和63年4月2日,岐阜県多治見市音羽町2丁目\r\n"
    "A-0013,大河内 悠,ｵｵｺｳﾁ ﾕｳ,平成2年11月30日,宮城県石巻市門脇字青葉西27\r\n"
)


def snippets(length: int, each: int) -> Iterator[str]:
    """Pieces of the open corpora whose sentences hash to 0 modulo 5: the fifth that models never see."""
    dice = random.Random(length)
    for name in (
        "ner/ner_wikipedia",
        "clean/fp_law",
        "health/medical_case_reports",
        "address/address_mext",
        "clean/fp_debian_docs",
    ):
        lines = []
        for row in (DATA / f"{name}.jsonl").open(encoding="utf-8"):
            entry = json.loads(row)
            if int(hashlib.sha256(entry["id"].encode()).hexdigest()[:8], 16) % 5 == 0:
                lines.extend(entry["text"].splitlines())
        dice.shuffle(lines)
        text = "\n".join(lines)
        for _ in range(each):
            at = dice.randrange(max(1, len(text) - length))
            yield text[at : at + length]
    for _ in range(each):
        at = dice.randrange(40, len(FORM) * 9)
        yield (FORM * 40)[at : at + length]


@pytest.mark.skipif(not (DATA / "ner").is_dir(), reason="the open corpora are not here")
@pytest.mark.parametrize("length", [20, 60, 1000])
def test_open_text_is_read_in_every_encoding(length: int) -> None:
    right: Counter[bool] = Counter()
    sure: Counter[bool] = Counter()
    for text in snippets(length, 25):
        for name, codec in ENCODINGS.items():
            data = text.encode(codec, "ignore")
            original = data.decode(codec)
            if original.isascii():
                continue
            found = detect(data)
            good = decode(data, found) == (original, 0)
            right[good] += 1
            sure[found.doubt] += 1
            if good and name not in ("utf-16", "utf-8-sig"):
                assert not found.binary
                assert found.bom == 0
    assert right.total() > 800
    assert right[True] / right.total() >= 0.995
    assert sure[False] / sure.total() >= 0.95


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_list_of_customers_is_read_without_doubt(name: str) -> None:
    data = FORM.encode(ENCODINGS[name], "ignore")
    found = detect(data)
    assert (found.name, found.doubt, found.binary) == (name, False, False)
    assert decode(data, found) == (data.decode(ENCODINGS[name]), 0)
    assert found.bom == {"utf-8-sig": 3, "utf-16": 2}.get(name, 0)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("山田太郎", "cp932"), ("山田太郎", "euc_jp"), ("ﾔﾏﾀﾞ ﾀﾛｳ", "cp932"), ("髙橋㈱", "cp932"), ("①②③", "cp932"),
        ("★☆◎", "cp932"),
        ("├──┤│項目│", "cp932"), ("├──┤│項目│", "euc_jp"), ("はい", "euc_jp"), ("カード", "utf-16-le"),
        ("\x1b[31mエラー\x1b[0m", "cp932"),
    ],
)  # fmt: skip
def test_a_few_characters_are_enough(text: str, codec: str) -> None:
    data = text.encode(codec)
    assert decode(data, detect(data)) == (text, 0)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xad\xa1\xad\xea\xfc\xe2\x8f\xf4\xfb\x8e\xb6", "①㈱髙髙ｶ"),  # CP51932 rows 13 and 92, eucJP-ms row 84
        (b"\x8f\xf3\xf3\x8f\xf4\xd5\x8f\xb0\xa1", "ⅰ礼丂".replace("礼", "\ufa18")),
    ],
)
def test_euc_jp_has_the_rows_of_the_vendors(data: bytes, text: str) -> None:
    assert decode(data, "euc-jp") == (text, 0)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x1b$B;3ED\x1b(B", "山田"),
        (b"\x1b$B-!-j|b\x1b(B!", "①㈱髙!"),
        (b"\x1b(I6^\x1b(Ba", "ｶﾞa"),
        (b"\x1b$@;3ED\x1b(J\\", "山田\\"),
        (b"\x1b$(D0!\x1b(B", "丂"),
        (b"\x1b$(Q-!\x1b(B", "①"),
        (b"\x1b$B;3\r\nED\x1b(B", "山\r\n田"),
    ],
)
def test_iso_2022_jp_has_the_rows_of_the_vendors(data: bytes, text: str) -> None:
    assert detect(data).name == "iso-2022-jp"
    assert decode(data, "iso-2022-jp") == (text, 0)


def test_bytes_that_fit_no_encoding_are_counted() -> None:
    assert decode(b"ab\x80\xa0\xffc", "cp932") == ("ab\ufffd\ufffd\ufffdc", 3)
    assert decode(b"a\xffb", "utf-8") == ("a\ufffdb", 1)
    assert decode("a\ufffdb".encode(), "utf-8") == ("a\ufffdb", 0)  # the file says so itself
    broken = FORM.encode("cp932") + "山田太郎\n".encode()
    found = detect(broken)
    assert found == Encoding("cp932", doubt=True)


@pytest.mark.parametrize("codec", ["cp932", "euc_jp", "utf-8", "utf-16-le", "utf-16-be", "utf-16", "iso2022_jp"])
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_chunks_give_the_same_as_the_whole(codec: str, data: st.DataObject) -> None:
    whole = (FORM + "\x1b終").encode(codec, "ignore")
    name = canonical(codec)
    reader, out, at = decoder(name), [], 0
    while at < len(whole):
        size = data.draw(st.integers(1, 40))
        out.append(reader.decode(whole[at : at + size]))
        at += size
    out.append(reader.decode(b"", final=True))
    assert ("".join(out), reader.bad) == decode(whole, name)
    assert reader.bad == 0


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_anything_has_an_answer(data: bytes) -> None:
    found = detect(data)
    text, bad = decode(data, found)
    assert bad <= len(data)
    assert isinstance(text, str)
    assert isinstance(decode_bytes(data, "iso-2022-jp"), str)


def binaries() -> dict[str, bytes]:
    dice = random.Random(8)
    noise = dice.randbytes(4_000)
    return {
        "noise": noise,
        "short noise": noise[:100],
        "compressed": zlib.compress(("text of some kind " * 300).encode() + noise),
        "program": Path(sys.executable).read_bytes()[:100_000],
        "zeros": bytes(1_000),
        "numbers": struct.pack("<400d", *(dice.random() for _ in range(400))),
        "counts": struct.pack("<400i", *range(400)),
        "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + noise,
        "false mark": b"\xff\xfe" + noise,
        "text first": FORM.encode("cp932") + noise * 4,
        "controls": bytes(range(1, 9)) * 50 + b"some words",
    }


@pytest.mark.parametrize("kind", binaries())
def test_binary_data_is_no_text(kind: str) -> None:
    assert detect(binaries()[kind]).binary


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        ("name,tel\r\nTaro,090\r\n", "ascii", "ascii"),
        ("name,tel\r\nTaro,090\r\n", "utf-16-le", "utf-16-le"),
        ("name,tel\r\nTaro,090\r\n", "utf-16-be", "utf-16-be"),
        ("Le café est situé à côté de la forêt, où l'élève étudie.", "latin-1", "latin-1"),
        ("“Smart” naïve façade; Müller GmbH, Straße 5", "cp1252", "latin-1"),
        ("Le café est situé", "utf-8", "utf-8"),
        ("我们的国家是一个伟大的国家，这里有很多人口和历史文化。联系人：张伟", "gb18030", "gb18030"),
        ("我们的国家是一个伟大的国家", "utf-8", "utf-8"),
        ("안녕하세요. 저는 김철수입니다. 서울특별시 강남구에 살고 있습니다.", "euc-kr", "euc-kr"),
        ("안녕하세요", "utf-8", "utf-8"),
        ("Привет, мир! Как дела?", "utf-8", "utf-8"),
        ("สวัสดีครับ", "utf-8", "utf-8"),
        ("😀👍🎉", "utf-8", "utf-8"),
        ("", "utf-8", "ascii"),
    ],
)
def test_other_languages_stay_readable(text: str, codec: str, name: str) -> None:
    data = text.encode(codec)
    found = detect(data)
    assert (found.name, found.binary) == (name, False)
    assert decode(data, found) == (text, 0)
    assert found.doubt == (name in ("gb18030", "euc-kr"))


def test_padded_records_are_text() -> None:
    data = b"".join(name.encode("cp932").ljust(24, b"\0") for name in ("山田 太郎", "佐藤 花子", "高橋 健一", "田中 美咲"))
    found = detect(data)
    assert (found.name, found.binary) == ("cp932", False)


def test_one_line_of_japanese_in_a_long_ascii_file_is_found(tmp_path: Path) -> None:
    filler = b"2024-01-01,INFO,request served\n" * 40_000
    data = filler + "氏名,山田 太郎,東京都\n".encode("cp932") + filler
    assert detect(data) == Encoding("cp932")
    assert detect_stream(io.BytesIO(data), len(data)).name in ("ascii", "cp932")  # samples may miss it: the decoder does not
    reader = decoder("ascii")
    text = "".join(reader.decode(data[i : i + 65_536]) for i in range(0, len(data), 65_536)) + reader.decode(b"", final=True)
    assert "氏名,山田 太郎,東京都\n" in text
    assert (reader.name, reader.bad, len(text)) == ("cp932", 0, len(data.decode("cp932")))


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_stream_is_judged_like_a_whole(name: str) -> None:
    data = (FORM * 3_000).encode(ENCODINGS[name], "ignore")
    stream = io.BytesIO(data)
    assert detect_stream(stream, len(data)) == detect(data) == Encoding(name, bom={"utf-8-sig": 3, "utf-16": 2}.get(name, 0))
    assert stream.tell() == 0


def test_a_hint_tips_the_balance() -> None:
    data = "ﾏｱ".encode("cp932")  # also valid EUC-JP
    assert decode(data, detect(data, hint="euc-jp"))[0] != decode(data, detect(data, hint="Shift_JIS"))[0]


@pytest.mark.parametrize(
    ("declared", "data", "text"),
    [
        ("shift_jis", "①㈱髙橋".encode("cp932"), "①㈱髙橋"),
        ("Windows-31J", "①㈱髙橋".encode("cp932"), "①㈱髙橋"),
        ("iso-2022-jp", b"\x1b$B-!-j\x1b(B", "①㈱"),
        ("iso-2022-jp", "①㈱".encode("cp932"), "①㈱"),
        ("iso-2022-jp", "①②③".encode("cp932"), "①②③"),
        ("us-ascii", "山田太郎です".encode("cp932"), "山田太郎です"),
        ("us-ascii", "山田".encode("iso2022_jp"), "山田"),
        ("iso-8859-1", "山田太郎です".encode(), "山田太郎です"),
        ("iso-8859-1", b"caf\xe9", "café"),
        ("utf-8", "山田太郎です".encode("euc_jp"), "山田太郎です"),
        ("shift_jis", "山田太郎です".encode(), "山田太郎です"),
        ("x-unknown", "山田太郎です".encode("iso2022_jp"), "山田太郎です"),
        ("euc-jp", "髙橋".encode("cp932"), "髙橋"),
        ("'UTF-8'", "髙橋".encode(), "髙橋"),
        ("utf-7", "日本".encode("utf-7"), "日本"),
        ("base64", b"plain", "plain"),  # a codec of Python that is no charset
        ("", b"", ""),
    ],
)
def test_a_declared_charset_is_honoured_unless_the_bytes_say_otherwise(declared: str, data: bytes, text: str) -> None:
    assert decode_bytes(data, declared) == text
