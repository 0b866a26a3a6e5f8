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


def test_keys_that_end_in_a_digit() -> None:
    text = '{"zip": "277-0852", "pref": "千葉県", "city": "柏市", "address1": "旭町1-7-12", "address2": "オリオン柏 505"}\n'
    assert found(addresses(), text_blocks(text)) == ["千葉県", "柏市", "旭町1-7-12", "オリオン柏 505"]
