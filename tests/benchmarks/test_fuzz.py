"""The small version of the long proofs of formats: damaged files of every format, and bombs in small."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import bombs, fuzz, isolated
from benchmarks.mutants import mutant
from scanner.extract.budget import Limits
from scanner.settings import Settings

SMALL = Settings(key=isolated.KEY, profile="fast", limits=Limits(seconds=5, parts=100))


def test_a_mutant_is_made_again_by_its_number() -> None:
    seeds = fuzz.seeds()
    assert len(seeds) > 35
    assert [mutant(n, seeds) for n in range(60)] == [mutant(n, seeds) for n in range(60)]
    assert sum(mutant(n, seeds)[1] != seeds[n % len(seeds)][1] for n in range(200)) > 150


def test_damaged_files_of_every_format_end_in_order(tmp_path: Path) -> None:
    campaign = fuzz.Fuzz(isolated.settings("fast"))
    seeds = fuzz.seeds()
    campaign.run(seeds, tmp_path, iter(range(6 * len(seeds))), 1)
    record = campaign.record()
    assert record["faults"] == []
    assert record["files"] == 6 * len(seeds)


BURST = "zip-nested gzip tar-special xml-laughs docx-10GB-part xlsx-1000000-rows pdf-50000-pages eml-10000-parts sqlite-hostile"


@pytest.mark.parametrize("name", BURST.split())
def test_a_small_bomb_leaves_an_outcome_and_the_scan_goes_on(name: str, tmp_path: Path) -> None:
    found = bombs.burst(name, tmp_path, 0.004, SMALL)
    assert found["went_on"] and found["status"] in ("read", "partial", "unreadable")
    assert found["seconds"] < 35
