"""Texts that tell of the past."""

from __future__ import annotations

from scanner.detect.nameregister import past

OLD = [
    "当地の城は戦国時代に築かれ、のちに松平家の居城となった。",
    "慶長五年の戦いののち、城主の本多忠次は加増された。",
    "寛永年間には藩校が開かれ、多くの藩士が学んだという。",
]
NEW = ["昨日の打合せの議事録をお送りします。ご確認をお願いします。", "次回は来週の水曜日に本社の会議室で開きます。"]


def test_a_chronicle_is_of_the_past() -> None:
    assert past(["\n".join(OLD)]) and past(OLD)


def test_a_letter_that_mentions_the_past_is_not() -> None:
    assert not past(["\n".join(NEW)])
    assert not past(OLD[:2])
    assert not past(["\n".join([*OLD, *NEW * 10])])
