"""What may be shown and kept: never more than the style allows, and digests that say nothing without the key."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.text.mask import Keyer, canonical, mask

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("style", "value", "shown"),
    [
        ("name", "佐藤 花子", "佐●"),
        ("name", "　髙橋", "髙●"),
        ("name", "𠮷田", "𠮷●"),
        ("name", "Smith", "S●"),
        ("name", "\u202e山田", "●"),
        ("name", "=SUM(1)", "●"),
        ("address", "東京都港区芝公園4-2-8", "東京都●"),
        ("address", "京都府京都市", "京都府●"),
        ("address", "神奈川縣横浜市", "神奈川県●"),
        ("address", "港区芝公園", "●"),
        ("address", "鈴木一県道沿い", "●"),
        ("address", "山田県人会館", "●"),
        ("email", "taro.yamada@example.co.jp", "●@example.co.jp"),
        ("email", "taro＠example.jp", "●@example.jp"),
        ("email", "taro", "●"),
        ("email", "a@b<script>", "●"),
        ("none", "123456789018", ""),
        ("category", "糖尿病", ""),
        ("unheard-of", "山田", ""),
        ("name", " ", ""),
    ],
)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_mask(style: str, value: str, shown: str, lang: str) -> None:
    assert mask(style, value, lang) == shown


@given(st.sampled_from(["name", "address", "email", "none", "category", "x"]), st.text(min_size=1, max_size=30))
def test_a_mask_shows_one_character_a_prefecture_or_a_domain_at_most(style: str, value: str) -> None:
    shown = mask(style, value)
    assert re.fullmatch(r"|.?●|(北海|東京|京都|大阪|..|...)[都道府県]●|●@[\w.-]+", shown)
    assert shown in ("", "●") or style in ("name", "address", "email")


@pytest.mark.parametrize(
    ("entity", "writings"),
    [
        (
            "phone_number",
            ["03-1234-5678", "０３（１２３４）５６７８", "03 1234 5678", "+81-3-1234-5678", "+81 (0)3-1234-5678", "0312345678"],
        ),
        ("my_number", ["1234 5678 9018", "１２３４－５６７８－９０１８", "123456789018"]),
        ("person_name", ["髙橋 花子", "高橋花子", "高橋　花子"]),
        ("person_name", ["ジョン・スミス", "ジョン スミス", "ｼﾞｮﾝ･ｽﾐｽ"]),
        ("email_address", ["Taro@Example.jp", "taro@example.jp", "ｔａｒｏ@example.jp"]),
        ("address", ["東京都港区芝公園４ー２ー８", "東京都港区 芝公園4-2-8"]),
        ("passport", ["TR1234567", "tr1234567"]),
    ],
)
def test_writings_of_one_thing_share_a_form(entity: str, writings: list[str]) -> None:
    assert len({canonical(entity, w) for w in writings}) == 1


def test_different_things_keep_different_forms() -> None:
    assert canonical("address", "1-23") != canonical("address", "12-3")
    assert canonical("person_name", "山田太郎") != canonical("person_name", "山田次郎")
    assert canonical("phone_number", "0312345678") != canonical("phone_number", "0312345679")


def test_digests_need_the_key_and_tell_entities_apart() -> None:
    one, other = Keyer(KEY), Keyer(KEY[::-1])
    assert one.digest("person_name", "山田") == Keyer(KEY).digest("person_name", "山田")
    digests = {
        one.digest("person_name", "山田"),
        other.digest("person_name", "山田"),
        one.digest("address", "山田"),
        one.digest("person_name", "山"),
        one.finding_id("person_name", "山田", 1),
        one.finding_id("person_name", "山田", 2),
        one.finding_id_by_place("person_name", "山田", "1"),
        one.content_id("山田"),
    }
    assert len(digests) == 8
    assert all(re.fullmatch("[0-9a-f]{32}", d) for d in digests)


@given(st.lists(st.text(max_size=5), min_size=2, max_size=2), st.lists(st.text(max_size=5), min_size=2, max_size=2))
def test_borders_between_parts_count(a: list[str], b: list[str]) -> None:
    keyer = Keyer(KEY)
    assert (keyer.digest(*a) == keyer.digest(*b)) == (a == b)


def test_a_finding_by_place_knows_nothing_of_a_value() -> None:
    assert set(Keyer.finding_id_by_place.__annotations__) == {"entity", "document_id", "place", "nth", "return"}


def test_a_short_key_is_refused_and_no_key_is_shown() -> None:
    with pytest.raises(ValueError, match="too short"):
        Keyer(b"short")
    assert KEY.hex() not in repr(Keyer(KEY))
    assert repr(KEY) not in repr(Keyer(KEY))
