"""Sentences of the corpora once more with other people in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from models.names.compose import Composer
from models.names.corpora import PERSON, Sentence


def renamed(sentences: Iterable[Sentence], composer: Composer) -> Iterator[Sentence]:
    """Each sentence that names people, with names drawn anew in the same writing."""
    for sentence in sentences:
        if any(kind == PERSON for *_, kind in sentence.spans):
            yield _renamed(sentence, composer)


def _renamed(sentence: Sentence, composer: Composer) -> Sentence:
    text, at = "", 0
    spans, known = [], {}
    for start, end, kind in sorted(sentence.spans):
        if start < at:
            continue
        text += sentence.text[at:start]
        word = sentence.text[start:end]
        if kind == PERSON and composer.rng.random() < 0.8:
            if word not in known:
                known[word] = _other(word, composer)
            word = known[word]
        spans.append((len(text), len(text) + len(word), kind))
        text += word
        at = end
    return Sentence(text + sentence.text[at:], tuple(spans), "renamed")


def _other(word: str, composer: Composer) -> str:
    if re.fullmatch("[ァ-ヴー]{2,}(?:[・=][ァ-ヴー]{2,})*", word):
        return re.sub("[ァ-ヴー]+", lambda _: composer.rng.choice(composer.foreign), word)
    if re.fullmatch("[一-鿿々]{1,4} [一-鿿々ぁ-ん]{1,4}", word):
        return f"{composer.surname()} {composer.given()}"
    if re.fullmatch("[一-鿿々]{3,6}[ぁ-ん]*", word):
        return composer.surname() + composer.given()
    if word in composer.names.surnames:
        return composer.surname()
    return composer.given() if word in composer.names.given else word
