"""Headers and columns, forms, fields of running text."""

from __future__ import annotations

import pytest

from scanner.model import Cell, Kind, Line, PersonRole
from scanner.text.arrange import Arranger
from scanner.text.blocks import BlockWriter
from scanner.text.labels import LabelBook, LabelEntry, canonical
from scanner.text.view import Reading, read

BOOK = LabelBook(
    [
        LabelEntry("person_name", ("氏名", "お名前", "name"), ("氏名",), PersonRole.SUBJECT),
        LabelEntry("person_name", ("被共済者",), (), PersonRole.SUBJECT),
        LabelEntry("person_name", ("担当",), (), PersonRole.STAFF),
        LabelEntry("birth_date", ("生年月日",)),
        LabelEntry("address", ("住所",)),
        LabelEntry("phone_number", ("電話", "電話番号", "TEL")),
        LabelEntry("", ("備考", "No", "受付番号", "金額")),
        LabelEntry("", ("続柄",), hint="state"),
        LabelEntry("person_name", ("夫", "緊急連絡先"), role=PersonRole.FAMILY),
    ]
)


def grid(*rows: str) -> Reading:
    cells = [(n, [(c, t) for c, t in enumerate(row.split("|"), 1) if t]) for n, row in enumerate(rows, 1)]
    (block,) = BlockWriter().table([r for r in cells if r[1]], Cell("表", 1, 1))
    return Arranger(BOOK).read(read(block))


def prose(text: str) -> Reading:
    (block,) = BlockWriter().text(text, Line(1))
    return Arranger(BOOK).read(read(block))


def fields(reading: Reading) -> list[tuple[str, str]]:
    return [(f.label.word, reading.text[f.start : f.end]) for f in reading.layout.fields]


def columns(reading: Reading) -> dict[str, list[str]]:
    return {c.header: [reading.text[slice(*reading.cell(int(i)))] for i in c.cells] for c in reading.layout.columns}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("氏名：山田　花子", [("氏名", "山田 花子")]),
        ("お名前 .......... 山田　花子\n電話……03-1111-2222", [("お名前", "山田 花子"), ("電話", "03-1111-2222")]),
        ("氏名＿＿山田 花子＿＿＿\n氏名＿＿＿＿佐藤＿＿＿\n住所・・・・横浜市", [("氏名", "佐藤"), ("住所", "横浜市")]),
        ("氏　名　山田花子  生年月日 昭和60年3月4日", [("氏名", "山田花子"), ("生年月日", "昭和60年3月4日")]),
        (
            "氏名 佐藤 みなみ  生年月日 昭和60年3月4日  住所 東京都新宿区1-2",
            [("氏名", "佐藤 みなみ"), ("生年月日", "昭和60年3月4日"), ("住所", "東京都新宿区1-2")],
        ),
        ("profile={uid=1, name=相楽 亜弥, tel=0805}", [("name", "相楽 亜弥"), ("TEL", "0805")]),
        ('{"name":"乾裕次","x":1}', [("name", "乾裕次")]),
        ("【氏名】佐藤", [("氏名", "佐藤")]),
        ("氏名：小林健一 電話番号：090-1", [("氏名", "小林健一"), ("電話番号", "090-1")]),
        ("氏名：小林健一　住所：東京都", [("氏名", "小林健一"), ("住所", "東京都")]),
        ("契約者氏名：小林健一 電話：090-1", [("氏名", "小林健一"), ("電話", "090-1")]),
        ("住所\n東京都新宿区1-2", [("住所", "東京都新宿区1-2")]),
        ("(担当:安芸)。", [("担当", "安芸")]),
        ("お名前と住所を確認する。", []),
        ("時刻 12:34:56", []),
    ],
)
def test_fields_of_running_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert fields(prose(text)) == expected


def test_a_spaced_label_with_a_colon_is_found() -> None:
    assert fields(prose("氏　　名：山田")) == [("氏名", "山田")]


def test_a_header_gives_columns() -> None:
    r = grid("No|氏名|住所|電話", "1|山田 花子|東京都|03", "2|佐藤 一|大阪府|06")
    assert columns(r)["氏名"] == ["山田 花子", "佐藤 一"]
    assert r.layout.tabular and not r.layout.fields


def test_a_title_above_the_header_does_not_hide_it() -> None:
    r = grid("会員名簿（令和6年度）", "氏名|電話", "山田 花子|03", "佐藤 一|06")
    assert columns(r)["氏名"] == ["山田 花子", "佐藤 一"]


def test_of_two_header_rows_the_lower_names_and_the_upper_groups() -> None:
    r = grid("被共済者||備考|", "氏名|生年月日|金額|No", "山田|S60|5|1", "佐藤|S61|6|2")
    assert columns(r)["氏名"] == ["山田", "佐藤"]
    assert r.layout.columns[0].above is not None and r.layout.columns[0].above.word == "被共済者"


def test_a_form_gives_fields() -> None:
    r = grid("氏名|楠瀬 晴彦|生年月日|昭和46年11月3日", "住所|高知県高知市朝倉本町2丁目|電話|090-1")
    assert fields(r) == [
        ("氏名", "楠瀬 晴彦"),
        ("生年月日", "昭和46年11月3日"),
        ("住所", "高知県高知市朝倉本町2丁目"),
        ("電話", "090-1"),
    ]
    assert not r.layout.tabular


def test_a_relative_beside_the_label_of_relatives_is_its_value() -> None:
    r = grid("緊急連絡先|今井 浩(夫)|続柄|夫", "電話|090-1|備考|日中")
    assert fields(r) == [("緊急連絡先", "今井 浩(夫)"), ("続柄", "夫"), ("電話", "090-1"), ("備考", "日中")]


def test_a_group_cell_stands_above_its_labels() -> None:
    r = grid("被共済者|氏名|佐藤 みなみ", "|住所|東京都新宿区")
    assert [f.above.word if f.above else "" for f in r.layout.fields] == ["被共済者", "被共済者"]


def test_a_form_above_a_table_keeps_both() -> None:
    r = grid("氏名|楠瀬 晴彦", "No|氏名|電話", "1|山田 花子|03-1", "2|佐藤 一|06-1")
    assert fields(r) == [("氏名", "楠瀬 晴彦")]
    assert columns(r)["氏名"] == ["山田 花子", "佐藤 一"]


def test_a_label_inside_a_cell_is_found_and_never_crosses_the_cell() -> None:
    r = grid("備考|TEL:03-1234-5678", "担当:|安芸")
    assert ("TEL", "03-1234-5678") in fields(r)
    assert all("\t" not in value for _, value in fields(r))


def test_the_header_goes_on_in_the_next_window() -> None:
    rows = [(1, [(1, "氏名"), (2, "電話")])] + [(n, [(1, f"山田{n}" * 20), (2, "03")]) for n in range(2, 1500)]
    blocks = list(BlockWriter().table(rows, Cell("s", 1, 1)))
    assert len(blocks) > 1
    arranger = Arranger(BOOK)
    readings = [arranger.read(read(b)) for b in blocks]
    assert all(r.layout.columns[0].label is not None for r in readings)
    assert sum(len(r.layout.columns[0].cells) for r in readings) == 1498


def test_pairs_take_their_labels_from_the_keys_last_part() -> None:
    (block,) = BlockWriter().pairs([("members[0].name", "山田", 1), ("members[0].x", "y", 1)], Cell("", 1, 1))
    assert block.kind is Kind.PAIRS
    assert fields(Arranger(BOOK).read(read(block))) == [("name", "山田")]


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("※ 氏　名：", "氏名"),
        ("【住所】", "住所"),
        ("(1) 生年月日", "生年月日"),
        ("①氏名", "①氏名"),
        ("ＴＥＬ", "tel"),
        ("birth_date", "birthdate"),
    ],
)
def test_canonical_labels(raw: str, key: str) -> None:
    assert canonical(raw) in (key, key.lstrip("①"), "1" + key.lstrip("①"))


def labels_of(reading: Reading) -> dict[int, str]:
    return {c.number: c.label.word for c in reading.layout.columns if c.label is not None}


def test_two_header_rows_make_one_label_together() -> None:
    book = LabelBook(
        [
            LabelEntry("person_name", ("氏名", "姓", "名")),
            LabelEntry("birth_date", ("生年月日",)),
            LabelEntry("gender", ("性別", "性")),
            LabelEntry("insurer_number", ("保険者番号",)),
            LabelEntry("", ("番号", "保険者", "No"), hint="number"),
        ]
    )
    rows = [
        (4, [(1, "No"), (2, "氏名"), (4, "生年月日"), (5, "性"), (6, "保険者")]),
        (5, [(2, "姓"), (3, "名"), (4, "(和暦)"), (5, "別"), (6, "番号")]),
        (6, [(1, "1"), (2, "青井"), (3, "空"), (4, "S58.6.21"), (5, "男"), (6, "01131416")]),
        (7, [(1, "2"), (2, "赤木"), (3, "海"), (4, "H9.1.30"), (5, "女"), (6, "01131416")]),
    ]
    (block,) = BlockWriter().table(rows, Cell("表", 1, 1))
    reading = Arranger(book).read(read(block))
    assert labels_of(reading) == {1: "No", 2: "姓", 3: "名", 4: "生年月日", 5: "性別", 6: "保険者番号"}
    assert [reading.text[slice(*reading.cell(int(i)))] for i in reading.layout.columns[3].cells] == ["S58.6.21", "H9.1.30"]


def test_a_table_without_header_has_columns_by_its_values() -> None:
    reading = grid("C1|山田 花子|19370107|M", "C2|佐藤 一|20020525|F", "C3|鈴木 実|19490120|M", "C4|高橋 進|19740301|M")
    assert {c.number: c.label.entity for c in reading.layout.columns if c.label} == {3: "birth_date", 4: "gender"}


def test_a_column_with_a_header_nobody_knows_is_told_by_its_values() -> None:
    reading = grid("No|氏名|F5", "1|山田花子|19370107", "2|佐藤一|20020525", "3|鈴木実|19490120", "4|高橋進|19740301")
    assert {c.number: c.label.entity for c in reading.layout.columns if c.label} == {1: "", 2: "person_name", 3: "birth_date"}


def test_a_second_row_names_what_stands_under_merged_cells() -> None:
    reading = grid(
        "No|氏名|生年月日|血圧||脂質|",
        "|||収縮期|拡張期|LDL|HDL",
        "1|青井空|1958/6/21|128|80|121|55",
        "2|赤木海|1997/1/30|114|70|98|61",
    )
    heads = {c.number: c.header for c in reading.layout.columns}
    assert heads == {1: "no", 2: "氏名", 3: "生年月日", 4: "収縮期", 5: "拡張期", 6: "ldl", 7: "hdl"}
    assert [len(c.cells) for c in reading.layout.columns] == [2] * 7


def test_a_first_row_of_words_is_no_second_header() -> None:
    reading = grid("No|氏名|備考|内訳", "|青井空|なし|欠席", "2|赤木海|120|30", "3|黒田陸|140|40")
    assert [len(c.cells) for c in reading.layout.columns] == [2, 3, 3, 3]


def test_a_header_of_people_may_stand_beside_dates_with_titles() -> None:
    reading = grid("所属|氏名|10/30 認知症|11/6 糖尿病", "福祉課|諫早 誠|○|×", "税務課|東風平 美海|欠|○", "図書館|根保|○|○")
    assert columns(reading)["氏名"] == ["諫早 誠", "東風平 美海", "根保"]


def test_a_heading_alone_in_its_row_ends_the_table_before_a_form() -> None:
    reading = grid(
        "続柄|氏名|生年月日|備考",
        "父|鯨岡 慶次朗|平成2年1月11日|夜勤あり",
        "母|鯨岡 ちはる|平成4年5月27日|",
        "■連絡先など",
        "緊急連絡先|鯨岡 仁|(祖父)",
        "受付番号|R8-0417",
    )
    assert columns(reading)["氏名"] == ["鯨岡 慶次朗", "鯨岡 ちはる"]
    assert ("緊急連絡先", "鯨岡 仁") in fields(reading) and ("受付番号", "R8-0417") in fields(reading)


def test_a_heading_inside_a_table_leaves_its_columns() -> None:
    reading = grid("No|氏名|住所", "1|乾 裕次|東京都新宿区1-2", "■東地区", "2|相楽 亜弥|千葉県千葉市2-3")
    assert columns(reading)["氏名"] == ["乾 裕次", "相楽 亜弥"]
