"""Columns of names without a header, split names beside a blank header, and columns of other things."""

from __future__ import annotations

import pytest

from tests.detect.reading import found, names, table_blocks


def test_a_column_of_names_needs_no_header() -> None:
    rows = [
        ["1001", "青木　紀子", "アオキ　ノリコ", "丸井電機", "2024/04/01"],
        ["1002", "皐ヶ谷 実", "サツキガヤ　ミノル", "大阪中央病院", "2024/05/11"],
        ["1003", "ノア・ベルナール", "ノア　ベルナール", "港支店", "2024/06/30"],
        ["1004", "村上遥", "ムラカミ　ハルカ", "横山町公民館", "2024/07/01"],
        ["計", "4名", "", "", ""],
    ]
    want = [cell for row in rows[:4] for cell in row[1:3]]
    assert found(names(), table_blocks(rows), "person_name") == want


def test_surnames_and_given_names_in_two_columns_without_a_header() -> None:
    rows = [
        ["5001", "大西", "澄江", "2023/07/17"],
        ["5002", "皐月野", "彩羽", "2024/01/02"],
        ["5003", "村上", "陽菜", "2024/03/04"],
    ]
    assert found(names(), table_blocks(rows), "person_name") == ["大西", "澄江", "皐月野", "彩羽", "村上", "陽菜"]


def test_the_second_half_stands_under_a_blank_header() -> None:
    rows = [
        ["参加者", "", "施設"],
        ["小野寺", "哲也", "福沢記念館"],
        ["鏡水", "輝空", "ひまわり保育園"],
        ["白金", "翔太", "原町郵便局"],
    ]
    assert found(names(), table_blocks(rows), "person_name") == ["小野寺", "哲也", "鏡水", "輝空", "白金", "翔太"]


def test_a_word_between_the_names_of_a_column_is_none() -> None:
    rows = [
        ["7", "佐藤 陽翔", "2024/04/01"],
        ["8", "提出", "2024/04/02"],
        ["9", "高橋 紬", "2024/04/03"],
        ["10", "伊藤 湊", "2024/04/04"],
    ]
    assert found(names(), table_blocks(rows), "person_name") == ["佐藤 陽翔", "高橋 紬", "伊藤 湊"]


@pytest.mark.parametrize(
    "column",
    [
        ["ミネラル ウォーター", "オレンジ ジュース", "アイス コーヒー"],
        ["東京 本店", "大阪 支店", "福岡 支店"],
        ["千葉", "山口", "福島", "宮崎"],
        ["青葉 公園", "桜 並木", "若葉 通り"],
        ["Blue Ocean", "Green Forest", "Red River"],
        ["合計", "小計", "繰越"],
        ["内科", "外科", "眼科"],
    ],
)
def test_columns_of_other_things_hold_no_names(column: list[str]) -> None:
    rows = [[str(1001 + n), word, f"2024/04/{n + 1:02}"] for n, word in enumerate(column)]
    assert found(names(), table_blocks(rows), "person_name") == []
