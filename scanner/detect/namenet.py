"""The trained tagger's network in numpy: traits of words in, for each word how likely it begins or continues a person's name.

A word's traits and its vector are summed and looked at with its neighbours (a window of three); then two memories read the line,
one from either end (LSTM, Hochreiter and Schmidhuber 1997). All lines of a call go through together, longest first, so that one
multiplication serves every line at each step. What depends on the word alone is worked out once and remembered; lines whose words
are all unlike any name end there.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scanner.detect.gazetteer import Names, Towns
from scanner.detect.nametraits import traits
from scanner.detect.tagger import Tagger, Word

Floats = npt.NDArray[np.float32]
Keys = npt.NDArray[np.uint32]
FORMAT = 3
KNOWN = ("hp", "hl", "ho", "hx", "rp", "rl", "ro", "rq", "rx", "pp", "pl", "po")  # what an encyclopedia told of words; lexica.py
_CHUNK = 1_024  # words at once: what is worked out for them fits a processor's cache
_TRAITS = 50_000  # traits remembered in a worker, 0.2 kB each
_KNOWN_BITS, _WORD_BITS = 5, 6  # of a key that are left out, so that the weights are small
_TYPES = 40_000  # words remembered in a worker, 1 kB each


class NameNet:
    """Weights of ``models/names/tagger/weights.npz``. Raises OSError when missing, ValueError when of another format."""

    def __init__(self, path: Path, names: Names, towns: Towns) -> None:
        with np.load(path, allow_pickle=False) as data:
            stored: dict[str, Any] = {key: data[key] for key in data.files}
        if int(stored["format"]) != FORMAT:
            raise ValueError("weights of another format")
        self._names, self._towns = names, towns
        self._traits = np.cumsum(stored["trait_keys"], dtype=np.uint32)
        rows = stored["trait_rows"]
        self._trait_rows = np.concatenate([rows, np.zeros_like(rows[:1])])  # the last one: of traits that it does not know
        self._trait_scale = stored["trait_scale"].astype(np.float32)
        self._word_keys = np.cumsum(stored["word_keys"], dtype=np.uint32)
        self._word_rows = stored["word_rows"]
        self._vectors = stored["vectors"]
        self._project = stored["project"].astype(np.float32)
        self._bias = stored["bias"].astype(np.float32)
        self._window = stored["window"].astype(np.float32)
        self._window_bias = stored["window_bias"].astype(np.float32)
        self._read = [_for_tanh(stored[f"{way}_read"]) for way in ("forth", "back")]
        self._read_bias = [_for_tanh(stored[f"{way}_bias"]) for way in ("forth", "back")]
        self._keep = np.stack([_for_tanh(stored[f"{way}_keep"]) for way in ("forth", "back")])
        self._out = stored["out"].astype(np.float32)
        self._out_bias = stored["out_bias"].astype(np.float32)
        self._may_weights, self._may_least = stored["may"].astype(np.float32), float(stored["may_least"])
        self._known_keys = np.cumsum(stored["known_keys"], dtype=np.uint32)
        self._known_bits = stored["known_bits"]
        self._sure = (stored["sure_x"].astype(np.float64), stored["sure_y"].astype(np.float64))
        self._gates = np.empty((2 * _CHUNK, self._read[0].shape[1]), dtype=np.float32)  # the same memory for every group of lines
        self._rows: dict[str, int] = {}  # of traits met before
        self._memo: dict[tuple[str, int], int] = {}
        self._new: list[tuple[str, list[str]]] = []
        self._known = 1
        self._types = np.zeros((1_024, self._window.shape[1]), dtype=np.float32)
        self._may = np.zeros(1_024, dtype=np.bool_)

    def sure(self, value: float) -> float:
        """The share of names among words that the network gave this value, measured on texts kept aside."""
        return float(np.interp(value, *self._sure))

    def numbers(self, line: str, words: Sequence[Word], tagger: Tagger) -> list[int]:
        """The numbers of a line's words, as ``tagger`` gives them, for ``likely``; they hold until ``forget``."""
        memo, out = self._memo, []
        for _, start, end, sort in words:
            key = (line[start:end], sort)
            found = memo.get(key)
            if found is None:
                found = memo[key] = len(memo) + 1
                self._new.append((key[0], self._told(*key, tagger)))
            out.append(found)
        return out

    def plain(self, types: Sequence[tuple[str, int]], tagger: Tagger) -> Floats:
        """Words by themselves, each with its ``sort``: what ``gate`` is learnt from."""
        return self._plain([(word, self._told(word, sort, tagger)) for word, sort in types])

    def _told(self, word: str, sort: int, tagger: Tagger) -> list[str]:
        return traits(word, tagger.part(sort), bool(sort & 1), tagger.kinds, self._names, self._towns)

    def forget(self) -> None:
        """Drop what is remembered of words when it has become too much. Numbers given before lose their meaning."""
        if len(self._memo) > _TYPES:
            self._memo.clear()
            self._new.clear()
            self._known = 1

    def _learn(self) -> None:
        """What the window makes of the words met since the last time, all at once."""
        if not self._new:
            return
        end = self._known + len(self._new)
        while end > len(self._types):
            self._types = np.concatenate([self._types, np.zeros_like(self._types)])
            self._may = np.concatenate([self._may, np.zeros_like(self._may)])
        plain = self._plain(self._new)
        self._types[self._known : end] = plain @ self._window
        self._may[self._known : end] = plain @ self._may_weights >= self._may_least
        self._known = end
        self._new.clear()

    def _plain(self, new: Sequence[tuple[str, list[str]]]) -> Floats:
        """Sums of traits and vectors."""
        words = [word for word, _ in new]
        keys = keys_of(words)
        bits = self._known_of((keys >> _KNOWN_BITS).astype(np.uint32)).tolist()
        told = [[*known_traits(known), *told] if known else told for known, (_, told) in zip(bits, new, strict=True)]
        sizes = np.fromiter(map(len, told), dtype=np.int64, count=len(told))
        sums = np.add.reduceat(self._trait_rows[self._rows_of(told)].astype(np.float32), np.cumsum(sizes) - sizes, axis=0)
        plain: Floats = sums * self._trait_scale + self._bias + self._meaning(words, keys) @ self._project
        return plain

    def _rows_of(self, told: Sequence[Sequence[str]]) -> npt.NDArray[np.int64]:
        """The rows of all traits of words, one word after the other; each is looked up once and then remembered."""
        rows, flat = self._rows, list(chain.from_iterable(told))
        if len(rows) > _TRAITS:
            rows.clear()
        new = list(set(flat).difference(rows))
        if new:
            keys = keys_of(new)
            at = np.searchsorted(self._traits, keys)
            at[self._traits[np.minimum(at, len(self._traits) - 1)] != keys] = len(self._traits)
            rows.update(zip(new, at.tolist(), strict=True))
        return np.fromiter(map(rows.__getitem__, flat), dtype=np.int64, count=len(flat))

    def _known_of(self, keys: Keys) -> npt.NDArray[np.uint16]:
        """What an encyclopedia told of words: a bit for each of ``KNOWN``."""
        at = np.minimum(np.searchsorted(self._known_keys, keys), len(self._known_keys) - 1)
        bits: npt.NDArray[np.uint16] = self._known_bits[at] * (self._known_keys[at] == keys)
        return bits

    def _meaning(self, words: Sequence[str], keys: Keys) -> Floats:
        """Their vectors, of small letters where the word as it stands has none; zero for strangers."""
        both = np.stack([keys, keys_of([word.lower() for word in words])], axis=1) >> _WORD_BITS
        at = np.minimum(np.searchsorted(self._word_keys, both), len(self._word_keys) - 1)
        known = self._word_keys[at] == both
        pick = np.where(known[:, 0], at[:, 0], at[:, 1])
        out: Floats = self._vectors[self._word_rows[pick]].astype(np.float32)
        out *= known.any(axis=1)[:, None]
        return out

    def likely(self, lines: Sequence[Sequence[int]]) -> list[Floats]:
        """For each line of numbers a row for each word: that it begins a name, that it continues one."""
        self._learn()
        out: list[Floats] = [np.zeros((len(line), 2), dtype=np.float32) for line in lines]
        order = sorted(self._worth(lines), key=lambda n: -len(lines[n]))
        first = 0
        while first < len(order):
            last, size = first, 0
            while last < len(order) and (size == 0 or size + len(lines[order[last]]) <= _CHUNK):
                size += len(lines[order[last]])
                last += 1
            group = order[first:last]
            if 2 * size > len(self._gates):
                self._gates = np.empty((2 * size, self._read[0].shape[1]), dtype=np.float32)
            shares = self._run([lines[n] for n in group])
            at = 0
            for n in group:
                out[n] = shares[at : at + len(lines[n])]
                at += len(lines[n])
            first = last
        return out

    def _worth(self, lines: Sequence[Sequence[int]]) -> list[int]:
        """Which lines hold a word that is like a name's."""
        asked = [n for n, line in enumerate(lines) if line]
        if not asked:
            return []
        lengths = np.array([len(lines[n]) for n in asked])
        numbers = np.fromiter(chain.from_iterable(lines), dtype=np.int64, count=int(lengths.sum()))
        held = np.logical_or.reduceat(self._may[numbers], np.cumsum(lengths) - lengths)
        return [n for n, worth in zip(asked, held.tolist(), strict=True) if worth]

    def _run(self, lines: Sequence[Sequence[int]]) -> Floats:
        """Shares for all words of the lines, longest first, one line after the other."""
        lengths = np.array([len(line) for line in lines])
        starts = np.cumsum(lengths) - lengths
        numbers = np.fromiter(chain.from_iterable(lines), dtype=np.int64, count=int(lengths.sum()))
        x = self._look(numbers, starts)
        steps = np.arange(lengths[0])[:, None]
        held = steps < lengths
        forth = (starts + steps)[held]
        back = (starts + lengths - 1 - steps)[held]
        counts = held.sum(axis=1).tolist()
        gates = self._gates[: 2 * len(numbers)].reshape(2, len(numbers), -1)
        for way, read, bias, into in zip((forth, back), self._read, self._read_bias, gates, strict=True):
            np.matmul(x[way], read, out=into)
            into += bias
        told = self._remember(gates, counts)
        half = len(self._out) // 2
        logits = np.empty((len(numbers), self._out.shape[1]), dtype=np.float32)
        logits[forth] = told[0] @ self._out[:half] + self._out_bias
        logits[back] += told[1] @ self._out[half:]
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        shares: Floats = logits[:, 1:3] / logits.sum(axis=1, keepdims=True)
        return shares

    def _look(self, numbers: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]) -> Floats:
        """Each word with its neighbours in the line."""
        width = len(self._window_bias)
        before, after = np.empty_like(numbers), np.empty_like(numbers)
        before[1:], after[:-1] = numbers[:-1], numbers[1:]
        before[starts] = 0
        after[starts - 1] = 0  # the last word of the line before; -1: of the last line
        parts = self._types.reshape(len(self._types), 3, width)
        x: Floats = parts[before, 0]
        x += parts[numbers, 1]
        x += parts[after, 2]
        x += self._window_bias
        np.maximum(x, 0, out=x)
        return x

    def _remember(self, gates: Floats, counts: list[int]) -> Floats:
        """Both memories over words in the order of their place in the line; ``counts``: how many lines have a word there."""
        size = self._keep.shape[1]
        told: Floats = np.empty((2, gates.shape[1], size), dtype=np.float32)
        h = np.zeros((2, counts[0], size), dtype=np.float32)
        c = np.zeros((2, counts[0], size), dtype=np.float32)
        at = 0
        for count in counts:
            g = gates[:, at : at + count]
            if at:
                h, c = h[:, :count], c[:, :count]
                g += h @ self._keep
            np.tanh(g, out=g)
            doors = g[..., size:]
            doors *= 0.5
            doors += 0.5
            c = doors[..., size : 2 * size] * c + doors[..., :size] * g[..., :size]
            h = np.multiply(doors[..., 2 * size :], np.tanh(c), out=told[:, at : at + count])
            at += count
        return told


def _for_tanh(stored: npt.NDArray[np.float16]) -> Floats:
    """Weights towards what is taken in, then the three gates (in, kept, out), whose sigmoid is told by a tanh of half."""
    out: Floats = np.ascontiguousarray(stored.astype(np.float32))
    out[..., out.shape[-1] // 4 :] *= 0.5
    return out


def known_key(word: str) -> int:
    """The number under which the weights have what is known of a word: 27 bits, so that one stranger in 1,300 is mistaken."""
    return key_of(word) >> _KNOWN_BITS


def known_traits(bits: int) -> list[str]:
    """Traits of a word of which so much is known: all together, then each where there are several."""
    kinds = [kind for n, kind in enumerate(KNOWN) if bits >> n & 1]
    return ["d" + "-".join(kinds), *("d" + kind for kind in kinds if len(kinds) > 1)] if kinds else []


def word_key(word: str) -> int:
    """The number under which the weights know a word's vector: 26 bits, so that one unknown word in 150 gets a stranger's."""
    return key_of(word) >> _WORD_BITS


def key_of(text: str) -> int:
    """The number under which the weights know a trait or a word."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def keys_of(texts: Sequence[str]) -> Keys:
    """The same of many."""
    try:
        told = map(zlib.crc32, list(map(str.encode, texts)))
    except UnicodeEncodeError:  # a lone surrogate
        told = map(key_of, texts)
    return np.fromiter(told, dtype=np.uint32, count=len(texts))
