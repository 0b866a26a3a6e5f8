"""Values under headers in text of even width, as host systems print them."""

from __future__ import annotations

import pytest

from scanner.text.view import Reading
from tests.text.test_layout import fields, prose

WIDE = """\
運転者台帳                    管理者 溝呂木
番号 氏名            生年月日    住所
──────────────────────────
001  中込　タダシ    S49.3.3     甲府市下飯田2丁目10-6
     免許の更新は済み
002  深沢 きよみ     S58.12.12   韮崎市神山町鍋山7-2

003  相沢　登        H3.10.21    甲斐市大下条1601
以上
"""
HALF = """\
 受付番号  氏名             住所                     金額
 0001207  ｻｻｶﾞﾜ ｶﾂﾋｺ        ﾌｼﾞｼ ﾖｼﾜﾗ 3-1-18        12,400
 0001211  ﾇｶﾀ ﾐﾖｺ           ﾊﾏﾏﾂｼ ﾊﾏﾅｸ ﾐｯｶﾋﾞ ﾂﾂﾞｻｷ 8     31,000
"""


def test_values_stand_under_their_labels() -> None:
    assert fields(prose(WIDE)) == [
        *[("氏名", "中込 タダシ"), ("生年月日", "S49.3.3"), ("住所", "甲府市下飯田2丁目10-6")],
        *[("氏名", "深沢 きよみ"), ("生年月日", "S58.12.12"), ("住所", "韮崎市神山町鍋山7-2")],
        *[("氏名", "相沢 登"), ("生年月日", "H3.10.21"), ("住所", "甲斐市大下条1601")],
    ]


def test_half_width_letters_take_one_column() -> None:
    read = fields(prose(HALF))
    assert [value for label, value in read if label == "氏名"] == ["ササガワ カツヒコ", "ヌカタ ミヨコ"]
    assert [value for label, value in read if label == "受付番号"] == ["0001207", "0001211"]


@pytest.mark.parametrize(
    "text",
    [
        "氏名  山田 花子  住所  横浜市\n電話  03-1111-2222  生年月日  S50.1.1\n",
        "氏名  住所  電話\nこれらの欄は  必ず  記入してください\n",
        "SET name = '相京'  WHERE name = '奈緒美'  AND name = '乾'\n SET name = '相京'  WHERE  name = 'x'\n",
    ],
    ids=["labels and values", "no rows", "assignments"],
)
def test_other_lines_are_no_header(text: str) -> None:
    reading = prose(text)
    assert not any(reading.cell_at(f.label_start) < reading.cell_at(f.start) for f in reading.layout.fields if f.label.word != "x")


def lines(reading: Reading) -> set[int]:
    return {reading.cell_at(f.start) for f in reading.layout.fields}


def test_a_header_on_every_page_is_passed_by() -> None:
    page = "氏名            生年月日    住所\n中込　タダシ    S49.3.3     甲府市下飯田\n深沢 きよみ     S58.12.12   韮崎市神山町\n"
    assert lines(prose(page * 3)) == {1, 2, 4, 5, 7, 8}
