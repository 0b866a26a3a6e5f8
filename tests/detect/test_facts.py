"""Facts told by what stands together: the examples of every frame hold, and a frame that cannot work is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner import resources
from scanner.detect.frames import Frame, Frames
from tests.classify.samples import Bench, Drawn

FRAMES = Frames(resources.folder("patterns"))


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def rules(bench: Bench, text: str) -> set[str]:
    readings = bench.read(Drawn().text(text))
    about = FRAMES.told("\n".join(r.text for r in readings))
    return {c.rule for r in readings for c in FRAMES.find(r, about)}


@pytest.mark.parametrize("frame", FRAMES.frames, ids=lambda f: f.id)
def test_examples_hold_and_the_law_is_named(bench: Bench, frame: Frame) -> None:
    assert frame.source
    assert min(len(frame.examples.match), len(frame.examples.reject)) >= 1
    for text in frame.examples.match:
        assert frame.id in rules(bench, text), text
    for text in frame.examples.reject:
        assert frame.id not in rules(bench, text), text


def test_order_does_not_matter_and_a_denial_does(bench: Bench) -> None:
    assert "procedure.case" in rules(bench, "窃盗の件で、本人が検察庁に出頭した")
    assert "procedure.case" in rules(bench, "検察庁から出頭の連絡、窃盗の件")
    assert "procedure.case" not in rules(bench, "検察庁へ窃盗の件で出頭していない")


def test_parts_stand_in_one_sentence(bench: Bench) -> None:
    assert "procedure.case" not in rules(bench, "検察庁へ行った。出頭の話。窃盗の件")


def test_the_match_is_one_part_for_a_name_may_lie_between(bench: Bench) -> None:
    (reading,) = bench.read(Drawn().text("特定少年 笠井 大雅は検察官送致となった"))
    (found,) = [c for c in FRAMES.find(reading, frozenset()) if c.rule == "juvenile.case"]
    assert reading.text[found.start : found.end] == "検察官送致"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('all = ["who", "else"]', "no concept 'else'"),
        ('all = ["number"]', "list of words"),
    ],
)
def test_a_frame_that_cannot_work_is_refused(tmp_path: Path, table: str, message: str) -> None:
    (tmp_path / "x.toml").write_text(
        '[[concept]]\nname = "who"\nwords = ["父"]\n\n[[concept]]\nname = "number"\npattern = "[0-9]"\n\n'
        f'[[frame]]\nid = "f"\nentity = "creed"\ncategories = ["creed"]\nsource = "s"\n{table}\n'
        "[frame.examples]\nmatch = []\nreject = []\n",
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match=message):
        Frames(tmp_path)
