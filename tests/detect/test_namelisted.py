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
    ("審査課　　菅沼", ["菅沼"]),
    (" 物流センター  小比賀 澄   控 一通", ["小比賀 澄"]),
    ("承継者　セルソ 美智子（二男）", ["セルソ 美智子"]),
    ("本日は平栗先生のかわりにOkafor先生です。Kowalski委員も出る。", ["平栗", "Okafor", "Kowalski"]),
    ("親方の三ツ石様と、故瀬戸山 いと様ご遺族", ["三ツ石", "瀬戸山 いと"]),
    ("308 Fernandes Teresa様 パン希望\n512 お連れ様はChen様", ["Fernandes Teresa", "Chen"]),
    ("客演 ヴェレシュ氏（ヴァイオリン）", ["ヴェレシュ"]),
    ("お世話になっております。\n青木商事の戸隠です。", ["戸隠"]),
    ("Hi Kurosawa-san,\n\nSee you.\n\nBest,\nKen\n", ["Kurosawa", "Ken"]),
    ("それでは失礼いたします。\n\n真壁\n", ["真壁"]),
    ("以上、よろしくお願いします。\n真壁(内線 2231)\n", ["真壁"]),
    ("    Reviewed-by: Ivo Dragomirov\n担当変更: Ivo", ["Ivo Dragomirov"]),
    (
        "2025/02/14 08:31  まゆゆ\nおはよう\n2025/02/14 08:33  堂薗\n了解\n2025/02/14 08:53  まゆゆ\n"
        "車で\n2025/02/14 09:20  堂薗\nはい\n2025/02/14 13:02  BOT\n在庫\n",
        ["まゆゆ", "堂薗", "まゆゆ", "堂薗"],
    ),
    (
        "[06:12 班長 羽生] 今日3件\n[06:20 たけし] 了解\n[06:25 ルスラン] はい\n[06:26 班長 羽生] では\n"
        "[06:30 たけし] はい\n[17:02 システム] 終了\n",
        ["羽生", "たけし", "ルスラン", "羽生", "たけし"],
    ),
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
    "今日のポンプ車は （株）鴨志田圧送 さん",
    "21:55 入 医師の呼出",
    "運 転 者 台 帳",
    "明日の予定です。\n\n資料\n",
    "本日の会議です。\n\n休暇\n会議室の予約です",
    "総務課  受付\n営業課  東京  出張\n第二係   未定",
    "Sales部長会、Web担当、System課長代理の件",
]


@PROFILES
@pytest.mark.parametrize("text", WORDS)
def test_words_in_a_row_are_no_names(text: str, profile: str) -> None:
    assert found(names(profile), text_blocks(text)) == []


def test_a_rare_half_of_a_name_is_told_by_the_other() -> None:
    text = "出席は門伝 正志、佐々木 暉之。議題は営業 方針、電算 室長。"
    assert found(names("fast"), text_blocks(text)) == ["門伝 正志", "佐々木 暉之"]


def test_a_surname_that_no_list_has_stands_before_a_given_name() -> None:
    assert found(names("standard"), text_blocks("ご契約者の久慈川真由美様よりお電話")) == ["久慈川真由美"]


def test_a_town_that_ends_like_care_of_is_no_name() -> None:
    assert found(names("standard"), text_blocks("喜多方 10 1.8")) == []


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


NOBODY = [
    [["駅コード", "駅名", "よみ", "路線"], ["0101", "高橋", "たかはし", "中央線"], ["0102", "中村", "なかむら", "中央線"]],
    [["順位", "名字", "読み", "人数"], ["1", "佐藤", "さとう", "1842000"], ["2", "鈴木", "すずき", "1769000"]],
    [
        ["No", "名前", "性別", "毛色", "父"],
        ["1", "ケンジノユメ", "牡", "鹿毛", "ヒーロー"],
        ["2", "ハナコ", "牝", "栗毛", "ベンケイ"],
    ],
    [["科目", "担当", "予算"], ["広告費", "広報", "1,200"], ["旅費", "営業", "800"], ["福利費", "人事", "300"]],
    [["漢字", "読み", "画数"], ["林", "はやし", "8"], ["谷", "たに", "7"], ["原", "はら", "10"]],
]


@PROFILES
@pytest.mark.parametrize("rows", NOBODY)
def test_tables_of_other_things(rows: list[list[str]], profile: str) -> None:
    assert found(names(profile), table_blocks(rows)) == []


PEOPLE = [
    (
        [["日", "主訴", "記入"], ["5/12", "腹痛", "小布施"], ["5/13", "鼻血", "小布施"], ["5/14", "発熱", "池田"]],
        ["小布施", "小布施", "池田"],
    ),
    (
        [["受注No", "受注者", "数量"], ["24001", "門倉", "3"], ["24002", "門倉", "10"], ["24003", "巻島", "1"]],
        ["門倉", "門倉", "巻島"],
    ),
    ([["組・氏名", "処置"], ["2-1 更科 律", "安静"], ["1-2 木曽 ジェイデン", "圧迫"]], ["更科 律", "木曽 ジェイデン"]),
]


@PROFILES
@pytest.mark.parametrize(("rows", "expected"), PEOPLE)
def test_columns_whose_header_speaks_of_people(rows: list[list[str]], expected: list[str], profile: str) -> None:
    assert found(names(profile), table_blocks(rows)) == expected


CHAT = """10:02\t舘野\tおはようございます
10:03\tりっちゃん丸\tいえいえ
10:05\t舘野\t了解です
10:11\tりっちゃん丸\tありがとうございます
10:12\t舘野\t承知しました"""


@PROFILES
def test_who_speaks_in_a_chat(profile: str) -> None:
    assert set(found(names(profile), text_blocks(CHAT))) == {"舘野", "りっちゃん丸"}
    agenda = "09:00 朝礼 全員\n10:00 会議 第一\n11:00 朝礼 全員\n12:00 会議 第二\n13:00 点検"
    assert found(names(profile), text_blocks(agenda)) == []


@PROFILES
def test_lists_and_foreign_names(profile: str) -> None:
    text = "参加者一覧\n1. 安蒜 洋子（柏市）\n2. 石神井 誠（野田市）\n3. 生方 リサ（流山市）\n"
    assert found(names(profile), text_blocks(text)) == ["安蒜 洋子", "石神井 誠", "生方 リサ"]
    assert found(names(profile), text_blocks("302-1 ホセ・マルティネス 44M 骨折")) == ["ホセ・マルティネス"]
    assert found(names(profile), text_blocks("班長さん、町内会長さん、園長先生、第十二条　理事長は、会務を総理する。")) == []


@PROFILES
def test_labels_that_end_like_one_for_people(profile: str) -> None:
    text = "宿直者：及部・樋熊\n21:00 巡回異常なし（及部）\n担当FP：若槻\n責任部署：総務部、経理部\n発生者：なし\n"
    assert found(names(profile), text_blocks(text)) == ["及部", "樋熊", "及部", "若槻"]


@PROFILES
def test_rows_of_surnames_but_not_of_places(profile: str) -> None:
    assert found(names(profile), text_blocks("（敬称略）\n満足：安部井、石和、宇留野、榎戸\n")) == [
        "安部井",
        "石和",
        "宇留野",
        "榎戸",
    ]
    assert found(names(profile), text_blocks("晴れの所：福島、山口、宮崎、秋田\n停車駅：品川、横浜、小田原、熱海\n")) == []


@PROFILES
def test_a_roster_of_nothing_but_surnames(profile: str) -> None:
    rows = [["月", "火", "水"], ["榎田", "楢崎", "下川床"], ["尾辻", "金丸", "榎田"]]
    assert found(names(profile), table_blocks(rows)) == ["榎田", "楢崎", "下川床", "尾辻", "金丸", "榎田"]


@PROFILES
def test_surnames_behind_posts_and_parties(profile: str) -> None:
    line = "被告榊枝の代理人霧沢弁護士は欠席。副社長の綺羅木はその出身で、篝係長が代わる。"
    assert found(names(profile), text_blocks(line)) == ["榊枝", "霧沢", "綺羅木", "篝"]
    assert found(names(profile), text_blocks("社長の方針は、市職員の処遇改善、党委員の選出、被害届の受理である。")) == []


@PROFILES
def test_places_in_a_row_and_kinds_of_fruit(profile: str) -> None:
    assert found(names(profile), text_blocks("明日の天気　福島、山口、宮崎、秋田は晴れ。佐藤錦（さくらんぼ）1パック 980円")) == []
