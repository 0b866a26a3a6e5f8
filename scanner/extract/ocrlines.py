"""Puts recognised lines where they stand: the way they run, how much the page is askew, and every character's box."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

import numpy as np

from scanner.extract.pdfglyphs import Floats, Glyphs, turned
from scanner.extract.pdflines import wide

_TALL = 2.0  # height to width of a box from which on it holds a line that runs downwards
_NARROW = 0.55  # width of a western character, in sizes of the type
_APART = 0.3  # sizes of the type between two characters, beyond what they take themselves: a space
_STEPS = 1.4  # but no less than this many steps of the network: it knows a place no better than to one
_WIDE = 1.8  # sizes of the type beyond which a gap parts a line, as between the columns of a table
_TYPE = 0.75  # size of the type to the height of the box that was found
# Characters of Chinese print that the network takes for the Japanese ones beside them; hardly any Japanese text has the first.
_MEANT = str.maketrans("别户值查吕宫净减决况晚冲凉侣单带录压囊·", "別戸値査呂宮浄減決況晩沖涼侶単帯録圧嚢・")
_TURNS = (0, 9, 2, 3)  # see Glyphs.turn, by direction


def japanese(text: str) -> str:
    """The text with look-alikes that only Chinese has replaced by what was meant."""
    return text.translate(_MEANT)


@dataclass(frozen=True, slots=True)
class Line:
    """A recognised line. ``box``: its corners, clockwise from the top left one. ``flipped``: it was read upside down.

    ``columns``: where each character but spaces was seen, of ``length`` steps from the line's beginning to its end.
    """

    box: Floats
    text: str
    score: float
    columns: list[int]
    length: float
    flipped: bool

    @property
    def direction(self) -> int:
        """Which way it runs: 0 right, 1 down, 2 left, 3 up."""
        return direction(self.box, flipped=self.flipped)

    @property
    def ends(self) -> tuple[Floats, Floats]:
        """Middle of its beginning and of its end."""
        top_left, top_right, bottom_right, bottom_left = self.box
        along = ((top_left + bottom_left) / 2, (top_right + bottom_right) / 2)
        down = ((top_left + top_right) / 2, (bottom_left + bottom_right) / 2)
        begin, end = down if self.direction % 2 else along
        return (end, begin) if self.flipped else (begin, end)

    @property
    def across(self) -> float:
        """Pixels from its upper to its lower side."""
        first, second = (self.box[0], self.box[1]) if self.direction % 2 else (self.box[0], self.box[3])
        return max(1.0, float(np.linalg.norm(first - second)))


def direction(box: Floats, *, flipped: bool) -> int:
    """The way in which the line in a box runs (see Line.direction)."""
    across, down = float(np.linalg.norm(box[0] - box[1])), float(np.linalg.norm(box[0] - box[3]))
    return int(down >= _TALL * across) + 2 * flipped


def skew(lines: list[Line]) -> float:
    """How much the page leans, in radians, clockwise; 0 where it hardly does or its lines don't agree."""
    angles: list[tuple[float, float]] = []
    for line in lines:
        begin, end = line.ends
        x, y = (end - begin).tolist()
        length = math.hypot(x, y)
        if length > 6 * line.across:
            angles.append(((math.atan2(y, x) - line.direction * math.pi / 2 + math.pi) % (2 * math.pi) - math.pi, length))
    if not angles:
        return 0.0
    angles.sort()
    half, passed = sum(length for _, length in angles) / 2, 0.0
    for angle, length in angles:
        passed += length
        if passed >= half:
            return angle if math.radians(0.2) < abs(angle) < math.radians(15) else 0.0
    return 0.0


def placed(lines: list[Line], angle: float, points: float, shape: tuple[int, ...]) -> list[Glyphs]:
    """The characters with their boxes in points, the page set upright, by the way their lines run; most text first."""
    centre = np.array([shape[1], shape[0]]) / 2
    matrix = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])  # for rows times matrix
    out: list[Glyphs] = []
    for way, turn in enumerate(_TURNS):
        chars, sides, follows = "", [], []
        for line in lines:
            if line.direction == way:
                ends = (np.stack(line.ends) - centre) @ matrix + centre
                corners = turned(np.concatenate((ends, ends), axis=1), turn)[:, :2] * points
                for text, x0, x1 in _words(line, float(corners[0, 0]), float(corners[1, 0])):
                    middle, half = float(corners[:, 1].mean()), _TYPE * line.across * points / 2
                    chars += text
                    sides += _boxes(text, x0, x1, middle - half, middle + half)
                    follows += [False] + [True] * (len(text) - 1)
        if chars:
            out.append(Glyphs(chars, np.array(sides), turn, 0, np.array(follows, dtype=np.bool_)))
    out.sort(key=lambda g: -len(g.chars))
    return out


def _boxes(text: str, x0: float, x1: float, y0: float, y1: float) -> list[list[float]]:
    """The characters of a word side by side over its width."""
    widths = [_width(c) for c in text]
    each = (x1 - x0) / sum(widths)
    out, at = [], x0
    for width in widths:
        out.append([at, y0, at + width * each, y1])
        at += width * each
    return out


def _words(line: Line, x0: float, x1: float) -> list[tuple[str, float, float]]:
    """The line cut at wide gaps, with the beginning and end of each piece; a space where one was read or is seen."""
    chars = [c for c in line.text if not c.isspace()]
    if len(chars) != len(line.columns) or line.length <= 0:
        return [(line.text.strip(), x0, x1)]
    step = (x1 - x0) / line.length
    places = [x0 + (column + 0.5) * step for column in line.columns]
    size = _size(chars, places, _TYPE * line.across * abs(x1 - x0) / max(1.0, float(np.linalg.norm(line.ends[1] - line.ends[0]))))
    narrow = _narrow(chars, places, size)
    halves = [size / 2 if wide(c) else narrow / 2 for c in chars]
    gaps = [0.0, *(places[n] - halves[n] - places[n - 1] - halves[n - 1] for n in range(1, len(chars))), 0.0]
    spaced, apart = _spaced(line.text), max(_APART * size, _STEPS * step)
    out: list[tuple[str, float, float]] = []
    text, left, right = "", x0, x0
    for n, (char, place) in enumerate(zip(chars, places, strict=True)):
        # a character that was seen a little too far on one side is too near on the other
        free = gaps[n] + (min(0.0, gaps[n - 1]) + min(0.0, gaps[n + 1])) / 2 if n else 0.0
        western = n > 0 and not (wide(char) or wide(chars[n - 1]))  # widths differ, but their spaces are read
        if gaps[n] > _WIDE * size:
            out.append((text, left, right))
            text, left = "", place - halves[n]
        elif n in spaced or free > apart * (1 + western):
            text += " "
        left = left if text else place - halves[n]
        text, right = text + char, place + halves[n]
    return [*out, (text, left, max(right, left + 0.3 * size))]


def _spaced(text: str) -> set[int]:
    """Before which characters, counted without spaces, the text has one."""
    out: set[int] = set()
    count = 0
    for char in text:
        if char.isspace():
            out.add(count)
        else:
            count += 1
    return out


def _size(chars: list[str], places: list[float], guess: float) -> float:
    """The size of the type, by the distance of kanji or kana that stand side by side; ``guess`` where there are none."""
    steps = [b - a for (a, c), (b, d) in pairwise(zip(places, chars, strict=True)) if wide(c) and wide(d)]
    if not steps:
        return guess
    usual = 1.3 * median(steps)  # what is wider has a space in it; a place is known to a quarter of a character only
    return min(max(fmean(step for step in steps if step <= usual), 0.6 * guess), 1.4 * guess)


def _narrow(chars: list[str], places: list[float], size: float) -> float:
    """The width of western characters: by their distance from one another, since Japanese type prints many as wide as kanji."""
    steps = [b - a for (a, c), (b, d) in pairwise(zip(places, chars, strict=True)) if not wide(c) and not wide(d)]
    return min(max(median(steps), 0.4 * size), 1.1 * size) if len(steps) >= 2 else _NARROW * size


def _width(char: str) -> float:
    return 1.0 if wide(char) else _NARROW
