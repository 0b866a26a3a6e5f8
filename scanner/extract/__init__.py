"""The readers: which formats there are, what a file is, and the reader of each format."""

from __future__ import annotations

import importlib
from typing import cast

from scanner.contracts import Extractor
from scanner.extract.formats import BY_NAME, FORMATS, Format, Refused
from scanner.extract.sniff import Sniffed, sniff
from scanner.problems import Code

__all__ = ["BY_NAME", "FORMATS", "Format", "Refused", "Sniffed", "load", "sniff"]


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
        wanted = f"tanaoroshi[{row.extra}]" if row.extra else "tanaoroshi"
        raise Refused(row, Code.MISSING_EXTRA, f"pip install '{wanted}'") from None
    return cast(Extractor, module.extract)
