"""Identifiers, dates and contacts in tables laid out in uncommon ways: no header, two header rows, SQL dumps."""

from __future__ import annotations

from scanner.extract.sqldump import read_dump
from scanner.model import Cell, Line, Match
from scanner.text.blocks import BlockWriter

from .finding import arranged, in_table, in_text, matches, named

ROWS = [
    ("K01", "山田 花子", "ﾔﾏﾀﾞ ﾊﾅｺ", "19370107", "女", "2900056", "千葉県市原市五井1-2", "0436219904"),
    ("K02", "佐藤 一", "ｻﾄｳ ﾊｼﾞﾒ", "20020525", "男", "4580801", "名古屋市緑区鳴海町9", "09054375271"),
    ("K03", "鈴木 実", "ｽｽﾞｷ ﾐﾉﾙ", "19490120", "男", "0100975", "秋田市八橋3丁目1", "0188231111"),
    ("K04", "高橋 進", "ﾀｶﾊｼ ｽｽﾑ", "19740301", "男", "8700868", "大分市野田2-23", "08097288426"),
]


def test_a_list_of_persons_without_header() -> None:
    found = in_table(*ROWS)
    for row in ROWS:
        for entity, value in zip(("birth_date", "gender", "postal_code"), row[3:6], strict=True):
            assert (entity, value) in found
        assert ("phone_number", row[7]) in found


def test_what_only_values_tell_is_less_sure() -> None:
    rows = [(n, list(enumerate(row, 1))) for n, row in enumerate(ROWS, 1)]
    readings = arranged(list(BlockWriter().table(rows, Cell("表", 1, 1))))
    assert {m.score for m in matches(readings) if isinstance(m, Match) and m.entity in ("birth_date", "gender")} == {0.8}


def test_orders_without_header_are_nobodys_births() -> None:
    rows = [
        ("K01", "ねじ M3", "20230107", "2900056", "12"),
        ("K02", "座金", "20240525", "4580801", "7"),
        ("K03", "板", "20220120", "0100975", "3"),
    ]
    assert not [e for e, _ in in_table(*rows) if e in ("birth_date", "postal_code", "bank_account")]


def test_a_count_of_rows_is_no_number_of_an_insurance_card() -> None:
    found = in_table(
        ("No.", "氏名", "保険証記号", "保険証番号"),
        ("1", "青井 空", "50120033", "1187"),
        ("2", "赤木 海", "50120033", "1188"),
        ("3", "黒田 陸", "50120041", "1190"),
    )
    numbers = [v for e, v in found if e == "health_insurance_id"]
    assert sorted(numbers) == ["1187", "1188", "1190", "50120033", "50120033", "50120041"]


def test_symbol_number_and_branch_in_one_cell() -> None:
    found = in_table(
        ("氏名", "続柄", "記号‐番号‐枝番"), ("青井 空", "妻", "50120033-1187-01"), ("赤木 海", "子", "50120033-1187-02")
    )
    assert [v for e, v in found if e == "health_insurance_id"] == ["50120033-1187", "50120033-1187"]


def test_numbers_of_several_documents_are_no_insurance_numbers() -> None:
    found = in_table(
        ("お客様", "生年月日", "書類の種類", "記号・番号"),
        ("青井 空", "1957/8/30", "運転免許証", "207540211880 再交付2回"),
        ("赤木 海", "1986/1/6", "社員証", "88164021"),
    )
    assert "health_insurance_id" not in [e for e, _ in found]


def test_insurer_in_brackets() -> None:
    assert ("insurer_number", "01130012") in in_text("介護保険証 0049591100(保険者 01130012)")
    assert "insurer_number" not in [e for e, _ in in_text("被保険者 01130012")]


def test_a_birth_does_not_pass_its_word_on_to_the_next_line() -> None:
    assert in_text("肇様 S33.11.2生まれ\n2025/02/14 10:07 受付") == [("birth_date", "S33.11.2")]


def test_ticket_numbers_like_phones() -> None:
    assert in_text("チケット 090-3117-0245 を起票") == []


def test_comments_of_a_dump_name_its_columns() -> None:
    dump = (
        "CREATE TABLE j (\n  cd CHAR(11) NOT NULL,  -- 住民票コード\n  nm VARCHAR(80),  -- 氏名\n"
        "  sn CHAR(7),  -- 生年月日(元号コード+年月日)\n  sx CHAR(1)  -- 1:男 2:女\n);\n"
        "INSERT INTO j VALUES\n('50177290383','生明 敬之','3490216','1'),\n('50177290448','生明 佳乃','3530803','2');\n"
    )
    found = named(arranged(list(read_dump(BlockWriter(), iter([dump])))))
    assert [v for e, v in found if e == "birth_date"] == ["3490216", "3530803"]
    assert [v for e, v in found if e == "resident_record_code"] == ["50177290383", "50177290448"]


def test_a_published_test_card_on_a_line_that_says_so_is_a_sample() -> None:
    def samples(text: str) -> list[bool]:
        return [m.sample for m in matches(arranged(list(BlockWriter().text(text, Line(1))))) if m.entity == "credit_card"]

    assert samples('TEST_PAN = "4111-1111-1111-1111"') == [True]
    assert samples("カード番号 4111-1111-1111-1111") == [False]
    assert samples("テスト決済 カード番号 4532110087749020") in ([False], [])
