"""Measures what a tagger finds, and learns from it how often which of its values is right."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from models.names import corpora
from models.names.corpora import PERSON, Sentence
from scanner.detect.namenet import Floats, NameNet
from scanner.detect.namespans import spans
from scanner.detect.nametagger import likely
from scanner.detect.tagger import Word

_LOWEST = 0.15


class Judged(NamedTuple):
    """A line's persons as marked and as found: (start, end, value, right)."""

    gold: list[tuple[int, int]]
    found: list[tuple[int, int, float, bool]]


def judge(sentence: Sentence, words: Sequence[Word], shares: Floats) -> Judged:
    """Compare; what touches only ranges that are neither asked nor false is left out."""
    gold = [(a, b) for a, b, kind in sentence.spans if kind == PERSON]
    free = [(a, b) for a, b, kind in sentence.spans if kind == corpora.IGNORED]
    out = []
    for start, end, value in spans(words, shares, _LOWEST):
        right = any(start < b and a < end for a, b in gold)
        if right or not any(start < b and a < end for a, b in free):
            out.append((start, end, value, right))
    return Judged(gold, out)


def found(net: NameNet, encoder: Any, sentences: Sequence[Sentence]) -> list[Judged]:
    """What the network in numpy finds in the sentences."""
    lines = [encoder.tagger.words(s.text) for s in sentences]
    shares = likely(net, encoder.tagger, list(zip((s.text for s in sentences), lines, strict=True)))
    return [judge(s, words, share) for s, words, share in zip(sentences, lines, shares, strict=True)]


def figures(told: Sequence[Judged], least: float) -> dict[str, float]:
    """Precision, recall and F1 of touching ranges, and F1 of equal ones, at a least value."""
    kept = [(j.gold, [f for f in j.found if f[2] >= least]) for j in told]
    right = sum(f[3] for _, fs in kept for f in fs)
    count, marked = sum(len(fs) for _, fs in kept), sum(len(g) for g, _ in kept)
    met = sum(any(a < f[1] and f[0] < b for f in fs) for g, fs in kept for a, b in g)
    exact = sum((f[0], f[1]) in g for g, fs in kept for f in fs)
    precision, recall = right / max(1, count), met / max(1, marked)
    return {
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
        "exact_f1": round(2 * exact / max(1, count + marked), 3),
    }


def calibrate(told: Sequence[Judged]) -> tuple[list[float], list[float]]:
    """Values and the share of right ones at each: isotonic, in steps of at least 40, joined by straight lines."""
    pairs = sorted((f[2], f[3]) for j in told for f in j.found)
    blocks: list[list[float]] = []
    for n in range(0, len(pairs), 40):
        part = pairs[n : n + 40]
        blocks.append([sum(v for v, _ in part), float(sum(r for _, r in part)), float(len(part))])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    return [round(v / n, 4) for v, _, n in blocks], [round(min(0.98, r / n), 4) for _, r, n in blocks]


def speed(net: NameNet, encoder: Any, folder: Path) -> dict[str, int]:
    """Characters a second of the network alone, and of Sudachi with it, on the corpora's sentences in this process."""
    sentences = [s for s in corpora.sentences(folder, "wikipedia_annotated")][:4_000]
    size = sum(len(s.text) for s in sentences)
    fresh = type(encoder.tagger)()
    began = time.perf_counter()
    lines = [fresh.words(s.text) for s in sentences]
    middle = time.perf_counter()
    net.forget()
    for first in range(0, len(sentences), 200):
        part = [(s.text, ws) for s, ws in zip(sentences[first : first + 200], lines[first : first + 200], strict=True)]
        for (_, ws), share in zip(part, likely(net, fresh, part), strict=True):
            list(spans(ws, share, 0.3))
    end = time.perf_counter()
    return {"tagger": round(size / (end - middle)), "sudachi_and_tagger": round(size / (end - began))}
