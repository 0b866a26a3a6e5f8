"""Addresses in sentences: towns without a number, former cities, other scripts, boxes, what is no address."""

from __future__ import annotations

import pytest

from tests.detect.reading import addresses, found, matches, text_blocks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("青葉工業は東京都墨田区業平に本社を置く。", "東京都墨田区業平"),
        ("旧校舎は兵庫県三木市志染町にあった。", "兵庫県三木市志染町"),
        ("現在の福井県福井市河増町。", "福井県福井市河増町"),
        ("兄は愛媛県今治市菊間町浜在住です。", "愛媛県今治市菊間町浜"),
        ("営業所は宮崎県児湯郡高鍋町に設ける。", "宮崎県児湯郡高鍋町"),
        ("新潟県古志郡四郎丸村で生まれた。", "新潟県古志郡四郎丸村"),
        ("生家は埼玉県浦和市常盤9-12-1。", "埼玉県浦和市常盤9-12-1"),
        (
            "届け先はカナガワケン ヨコハマシ トツカク マイオカチヨウ 3541-12 です",
            "カナガワケン ヨコハマシ トツカク マイオカチヨウ 3541-12",
        ),
        (
            "Ship to 2-14-8 Kamiosaki, Shinagawa-ku, Tokyo 141-0021, Japan by Monday",
            "2-14-8 Kamiosaki, Shinagawa-ku, Tokyo 141-0021, Japan",
        ),
        ("home: Apt. 5, 1-6-40 Honmachi, Ueda-shi, Nagano 386-0012", "Apt. 5, 1-6-40 Honmachi, Ueda-shi, Nagano 386-0012"),
        ("返送先は 札幌中央郵便局 私書箱第45号 まで", "札幌中央郵便局 私書箱第45号"),
        ("川崎市多摩区登戸新町350 ルミエール登戸302に住む。", "川崎市多摩区登戸新町350 ルミエール登戸302"),
        ("南魚沼市六日町865 025-555-0444", "南魚沼市六日町865"),
        ("京都市上京区智恵光院通一条下る東入ル中筋町17-2", "京都市上京区智恵光院通一条下る東入ル中筋町17-2"),
        ("長崎市浜町8番3号 浜町エンデバー602", "長崎市浜町8番3号 浜町エンデバー602"),
        ("登記簿上は滋賀県蒲生郡安土町大字下豊浦4660番地です", "滋賀県蒲生郡安土町大字下豊浦4660番地"),
        ("火曜は糸島市志摩初30へ訪問", "糸島市志摩初30"),
        ("Contact: Taro Hirose, 15-8 Honmachi, Aoba-ku, Sendai, Miyagi", "15-8 Honmachi, Aoba-ku, Sendai, Miyagi"),
        ("新潟市中央区東大通1-4-1-\n1205\n樋口 拓海 様", "新潟市中央区東大通1-4-1-\n1205"),
        ("東京都目黒区中目黒1-1-17　ＬＡＮＴＩＱＵＥ　大橋 悟", "東京都目黒区中目黒1-1-17　ＬＡＮＴＩＱＵＥ"),
        ("青木 ─ 北区赤羽台1-7-14-506 ─ 090-5555-1212", "北区赤羽台1-7-14-506"),
        ("茅が崎市東海岸北2-1-46", "茅が崎市東海岸北2-1-46"),
    ],
)
def test_addresses_of_many_kinds(text: str, expected: str) -> None:
    assert found(addresses(), text_blocks(text + "\n")) == [expected]


def test_another_address_on_the_next_line_is_no_building() -> None:
    text = "旧　宮崎県延岡市東本小路2番地1\n新　宮崎県日向市本町10-5 ｺｰﾎﾟ日向202\n"
    assert found(addresses(), text_blocks(text)) == ["宮崎県延岡市東本小路2番地1", "宮崎県日向市本町10-5 ｺｰﾎﾟ日向202"]


def test_the_same_city_is_the_one_named_before() -> None:
    text = "原告は大阪府枚方市楠葉花園町11番3号に居住する。被告は同市招提元町4丁目9番2号に居住する。\n"
    assert found(addresses(), text_blocks(text), "address") == ["大阪府枚方市楠葉花園町11番3号", "同市招提元町4丁目9番2号"]


@pytest.mark.parametrize(
    "text",
    [
        "東京都千代田区丸の内線の遅延について",
        "神奈川県横浜市西区高島屋で販売",
        "大阪府大阪市では梅田を中心に再開発が進む。",
        "岡山県下で一番の人気です。",
        "青森県と秋田県の2-3番手が争う。",
        "Tokyo, Osaka and Nagoya are big cities with 3 airports.",
        "The Kyoto protocol, Article 12-3-4, Annex I",
        "現場は高知県南国市大そね乙の国道32号交差点。",
        "男子 佐賀北 3-1 唐津東 鹿児島県 5位 / 沖縄県 31位",
        "千葉市中央区の面積は44.7km2、世帯数98,000",
        "本籍　島根県安来市広瀬町富田七百三十一番地",
        "本 籍 地  島根県安来市広瀬町富田731",
        "コウナンシ ケンイン 25 ニン",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert found(addresses(), text_blocks(text + "\n")) == []


def test_a_town_is_a_persons_only_where_somebody_lives_there() -> None:
    text = "被害者は岐阜県岐阜市加納清水町に居住する。\n工場は岐阜県大垣市荒尾町にある。\n"
    assert [(t, m.entity) for t, m in matches(addresses(), text_blocks(text))] == [
        ("岐阜県岐阜市加納清水町", "address"),
        ("岐阜県大垣市荒尾町", "business_address"),
    ]
