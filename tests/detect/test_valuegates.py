"""A gate only saves work: patterns of sensitive values find behind it what they find when tried at every anchor."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from scanner import resources
from scanner.detect.health import SensitiveDetector, _hits
from scanner.model import Line
from scanner.text.blocks import BlockWriter
from scanner.text.view import read

CORPUS = Path(__file__).resolve().parents[1] / "classify" / "corpus.toml"


def lines(value: object) -> Iterator[str]:
    """Every line of every text in a file of settings."""
    if isinstance(value, str):
        yield from (line for line in value.split("\n") if line.strip())
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from lines(part)


def test_no_value_is_lost_at_a_gate() -> None:
    detector = SensitiveDetector(resources.folder("patterns"))
    found = 0
    for line in lines(tomllib.loads(CORPUS.read_text(encoding="utf-8"))):
        (block,) = BlockWriter().text(line, Line(1))
        reading = read(block)
        anchors = _hits(detector._anchors, reading.text, overlapping=True)
        every = list(detector._valued_at(reading.text, anchors, -1))
        assert list(detector._values(reading)) == every, line
        found += len(every)
    assert found > 50
