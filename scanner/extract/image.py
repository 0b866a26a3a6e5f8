"""Reads pictures, every page of those that have several: what is written on them, where text recognition is asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from scanner.contracts import Budget
from scanner.extract.ocr import LONGEST, Pixels, Recognition
from scanner.extract.pagelayout import Layout
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Code, Problem, Unreadable
from scanner.text.blocks import BlockWriter

_KINDS = ("PNG", "JPEG", "GIF", "BMP", "DIB", "TIFF", "WEBP", "JPEG2000", "ICO", "AVIF", "HEIF")
_ONE = ("MPO", "ICO")  # kinds that hold one picture several times
_LARGEST = 150_000_000  # pixels of one picture that are unpacked: below what Pillow refuses itself
_SMALLEST = 12  # pixels of the shorter side: no character fits in less
_LEAST = 1_000  # pixels of the longer side: smaller pictures are shown to the network twice as large
_A4 = 842.0  # points: the longer side that a picture is taken to have

with contextlib.suppress(ImportError):
    import pi_heif

    pi_heif.register_heif_opener()


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Each page's text. Raises Unreadable: IMAGE_ONLY where recognition is not asked for or not installed."""
    if not budget.ocr:
        raise Unreadable(Code.IMAGE_ONLY)
    read = Recognition(Layout(BlockWriter()))
    Image.init()
    image = _bordered(partial(Image.open, stream, formats=[kind for kind in _KINDS if kind in Image.OPEN]))
    with image:
        count = 1 if image.format in _ONE else max(1, int(_bordered(lambda: getattr(image, "n_frames", 1))))
        yield Trait("pages", str(count))
        limit: Problem | None = None
        for number in range(1, count + 1):
            try:
                budget.spend_part()
                picture = _bordered(partial(_picture, image, number))
                if picture is not None:
                    yield from read.page(picture, _A4 / max(picture.shape), number, budget)
            except Unreadable as trouble:
                limit = replace(trouble.problem, where=f"p.{number}-{count}" if number < count else f"p.{number}")
                if trouble.problem.code is not Code.CORRUPT:
                    break
                yield limit
                limit = None
    yield from read.said()
    if limit is not None:
        yield limit


def _bordered(take: Callable[[], Any]) -> Any:
    """What Pillow gives. Raises Unreadable whatever it stumbles over."""
    try:
        return take()
    except (Unreadable, MemoryError):
        raise
    except UnidentifiedImageError:
        raise Unreadable(Code.UNSUPPORTED, "image") from None
    except Image.DecompressionBombError:
        raise Unreadable(Code.TOO_LARGE, f"pixels > {_LARGEST}") from None
    except Exception as error:  # noqa: BLE001 - damaged pictures make Pillow raise all kinds of errors
        raise Unreadable(Code.CORRUPT, type(error).__name__) from None


def _picture(image: Any, number: int) -> Pixels | None:
    """One page of a picture file, in blue, green and red; None when it is too small to hold writing."""
    image.seek(number - 1)
    width, height = image.size
    if width * height > _LARGEST:
        raise Unreadable(Code.TOO_LARGE, f"pixels > {_LARGEST}")
    if min(width, height) < _SMALLEST:
        return None
    image.draft("RGB", (LONGEST, LONGEST))
    return _prepared(image)


def _prepared(image: Any) -> Pixels:
    if max(image.size) > LONGEST:
        image = image.convert("L") if image.mode in ("1", "P", "L", "I;16", "I", "F") else image
        image = image.reduce(max(1, max(image.size) // LONGEST))
        image.thumbnail((LONGEST, LONGEST))
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        shown = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown)
    image = image.convert("RGB")
    if max(image.size) < _LEAST:
        image = image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
