from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import pytest

from benchmarks import open_data, open_sets
from benchmarks.plain import Plain


def test_the_kept_fifth_is_told_by_the_hash_of_the_id() -> None:
    for name in ("nw-0", "nw-3", "wiki00010002", "train-7"):
        assert open_data.kept_aside(name) == (int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % 5 == 0)
    assert 150 < sum(open_data.kept_aside(f"x-{n}") for n in range(1000)) < 250


def test_coverage_counts_each_character_once() -> None:
    assert open_data.covered((10, 20), [(8, 15), (12, 17)]) == 0.7
    assert open_data.covered((10, 20), []) == 0.0


def test_overlap_tells_found_from_marked() -> None:
    count = open_sets.Overlap()
    count.add([(0, 2), (5, 9), (30, 31), (40, 42)], [(0, 2), (8, 20), (50, 52)], [(30, 35)])
    figures = count.figures()
    assert (figures["found"], figures["marked"]) == (3, 3)  # what touches only a free range counts neither way
    assert figures["precision"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["exact_f1"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["half_overlap_f1"] == pytest.approx(1 / 3, abs=1e-4)


def test_nothing_found_is_no_figure() -> None:
    assert open_sets.Overlap().figures()["f1"] is None


def test_hits_may_not_enter_the_repository(tmp_path: Path) -> None:
    assert open_sets.outside(tmp_path / "hits.tsv") == tmp_path / "hits.tsv"
    with pytest.raises(argparse.ArgumentTypeError):
        open_sets.outside(open_sets.ROOT / "out" / "hits.tsv")


def test_a_sample_is_the_same_each_time() -> None:
    texts = [open_data.Text(str(n), "", ()) for n in range(50)]
    assert open_sets.drawn(texts, 10) == open_sets.drawn(texts, 10) != texts[:10]
    assert len(open_sets.drawn(texts, 0)) == 50


def test_without_the_sets_it_says_so(tmp_path: Path) -> None:
    assert open_sets.main(["--data", str(tmp_path)]) == 2


@pytest.fixture(scope="module")
def scanner() -> Plain:
    return Plain("fast")


def rows(folder: Path, name: str, *made: dict[str, object]) -> None:
    path = folder / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in made), encoding="utf-8")


def test_lookalikes_leave_the_real_person_out(tmp_path: Path, scanner: Plain) -> None:
    text = "氏名：佐々木 浩二\n勤務先：佐々木製作所"
    place = text.index("佐々木製")
    row = {"id": "a", "text": text, "spans": [[place, place + 6, "NOT_PERSON"]], "person_spans": [[3, 9]]}
    rows(tmp_path, "ner/lookalike_in_text", row, row | {"id": "b", "spans": [[3, 9, "NOT_PERSON"]], "person_spans": []})
    figures = open_sets.lookalikes(scanner, tmp_path, 0)
    assert figures["all"] == {"touched": 1, "spans": 2, "share": 0.5}


def test_an_organisation_before_its_address(tmp_path: Path, scanner: Plain) -> None:
    text = "学校法人みなみ学園 @ 北海道札幌市北区北二十九条西２丁目１番１号"
    start = text.index("北海道")
    row = {"id": "a", "text": text, "spans": [[0, 9, "ORG"], [start, len(text), "ADDRESS"]]}
    rows(tmp_path, "address/address_office", row)
    figures = open_sets._office(scanner, list(open_data.read(tmp_path, "address/address_office")))
    assert figures["share"] == 1.0
    assert figures["organisation_swallowed"] == 0.0


def test_offsets_are_those_of_the_text_given(scanner: Plain) -> None:
    text = "\n\n氏名：佐々木 浩二\n\n" + "あいうえお。\n" * 12000 + "氏名：渡辺 久美子\n"
    found = [text[a:b] for a, b in ((h.start, h.end) for h in scanner.text(text) if h.entity == "person_name")]
    assert found == ["佐々木 浩二", "渡辺 久美子"]
