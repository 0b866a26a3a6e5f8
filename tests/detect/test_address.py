"""Addresses in columns, fields and running text, whose they are, and what is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.detect.reading import addresses, found, matches, table_blocks, text_blocks

WHOLE = [
    "北海道札幌市豊平区月寒東1条17丁目5–39",
    "帯広市西18条南3丁目24-5",
    "京都市上京区烏丸通今出川上る岡松町264",
    "京都市東山区大和大路通四条下ル四丁目小松町11番地39",
    "群馬県吾妻郡嬬恋村大字大笹字滝原1053番地",
    "岩手県九戸郡軽米町大字軽米第8地割64番地4",
    "千葉県匝瑳市八日市場イの2447番地",
    "東京都世田谷区桜丘五丁目12番3号 メゾン桜丘201",
    "大阪府堺市堺区大町東4丁2−14",
    "福岡市早良区西新5の9の20",
    "埼玉県さいたま市見沼区東大宮４丁目７番地１２",
    "沖縄県うるま市与那城屋慶名467",
]


@pytest.mark.parametrize("address", WHOLE)
@pytest.mark.parametrize("frame", ["住所：〒000-0000　{}\n", "送り先は {} です。\n", "届け先 {}（携帯 090-1234-5678）\n"])
def test_styles_of_writing(address: str, frame: str) -> None:
    assert found(addresses(), text_blocks(frame.format(address))) == [address]


def test_a_building_on_the_next_line_belongs_to_it() -> None:
    text = "現住所　高知県高知市朝倉本町2丁目15番8-403号\n　　メゾン鏡川\n電話　088-000-0000\n"
    assert found(addresses(), text_blocks(text)) == ["高知県高知市朝倉本町2丁目15番8-403号\n　　メゾン鏡川"]
    blocks = table_blocks(
        [
            ["氏名", "住所"],
            ["楠瀬 晴彦", "〒780-8073 高知県高知市朝倉本町2丁目15番8-403号\nメゾン鏡川"],
            ["安芸 里奈", "高知市本町5-1"],
        ]
    )
    assert found(addresses(), blocks) == ["高知県高知市朝倉本町2丁目15番8-403号\nメゾン鏡川", "高知市本町5-1"]


def test_split_addresses_have_one_match_per_cell_and_a_common_group() -> None:
    blocks = table_blocks(
        [
            ["氏名", "郵便番号", "都道府県", "市区町村", "番地", "建物名"],
            ["村井 修", "323-0034", "栃木県", "小山市", "神鳥谷1丁目8-41", "クレストヴィル201号"],
            ["村井 進", "323-0034", "栃木県", "小山市", "城山町3-3-22", ""],
        ]
    )
    hits = matches(addresses(), blocks)
    assert [t for t, _ in hits] == [
        "栃木県",
        "小山市",
        "神鳥谷1丁目8-41",
        "クレストヴィル201号",
        "栃木県",
        "小山市",
        "城山町3-3-22",
    ]
    assert [m.group for _, m in hits[:4]] == [hits[0][1].group] * 4
    assert hits[0][1].group != hits[4][1].group


def test_town_alone_under_a_label_and_foreign_addresses() -> None:
    blocks = table_blocks(
        [
            ["氏名", "住所"],
            ["久慈 蘭", "桜木三丁目九番三号"],
            ["Ellen Berg", "12 Storgatan, 411 38 Göteborg, Sweden"],
            ["森 さくら", "桜木3-7-22"],
            ["浜 進", "同上"],
            ["堺 空", "不明"],
        ]
    )
    assert found(addresses(), blocks) == ["桜木三丁目九番三号", "12 Storgatan, 411 38 Göteborg, Sweden", "桜木3-7-22"]


def test_the_town_of_one_address_is_known_in_the_next() -> None:
    text = "会長 久慈 蘭 桜木三丁目九番三号\n書記 浜 進 桜木3-7-22\n委員 谷 空 桜木三ノ十三ノ六\n型番 AB3-7-22\n"
    assert found(addresses(), text_blocks(text)) == ["桜木三丁目九番三号", "桜木3-7-22", "桜木三ノ十三ノ六"]


NOT_ADDRESSES = [
    "札幌、仙台、福岡の3支店で実施した。東京都と神奈川県は対象外です。",
    "国道237号、旭川市神楽4条6丁目交差点で追突された。",
    "長野県松本市では令和6年4月1日から受付を始めた。",
    "千葉市は人口98万人、世帯数は45万です。",
    "部品 A-101-22 は岡山県の工場で1日3回製造する。",
    "第三条 京都市の区域内において別に定める。",
]


@pytest.mark.parametrize("line", NOT_ADDRESSES)
def test_places_without_house_number_are_none(line: str) -> None:
    assert found(addresses(), text_blocks(line)) == []


def test_statistics_by_prefecture_are_none() -> None:
    blocks = table_blocks(
        [
            ["都道府県", "市区町村", "人口"],
            ["秋田県", "横手市", "82,100"],
            ["秋田県", "湯沢市", "39,900"],
            ["山形県", "新庄市", "33,000"],
        ]
    )
    assert found(addresses(), blocks) == []


def test_an_organisations_own_address_is_told_apart() -> None:
    text = "株式会社みどり商事 営業部\n〒530-0001 大阪府大阪市北区梅田2-4-9 ブリーゼタワー15F\nTEL 06-1234-5678\n"
    assert [m.entity for _, m in matches(addresses(), text_blocks(text))] == ["business_address"]
    certificate = (
        "高山 翔子 様\n上記の者の通院を証明します。\n奈良県橿原市四条町840番地\n橿原北整形外科クリニック\n院長 荒川 浩二\n"
    )
    assert [m.entity for _, m in matches(addresses(), text_blocks(certificate))] == ["business_address"]
    table = table_blocks([["会社名", "所在地"], ["田中屋", "和歌山市本町3−1"], ["小林精機", "長野県諏訪市中洲4600"]])
    assert [m.entity for _, m in matches(addresses(), table)] == ["business_address"] * 2
    person = "氏名：村井 修\n住所：栃木県小山市城山町3-3-22\n"
    assert [m.entity for _, m in matches(addresses(), text_blocks(person))] == ["address"]


def test_open_addresses_are_found_whole(shared: Path) -> None:
    for name in ("address_geolonia", "address_mext"):
        rows = [json.loads(line) for line in (shared / f"data/address/{name}.jsonl").read_text("utf-8").splitlines()[:300]]
        hit = sum(found(addresses(), text_blocks(r["text"])) == [r["text"][r["spans"][0][0] : r["spans"][0][1]]] for r in rows)
        assert hit / len(rows) > 0.97, name


def test_the_privacy_policy_holds_no_personal_address(shared: Path) -> None:
    text = (shared / "domain/privacy-policy.txt").read_text("utf-8")
    assert found(addresses(), text_blocks(text), "address") == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["1", "広島県呉市", "中央1-9-29", "03-5550-2964"], ["広島県呉市", "中央1-9-29"]),
        (["2", "埼玉県所沢市", "くすのき台6-24-27", "A"], ["埼玉県所沢市", "くすのき台6-24-27"]),
        (["3", "長野県", "塩尻市", "大門八番町", "1-38", "桜荘 203", "x"], ["長野県", "塩尻市", "大門八番町", "1-38", "桜荘 203"]),
        (["4", "広島県呉市", "2024-04-01", "12件"], []),
        (["5", "呉市", "担当3名", "4回"], []),
        (["6", "秋田市八橋字戌川原37", "A12", "x"], ["秋田市八橋字戌川原37"]),
    ],
)
def test_an_address_over_cells_without_a_header(row: list[str], expected: list[str]) -> None:
    assert found(addresses(), table_blocks([row, [*row[:1], *["-"] * (len(row) - 1)]]), "address") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "引越先\n　福岡県春日市\n　原町4-15-23リバーサイド川端504号\n電話　03-5550-9022",
            "福岡県春日市\n　原町4-15-23リバーサイド川端504号",
        ),
        ("山田花子\n三重県津市\n西丸之内9番9号\nTEL 03-5550-2611", "三重県津市\n西丸之内9番9号"),
        ("現住所は千葉県浦安市猫実2-9-1\nメゾン・ド・ひまわり 703である。", "千葉県浦安市猫実2-9-1\nメゾン・ド・ひまわり 703"),
        ("配達先が京都市上京区今出川通大宮西入元北小路町12に変わりました。", "京都市上京区今出川通大宮西入元北小路町12"),
        ("免許証の住所変更（長野市篠ノ井布施高田883）を写し忘れ。", "長野市篠ノ井布施高田883"),
        ("申請者は武庫之荘4丁目4番16号に居住する。", "武庫之荘4丁目4番16号"),
    ],
)
def test_broken_lines_and_single_numbers(text: str, expected: str) -> None:
    assert found(addresses(), text_blocks(text), "address") == [expected]


@pytest.mark.parametrize(
    "text", ["訪問先は三重県津市\n第2会議室で会う。", "北海道札幌市\n12月3日の予定", "大分市\n野球部 3名が参加"]
)
def test_a_city_at_the_end_of_a_line_is_no_address_by_itself(text: str) -> None:
    assert found(addresses(), text_blocks(text)) == []
