"""The neural reader finds persons, survives broken text and is left out unless asked for."""

from __future__ import annotations

import pytest

from tests.detect.reading import found, names, text_blocks


@pytest.mark.slow
def test_persons_by_context_alone() -> None:
    from scanner.detect.ginza import recogniser

    lines = ["昨日、横田が復帰し、ハンフリーズと会談した。", "\ud800\x00", "数量は三個です。"]
    spans = list(recogniser().persons(lines))
    assert [lines[0][a:b] for a, b in spans[0]] == ["横田", "ハンフリーズ"]
    assert spans[2] == []


@pytest.mark.slow
def test_thorough_finds_more_than_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.detect.nametagger.name_tagger", lambda _: None)  # which knows this one too
    text = text_blocks("昨日、ハンフリーズは担当を外れ、復職の時期は未定である。\n")
    assert found(names.__wrapped__("standard"), text) == []  # not those that other tests have loaded
    assert found(names.__wrapped__("thorough"), text) == ["ハンフリーズ"]
