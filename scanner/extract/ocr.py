"""Reads the text on pictures with RapidOCR (extra ``ocr``): its models lie in the package, nothing is fetched from anywhere."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scanner.contracts import Budget
from scanner.extract.ocrlines import Line, direction, japanese, placed, skew
from scanner.extract.pagelayout import Layout, page_ranges
from scanner.extract.pdfglyphs import EDGES, Edge, Floats, Glyphs, turned_edges
from scanner.model import Block
from scanner.problems import Code, Problem, Stage, Unreadable

Pixels = npt.NDArray[np.uint8]

LONGEST = 3_000  # pixels of a picture's longer side from which characters are read; longer ones are made smaller
_SEEN = 1_600  # pixels of the longer side at which lines are looked for: memory grows with it, not what is read of a line
_SURE = 0.5  # score below which a line is no writing
_MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx", "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx"}
_THICK = 7  # pixels: a dark line no thicker is a rule


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read of a picture: its characters by the way they run, most text first; ruling lines, turned like those.

    ``score``: mean of the characters' scores, 0..1.
    """

    glyphs: list[Glyphs]
    edges: list[Edge]
    score: float


class Recognition:
    """Pictures of pages read one after the other, and what is to be said of all of them."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.scores: dict[int, float] = {}  # by page

    def page(self, picture: Pixels, points: float, number: int, budget: Budget) -> Iterator[Block]:
        """The text of a page's picture; ``points`` to a pixel. Raises Unreadable as ``recognise`` does."""
        found = recognise(picture, points, budget)
        budget.spend_characters(sum(len(g.chars) for g in found.glyphs))
        if found.glyphs:
            self.scores[number] = found.score
            self.layout.writer.scope = number
            first, *others = found.glyphs
            yield from self.layout.printed(first, found.edges, number)
            for other in others:
                yield from self.layout.turned(other, number)

    def said(self) -> Iterator[Problem]:
        """That text was recognised, on which pages and with what mean score: a reader of the report should know."""
        if self.scores:
            mean = sum(self.scores.values()) / len(self.scores)
            yield Problem(Stage.EXTRACT, Code.RECOGNISED, f"score {mean:.2f}", ", ".join(page_ranges(list(self.scores))))


def recognise(picture: Pixels, points: float, budget: Budget) -> Recognised:
    """The text of a picture (height x width x blue, green, red); ``points`` of 1/72 inch to a pixel.

    The time it takes is the budget's for pictures. Raises Unreadable at its limit, and CORRUPT for what the library stumbles over.
    """
    budget.spend_pixels(picture.shape[0] * picture.shape[1])
    began = time.monotonic()
    try:
        return _laid_out(*_upright(_engine(), picture), points)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - what the network's libraries raise is open-ended
        if "alloc" in str(error).lower():
            raise MemoryError from None
        raise Unreadable(Code.CORRUPT, f"OCR: {type(error).__name__}") from None
    finally:
        budget.spend_recognition(time.monotonic() - began)


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The library with its models, loaded once in a process."""
    import cv2
    import rapidocr

    class Engine(rapidocr.RapidOCR):  # type: ignore[misc]
        """Turns a tall piece only where it is a line: narrow single characters are tall too."""

        def crop_text_regions(self, img: Pixels, det_boxes: Floats) -> list[Pixels]:
            return [_cropped(img, box.astype(np.float32)) for box in det_boxes]

    cv2.setNumThreads(1)
    models = Path(str(rapidocr.__file__)).parent / "models"
    options: dict[str, Any] = {f"{part}.model_path": str(models / name) for part, name in _MODELS.items()}
    options |= {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    options |= {"Rec.rec_batch_num": 1}  # long lines beside one another take half as much memory again, and no less time
    options |= {"Det.limit_type": "max", "Det.limit_side_len": _SEEN, "Global.log_level": "critical"}
    options |= {"Global.use_preprocess_img": False, "Global.use_vertical_padding": False, "Global.return_word_box": True}
    return Engine(params=options)


def _cropped(picture: Pixels, box: Floats) -> Pixels:
    """The piece of the picture in a four-cornered box, a line that runs downwards turned to the right."""
    import cv2

    width = max(1, round(float(max(np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[2] - box[3])))))
    height = max(1, round(float(max(np.linalg.norm(box[0] - box[3]), np.linalg.norm(box[1] - box[2])))))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(box, corners)
    piece = cv2.warpPerspective(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    return np.ascontiguousarray(np.rot90(piece)) if direction(box, flipped=False) else piece


def _lines(engine: Any, picture: Pixels) -> list[Line]:
    boxes, turns, read, _ = engine.run_ocr_steps(picture, {})
    if read.txts is None:
        return []
    out: list[Line] = []
    for n, (text, score) in enumerate(zip(read.txts, read.scores, strict=True)):
        if score < _SURE or not text.strip():
            continue
        label, sure = turns.cls_res[n]
        info = read.word_results[n]
        columns = [column for word in info.word_cols for column in word]
        out.append(
            Line(boxes.boxes[n], japanese(text), float(score), columns, float(info.line_txt_len), label == "180" and sure > 0.9)
        )
    return out


def _upright(engine: Any, picture: Pixels) -> tuple[Pixels, list[Line]]:
    """The lines, and the picture turned so that they run to the right, where more is read of it then."""
    lines = _lines(engine, picture)
    weights = [sum(len(line.text) * line.score for line in lines if line.direction == way) for way in range(4)]
    way = weights.index(max(weights))
    if not way:
        return picture, lines
    turned = np.ascontiguousarray(np.rot90(picture, way))
    again = _lines(engine, turned)
    better = sum(len(line.text) * line.score for line in again) > sum(weights)
    return (turned, again) if better else (picture, lines)


def _laid_out(picture: Pixels, lines: list[Line], points: float) -> Recognised:
    if not lines:
        return Recognised([], [], 0.0)
    angle = skew(lines)
    found = placed(lines, angle, points, picture.shape)
    sides = found[0].boxes
    size = float(np.median(sides[:, 3] - sides[:, 1])) / points
    edges = turned_edges(_rules(picture, angle, size, points), found[0].turn)
    weight = sum(len(line.text) for line in lines)
    return Recognised(found, edges, sum(line.score * len(line.text) for line in lines) / weight)


def _rules(picture: Pixels, angle: float, size: float, points: float) -> list[Edge]:
    """The ruling lines: dark, straight, thin, and longer than any stroke of a character. ``size`` of the type in pixels."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if angle:
        height, width = grey.shape
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(angle), 1.0)
        grey = cv2.warpAffine(grey, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    out: list[Edge] = []
    for flat, times in ((True, 2.5), (False, 1.3)):  # strokes that go down stand apart from others, those across join
        long = max(12, int(times * size))
        kernel = np.ones((1, long) if flat else (long, 1), dtype=np.uint8)
        opened = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
        _, _, stats, _ = cv2.connectedComponentsWithStats(opened)
        for x, y, width, height, _ in stats[1 : EDGES + 1].tolist():
            if (height if flat else width) <= _THICK:
                middle = (y + height / 2 if flat else x + width / 2) * points
                ends = (x * points, (x + width) * points) if flat else (y * points, (y + height) * points)
                out.append(Edge(True, ends[0], middle, ends[1], middle) if flat else Edge(False, middle, ends[0], middle, ends[1]))
    return out if len(out) <= EDGES else []
