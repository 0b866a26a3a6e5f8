"""Whose an address is."""

from __future__ import annotations

import pytest

from tests.detect.reading import addresses, matches, table_blocks, text_blocks

PLACE = "埼玉県所沢市並木3-2-15"


@pytest.mark.parametrize(
    ("frame", "entity"),
    [
        ("申請人　{}　関口　洋平\n代理人弁護士事務所　浅井法律事務所\n", "address"),
        ("装置は下記へお送りください。\n　{}\n　　　中川正夫　宛\n", "address"),
        ("{}\n株式会社シマノ測量\n〒359-0042\n", "business_address"),
        ("住   所  {}\n電話 04-2999-0000\n勤務先 所沢荷役(株)\n", "address"),
        ("お問い合わせ窓口　{}\n", "business_address"),
        ("会場　{}　第2ホール\n", "business_address"),
        ("代理店：(有)さくら保険サービス（{}）\n", "business_address"),
        ("長男の自宅は{}です。\n", "address"),
        ("勤務先　{} (所沢精機)\n自宅 未定\n", "business_address"),
        ("会社名：(有)オオバ塗装\nご担当者：大場 静香 様\nご住所：{}\n", "business_address"),
        ("入院患者一覧（{} 桑名中央病院 4階）\n", "business_address"),
        ("送達場所　{}\n氏名　松平　直\n", "address"),
        ("電波塔は{}にある。\n", "business_address"),
        ("売主様：株式会社ありあけホーム（{}）\n担当 森山様\n", "business_address"),
        (
            "ひだまり不動産販売株式会社 諫早店\n主任 沢渡 一成（宅地建物取引士）\n〒854-0016 {}\nTEL 0957-22-8140\n",
            "business_address",
        ),
        ("氏名 山田太郎 勤務先 株式会社青木 住所 {}\n", "address"),
        ("氏名　谷 環\n住所（勤務先）{}\n", "business_address"),
        ("{} 総務課気付 田所 みどり 行\n", "business_address"),
    ],
)
def test_by_the_words_around(frame: str, entity: str) -> None:
    assert {m.entity for t, m in matches(addresses(), text_blocks(frame.format(PLACE))) if t.startswith("埼玉")} == {entity}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [["氏名", "ご住所", "医療機関名", "医療機関所在地"], ["酒井 勝", "所沢市並木1-1", "並木医院", "所沢市並木2-2"]],
            ["address", "business_address"],
        ),
        (
            [["ｵｷｬｸｻﾏﾒｲ", "ｼﾞｭｳｼｮ", "TEL"], ["ﾕ)ﾀｶﾊﾏｶﾜﾗ", "ﾀｶﾊﾏｼ ﾀﾄﾞﾁﾖｳ 3-6-12", "x"], ["ｲﾄﾞ ﾐｽﾞｴ", "ﾍｷﾅﾝｼ ｱｻﾋﾏﾁ 4-61", "x"]],
            ["business_address", "address"],
        ),
        ([["物件名", "住所", "家賃"], ["コーポ森", "国分寺市本町2-3-8", "65000"]], ["business_address"]),
        ([["番号", "送り先", "会社"], ["1", "塩尻市大門八番町1-38", "松田商店"]], ["address"]),
        (
            [["1", "仲程 ゆかり", "うるま市みどり町5-12-3", "駐車場"], ["2", "浜 直", "うるま市みどり町5-2-2", "受付"]],
            ["address"] * 2,
        ),
        (
            [["1", "(有)仲程商会", "うるま市みどり町5-12-3", "098-973-0000"], ["2", "(株)浜", "うるま市塩屋2-2", "x"]],
            ["business_address"] * 2,
        ),
    ],
)
def test_in_tables(rows: list[list[str]], expected: list[str]) -> None:
    assert [m.entity for _, m in matches(addresses(), table_blocks(rows))] == expected
