"""A line of any length: what a detector spends on it grows with its length, not with the square of it."""

from __future__ import annotations

import time

import pytest

from scanner.contracts import Detector
from scanner.detect.dates import BirthDateDetector
from tests.detect.reading import addresses, names, readings, text_blocks

REPEATED = (
    "様",
    "1",
    "一二三",
    "佐藤 ",
    "佐藤様、",
    "Mr. ",
    "1:00 佐藤 ",
    "1. 佐藤 太郎\n",
    "氏名：",
    "〒 ",
    "Tokyo ",
    "高知県高知市",
    "様 S45.12.30",
)


def spent(detector: Detector, text: str) -> float:
    """Seconds of a detector alone."""
    read = readings(text_blocks(text))
    begun = time.process_time()
    for _ in detector.detect(read):
        pass
    return time.process_time() - begun


@pytest.mark.parametrize("unit", REPEATED)
@pytest.mark.parametrize("detector", [names(), addresses(), BirthDateDetector()], ids=["names", "addresses", "dates"])
def test_time_grows_with_the_length(detector: Detector, unit: str) -> None:
    short, long = ((unit * size)[:size] for size in (10_000, 40_000))
    spent(detector, unit)
    assert spent(detector, long) < 8 * max(spent(detector, short), 0.1), "four times as long"
