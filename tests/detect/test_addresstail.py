"""What belongs to an address behind its house number, and what does not."""

from __future__ import annotations

import pytest

from tests.detect.reading import addresses, found, text_blocks

STREET = "東京都港区芝浦4-16-25"


@pytest.mark.parametrize(
    "tail",
    [
        "（芝浦郵便局私書箱第27号）",
        " 芝浦郵便局私書箱第27号",
        "ＮＢＦ芝浦フロント",
        "芝浦リノ・テラスウエスト１２Ｆ",
        "第一信託ビル5・6F",
        "芝浦東和ビル３F，４F",
        "山本製作所ビル内",
        "日本芝浦ビル7階",
        "名港第2合同庁舎",
        "ＵＮＯ棟9〜10階",
        " シャルマン芝浦 B-1203号室",
        "-A203",
        "（港湾合同庁舎内）",
        "（以下未定）",
        "芝浦ビジネスセンター地下1階",
    ],
)
def test_it_belongs(tail: str) -> None:
    assert found(addresses(), text_blocks(f"送り先\n{STREET}{tail}\n")) == [STREET + tail]


@pytest.mark.parametrize(
    "rest",
    [
        "株式会社サンデルタ",
        " 株式会社サンデルタ 物流部",
        "（携帯 090-1234-5678）",
        "（℡ 03-5550-1234）",
        " 高木 信也 様",
        "です。3名で伺います",
        "みなとクリニック",
        "（徒歩5分）",
        " 2024年4月1日",
        " 0120-555-123",
    ],
)
def test_it_does_not_belong(rest: str) -> None:
    assert found(addresses(), text_blocks(f"送り先は {STREET}{rest}\n")) == [STREET]


@pytest.mark.parametrize(
    "address",
    [
        "石川県小松市粟津町ナ-3-3",
        "静岡県沼津市本字下一丁田895-1",
        "北海道千歳市平和無番地",
        "新潟県新潟市中央区礎町通4ノ町2100",
        "石川県白山市鶴来本町4丁目ヌ85",
        "鹿児島県大島郡瀬戸内町諸鈍295-イ",
        "北海道釧路市星が浦大通3丁目7-10",
        "静岡県下田市敷根765番地ー1",
        "東京都中央区日本橋3-6-2日本橋フロント3階",
        "名古屋市中区栄1-2-7名古屋東宝ビル7F",
    ],
)
def test_numbers_of_many_kinds(address: str) -> None:
    assert found(addresses(), text_blocks(f"{address}\n")) == [address]


def test_a_label_on_the_next_line_begins_another_address() -> None:
    text = "住所　帯広市西二十一条南四丁目十六番地\n住所　札幌市手稲区前田7条12丁目3-1-505\n"
    assert found(addresses(), text_blocks(text)) == ["帯広市西二十一条南四丁目十六番地", "札幌市手稲区前田7条12丁目3-1-505"]


@pytest.mark.parametrize(
    "line",
    [
        "名古屋市では国道16号線で工事。",
        "長野県の2-3名古屋市",
        "大阪市内の3-5日間",
        'APT::A "1";\nAPT::B "0";\n',
        "川崎市で5号車が止まる",
    ],
)
def test_counts_roads_and_settings_are_none(line: str) -> None:
    assert found(addresses(), text_blocks(line)) == []
