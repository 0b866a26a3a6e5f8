from __future__ import annotations

from pathlib import Path

from benchmarks import make_corpus, tables
from benchmarks.stages import Clocks


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_corpus_is_the_same_each_time(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    count = make_corpus.write(a, 0.3)
    assert make_corpus.write(b, 0.3) == count > 10
    assert contents(a) == contents(b)
    make_corpus.write(tmp_path / "c", 0.3, seed=2)
    assert contents(tmp_path / "c") != contents(a)


def test_clocks_count_only_their_own_stage() -> None:
    clocks = Clocks()
    assert list(clocks.pulled("extract", [1, 2, 3])) == [1, 2, 3]
    assert clocks.timed("classify", len)("abc") == 3
    assert set(clocks.seconds) == {"extract", "classify"}


def test_a_grid_is_markdown() -> None:
    assert tables.grid([["a", "b"], ["1", "2"]]) == "| a | b |\n| --- | --: |\n| 1 | 2 |"
