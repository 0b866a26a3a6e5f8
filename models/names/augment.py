"""Sentences of the corpora once more with other people in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from models.names.corpora import PERSON, Sentence
from models.names.people import People


def renamed(sentences: Iterable[Sentence], people: People) -> Iterator[Sentence]:
    """Each sentence that names people, with names drawn anew in the same writing."""
    for sentence in sentences:
        if any(kind == PERSON for *_, kind in sentence.spans):
            yield _renamed(sentence, people)


def _renamed(sentence: Sentence, people: People) -> Sentence:
    text, at = "", 0
    spans, known = [], {}
    for start, end, kind in sorted(sentence.spans):
        if start < at:
            continue
        text += sentence.text[at:start]
        word = sentence.text[start:end]
        if kind == PERSON and people.rng.random() < 0.8:
            if word not in known:
                known[word] = _other(word, people)
            word = known[word]
        spans.append((len(text), len(text) + len(word), kind))
        text += word
        at = end
    return Sentence(text + sentence.text[at:], tuple(spans), "renamed")


def _other(word: str, people: People) -> str:
    if re.fullmatch("[ァ-ヴー]{2,}(?:[・=][ァ-ヴー]{2,})*", word):
        return re.sub("[ァ-ヴー]+", lambda _: people.rng.choice(people.foreign), word)
    if re.fullmatch("[一-鿿々]{1,4} [一-鿿々ぁ-ん]{1,4}", word):
        return f"{people.surname()} {people.given()}"
    if re.fullmatch("[一-鿿々]{3,6}[ぁ-ん]*", word):
        return people.surname() + people.given()
    if word in people.names.surnames:
        return people.surname()
    return people.given() if word in people.names.given else word
