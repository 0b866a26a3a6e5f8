"""Whether a text tells of the past: persons of history are nobody's personal data."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.detect.namewords import HISTORY

_ENOUGH = 3  # lines about the past
_SHARE = 0.15  # of the lines that say something
_SAYS = 12  # characters: a shorter line says nothing


def past(texts: Iterable[str]) -> bool:
    """Whether so many lines of the texts speak of the past that the people in them are of the past too."""
    told = said = 0
    for text in texts:
        for line in re.finditer(rf"[^\n]{{{_SAYS},}}", text):
            said += 1
            told += HISTORY.search(text, line.start(), line.end()) is not None
    return told >= _ENOUGH and told >= _SHARE * said
