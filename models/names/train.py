"""Trains the name tagger from the open corpora and composed text, and writes its weights and manifest.

    python -m models.names.train --data FOLDER [--epochs 40] [--parts 1] [--composed 6000]

A network learnt without one part of the corpora, or several in turn, says what such a network is worth; the one that ships learns
from all. Needs torch (CPU is enough), jumandic and, for the word vectors, spacy and ja-ginza; see README.md. The product does not.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models import build
from models.names import corpora, lexica, network
from models.names.augment import renamed
from models.names.compose import Composer, foreign_names
from models.names.corpora import Sentence
from models.names.gate import gate
from models.names.judge import Judged, calibrate, figures, found, judge, speed
from models.names.vectors import Words, word_vectors
from scanner.detect import gazetteer
from scanner.detect.namenet import FORMAT, Floats, NameNet, key_of, known_key, known_traits
from scanner.detect.nametraits import traits
from scanner.detect.tagger import tagger

HERE = Path(__file__).resolve().parent
MODELS = HERE.parent
LABELS = {corpora.ORGANISATION: 3, corpora.PLACE: 4, corpora.OTHER: 5, corpora.NOBODY: network.NOBODY}
SETS = {"ner_wikipedia": "ner_wikipedia", "ud_gsd_ne": "ud_gsd", "wikipedia_annotated": "wikipedia_annotated"}
OUT = HERE / "tagger"
Figures = dict[str, dict[str, float]]  # least value → what is measured there → figure
SOURCES = [
    {"what": "stockmarkteam/ner-wikipedia-dataset", "licence": "CC BY-SA 3.0", "used": "four fifths"},
    {"what": "megagonlabs/UD_Japanese-GSD, named entities", "licence": "CC BY-SA 4.0", "used": "four fifths"},
    {"what": "ku-nlp/WikipediaAnnotatedCorpus", "licence": "CC BY-SA 4.0", "used": "four fifths"},
    {"what": "texts of Japanese laws", "licence": "not protected", "used": "lines of four fifths, as naming nobody"},
    {"what": "help of LibreOffice", "licence": "MPL-2.0", "used": "lines of four fifths, as naming nobody"},
    {"what": "chiVe, as ja-ginza carries it", "licence": "Apache-2.0", "used": "word vectors, reduced"},
    {"what": "jumandic", "licence": "BSD-3-Clause", "used": "what Wikipedia told of words, as a few kinds"},
    {"what": "SudachiDict-core", "licence": "Apache-2.0", "used": "words and parts of speech; foreign names in composed lines"},
    {
        "what": "the gazetteers in models/",
        "licence": "see models/manifest.json",
        "used": "traits of words; names in composed lines",
    },
]
_STEP = 0.12  # of the spread of a column: what traits are rounded to, coarse so that they pack well


class Row(NamedTuple):
    """A sentence as the network sees it. ``types``: numbers of its words; ``labels``: -1 where nothing is said."""

    sentence: Sentence
    types: list[int]
    labels: list[int]


class Encoder:
    """Numbers the distinct words (with part of speech) of all sentences and keeps their traits."""

    def __init__(self) -> None:
        self.names, self.towns, self.tagger = gazetteer.names(MODELS), gazetteer.towns(MODELS), tagger()
        self.known = lexica.known(self.tagger)
        self.numbers: dict[tuple[str, int], int] = {}
        self.traits: list[list[str]] = [[]]
        self.words: list[str] = [""]

    def row(self, sentence: Sentence) -> Row:
        """The words of a sentence with their labels."""
        words = self.tagger.words(sentence.text)
        types = [self._number(sentence.text[w.start : w.end], w.sort) for w in words]
        labels = [0] * len(words)
        for start, end, kind in sentence.spans:
            first = True
            for i, w in enumerate(words):
                if w.start < end and w.end > start:
                    labels[i] = (1 if first else 2) if kind == corpora.PERSON else LABELS.get(kind, -1)
                    first = False
        return Row(sentence, types, labels)

    def _number(self, word: str, sort: int) -> int:
        known = self.numbers.get((word, sort))
        if known is None:
            known = self.numbers[word, sort] = len(self.words)
            self.words.append(word)
            told = traits(word, self.tagger.part(sort), bool(sort & 1), self.tagger.kinds, self.names, self.towns)
            self.traits.append([*told, *known_traits(self.known.get(word, 0))])
        return known


class Rows:
    """What is learnt from: each sentence of the corpora in every epoch, with other people every other time; and composed lines."""

    def __init__(self, train: list[Row], chosen: argparse.Namespace, encoder: Encoder, composer: Composer) -> None:
        self._rng, self._composed = random.Random(5), chosen.composed
        self._count, self.own = len(train), train
        people = [n for n, row in enumerate(train) if any(kind == corpora.PERSON for *_, kind in row.sentence.spans)]
        self.rows = list(train)
        self._again: dict[int, list[int]] = {n: [] for n in people}
        for _ in range(chosen.renamed):
            for n, sentence in zip(people, renamed([train[n].sentence for n in people], composer.people), strict=True):
                self._again[n].append(len(self.rows))
                self.rows.append(encoder.row(sentence))
        self._first = len(self.rows)
        self.rows += [encoder.row(s) for s in composer.compose(3 * chosen.composed)]
        self._clean_first, self._clean = len(self.rows), chosen.clean
        drawn = [s for s in corpora.clean(chosen.data) if len(s.text) < 200]
        self.rows += [encoder.row(s) for s in self._rng.sample(drawn, 6 * chosen.clean)]

    def lines(self, part: int, most: int = 1_000) -> list[Row]:
        """Composed lines of the templates of a part."""
        return [row for row in self.rows[self._first : self._clean_first] if row.sentence.part == part][:most]

    def pick(self, without: int = -1) -> list[int]:
        """The numbers of the lines of an epoch. ``without``: a part of the corpora that is left out."""
        rng = self._rng
        chosen = (n for n in range(self._count) if self.rows[n].sentence.part != without)
        own = [rng.choice(self._again[n]) if self._again.get(n) and rng.random() < 0.5 else n for n in chosen]
        lines = [n for n in range(self._first, self._clean_first) if self.rows[n].sentence.part != without]
        own += rng.sample(lines, self._composed)
        return own + rng.sample(range(self._clean_first, len(self.rows)), self._clean)


def vocabulary(rows: list[Row], encoder: Encoder, least: int) -> dict[str, int]:
    """Traits met at least so often among the words, numbered from 1."""
    count: Counter[str] = Counter()
    for row in rows:
        for number in row.types:
            count.update(encoder.traits[number])
    return {t: n for n, t in enumerate(sorted(t for t, c in count.items() if c >= least), 1)}


def export(
    student: network.Net,
    vocab: dict[str, int],
    words: Words,
    known: dict[str, int],
    path: Path,
    sure: tuple[list[float], list[float]],
    may: tuple[Floats | None, float] = (None, -1.0),
) -> None:
    """Write the weights: traits and vectors in few bits, layers in half precision, keys as differences."""
    state = {k: v.detach().numpy() for k, v in student.state_dict().items()}
    keys = {key_of(t): n for t, n in vocab.items()}
    order = sorted(keys)
    rows = state["traits.weight"][[keys[k] for k in order]]
    scale = rows.std(axis=0) * _STEP
    rows = np.clip(np.round(rows / scale), -127, 127)
    order = [k for k, row in zip(order, rows, strict=True) if row.any()]
    bits = {known_key(word): kinds for word, kinds in known.items()}
    stored = {
        "format": np.int32(FORMAT),
        "trait_keys": np.diff(np.array(order, dtype=np.uint32), prepend=np.uint32(0)).astype(np.uint32),
        "trait_rows": rows[rows.any(axis=1)].astype(np.int8),
        "trait_scale": scale.astype(np.float32),
        "word_keys": np.diff(words.keys, prepend=np.uint32(0)).astype(np.uint16),
        "word_rows": words.rows.astype(np.uint16),
        "vectors": words.vectors,
        "known_keys": np.diff(np.array(sorted(bits), dtype=np.uint32), prepend=np.uint32(0)).astype(np.uint16),
        "known_bits": np.array([bits[key] for key in sorted(bits)], dtype=np.uint16),
        "project": (state["project.weight"].T * words.unit).astype(np.float16),
        "bias": state["project.bias"].astype(np.float16),
        "window": np.concatenate(list(state["window.weight"].transpose(2, 1, 0)), axis=1).astype(np.float16),
        "window_bias": state["window.bias"].astype(np.float16),
        "out": state["out.weight"].T.astype(np.float16),
        "out_bias": state["out.bias"].astype(np.float16),
        "may": (np.zeros(len(scale)) if may[0] is None else may[0]).astype(np.float16),
        "may_least": np.float32(may[1]),
        "sure_x": np.array(sure[0], dtype=np.float32),
        "sure_y": np.array(sure[1], dtype=np.float32),
    }
    for way in ("forth", "back"):
        layer = {k.split(".")[2]: _gates(v) for k, v in state.items() if k.startswith(f"{way}.0.")}
        stored[f"{way}_read"] = layer["weight_ih_l0"].astype(np.float16)
        stored[f"{way}_keep"] = layer["weight_hh_l0"].astype(np.float16)
        stored[f"{way}_bias"] = (layer["bias_ih_l0"] + layer["bias_hh_l0"]).astype(np.float16)
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, **stored)


def _gates(weights: Floats) -> Floats:
    """Torch's order (in, kept, taken, out) as the product has it: taken, in, kept, out; turned for rows of words."""
    entry, kept, taken, out = np.split(weights, 4)
    return np.concatenate([taken, entry, kept, out]).T


def ship(
    net: network.Net, vocab: dict[str, int], words: Words, path: Path, encoder: Encoder, rows: Rows, told: Sequence[Judged]
) -> None:
    """Write the weights, twice: to learn from them which words may be names. ``told``: by networks not shown the lines."""
    sure = calibrate(told)
    export(net, vocab, words, encoder.known, path, sure)
    may = gate(NameNet(path, encoder.names, encoder.towns), encoder, rows.rows, rows.own)
    export(net, vocab, words, encoder.known, path, sure, may)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that holds ner/*.jsonl")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument(
        "--parts", type=int, default=corpora.PARTS, help="so many parts of the corpora are left out in turn to measure"
    )
    parser.add_argument("--composed", type=int, default=6_000, help="lines composed from templates in each epoch")
    parser.add_argument("--clean", type=int, default=2_500, help="lines that name nobody in each epoch")
    parser.add_argument("--renamed", type=int, default=2, help="how often sentences with people are had with other names")
    parser.add_argument("--least", type=int, default=4, help="a trait met less often is left out")
    parser.add_argument("--size", type=int, default=48)
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--memory", type=int, default=64)
    parser.add_argument("--dimensions", type=int, default=64, help="of the word vectors")
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args()


def main() -> int:
    """Train, write, measure."""
    chosen, began = arguments(), time.monotonic()
    random.seed(11)
    encoder = Encoder()
    train = [encoder.row(s) for name in corpora.SETS for s in corpora.sentences(chosen.data, name)]
    rows = Rows(train, chosen, encoder, Composer(encoder.names, encoder.towns, foreign_names(MODELS), 7))
    vocab = vocabulary([rows.rows[n] for n in rows.pick()], encoder, chosen.least)
    words = word_vectors(chosen.dimensions, encoder.tagger, encoder.numbers)
    matrix = network.Matrix(encoder.words, encoder.traits, vocab, words)
    print(f"{len(train)} lines, {len(vocab)} traits, {len(encoder.words)} words; {time.monotonic() - began:.0f} s", flush=True)

    def fitted(without: int) -> network.Net:
        net = network.Net(matrix, size=chosen.size, width=chosen.width, memory=chosen.memory, seed=100)
        network.fit(net, rows.rows, lambda: rows.pick(without), epochs=chosen.epochs)
        return net

    told: list[Judged] = []
    lines: list[Judged] = []
    for part in range(chosen.parts):
        net = fitted(part)
        for group, aside in ((told, [row for row in train if row.sentence.part == part]), (lines, rows.lines(part))):
            judged = told_by(aside, network.say(net, aside))
            print(f"part {part}", figures_of(judged), flush=True)
            group += judged
    net, weights = fitted(-1), chosen.out / "weights.npz"
    ship(net, vocab, words, weights, encoder, rows, (told + lines) or told_by(train, network.say(net, train)))
    parts = {"corpora": figures_of(told), "composed": figures_of(lines)}
    report(chosen, NameNet(weights, encoder.names, encoder.towns), encoder, parts, time.monotonic() - began)
    return 0


def told_by(rows: Sequence[Row], said: Sequence[Floats]) -> list[Judged]:
    """What networks say of lines before they are put into numpy."""
    return [judge(r.sentence, tagger().words(r.sentence.text), shares[:, 1:3]) for r, shares in zip(rows, said, strict=True)]


def figures_of(told: Sequence[Judged]) -> Figures:
    """At several least values."""
    return {str(at): figures(told, at) for at in (0.4, 0.5, 0.6, 0.7)}


def report(
    chosen: argparse.Namespace, net: NameNet, encoder: Encoder, parts: dict[str, dict[str, dict[str, float]]], seconds: float
) -> None:
    """Measure on what was kept aside and write the manifest."""
    measured = {}
    for name, prefix in SETS.items():
        kept = [s for f in corpora.SETS if f.startswith(prefix) for s in corpora.sentences(chosen.data, f, kept=True)]
        told = found(net, encoder, kept)
        measured[name] = figures_of(told) | {"persons": sum(len(j.gold) for j in told)}
        print(name, measured[name], flush=True)
    path = chosen.out / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) if path.exists() else {}
    manifest |= {
        "sources": SOURCES,
        "date": datetime.date.today().isoformat(),
        "command": {k: v for k, v in vars(chosen).items() if k not in ("data", "out")},
        "training_seconds": round(seconds),
        "parts_left_out_in_turn": parts,
        "kept_aside_overlap": measured,
        "characters_per_second": speed(net, encoder, chosen.data),
        "bytes": (chosen.out / "weights.npz").stat().st_size,
    }
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(manifest["characters_per_second"], manifest["bytes"])
    if chosen.out == OUT:
        build.enter("names/tagger/weights.npz", "names/tagger/manifest.json")


if __name__ == "__main__":
    raise SystemExit(main())
