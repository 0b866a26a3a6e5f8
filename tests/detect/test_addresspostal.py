"""A postal code that disagrees with the town makes an address less sure; one that agrees makes it surer."""

from __future__ import annotations

import pytest

from scanner.detect import gazetteer
from tests.detect.reading import MODELS, addresses, matches, table_blocks, text_blocks


def score(text: str) -> float:
    (hit,) = matches(addresses(), text_blocks(text))
    return hit[1].score


@pytest.mark.parametrize("frame", ["〒{}\n{}\n", "〒{} {}\n", "郵便番号：{}\n住所：{}\n", "{1}（〒{0}）\n", "zip={} addr={} end\n"])
def test_a_code_of_another_town_lowers_the_confidence(frame: str) -> None:
    place = "長野県上田市中央1-3-5"
    right, wrong, elsewhere = (score(frame.format(code, place)) for code in ("386-0012", "386-0001", "100-0001"))
    assert wrong < right and elsewhere < right
    assert right >= 0.9 > wrong


def test_in_a_table_the_code_of_the_row_counts() -> None:
    rows = [
        ["氏名", "郵便番号", "住所"],
        ["相馬 しのぶ", "0300801", "青森県青森市新町2-6-25"],
        ["工藤 大和", "9800811", "青森県弘前市駅前町9-20"],
    ]
    first, second = (m.score for _, m in matches(addresses(), table_blocks(rows)))
    assert first >= 0.9 > second


def test_codes_of_the_gazetteer() -> None:
    towns = gazetteer.towns(MODELS)
    key = gazetteer.town_key
    assert towns.agrees("1000013", "千代田区", key("霞が関1-2-3")) is True
    assert towns.agrees("1000013", "千代田区", key("霞ヶ関1-2-3")) is True
    assert towns.agrees("1000014", "千代田区", key("霞が関1-2-3")) is False
    assert towns.agrees("1008798", "千代田区", key("霞が関1-2-3")) is None  # may be an office's own
    assert towns.agrees("0600001", "千代田区", "") is False
    assert towns.agrees("1000013", "ない市", "") is None
