"""Names in rows: behind titles, under titles, beside other names, in English letters; words there are none."""

from __future__ import annotations

import pytest

from tests.detect.reading import found, matches, names, table_blocks, text_blocks

PROFILES = pytest.mark.parametrize("profile", ["fast", "standard"])

ROWS = [
    ("出席　理事長 常盤(301)、副理事長 樽見(502)、監事 アブドゥル(203)", ["常盤", "樽見", "アブドゥル"]),
    ("部長　課長　係長　担当\n　　　近江　鹿毛　日向野", ["近江", "鹿毛", "日向野"]),
    ("伊達係長より報告。\n7/5 伊達・白水で訪問した。", ["伊達", "伊達", "白水"]),
    ("Mr. Kurosawa and Ms. Ito will join.", ["Kurosawa", "Ito"]),
    ("Hi Tom,\n\nSee you.\n\nBest regards,\nEmily Brown\n", ["Tom", "Emily Brown"]),
    ("妻　　榎本 ほのか　S62.8.1　看護師", ["榎本 ほのか"]),
]


@PROFILES
@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_names_in_a_row(text: str, expected: list[str], profile: str) -> None:
    assert found(names(profile), text_blocks(text)) == expected


WORDS = [
    "部長 会議、課長 東京 出張、係長 休暇中、監事 定数 二名",
    "部長　課長　係長　担当\n承認　済　　未　　済",
    "総務部長、会計主任、千葉支店長、第二営業所長、編集委員、名誉教授、専門委員が出席。",
    "Dear Customer,\n\nHi Team,\n\nThanks,\nThe Support Team\n",
    "資料は、東京、大阪、名古屋の各支店に配布済み。",
]


@PROFILES
@pytest.mark.parametrize("text", WORDS)
def test_words_in_a_row_are_no_names(text: str, profile: str) -> None:
    assert found(names(profile), text_blocks(text)) == []


TITLED = [
    ("岡崎名誉教授と涼宮助教の共著。", ["岡崎", "涼宮"]),
    ("霧沢課長、綺羅木主任、桐ヶ窪部長が出席した。", ["霧沢", "綺羅木", "桐ヶ窪"]),
    ("営業部佐藤様、ドゥアルテ様、ラモスさん", ["佐藤", "ドゥアルテ", "ラモス"]),
]


@PROFILES
@pytest.mark.parametrize(("text", "expected"), TITLED)
def test_unknown_surnames_before_titles(text: str, expected: list[str], profile: str) -> None:
    assert found(names(profile), text_blocks(text)) == expected


SHIFTS = [
    ["氏名", "1(月)", "2(火)", "3(水)"],
    ["大道", "早", "休", "遅"],
    ["ジョイ", "休", "遅", "夜"],
    ["能登", "夜", "明", "休"],
]
WARDS = [["部屋", "お名前", "主治医"], ["101", "鵜飼 タネ", "小布施"], ["102", "幾田 昭三", "唐木"], ["103", "下平 ヨシノ", "唐木"]]
CODES = [["ID", "CUST_NM", "STAFF_NM"], ["10001", "巽 実", "安里"], ["10002", "遊佐 琴乃", "渡会"]]
TABLES = [
    (SHIFTS, ["大道", "ジョイ", "能登"]),
    (WARDS, ["鵜飼 タネ", "小布施", "幾田 昭三", "唐木", "下平 ヨシノ", "唐木"]),
    ([["出席番号", "名前", "備考"], ["1", "伊集院 心結", ""], ["2", "鵜木 陸", ""]], ["伊集院 心結", "鵜木 陸"]),
    ([["件名", "担当", "状態"], ["A", "総務", "済"], ["B", "経理", "未"], ["C", "大阪", "済"]], []),
    (CODES, ["巽 実", "安里", "遊佐 琴乃", "渡会"]),
]


@PROFILES
@pytest.mark.parametrize(("rows", "expected"), TABLES)
def test_tables(rows: list[list[str]], expected: list[str], profile: str) -> None:
    assert found(names(profile), table_blocks(rows)) == expected


@PROFILES
def test_labels_of_one_page(profile: str) -> None:
    text = "氏　　名　　久世　　詩織\n09:05 ERROR 承認者=漆原 伝票=D-10021\n相談者　新開地 悟（続柄：長男）"
    assert [t for t, _ in matches(names(profile), text_blocks(text))] == ["久世　　詩織", "漆原", "新開地 悟"]
