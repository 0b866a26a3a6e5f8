"""Data files that lie on shares: XML, address cards, calendars and SQLite databases."""

from __future__ import annotations

import base64
import io
import sqlite3
import time
from pathlib import Path

import pytest

from scanner.extract import sniff
from scanner.extract.budget import Limits
from scanner.model import Cell, Key, Section
from scanner.problems import Code, Unreadable
from tests.extract.readkit import read

MEMBERS = '<?xml version="1.0" encoding="{}"?>\n<名簿 部署="人事部"><!-- 担当 佐藤 -->' + "".join(
    f'<社員 番号="{n}"><氏名>{name}</氏名><電話>090-0000-000{n}</電話></社員>'
    for n, name in enumerate(("山田①", "鈴木", "田中"), 1)
)


@pytest.mark.parametrize("encoding", ["UTF-8", "Shift_JIS", "EUC-JP", "UTF-16"])
def test_xml_lists_are_tables_in_every_encoding(encoding: str) -> None:
    codec = {"Shift_JIS": "cp932", "EUC-JP": "euc_jis_2004"}.get(encoding, encoding)
    data = (MEMBERS.format(encoding) + "<備考>山<b>田</b>さん</備考></名簿>").encode(codec)
    assert sniff(io.BytesIO(data), "a.xml").format.name == "xml"
    out = read("xml", data, "a.xml")
    assert out.tables() == [
        [
            ["番号", "氏名", "電話"],
            ["1", "山田①", "090-0000-0001"],
            ["2", "鈴木", "090-0000-0002"],
            ["3", "田中", "090-0000-0003"],
        ]
    ]
    assert out.pairs() == [("名簿.部署", "人事部"), ("名簿.備考", "山田さん")]
    assert [(b.section, b.text) for b in out.blocks if b.section is Section.COMMENT] == [(Section.COMMENT, "担当 佐藤")]
    block = next(b for b in out.blocks if "人事部" in b.text)
    assert block.anchor(block.text.index("人事部")) == Key("名簿.部署", 1)


def test_broken_and_hostile_xml_is_read_as_text() -> None:
    out = read("xml", "<a><氏名>先に読めた</氏名><電話>090-1234".encode(), "a.xml")
    assert "先に読めた" in out.text and "090-1234" in out.text
    assert out.traits["structure"] == "text"
    began = time.monotonic()
    deep = read("xml", b"<a>" * 100_000 + "底".encode() + b"</a>" * 100_000, "a.xml")
    assert "底" in deep.text and not deep.codes
    assert time.monotonic() - began < 10
    with pytest.raises(Unreadable) as error:
        read("xml", MEMBERS.encode() * 100, "a.xml", Limits(characters=1000))
    assert error.value.problem.code is Code.TOO_LARGE


def test_declared_entities_are_put_in_and_those_without_end_are_told() -> None:
    out = read("xml", '<!DOCTYPE x [<!ENTITY a "株式会社"><!ENTITY b "隠れた氏名">]><x>&a;三河</x>'.encode(), "a.xml")
    assert (out.pairs()[0], out.blocks[-1].text, out.codes) == (("x", "株式会社三河"), "隠れた氏名", [])
    grown = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    loop = '<!ENTITY l0 "&l1;"><!ENTITY l1 "&l0;"><!ENTITY l11 "&l0;">'
    for entities in (f'<!ENTITY l0 "ははは">{grown}', loop, f'<!ENTITY l11 "{"は" * 100_000}&#32;">'):
        out = read("xml", f"<!DOCTYPE x [{entities}]><x>{'&l11;' * 1000}</x>".encode(), "a.xml")
        assert (out.codes, out.text.count("l11") > 1) == (["bomb"], True)
    outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>秘&e;密</x>'
    assert read("xml", outside.encode(), "a.xml").text == outside


def test_attributes_within_running_text_are_told() -> None:
    out = read("xml", '<a>担当 <b tel="090-1234-5678" 氏名="鈴木">山田</b>と<b tel="090-1234-5678"/></a>'.encode(), "a.xml")
    assert out.pairs() == [("a.b.tel", "090-1234-5678"), ("a.", "担当 山田 鈴木 と")]


def test_text_behind_a_comment_stays() -> None:
    assert read("xml", "<a><!-- 担当 -->山田太郎<b>課長</b></a>".encode(), "a.xml").pairs() == [("a", "山田太郎課長")]


def test_undefined_entity_loses_nothing() -> None:
    assert "佐藤" in read("xml", "<a>&who; 佐藤</a>".encode(), "a.xml").text


def test_address_cards_of_every_age() -> None:
    quoted = "".join(f"={b:02X}" for b in "東京都千代田区１−１".encode("cp932", "replace"))
    old = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=8D=B2=93=A1;=89=D4=8E=71\r\n"
        f"ADR;WORK;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:;;{quoted[:30]}=\r\n{quoted[30:]};;;100-0001;\r\n"
        "TEL;CELL:090-1234-5678\r\nEND:VCARD\r\n"
    )
    encoded = base64.b64encode("メモの文".encode()).decode()
    new = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:鈴木\n  一郎\nitem1.EMAIL;TYPE=work:ichiro@example.jp\n"
        "ADR:;;1-2-3;港区;東京都;105-0001;日本\n"
        f"BDAY:1968-04-01\nNOTE;ENCODING=b:{encoded}\nORG:甲社;人事部\nPHOTO;ENCODING=b:AAAA\nX-ABUID:1\nEND:VCARD\n"
    )
    data = old.encode() + new.encode()
    assert sniff(io.BytesIO(data), "a.vcf").format.name == "vcf"
    out = read("cards", data, "a.vcf")
    pairs = out.pairs()
    assert pairs[0] == ("姓名", "佐藤 花子")
    assert pairs[1][0] == "住所" and pairs[1][1].startswith("100-0001 東京都千代田区")
    assert pairs[2:] == [
        ("電話番号", "090-1234-5678"),
        ("氏名", "鈴木 一郎"),
        ("メールアドレス", "ichiro@example.jp"),
        ("住所", "日本 105-0001 東京都港区1-2-3"),
        ("生年月日", "1968-04-01"),
        ("備考", "メモの文"),
        ("会社名", "甲社 人事部"),
    ]
    assert out.blocks[0].records is not None
    assert sorted(set(out.blocks[0].records.tolist())) == [1, 2]


def test_calendars() -> None:
    data = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:面談（佐藤）\r\n"
        'ORGANIZER;CN="鈴木 一郎":mailto:i@example.jp\r\nATTENDEE;CN=田中;RSVP=TRUE:MAILTO:t@example.jp\r\n'
        "DESCRIPTION:持病の\\n確認\\, 要\r\n"
        "DTSTART:20260401T090000\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nSUMMARY:会議\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert sniff(io.BytesIO(data.encode()), "a.ics").format.name == "ics"
    out = read("cards", data.encode(), "a.ics")
    assert out.pairs() == [
        ("件名", "面談（佐藤）"),
        ("主催者", "鈴木 一郎 <i@example.jp>"),
        ("出席者", "田中 <t@example.jp>"),
        ("説明", "持病の\n確認, 要"),
        ("開始", "20260401T090000"),
        ("件名", "会議"),
    ]
    assert read("cards", "ただの文".encode(), "a.vcf").text == "ただの文"


def test_hostile_cards_end_in_time() -> None:
    began = time.monotonic()
    read("cards", b"BEGIN:VCARD\nNOTE" + b';X="' * 100_000 + b":x\n", "a.vcf")
    read("cards", b"BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:" + b"=41=\n" * 100_000, "a.vcf")
    read("cards", b"BEGIN:VCARD\n" + b" x\n" * 200_000, "a.vcf")
    assert time.monotonic() - began < 10


def base(*statements: str) -> bytes:
    with sqlite3.connect(":memory:") as made:
        for statement in statements:
            made.execute(statement)
        made.commit()
        return made.serialize()


PEOPLE = (
    "create table 社員(番号 integer, 氏名 text, 備考 blob)",
    "insert into 社員 values (1, '佐藤', null), (2, '鈴木', x'e38182')",
)


def test_database_tables_with_their_columns(tmp_path: Path) -> None:
    data = base(*PEOPLE, "create view v as select 1", 'create table "空 \';x"(a)', "create index i on 社員(氏名)")
    assert sniff(io.BytesIO(data), "a.db").format.name == "sqlite"
    out = read("sqlitedb", data)
    assert out.tables() == [[["番号", "氏名", "備考"], ["1", "佐藤"], ["2", "鈴木", "あ"]], [["a"]]]
    assert out.blocks[0].heading == "社員"
    assert out.blocks[0].anchor(out.blocks[0].text.index("鈴木")) == Cell("社員", 3, 2)
    file = tmp_path / "log.db"
    with sqlite3.connect(file) as made:
        made.execute("pragma journal_mode = wal")
        for statement in PEOPLE:
            made.execute(statement)
        made.commit()
        made.execute("pragma wal_checkpoint(truncate)")
    made.close()
    assert "佐藤" in read("sqlitedb", file.read_bytes()).text


def test_documents_and_long_texts_in_a_database() -> None:
    with sqlite3.connect(":memory:") as made:
        made.execute("create table t(a blob)")
        for value in (b"%PDF-1.4 x", ("あ" * (1 << 19) + "能登の佐藤さん").encode(), bytes(range(256)), b"PK\3\4.."):
            made.execute("insert into t values (?)", (value,))
        made.commit()
        data = made.serialize()
    out = read("sqlitedb", data)
    assert out.members == [("blob1.pdf", b"%PDF-1.4 x"), ("blob2", b"PK\3\4..")]
    assert "能登の佐藤さん" in out.text


def test_text_of_another_encoding_in_a_database() -> None:
    with sqlite3.connect(":memory:") as made:
        made.execute("create table t(a text)")
        made.execute("insert into t values (cast(? as text))", ("能登の佐藤さん".encode("cp932"),))
        made.commit()
        data = made.serialize()
    assert "能登の佐藤さん" in read("sqlitedb", data).text


def test_damaged_and_hostile_databases() -> None:
    data = base("create table a(x)", "create table b(y)", *(f"insert into a values ('先に読めた{n}')" for n in range(2000)))
    cut = bytearray(data)
    cut[len(cut) // 2 : len(cut) // 2 + 4096] = b"\xff" * 4096
    out = read("sqlitedb", bytes(cut))
    assert "先に読めた0" in out.text
    assert out.codes == ["corrupt"]
    with pytest.raises(Unreadable) as error:
        read("sqlitedb", b"SQLite format 3\0" + b"\xff" * 5000)
    assert error.value.problem.code is Code.CORRUPT
    assert (
        read("sqlitedb", base("create virtual table f using fts5(t)", "insert into f values ('全文の佐藤')")).text.count(
            "全文の佐藤"
        )
        == 1
    )
