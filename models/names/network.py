"""The network in torch: a window over three words, then memories in both directions."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.names.vectors import Words
from scanner.detect.namenet import word_key

torch.set_num_threads(1)
KINDS = 6  # nothing, begins a name, continues one, organisation, place, other proper name
NOBODY = -2  # the label of a word that belongs to no person, and may be anything else
_BATCH = 1_800  # words
_SMOOTH = 0.02
_FORM = frozenset("f12789c")  # traits of a word's spelling alone
_BLANK, _STRANGE = 0.06, 0.1  # nouns of which nothing is told in a step of training, and those of which only the spelling is


class Matrix:
    """For every distinct word the numbers of its traits and its vector, ready for lookups."""

    def __init__(self, words: Sequence[str], traits: Sequence[Sequence[str]], vocab: dict[str, int], vectors: Words) -> None:
        listed = [[vocab[t] for t in ts if t in vocab] for ts in traits]
        self.traits = torch.zeros(len(words), max(map(len, listed)), dtype=torch.long)
        self.vectors = torch.zeros(len(words), vectors.vectors.shape[1])
        for n, numbers in enumerate(listed):
            self.traits[n, : len(numbers)] = torch.tensor(numbers, dtype=torch.long)
        for n, word in enumerate(words):
            for form in (word, word.lower()):
                at = int(np.searchsorted(vectors.keys, np.uint32(word_key(form))))
                if word and at < len(vectors.keys) and vectors.keys[at] == word_key(form):
                    self.vectors[n] = torch.from_numpy(vectors.vectors[vectors.rows[at]].astype(np.float32)) * vectors.unit
                    break
        self.count = len(vocab) + 1
        self.spelling, self.form = torch.zeros(self.count), torch.zeros(self.count)
        for trait, number in vocab.items():
            self.spelling[number] = float(trait[0] == "w")
            self.form[number] = float(trait[0] in _FORM)
        self.nouns = torch.tensor([any(t[0] == "K" for t in ts) for ts in traits])


class Net(nn.Module):
    """Sum of traits and vector, a window of three words, memories read from both ends. ``layers``: of memories."""

    def __init__(self, matrix: Matrix, *, size: int, width: int, memory: int, layers: int = 1, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.matrix = matrix
        self.traits = nn.Embedding(matrix.count, size)
        nn.init.normal_(self.traits.weight, 0, 0.1)
        self.project = nn.Linear(matrix.vectors.shape[1], size)
        nn.init.normal_(self.project.weight, 0, 0.1)
        self.window = nn.Conv1d(size, width, 3, padding=1)
        widths = (width, *(2 * memory for _ in range(layers - 1)))
        self.forth = nn.ModuleList(nn.LSTM(w, memory, batch_first=True) for w in widths)
        self.back = nn.ModuleList(nn.LSTM(w, memory, batch_first=True) for w in widths)
        for lstm in (*self.forth, *self.back):
            nn.init.orthogonal_(lstm.weight_hh_l0)
            nn.init.zeros_(lstm.bias_hh_l0)
            nn.init.zeros_(lstm.bias_ih_l0)
            lstm.bias_ih_l0.data[memory : 2 * memory] = 1.0
        self.out = nn.Linear(2 * memory, KINDS)

    def forward(self, numbers: Tensor) -> Tensor:
        """Lines of words, 0 after their end, in; logits out."""
        distinct, places = torch.unique(numbers, return_inverse=True)
        listed, vectors = self.matrix.traits[distinct], self.matrix.vectors[distinct]
        keep = (listed > 0).float()
        if self.training:
            keep *= (torch.rand(listed.shape) > 0.2 + 0.4 * self.matrix.spelling[listed]).float()
            vectors = vectors * (torch.rand(len(vectors), 1) > 0.1).float()
            draw, nouns = torch.rand(len(distinct)), self.matrix.nouns[distinct]
            blank, strange = nouns & (draw < _BLANK), nouns & (draw >= _BLANK) & (draw < _BLANK + _STRANGE)
            vectors[blank | strange] = 0
            keep[blank] = 0
            keep[strange] *= self.matrix.form[listed[strange]]
        x = F.embedding_bag(listed, self.traits.weight, per_sample_weights=keep, mode="sum") + self.project(vectors)
        holds = (numbers > 0).float().unsqueeze(2)
        x = F.dropout(x[places] * holds, 0.12, self.training)
        x = F.relu(self.window(x.transpose(1, 2)).transpose(1, 2)) * holds
        x = F.dropout(x, 0.25, self.training)
        counts, steps = (numbers > 0).sum(1, keepdim=True), torch.arange(numbers.shape[1])[None]
        mirror = torch.where(steps < counts, counts - 1 - steps, steps)[:, :, None]
        for forth, back in zip(self.forth, self.back, strict=True):
            y = back(torch.gather(x, 1, mirror.expand(-1, -1, x.shape[2])))[0]
            y = torch.gather(y, 1, mirror.expand(-1, -1, y.shape[2]))
            x = F.dropout(torch.cat([forth(x)[0], y], 2) * holds, 0.25, self.training)
        return self.out(x)


def batches(rows: Sequence[Any], *, shuffled: bool) -> Iterator[tuple[list[int], Tensor, Tensor]]:
    """Lines of like length together: their indices, words, and labels."""
    order = sorted((n for n, r in enumerate(rows) if r.types), key=lambda n: len(rows[n].types) + random.random() * 4 * shuffled)
    groups: list[list[int]] = [[]]
    for n in order:
        if (len(groups[-1]) + 1) * (len(rows[n].types) + 2) > _BATCH and groups[-1]:
            groups.append([])
        groups[-1].append(n)
    if shuffled:
        random.shuffle(groups)
    for group in filter(None, groups):
        shape = len(group), max(len(rows[n].types) for n in group)
        numbers, labels = np.zeros(shape, np.int64), np.full(shape, -1, np.int64)
        for i, n in enumerate(group):
            numbers[i, : len(rows[n].types)] = rows[n].types
            labels[i, : len(rows[n].types)] = rows[n].labels
        yield group, torch.from_numpy(numbers), torch.from_numpy(labels)


def fit(net: Net, rows: Sequence[Any], pick: Callable[[], list[int]], *, epochs: int, rate: float = 3e-3) -> None:
    """Train; at the end the net holds the running mean of its weights. ``pick``: the rows of an epoch."""
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
    mean = copy.deepcopy(net)
    total = epochs * sum(1 for _ in batches([rows[n] for n in pick()], shuffled=False))
    done, began = 0, time.monotonic()
    for epoch in range(epochs):
        net.train()
        lost, chosen = 0.0, pick()
        for _, numbers, labels in batches([rows[n] for n in chosen], shuffled=True):
            logits = net(numbers)
            loss = F.cross_entropy(logits.flatten(0, 1), labels.clamp(-1).flatten(), ignore_index=-1, label_smoothing=_SMOOTH)
            if (nobody := labels == NOBODY).any():
                shares = logits[nobody].log_softmax(1)
                loss = loss - torch.logsumexp(shares[:, [0, 3, 4, 5]], 1).sum() / labels.numel()
            optimiser.param_groups[0]["lr"] = rate * min(1.0, done / 100 + 0.05) * max(0.02, 1 - done / total)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            done += 1
            lost += loss.item()
            share = min(0.01, 1 / done) if done > 50 else 1.0
            with torch.no_grad():
                for a, b in zip(mean.parameters(), net.parameters(), strict=True):
                    a.lerp_(b, share)
        print(f"  epoch {epoch}: {lost * epochs / total:.4f}, {time.monotonic() - began:.0f} s", flush=True)
    net.load_state_dict(mean.state_dict())
    net.eval()


def say(net: Net, rows: Sequence[Any]) -> list[np.ndarray[Any, Any]]:
    """For each line the shares of all kinds for each word."""
    net.eval()
    out: list[np.ndarray[Any, Any]] = [np.zeros((len(r.types), KINDS), np.float32) for r in rows]
    with torch.no_grad():
        for group, numbers, _ in batches(rows, shuffled=False):
            shares = net(numbers).softmax(2).numpy()
            for i, n in enumerate(group):
                out[n] = shares[i, : len(rows[n].types)]
    return out
