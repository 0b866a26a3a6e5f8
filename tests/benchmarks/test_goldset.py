from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import accuracy, goldset, score, skeleton


def test_halves_are_told_apart_by_the_hash_of_the_id() -> None:
    for name in ("claim-hospital-docx", "x", "pamphlet-docx"):
        odd = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % 2
        assert goldset.half(name) == ("held" if odd else "development")


FRESH = goldset.GOLD.parent / "fresh" / "docs"


@pytest.mark.parametrize("source", goldset.sources() + goldset.sources(FRESH), ids=lambda s: goldset.half(s.id)[:3] + "-" + s.id)
def test_every_span_lies_on_its_own_text(source: object) -> None:
    document = goldset.read(source)
    for span in document.spans:
        assert document.text[span.start : span.end] == skeleton.skeleton(span.text), span.label


def test_a_perfect_reader_scores_one() -> None:
    """Matches taken from the gold text itself, one block per document: everything right, nothing false."""
    for source in goldset.sources():
        document = goldset.read(source)
        matches = [
            {"entity": s.label, "value": document.text[s.start : s.end], "block": 0, "start": s.start, "end": s.end}
            for s in document.spans
            if s.end > s.start
        ]
        if len(matches) > 400:  # the four large ones: slow, and more of the same
            continue
        result = score.score(document, matches, {0: document.text}, {})
        assert sum(t.false for t in result.tallies.values()) == 0, document.id
        assert sum(t.missed for t in result.tallies.values()) == sum(s.end == s.start for s in document.spans), document.id


def test_rendering_writes_every_file(tmp_path: Path) -> None:
    few = [s for s in goldset.sources() if goldset.half(s.id) == "development"][:6]
    goldset.render(few, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(goldset.read(s).file for s in few)


def test_held_misses_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        accuracy.arguments(["--misses", "--half", "held"])
    assert refused.value.code == 2
    assert "held" in capsys.readouterr().err


def test_development_misses_leave_the_held_half_out() -> None:
    chosen = accuracy.arguments(["--misses"])
    assert not chosen.held_misses_i_know


@pytest.mark.parametrize("docs", [goldset.GOLD / "docs", FRESH], ids=lambda p: p.parent.name)
def test_the_sources_pass_their_own_check(docs: Path) -> None:
    done = subprocess.run([sys.executable, "verify.py", "--docs", str(docs)], cwd=goldset.GOLD, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()[-500:]
