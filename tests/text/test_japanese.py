from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.text.japanese import FOLD, INVISIBLE, VARIANTS, numeral
from scanner.text.view import fold

ROOT = Path(__file__).resolve().parents[2]


def test_variants_lead_to_one_kept_form() -> None:
    for old, kept in VARIANTS.items():
        assert len(old) == len(kept) == 1
        assert kept not in VARIANTS, "a chain"
        assert unicodedata.normalize("NFKC", old) == old, "NFKC does it already"
        assert kept.encode("euc_jp"), "kept forms are in every font"


def test_forms_that_tell_people_apart_stay_apart() -> None:
    for pair in ("富冨", "峰峯", "館舘", "淵渕", "竜龍", "祇祗", "灯燈"):
        assert len({fold(c) for c in pair}) == 2, pair


def test_fold_keeps_length_but_for_what_is_invisible() -> None:
    assert all(len(to) == 1 for c, to in FOLD.items() if c not in INVISIBLE)
    assert fold("山" + INVISIBLE + "田") == "山田"


@pytest.mark.parametrize("name", ["surnames.tsv", "given.tsv", "words.tsv", "vocabulary.txt", "foreign.txt", "towns.tsv"])
def test_gazetteers_are_in_the_form_of_the_view(name: str) -> None:
    text = (ROOT / "models" / name).read_text(encoding="utf-8")
    assert not set(text) & set(FOLD), "run python -m models.build"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二十三", 23), ("十", 10), ("百二", 102), ("千九百八十五", 1985), ("一九八五", 1985), ("二〇二四", 2024),
        ("12万", 120000), ("一億二千万", 120000000), ("拾弐", 12), ("廿三", 23), ("卅", 30), ("零", 0), ("〇五", 5),
        ("二万三", 20003), ("壱千参百", 1300), ("3", 3), ("", None), ("元", None), ("十十", None), ("三五十", None),
        ("百千", None), ("万", None), ("〇十", None), ("山", None), ("二十〇", None), ("万億", None), ("-3", None),
        ("二 十", None),
    ],
)  # fmt: skip
def test_numeral(text: str, number: int | None) -> None:
    assert numeral(text) == number


def spelt(number: int) -> str:
    """The usual way to write a number below a hundred million."""

    def below(n: int) -> str:
        out = ""
        for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, n = divmod(n, unit)
            if digit:
                out += ("" if digit == 1 and sign else "一二三四五六七八九"[digit - 1]) + sign
        return out

    high, low = divmod(number, 10_000)
    return (below(high) + "万" if high else "") + below(low)


@given(st.integers(1, 99_999_999))
def test_numeral_reads_what_is_spelt(number: int) -> None:
    assert numeral(spelt(number)) == number


@given(st.integers(0, 10**9))
def test_numeral_reads_positional_digits(number: int) -> None:
    assert numeral("".join("〇一二三四五六七八九"[int(d)] for d in str(number))) == number


@given(st.text(alphabet="〇一二三十百千万億012壱廿山", max_size=12))
def test_numeral_never_fails(text: str) -> None:
    value = numeral(text)
    assert value is None or value >= 0
