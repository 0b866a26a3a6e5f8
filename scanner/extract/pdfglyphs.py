"""What pdfium knows of a page: its characters with their boxes and the ruling lines drawn on it."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]

SPACE = 0.28  # times the size of the type: a gap in western text that is a space
GLYPHS = 200_000  # characters of one page: what is beyond is read as plain text
EDGES = 6_000  # ruling lines of one page: a drawing, no form, when there are more
_OBJECTS = 40_000


def _among(*codes: int) -> Flags:
    """A table that tells for every unit of UTF-16 whether it is one of these."""
    out = np.zeros(1 << 16, dtype=np.bool_)
    out[list(codes)] = True
    return out


_HYPHENS = _among(2, 0xFFFE, 0xAD)  # pdfium's marks of a hyphen at a line's end; a soft hyphen that is printed is a hyphen
_MADE = _among(9, 10, 13, 32, 0x2D, 0xA0)  # what pdfium may have put in itself
_NOTHING = _among(0, 0xFFFF, 0xFFFD)
DOWNWARDS = 9  # the turn of vertical writing
_THIN = 3.0  # points: a filled rectangle no thicker is a line


def _quick(function: Any, *kinds: Any) -> Callable[..., Any]:
    """A function of pdfium that takes plain numbers as addresses: it is called for every character and object of a page."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    made: Callable[..., Any] = ctypes.CFUNCTYPE(*kinds)(address or 0)
    return made


_BOX = _quick(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_MADE_UP = _quick(pdfium.FPDFText_IsGenerated, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_ANGLE = _quick(pdfium.FPDFText_GetCharAngle, ctypes.c_float, ctypes.c_void_p, ctypes.c_int)
_OBJECT = _quick(pdfium.FPDFPage_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_KIND = _quick(pdfium.FPDFPageObj_GetType, ctypes.c_int, ctypes.c_void_p)


@dataclass(slots=True)
class Glyphs:
    """Characters in the order of the file.

    ``boxes``: x0, top, x1, bottom in points with y running down, turned so that the text reads rightwards.
    """

    chars: str
    boxes: Floats
    turn: int  # quarter turns that were undone; DOWNWARDS: vertical writing
    unmapped: int  # characters that the font gives no meaning
    follows: Flags  # whether a character stands right behind the one before it, on one line


@dataclass(frozen=True, slots=True)
class Edge:
    """A ruling line: horizontal from (x0, y) to (x1, y) when ``flat``, else vertical."""

    flat: bool
    x0: float
    y0: float
    x1: float
    y1: float


def glyphs(textpage: Any) -> list[Glyphs]:
    """The characters that the file really holds, those of most text first, then those that are turned otherwise.

    What pdfium puts in between (spaces, breaks) is left out.
    """
    count = max(0, min(int(pdfium.FPDFText_CountChars(textpage)), GLYPHS))
    if not count:
        return [Glyphs("", np.zeros((0, 4)), 0, 0, np.zeros(0, dtype=np.bool_))]
    codes = _codes(textpage, count)
    rects = (ctypes.c_float * (4 * count))()
    page, place = ctypes.cast(textpage, ctypes.c_void_p).value, ctypes.addressof(rects)
    answers = map(_BOX, repeat(page, count), range(count), range(place, place + 16 * count, 16))
    boxed = np.fromiter(answers, dtype=np.bool_, count=count)
    boxes = np.frombuffer(bytes(rects), dtype=np.float32).reshape(-1, 4).astype(np.float64)
    boxes[:, [1, 3]] *= -1
    codes[_HYPHENS[codes]] = 0x2D
    made = [i for i in np.flatnonzero(_MADE[codes]).tolist() if _MADE_UP(page, i) == 1]
    boxed[made] = False
    meaningless = _NOTHING[codes]
    unmapped = int(np.count_nonzero(meaningless)) - int(np.count_nonzero(meaningless[made]))
    codes, second = _paired(codes)
    kept = np.flatnonzero(boxed & ~meaningless & ~second & (codes >= 32))
    codes, boxes = codes[kept], boxes[kept]
    turns = _turns(textpage, kept, boxes)
    out = [_glyphs(codes[turns == turn], boxes[turns == turn], turn) for turn in np.unique(turns).tolist()]
    out.sort(key=lambda g: -len(g.chars))
    out = out or [_glyphs(codes, boxes, 0)]
    out[0].unmapped = unmapped
    return out


def _codes(textpage: Any, count: int) -> Codes:
    """The code of each character; at one go where pdfium's text has one unit for each, as nearly always."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if count and int(pdfium.FPDFText_GetText(textpage, 0, count, buffer)) == count + 1:
        return np.frombuffer(bytes(buffer), dtype=np.uint16)[:count].astype(np.uint32)
    code = pdfium.FPDFText_GetUnicode
    codes = np.fromiter((code(textpage, i) for i in range(count)), dtype=np.uint32, count=count)
    codes[codes > 0xFFFF] = 0xFFFD  # pdfium gives units of UTF-16
    return codes


def _paired(codes: Codes) -> tuple[Codes, Flags]:
    """Halves of a surrogate pair made one character, and which positions are second halves; lone halves mean nothing."""
    second = np.zeros(len(codes), dtype=np.bool_)
    high, low = codes >> 10 == 0x36, codes >> 10 == 0x37
    if not (high.any() or low.any()):
        return codes, second
    first = np.flatnonzero(high[:-1] & low[1:])
    second[first + 1] = True
    codes = codes.copy()
    codes[first] = 0x10000 + ((codes[first] & 0x3FF) << 10) + (codes[first + 1] & 0x3FF)
    codes[codes >> 11 == 0x1B] = 0xFFFD
    return codes, second


def _turns(textpage: Any, kept: npt.NDArray[np.int64], boxes: Floats) -> npt.NDArray[np.int64]:
    """Quarter turns of each character. pdfium is not asked about one that goes on to the right of the one before."""
    turns = np.zeros(len(kept), dtype=np.int64)
    if not len(kept):
        return turns
    height = boxes[:-1, 3] - boxes[:-1, 1]
    step = boxes[1:, 0] - boxes[:-1, 0]
    goes_on = (np.abs(boxes[1:, 1] - boxes[:-1, 1]) < 0.1 * height) & (step > 0) & (step < 3 * height)
    asked = np.flatnonzero(np.concatenate(([True], ~goes_on)))
    page = ctypes.cast(textpage, ctypes.c_void_p).value
    found = [round(_ANGLE(page, i) / (math.pi / 2)) % 4 for i in kept[asked].tolist()]
    return np.repeat(np.array(found, dtype=np.int64), np.diff(np.append(asked, len(kept))))


def _glyphs(codes: Codes, boxes: Floats, turn: int) -> Glyphs:
    if turn == 0 and _vertical(boxes):
        turn = DOWNWARDS
    boxes = turned(boxes, turn)
    return Glyphs(written(codes), boxes, turn, 0, _follows(codes, boxes))


def _follows(codes: Codes, boxes: Floats) -> Flags:
    if not len(codes):
        return np.zeros(0, dtype=np.bool_)
    x0, y0, x1, y1 = boxes.T
    size = np.maximum(y1 - y0, 1.0)
    gap = x0[1:] - x1[:-1]
    level = np.abs((y0 + y1)[1:] - (y0 + y1)[:-1]) < 0.3 * size[:-1]
    alike = np.abs(size[1:] - size[:-1]) < 0.2 * size[:-1]
    near = (gap > -0.5 * size[:-1]) & (gap < np.where(codes[1:] == 32, 0.6, SPACE) * size[:-1])
    return np.concatenate(([False], level & alike & near))


def written(codes: Codes) -> str:
    """The codes as text."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "replace")


def _vertical(boxes: Floats) -> bool:
    """Whether the characters run downwards: vertical writing."""
    if len(boxes) < 20:
        return False
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    step = np.diff(centres, axis=0)
    size = np.maximum(boxes[:-1, 3] - boxes[:-1, 1], 1.0)
    down = (np.abs(step[:, 0]) < size * 0.4) & (step[:, 1] > size * 0.5) & (step[:, 1] < size * 2.5)
    across = (np.abs(step[:, 1]) < size * 0.4) & (step[:, 0] > 0) & (step[:, 0] < size * 2.5)
    return bool(down.sum() > 0.6 * len(step) and down.sum() > 3 * across.sum())


def turned(boxes: Floats, turn: int) -> Floats:
    """Boxes with the text's direction turned to the right (see Glyphs.turn)."""
    if turn == 0 or not len(boxes):
        return boxes
    x0, y0, x1, y1 = boxes.T
    match turn:
        case 1:  # clockwise, as pdfium counts
            parts = (y0, -x1, y1, -x0)
        case 2:
            parts = (-x1, -y1, -x0, -y0)
        case 3:
            parts = (-y1, x0, -y0, x1)
        case _:
            parts = (y0, -x1, y1, -x0)
    return np.stack(parts, axis=1)


def edges(page: Any) -> list[Edge]:
    """The ruling lines of a page: straight strokes and thin or framed rectangles; [] when it is a drawing."""
    out: list[Edge] = []
    count = min(int(pdfium.FPDFPage_CountObjects(page)), _OBJECTS)
    address = ctypes.cast(page, ctypes.c_void_p).value
    for i, item in enumerate(map(_OBJECT, repeat(address, count), range(count))):
        if item and _KIND(item) == pdfium.FPDF_PAGEOBJ_PATH:
            out.extend(_edges(pdfium.FPDFPage_GetObject(page, i)))
            if len(out) > EDGES:
                return []
    return out


def _edges(item: Any) -> list[Edge]:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix)):
        return []
    x, y = ctypes.c_float(), ctypes.c_float()
    out: list[Edge] = []
    start = last = (0.0, 0.0)
    shape: list[tuple[float, float]] = []
    for n in range(min(int(pdfium.FPDFPath_CountSegments(item)), EDGES)):
        segment = pdfium.FPDFPath_GetPathSegment(item, n)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            -(matrix.b * x.value + matrix.d * y.value + matrix.f),
        )
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            out.extend(_outline(shape))
            start, shape = point, [point]
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            shape.append(point)
        else:
            shape = [point]  # a curve rules nothing
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment) and last != start:
            shape.append(start)
    out.extend(_outline(shape))
    return out


def _outline(shape: list[tuple[float, float]]) -> list[Edge]:
    if len(shape) < 2:
        return []
    xs, ys = [p[0] for p in shape], [p[1] for p in shape]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if len(shape) >= 4 and min(x1 - x0, y1 - y0) <= _THIN:  # a rectangle so thin that it is a line
        flat = x1 - x0 >= y1 - y0
        middle = (y0 + y1) / 2 if flat else (x0 + x1) / 2
        return [Edge(flat, x0, middle, x1, middle) if flat else Edge(flat, middle, y0, middle, y1)]
    out = []
    for (ax, ay), (bx, by) in zip(shape, shape[1:], strict=False):  # noqa: RUF007
        if abs(ay - by) < 0.8 and abs(ax - bx) > 1:
            out.append(Edge(True, min(ax, bx), ay, max(ax, bx), ay))
        elif abs(ax - bx) < 0.8 and abs(ay - by) > 1:
            out.append(Edge(False, ax, min(ay, by), ax, max(ay, by)))
    return out


def turned_edges(listed: list[Edge], turn: int) -> list[Edge]:
    """Edges turned like the characters."""
    if turn == 0:
        return listed
    array = np.array([(e.x0, e.y0, e.x1, e.y1) for e in listed], dtype=np.float64).reshape(-1, 4)
    swap = turn != 2
    return [Edge(e.flat != swap, *row) for e, row in zip(listed, turned(array, turn).tolist(), strict=True)]
