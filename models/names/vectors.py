"""Word vectors of chiVe (Apache-2.0), as the package ja-ginza carries them, brought down to a few dimensions of 8 bits."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scanner.detect.namenet import word_key

_UNIT = 0.15  # of the vectors' spread: coarse, so that they pack well
_USEFUL = re.compile(r"[一-鿿々ヶァ-ヴー・A-Za-z]{1,10}|[ぁ-ん]{1,5}")


class Words(NamedTuple):
    """``keys``: sorted numbers of the words; ``rows``: the row of each in ``vectors`` (small integers, in units of ``unit``)."""

    keys: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.int8]
    unit: float


def word_vectors(dimensions: int) -> Words:
    """The main directions of the vectors, weighted by how many words share one. Needs spacy and ja-ginza."""
    import spacy

    model = spacy.load("ja_ginza", exclude=["parser", "ner", "tok2vec"])
    stored = model.vocab.vectors
    listed = {word_key(w): row for k, row in stored.key2row.items() if _USEFUL.fullmatch(w := model.vocab.strings[k])}
    data = np.asarray(stored.data, dtype=np.float64)
    weight = np.bincount(list(stored.key2row.values()), minlength=len(data)).astype(np.float64)
    data -= (data * weight[:, None]).sum(0) / weight.sum()
    _, directions = np.linalg.eigh((data * weight[:, None]).T @ data)
    main = data @ directions[:, ::-1][:, :dimensions]
    main = np.clip(main / main.std() / _UNIT, -31, 31)
    keys = np.array(sorted(listed), dtype=np.uint32)
    return Words(keys, np.array([listed[int(k)] for k in keys]), np.round(main).astype(np.int8), _UNIT)
