"""Which words may belong to a name at all: one weight for each direction of a word's own vector, and a least value.

Lines without such a word are never read by the network. Learnt after it, from the same lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from models.names.corpora import PERSON
from scanner.detect.namenet import Floats, NameNet

_MISSED = 0.01  # of the lines that name people


def gate(net: NameNet, encoder: Any, rows: Sequence[Any], own: Sequence[Any]) -> tuple[Floats, float]:
    """Weights and least value. ``rows``: lines to learn from; ``own``: those of the corpora, of which the least value is drawn."""
    inside, seen = Counter[int](), Counter[int]()
    for row in rows:
        seen.update(row.types)
        inside.update(t for t, label in zip(row.types, row.labels, strict=True) if label in (1, 2))
    plain = torch.from_numpy(net.plain([*encoder.numbers], encoder.tagger))
    kinds = list(seen)
    x = plain[torch.tensor(kinds) - 1]
    share = torch.tensor([inside[k] / seen[k] for k in kinds])
    weight = torch.tensor([float(seen[k]) ** 0.5 for k in kinds])
    w = torch.zeros(x.shape[1] + 1, requires_grad=True)
    optimiser = torch.optim.LBFGS([w], max_iter=200)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = (F.binary_cross_entropy_with_logits(x @ w[1:] + w[0], share, reduction="none") * weight).mean() + 1e-4 * (
            w * w
        ).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    weights = w.detach().numpy()[1:].astype(np.float16).astype(np.float32)
    values = plain.numpy() @ weights
    best = []
    for row in own:
        if any(kind == PERSON for *_, kind in row.sentence.spans):
            best.append(max(values[t - 1] for t in row.types))
    least = float(np.quantile(best, _MISSED)) - 1e-3
    passed = sum(len(r.types) for r in own if max((values[t - 1] for t in r.types), default=-1e9) >= least)
    print(f"gate: {passed / sum(len(r.types) for r in own):.3f} of the words are read", flush=True)
    return weights, least
