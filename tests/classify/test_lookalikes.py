"""The look-alikes that the taxonomy lists must not count: in an organisation's notice, in a document that also names somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.classify.samples import Bench, Drawn

_LIST = re.compile(r"^lookalike: \[(.*)\]$", re.MULTILINE)
_ITEM = re.compile(r'"([^"]*)"|([^,\[\]]+)')
FRAMES = {
    "notice": "〇〇共済生活協同組合からのお知らせ\n{}について掲載しています。\nお問い合わせは組合員サービス課まで。",
    "beside": "来訪者 ⟦person_name|大月 由布子⟧様。住所変更の届を受け付けた。\n\n{}の資料を棚に補充した。",
    "minutes": "議事録 出席 ⟦person_name/staff|大月 由布子⟧、⟦person_name/staff|江口 修⟧\n議題1 {}\n次回は来月とする。",
}


def lookalikes(text: str) -> Iterator[str]:
    """Every look-alike of chapter 2."""
    for listed in _LIST.findall(text):
        for quoted, plain in _ITEM.findall(listed):
            word = (quoted or plain).strip()
            if word:
                yield word


@pytest.mark.parametrize("frame", FRAMES)
def test_lookalikes_hold(shared: Path, frame: str) -> None:
    words = list(lookalikes((shared / "domain" / "taxonomy.md").read_text(encoding="utf-8")))
    assert len(words) > 300
    bench = Bench()
    broken = []
    for word in words:
        drawn = Drawn().text(FRAMES[frame].format(word))
        facts = bench.facts(drawn)
        found = bench.sensitive(drawn, facts)
        if facts.special_care or facts.sensitive_only or found:
            broken.append((word, facts.special_care + facts.sensitive_only, found))
    share = 1 - len(broken) / len(words)
    print(f"{frame}: {share:.3f} of {len(words)} hold")
    assert share >= 0.95, broken
