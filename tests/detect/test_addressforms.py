"""Addresses over cells and columns."""

from __future__ import annotations

import pytest

from tests.detect.reading import addresses, found, table_blocks, text_blocks


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [
                ["氏名", "〒", "市区町村・町名", "番地・建物"],
                ["左近 右京", "706-0011", "玉野市宇野", "1-38-1"],
                ["星 一", "719-1156", "総社市門田", "188"],
            ],
            ["玉野市宇野", "1-38-1", "総社市門田", "188"],
        ),
        (
            [["住所", "970-8026", "福島県いわき市平字八幡小路", "61-9", "ヴィラ内郷 E", "電話", "0246-24-7703"]],
            ["福島県いわき市平字八幡小路", "61-9", "ヴィラ内郷 E"],
        ),
        ([["氏名", "どこから", "電話"], ["宝立 渚", "珠洲市宝立町鵜飼卯(番地いわず)", "0768-82-9917"]], ["珠洲市宝立町鵜飼卯"]),
        ([["ｵｷｬｸｻﾏﾒｲ", "ｼﾞｭｳｼｮ"], ["ﾊﾝﾀﾞ ｶｽﾞｵ", "ｱﾝｼﾞﾖｳｼ ｻｸﾗｲﾁﾖｳ ﾑｶｲﾀﾞ 32"]], ["ｱﾝｼﾞﾖｳｼ ｻｸﾗｲﾁﾖｳ ﾑｶｲﾀﾞ 32"]),
        (
            [["号室", "契約者", "保証人住所"], ["101", "御代川 喜和", "千葉県東金市田間2-31-6"], ["車庫1", "空室", ""]],
            ["千葉県東金市田間2-31-6"],
        ),
        ([["地区", "世帯数", "人口"], ["岡山市北区表町", "1580", "3020"], ["岡山市北区奥田", "990", "2011"]], []),
    ],
)
def test_split_and_odd_tables(rows: list[list[str]], expected: list[str]) -> None:
    assert found(addresses(), table_blocks(rows), "address") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("滋賀県近江八幡市桜宮町236番地　岩清水　晶　様", "滋賀県近江八幡市桜宮町236番地"),
        ("滋賀県近江八幡市桜宮町236番地　岩清水　晶", "滋賀県近江八幡市桜宮町236番地"),
        ("滋賀県近江八幡市桜宮町236番地　メゾン桜宮", "滋賀県近江八幡市桜宮町236番地　メゾン桜宮"),
        ("とうきょうとせたがやくたいしどう4-1-1", "とうきょうとせたがやくたいしどう4-1-1"),
        ("兵庫県西宮市上甲子園1-2-3 高見沢様方", "兵庫県西宮市上甲子園1-2-3"),
        ("| 栃木県佐野市高砂町1番地", "栃木県佐野市高砂町1番地"),
        ("メゾン桜塚 B-402", "メゾン桜塚 B-402"),
        ("大阪市中央区久太郎町四丁目渡辺3号", "大阪市中央区久太郎町四丁目渡辺3号"),
    ],
)
def test_borders_of_a_value(value: str, expected: str) -> None:
    assert found(addresses(), text_blocks(f"氏名：岩清水 晶\n住所：{value}\n電話：077-555-0100\n")) == [expected]


def test_the_building_in_the_next_cell_of_a_table_without_headers() -> None:
    rows = [
        ["E1", "0600001", "札幌市中央区北一条西2丁目", "パークビル301", "佐藤 巧"],
        ["E2", "0400011", "函館市本町5-10", "", "工藤 彩"],
    ]
    assert found(addresses(), table_blocks(rows)) == ["札幌市中央区北一条西2丁目", "パークビル301", "函館市本町5-10"]


def test_parts_in_latin_letters() -> None:
    rows = [
        ["id", "full_name", "addr1", "addr2", "city", "state", "postcode"],
        ["9", "Mei Tanaka", "2-1-1 Nihombashi", "Apt 1203", "Chuo-ku", "Tokyo", "103-0027"],
        ["10", "Ken Ito", "5-6 Sakaemachi", "", "Kawagoe-shi", "Saitama", "350-1100"],
    ]
    expected = ["2-1-1 Nihombashi", "Apt 1203", "Chuo-ku", "Tokyo", "5-6 Sakaemachi", "Kawagoe-shi", "Saitama"]
    assert found(addresses(), table_blocks(rows)) == expected


def test_a_prefecture_alone_in_a_form_is_none() -> None:
    assert found(addresses(), text_blocks("氏名\n住所 東京都　　　　区\n電話\n")) == []


def test_a_table_of_place_codes_holds_none() -> None:
    rows = [
        ["住所コード", "都道府県", "市区町村", "大字町丁目"],
        ["01101", "北海道", "札幌市中央区", "大通西"],
        ["01102", "北海道", "札幌市北区", "北七条西"],
    ]
    assert found(addresses(), table_blocks(rows)) == []


def test_keys_that_end_in_a_digit() -> None:
    text = '{"zip": "277-0852", "pref": "千葉県", "city": "柏市", "address1": "旭町1-7-12", "address2": "オリオン柏 505"}\n'
    assert found(addresses(), text_blocks(text)) == ["千葉県", "柏市", "旭町1-7-12", "オリオン柏 505"]
