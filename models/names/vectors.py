"""Word vectors of chiVe (Apache-2.0), as the package ja-ginza carries them, brought down to a few dimensions of 8 bits.

Words of like meaning share a vector. Behind its dimensions stand six more: what the dictionary calls the words that share it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scanner.detect.namenet import Floats, word_key
from scanner.detect.tagger import Tag, Tagger

_UNIT = 0.15  # of the vectors' spread: coarse, so that they pack well
_USEFUL = re.compile(r"[一-鿿々ヶァ-ヴー・ぁ-んA-Za-z]{1,10}")
_CALLED = (Tag.SURNAME, Tag.GIVEN, Tag.PERSON, Tag.PLACE, Tag.PROPER, Tag.NOUN)
_DOUBT = 4  # words that count for the mean of all beside those that share a vector
_INFLECTED = frozenset(("動詞", "形容詞", "形状詞", "副詞", "連体詞"))


class Words(NamedTuple):
    """``keys``: sorted numbers of the words; ``rows``: the row of each in ``vectors`` (small integers, in units of ``unit``)."""

    keys: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.int8]
    unit: float


def word_vectors(dimensions: int, tagger: Tagger, met: Iterable[tuple[str, int]]) -> Words:
    """The main directions of the vectors, weighted by how many words share one. Needs spacy and ja-ginza.

    ``met``: words with their ``sort``; inflected ones that have no vector are given that of their plain form.
    """
    import spacy

    model = spacy.load("ja_ginza", exclude=["parser", "ner", "tok2vec"])
    stored = model.vocab.vectors
    every = {model.vocab.strings[k]: row for k, row in stored.key2row.items()}
    listed = {word_key(w): row for w, row in every.items() if _USEFUL.fullmatch(w)}
    data = np.asarray(stored.data, dtype=np.float64)
    weight = np.bincount(list(stored.key2row.values()), minlength=len(data)).astype(np.float64)
    data -= (data * weight[:, None]).sum(0) / weight.sum()
    _, directions = np.linalg.eigh((data * weight[:, None]).T @ data)
    main = data @ directions[:, ::-1][:, :dimensions]
    main = np.concatenate([main / main.std(), _called(every, len(data), tagger)], axis=1)
    main = np.clip(main / _UNIT, -31, 31)
    for word, sort in met:
        if word_key(word) not in listed and tagger.part(sort)[0] in _INFLECTED:
            row = next((every[form] for form in _plain(word, tagger.part(sort)[0], tagger) if form in every), None)
            if row is not None:
                listed[word_key(word)] = row
    keys = np.array(sorted(listed), dtype=np.uint32)
    return Words(keys, np.array([listed[int(k)] for k in keys]), np.round(main).astype(np.int8), _UNIT)


def _called(every: Mapping[str, int], rows: int, tagger: Tagger) -> Floats:
    """For each vector by how much more often than all words the dictionary calls those that share it a surname, a given name …."""
    count = np.zeros((rows, len(_CALLED)))
    known = np.zeros((rows, 1))
    for word, row in every.items():
        if _USEFUL.fullmatch(word) and (tags := tagger.kinds(word)):
            known[row] += 1
            if named := [n for n, tag in enumerate(_CALLED) if tag in tags]:
                count[row, named] += 1 / len(named)
    mean = count.sum(0) / known.sum()
    shares: Floats = np.log((count + _DOUBT * mean) / (known + _DOUBT) / mean).astype(np.float32)
    return shares


def _plain(word: str, part: str, tagger: Tagger) -> Iterable[str]:
    """The plain forms of an inflected word."""
    found: Any
    for found in tagger.looked_up(word):
        if found.part_of_speech()[0] == part:
            yield found.dictionary_form()
            yield found.normalized_form()
