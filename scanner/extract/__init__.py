"""The readers: which formats there are, what a file is, and the reader of each format."""

from __future__ import annotations

import importlib
import importlib.util
from typing import cast

from scanner.contracts import Extractor
from scanner.extract.formats import BY_NAME, FORMATS, Format, Refused
from scanner.extract.sniff import Sniffed, sniff
from scanner.extract.unlock import unlocked
from scanner.problems import Code

__all__ = ["BY_NAME", "FORMATS", "Format", "Refused", "Sniffed", "install_line", "load", "recognises", "sniff", "unlocked"]


def install_line(extra: str) -> str:
    """What to type to install an extra, or the whole again."""
    return f"pip install 'tanaoroshi[{extra}]'" if extra else "pip install 'tanaoroshi'"


def recognises() -> bool:
    """Whether text on pictures can be recognised: the extra ``ocr`` is installed. Imports none of it."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def load(row: Format) -> Extractor:
    """The reader of a format, imported when first asked for.

    Raises Refused: UNSUPPORTED and the like when the format is only recognised (detail: its name), MISSING_EXTRA when a
    library is not installed (detail: the line that installs it).
    """
    if not row.module:
        raise Refused(row, row.refusal, row.name)
    try:
        module = importlib.import_module(f"{__name__}.{row.module}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scanner."):
            raise
        raise Refused(row, Code.MISSING_EXTRA, install_line(row.extra)) from None
    return cast(Extractor, module.extract)
