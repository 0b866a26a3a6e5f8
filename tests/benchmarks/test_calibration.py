from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import calibration, goldset, page, reliability, skeleton
from benchmarks.plain import Hit


def hit(start: int, end: int, confidence: float, entity: str = "person_name") -> Hit:
    return Hit(entity, start, end, confidence, "", False, True, "", "rule")


def test_bins_hold_means_and_shares() -> None:
    filled = calibration.bins([(0.92, True), (0.98, False), (1.0, True), (0.31, False)])
    assert filled == [
        {"hits": 1, "confidence": 0.31, "right": 0.0},
        {"hits": 3, "confidence": 0.9667, "right": 0.6667},
    ]


def test_the_error_is_weighted_by_hits() -> None:
    assert calibration.error(calibration.bins([(0.9, True)] * 9 + [(0.9, False)])) == 0.0
    assert calibration.error(calibration.bins([(0.8, True)] * 3 + [(0.2, True)])) == pytest.approx((3 * 0.2 + 0.8) / 4)
    assert calibration.error([]) is None


def test_a_hit_in_free_text_is_not_judged() -> None:
    hits = [hit(0, 2, 0.9), hit(5, 7, 0.8), hit(10, 12, 0.7), hit(0, 2, 0.9, "address")]
    assert list(calibration._touching(hits, "person_name", [(1, 3)], [(5, 9)])) == [
        ("person_name", 0.9, True, "rule"),
        ("person_name", 0.7, False, "rule"),
    ]


def test_gold_matches_are_judged_with_their_own_confidence() -> None:
    source = next(s for s in goldset.sources() if s.id == "claim-hospital-docx")
    gold = goldset.read(source)
    spans = [s for s in gold.spans if s.label == "person_name"]
    matches = [
        {"entity": "person_name", "value": s.text, "block": 0, "start": s.start, "end": s.end, "confidence": 0.9} for s in spans
    ]
    wrong = gold.text.index(skeleton.skeleton("くろしお中央病院"))
    matches.insert(
        0, {"entity": "person_name", "value": "くろしお中央病院", "block": 0, "start": wrong, "end": wrong + 8, "confidence": 0.2}
    )
    judged = list(calibration._paired(gold, {"match": matches, "block": {0: gold.text}}))
    assert judged.count(("person_name", 0.9, True, "")) == len(spans)
    assert judged.count(("person_name", 0.2, False, "")) == 1


def test_the_picture_is_well_formed_and_shows_every_bin() -> None:
    judged = [calibration.Judged(*j) for j in (("person_name", 0.9, True), ("person_name", 0.4, False), ("address", 0.7, True))]
    figures = calibration.figures(judged)
    record = {"profile": "standard", "date": "2026-01-01", "commit": "abc", "sources": {"open": figures, "hard": figures}}
    root = ElementTree.fromstring(reliability.draw(record))
    dots = [e for e in root.iter("{http://www.w3.org/2000/svg}circle") if e.get("opacity")]
    assert len(dots) == 2 * 3


def test_without_the_sets_it_says_so(tmp_path: Path) -> None:
    assert calibration.main(["--data", str(tmp_path)]) == 2


def test_the_page_is_what_the_kept_results_give() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.page()


def test_kept_results_quote_no_text_of_the_sets() -> None:
    for name in ("open-sets-fast", "open-sets-standard", "beside", "calibration-standard"):
        record = json.loads((page.RESULTS / f"{name}.json").read_text(encoding="utf-8"))
        assert not _japanese(record), name


def _japanese(value: object) -> list[str]:
    if isinstance(value, dict):
        return [found for k, v in value.items() for found in (*_japanese(k), *_japanese(v))]
    if isinstance(value, list):
        return [found for v in value for found in _japanese(v)]
    return [value] if isinstance(value, str) and any(ord(c) > 0x3000 for c in value) else []
