"""The network in numpy does what its layers say, for any grouping of lines."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from scanner.detect import gazetteer
from scanner.detect.namenet import FORMAT, NameNet, key_of, known_key, known_traits, word_key
from scanner.detect.tagger import Tag, Word
from tests.detect.reading import MODELS


class Words:
    """Takes every word for a noun."""

    def part(self, sort: int) -> tuple[str, ...]:
        return ("名詞", "普通名詞", "一般", "*", "*", "*")

    def kinds(self, word: str) -> frozenset[Tag]:
        return frozenset({Tag.NOUN})


@pytest.fixture
def net(tmp_path: Path) -> NameNet:
    """A small net of random weights that knows two traits and two words."""
    random = np.random.default_rng(4)
    trait_keys = np.sort(np.array([key_of("drp"), key_of("w山田")], dtype=np.uint32))
    word_keys = np.sort(np.array([word_key("会議"), word_key("山田")], dtype=np.uint32))
    stored = {
        "format": np.int32(FORMAT),
        "trait_keys": np.diff(trait_keys, prepend=np.uint32(0)),
        "trait_rows": random.integers(-127, 127, (2, 4)).astype(np.int8),
        "trait_scale": np.full(4, 0.01, dtype=np.float32),
        "word_keys": np.diff(word_keys, prepend=np.uint32(0)),
        "word_rows": np.array([0, 1], dtype=np.uint16),
        "vectors": random.integers(-60, 60, (2, 3)).astype(np.int8),
        "known_keys": np.array([known_key("ナーセル")], dtype=np.uint32),
        "known_bits": np.array([0b10001], dtype=np.uint16),
        "project": (random.normal(size=(3, 4)) / 90).astype(np.float16),
        "bias": random.normal(size=4).astype(np.float16),
        "window": random.normal(size=(4, 3 * 5)).astype(np.float16),
        "window_bias": random.normal(size=5).astype(np.float16),
        "out": (random.normal(size=(2 * 4, 6)) / 2).astype(np.float16),
        "out_bias": random.normal(size=6).astype(np.float16),
        "may": random.normal(size=4).astype(np.float16),
        "may_least": np.float32(-1e9),
        "sure_x": np.array([0.2, 0.8], dtype=np.float32),
        "sure_y": np.array([0.1, 0.9], dtype=np.float32),
    }
    for way in ("forth", "back"):
        stored[f"{way}_read"] = random.normal(size=(5, 4 * 4)).astype(np.float16)
        stored[f"{way}_keep"] = random.normal(size=(4, 4 * 4)).astype(np.float16)
        stored[f"{way}_bias"] = random.normal(size=4 * 4).astype(np.float16)
    np.savez(tmp_path / "weights.npz", **stored)
    return NameNet(tmp_path / "weights.npz", gazetteer.names(MODELS), gazetteer.towns(MODELS))


def numbers(net: NameNet, *words: str) -> list[int]:
    ends = list(accumulate(map(len, words)))
    spans = [Word(Tag.NOUN, end - len(word), end) for word, end in zip(words, ends, strict=True)]
    return net.numbers("".join(words), spans, Words())


def test_lines_do_not_touch_each_other(net: NameNet) -> None:
    first, second = numbers(net, "山田", "会議", "資料"), numbers(net, "資料", "山田")
    together = net.likely([first, second] * 900)
    alone = [net.likely([line])[0] for line in (first, second)]
    for n, shares in enumerate(together):
        assert np.allclose(shares, alone[n % 2], atol=1e-5)
    assert not np.allclose(alone[0][0], alone[1][1])  # the same word in another place


def test_both_neighbours_and_both_ends_of_a_line_count(net: NameNet) -> None:
    line = numbers(net, *"あいうえお")
    asked = line + numbers(net, "山田") + line
    (plain,), (first,), (last,) = (
        net.likely([n]) for n in (asked, [*numbers(net, "会議"), *asked[1:]], [*asked[:-1], *numbers(net, "会議")])
    )
    assert not np.allclose(plain[5], first[5], atol=1e-9) and not np.allclose(plain[5], last[5], atol=1e-9)


def test_a_line_of_words_unlike_names_is_not_read(net: NameNet) -> None:
    net._may_least = 1e9
    (shares,) = net.likely([numbers(net, "山田", "会議")])
    assert not shares.any()


def test_nothing_asked_nothing_told(net: NameNet) -> None:
    assert net.likely([]) == [] and [len(s) for s in net.likely([[], numbers(net, "山田")])] == [0, 1]


def test_shares_are_shares_and_words_differ(net: NameNet) -> None:
    (shares,) = net.likely([numbers(net, "山田", "会議", "ぬぬ")])
    assert shares.shape == (3, 2) and shares.min() > 0 and shares.sum(axis=1).max() < 1
    (a,), (b,) = net.likely([numbers(net, "山田"), numbers(net, "会議")])
    assert not np.allclose(a, b)


def test_sureness_is_read_off_the_measured_line(net: NameNet) -> None:
    assert net.sure(0.5) == pytest.approx(0.5, abs=1e-6)
    assert net.sure(0.0) == pytest.approx(0.1) and net.sure(1.0) == pytest.approx(0.9)


def test_forgetting_gives_the_same_answers(net: NameNet, monkeypatch: pytest.MonkeyPatch) -> None:
    before = net.likely([numbers(net, "山田", "会議")])[0]
    monkeypatch.setattr("scanner.detect.namenet._TYPES", 0)
    net.forget()
    numbers(net, "資料")
    assert np.allclose(before, net.likely([numbers(net, "山田", "会議")])[0])


def test_weights_of_another_format_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", format=np.int32(FORMAT + 1))
    with pytest.raises(ValueError, match="format"):
        NameNet(tmp_path / "w.npz", gazetteer.names(MODELS), gazetteer.towns(MODELS))


def test_what_is_known_of_a_word_counts(net: NameNet) -> None:
    assert known_traits(0b10001) == ["dhp-rp", "dhp", "drp"] and known_traits(0) == []
    known, stranger = net.plain([("ナーセル", 0), ("ナーシル", 0)], Words())
    assert not np.allclose(known, stranger)
