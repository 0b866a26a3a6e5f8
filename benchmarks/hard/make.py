"""Writes the hard items anew from the hand-written lists and templates beside it; the same seed gives the same items.

    python -m benchmarks.hard.make [--seed 3]

An item is a document of a few lines: ``«…»`` marks what must be found, ``‹…›`` what may be found or not (people who only fill the
page). Nothing here is drawn from ``models/``: lists and templates come from knowledge of Japanese names, places and paperwork.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.hard.namewriting import WRITERS, Name, Names
from benchmarks.hard.placewriting import Places

HERE = Path(__file__).resolve().parent
LISTS = HERE / "lists"
COUNT = 120
NAME_GROUPS = ("kana", "half", "spaced", "split", "romaji", "foreign", "variant", "rare", "lookalike", "titled", "nobody")
ADDRESS_GROUPS = ("kyoto", "hokkaido", "oaza", "kanji", "dashes", "omitted", "cells", "lines", "nowhere")
OWN_ONLY = frozenset(
    {"split", "titled", "cells", "lines", "nobody", "nowhere"}
)  # groups to which the templates for a whole name do not apply
_SLOT = re.compile(r"\{([A-Z][12]?)\}")


def templates(path: Path) -> Iterator[tuple[str, frozenset[str], str]]:
    """(kind, groups, body) of each template."""
    for part in path.read_text(encoding="utf-8").split("\n--- ")[1:]:
        head, _, body = part.partition("\n")
        kind, groups = head.split()
        yield kind, frozenset(groups.split(",")), body.rstrip("\n")


def fitting(path: Path, group: str) -> list[tuple[str, str]]:
    """(kind, body) of the templates for a group."""
    alone = group in OWN_ONLY
    return [(kind, body) for kind, groups, body in templates(path) if group in groups or ("any" in groups and not alone)]


class Filler:
    """Fills the slots that are the same for all groups."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.things = sections(LISTS / "distractors.txt")
        self.names = Names(rng)

    def common(self, slot: str) -> str:
        """The text for a slot that is not the thing looked for."""
        rng = self.rng
        match slot:
            case "P":
                return f"‹{self.names.plain().whole(rng.choice(('', ' ', '　')))}›"
            case "Q":
                return f"‹{self.names.plain().surname}›"
            case "C" | "F" | "M" | "L" | "G":
                key = {"C": "company", "F": "facility", "M": "medical", "L": "place", "G": "product"}[slot]
                return rng.choice(self.things[key])
            case "D":
                year, month, day = rng.randint(2019, 2026), rng.randint(1, 12), rng.randint(1, 28)
                return rng.choice(
                    (f"{year}/{month:02}/{day:02}", f"令和{year - 2018}年{month}月{day}日", f"{year}-{month:02}-{day:02}")
                )
            case "T":
                return rng.choice(
                    (f"090-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}", f"03-5550-{rng.randint(1000, 9999)}")
                )
            case "I":
                return f"{rng.randint(1000000, 9999999)}"
            case "Y":
                return f"{rng.randint(10, 999) * 100}"
            case "Z":
                return f"{rng.randint(100, 999)}-{rng.randint(1, 9999):04}"
        raise ValueError(f"no such slot: {slot}")


def sections(path: Path) -> dict[str, list[str]]:
    """The lines of a list by its ``[section]``; a list without sections is one, named ''."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            name = line[1:-1]
        elif line.strip() and not line.startswith("#"):
            found.setdefault(name, []).append(line.strip())
    return found


def fill(kind: str, body: str, slots: Callable[[str], str]) -> str:
    """The document: slots filled, ``" | "`` made the border of cells."""
    if kind != "text":
        body = "\n".join("\t".join(cell.strip() for cell in line.split("|")) for line in body.split("\n"))
    return _SLOT.sub(lambda found: slots(found[1]), body)


def name_items(seed: int) -> Iterator[dict[str, Any]]:
    """The items of the groups of names."""
    for group in NAME_GROUPS:
        rng = random.Random(f"{seed}/{group}")
        filler = Filler(rng)
        fits = cycled(fitting(LISTS / "templates_names.txt", group), rng)
        for n in range(COUNT):
            kind, body = next(fits)
            held: list[Name] = []

            def slot(name: str, group: str = group, filler: Filler = filler, held: list[Name] = held) -> str:
                if name not in ("N", "N1", "N2", "S"):
                    return filler.common(name)
                if name != "N2":
                    held[:] = [filler.names.of(group)]
                part = {"N": "whole", "N1": "surname", "N2": "given", "S": "surname"}[name]
                return f"«{WRITERS[group](held[0], part, filler.rng)}»"

            yield {"id": f"name-{group}-{n:03}", "group": group, "kind": kind, "text": fill(kind, body, slot)}


def address_items(seed: int) -> Iterator[dict[str, Any]]:
    """The items of the groups of addresses."""
    for group in ADDRESS_GROUPS:
        rng = random.Random(f"{seed}/{group}")
        filler, places = Filler(rng), Places(LISTS, rng)
        fits = cycled(fitting(LISTS / "templates_addresses.txt", group), rng)
        for n in range(COUNT):
            kind, body = next(fits)
            held: list[tuple[str, str]] = []

            def slot(
                name: str, group: str = group, filler: Filler = filler, held: list[Any] = held, places: Places = places
            ) -> str:
                if name not in ("A", "A1", "A2"):
                    return filler.common(name)
                if name != "A2":
                    held[:] = [places.of(group)]
                whole = "".join(held[0]) if name == "A" else held[0][int(name[1]) - 1]
                if group == "lines":  # one address on two lines is one thing
                    return f"«{whole}" if name == "A1" else f"{whole}»"
                return f"«{whole}»"

            yield {"id": f"address-{group}-{n:03}", "group": group, "kind": kind, "text": fill(kind, body, slot)}


def cycled(fits: Sequence[tuple[str, str]], rng: random.Random) -> Iterator[tuple[str, str]]:
    """Every template once in a new order, again and again."""
    while True:
        yield from rng.sample(fits, len(fits))


def write(folder: Path, seed: int) -> None:
    """Write both files."""
    for name, items in (("names", name_items(seed)), ("addresses", address_items(seed))):
        lines = [json.dumps(item, ensure_ascii=False) for item in items]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Write the items anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--into", type=Path, default=HERE)
    chosen = parser.parse_args(argv)
    write(chosen.into, chosen.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
