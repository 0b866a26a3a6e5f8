"""The neural reader of names: GiNZA's entity recogniser, loaded when first asked, lines in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

_LONGEST = 400  # characters of a line that are looked at
_BATCH = 32
_LEFT_OUT = ["parser", "attribute_ruler", "morphologizer", "compound_splitter", "bunsetu_recognizer", "lemmatizer"]


class Recogniser:
    """Persons in lines of text. Some thousand characters a second, so callers count what they ask."""

    def __init__(self) -> None:
        import spacy

        self._model = spacy.load("ja_ginza", exclude=_LEFT_OUT)
        _use_numpy(self._model)

    def persons(self, lines: Sequence[str]) -> Iterator[list[tuple[int, int]]]:
        """For each line the ranges of the persons in it. Control characters and lone surrogates count as spaces."""
        clean = (_clean(line[:_LONGEST]) for line in lines)
        for document in self._model.pipe(clean, batch_size=_BATCH):
            yield [(e.start_char, e.end_char) for e in document.ents if e.label_ == "Person"]


def _clean(line: str) -> str:
    """Of equal length; what the tokenizer refuses is a space."""
    return "".join(" " if c < " " or "\ud800" <= c <= "\udfff" else c for c in line) or " "


def _use_numpy(model: Any) -> None:
    """Multiply matrices with numpy, which is nearly twice as fast as the library's own routine here."""
    from thinc.api import NumpyOps

    class _Ops(NumpyOps):  # type: ignore[misc]
        def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
            product = np.dot(x.T if trans1 else x, y.T if trans2 else y)
            if out is None:
                return product
            out[...] = product
            return out

    ops = _Ops()
    for _, pipe in model.pipeline:
        for node in pipe.model.walk():
            node.ops = ops


@lru_cache(maxsize=1)
def recogniser() -> Recogniser:
    """The recogniser of this process. Raises ImportError or OSError without spacy and ja-ginza."""
    return Recogniser()
