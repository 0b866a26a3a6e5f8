from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import demands, page, prove
from benchmarks.demands import Demand, Told
from scanner.extract import FORMATS


def test_a_bound_is_met_from_its_own_side() -> None:
    above, below = (Demand("x", 0.9, side, lambda r: 0.0) for side in (True, False))
    assert [Told(above, f).held for f in (0.9, 0.89, None)] == [True, False, None]
    assert [Told(below, f).held for f in (0.9, 0.91, None)] == [True, False, None]


def test_what_was_not_measured_is_said_to_be_so() -> None:
    shown = demands.table({})
    assert shown.count("未測定") == len(demands.DEMANDS)
    assert "はい" not in shown and "いいえ" not in shown


def test_the_worst_group_counts_and_groups_of_look_alikes_do_not() -> None:
    groups = {
        "person_name/kana": {"precision": 0.99, "recall": 0.95, "right": 95, "missed": 5},
        "person_name/rare": {"precision": 0.97, "recall": 0.91, "right": 91, "missed": 9},
        "person_name/nobody": {"precision": 0.0, "recall": None, "right": 0, "missed": 0},
    }
    results = {"hard-items": {"profiles": {"standard": groups}}}
    told = {t.demand.what: t.figure for t in demands.told(results) if t.figure is not None}
    assert sorted(told.values()) == [0.91, 0.97]


def test_the_page_opens_with_the_demands() -> None:
    assert page.page().index("求めることと測った値") < page.page().index("公開データ（fast）")
    told = page.formats_page()
    assert told.index("求めることと測った値") < told.index("読める形式")
    assert all(row.title in told for row in FORMATS)


def test_every_step_of_the_proof_is_a_module_that_keeps_the_result_it_names(tmp_path: Path) -> None:
    steps = [step for what in ("names", "formats") for step in prove.steps(what, tmp_path, tmp_path)]
    assert len({name for name, _ in steps}) == len(steps)
    for name, (module, *arguments) in steps:
        text = (prove.ROOT / "benchmarks" / f"{module}.py").read_text("utf-8")
        assert "--write" in text and name.split("-")[0].replace("open", "open-sets").split("-")[0] in text
        assert not arguments or arguments[0] in text


def test_without_the_open_sets_nothing_is_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove.main(["names", "--data", str(tmp_path)]) == 2
    assert "no open sets" in capsys.readouterr().err
    assert prove.main(["formats", "--data", str(tmp_path)]) == 2


def test_hits_that_name_people_after_all_are_not_held_against_clean_text() -> None:
    clean = {
        "a": {"person_name_per_10000": 1.2, "address_per_10000": 0.1},
        "b": {"person_name_per_10000": 0.4, "address_per_10000": 0.0},
    }
    results = {"open-sets-standard": {"parts": {"clean": clean}}}
    judged = {"adjudicated": {"sets": {"a": {"judged": 60, "people": 40}}}}
    assert demands._clean(results) == pytest.approx(1.3)
    assert demands._clean(results | judged) == pytest.approx(0.5)
