from __future__ import annotations

import pytest

from benchmarks import calibrate
from benchmarks.calibration import Judged


def test_a_curve_never_falls_and_keeps_the_weight_of_its_points() -> None:
    points = [(0.6, 0.9, 10.0), (0.7, 0.7, 10.0), (0.8, 0.95, 5.0)]
    assert calibrate.rising(points) == [(0.6, pytest.approx(0.8), 10), (0.7, pytest.approx(0.8), 10), (0.8, 0.95, 5)]


def test_nothing_is_certain() -> None:
    assert calibrate.rising([(0.9, 1.0, 500.0)]) == [(0.9, calibrate.MOST, 500)]


def test_many_hits_speak_for_themselves_and_few_lean_on_the_rest() -> None:
    judged = [Judged("person_name", 0.8, n % 10 < 9, "often") for n in range(1000)]
    judged += [Judged("person_name", 0.8, False, "seldom")] * 6 + [Judged("person_name", 0.8, True, "once")]
    found = calibrate.curves(judged)
    assert found["person_name", "often"][0][1] == pytest.approx(0.9, abs=0.01)
    assert 0.4 < found["person_name", "seldom"][0][1] < 0.6
    assert ("person_name", "once") not in found and ("person_name", "*") in found


def test_a_reader_that_brings_its_own_confidence_is_left_alone() -> None:
    found = calibrate.curves([Judged("person_name", 0.8, True, "name.tagger")] * 20)
    assert found == {("person_name", rule): [(0, 0, 0), (1, 1, 0)] for rule in ("name.tagger", "name.history")}


def test_the_file_reads_back(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from scanner.detect.confidence import Confidence

    path = tmp_path / "confidence.tsv"
    path.write_text(calibrate.text({("address", "*"): [(0.6, 0.7, 3.0), (0.9, 0.98, 7.0)]}), "utf-8")
    assert Confidence(path).of("address", "any", 0.9) == 0.98
