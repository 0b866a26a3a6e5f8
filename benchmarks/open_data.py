"""The open sets of other people, read where they lie; none of their text is ever kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Range = tuple[int, int]
Choice = Callable[[str], bool]  # of texts, by their id
PERSONS = {  # set → (files, labels of persons, labels that are neither asked nor false)
    "ner_wikipedia": (("ner/ner_wikipedia",), {"人名"}, set()),
    "ud_gsd_ne": (("ner/ud_gsd_ne_train", "ner/ud_gsd_ne_dev"), {"PERSON"}, set()),
    "wikipedia_annotated": (("ner/wikipedia_annotated",), {"PERSON"}, {"OPTIONAL"}),
}  # type: dict[str, tuple[tuple[str, ...], set[str], set[str]]]


@dataclass(frozen=True)
class Text:
    """A text with its marked ranges: (start, end, label as in the source)."""

    id: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    more: dict[str, Any] = field(default_factory=dict)

    def of(self, labels: set[str]) -> list[Range]:
        """The ranges with one of the labels."""
        return [(a, b) for a, b, label in self.spans if label in labels]


def kept_aside(identity: str) -> bool:
    """Whether no model may train on a text: the fifth on which open figures are published."""
    return int(hashlib.sha256(identity.encode()).hexdigest()[:8], 16) % 5 == 0


def open_to_all(identity: str) -> bool:
    """Whether rules, models and confidences may learn from a text."""
    return not kept_aside(identity)


def read(folder: Path, name: str, choice: Choice | None = None) -> Iterator[Text]:
    """The texts of one file, all or those chosen by their id. Raises FileNotFoundError when the set is not there."""
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if choice and not choice(row["id"]):
                continue
            spans = tuple((a, b, str(label)) for a, b, label in row.get("spans", ()))
            more = {k: v for k, v in row.items() if k not in ("id", "text", "spans")}
            yield Text(row["id"], row["text"].replace("\r\n", "\n").replace("\r", " "), spans, more)


def persons(folder: Path, name: str, choice: Choice = kept_aside) -> Iterator[tuple[str, list[Range], list[Range]]]:
    """(text, persons, ranges that count neither way) of a set of PERSONS, of its kept fifth unless said otherwise."""
    files, wanted, free = PERSONS[name]
    for file in files:
        for text in read(folder, file, choice):
            yield text.text, text.of(wanted), text.of(free)


def touches(a: Range, b: Range) -> bool:
    """Whether two ranges share a character."""
    return a[0] < b[1] and b[0] < a[1]


def covered(span: Range, by: list[Range]) -> float:
    """The share of a range's characters that lie in any of the others."""
    inside: set[int] = set()
    for a, b in by:
        inside.update(range(max(a, span[0]), min(b, span[1])))
    return len(inside) / (span[1] - span[0])
