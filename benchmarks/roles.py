"""Scores who people are: subject against others, on the documents for which ``roles.tsv`` beside them says it.

    python -m benchmarks.roles [--docs benchmarks/fresh/docs] [--half held] [--profile standard] [--misses] [--write]

``roles.tsv`` holds the development half, ``roles-held.tsv`` the held one: figures of both, misses of the development half only.
Each name of a document counts once, whatever the number of its places; a document weighs at most fifty names. ``decided`` asks for
a role: none is wrong. ``assumed`` takes a person without a role for a subject, as linking a statement to a person does.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import accuracy, goldset, tables
from benchmarks.circumstances import circumstances
from benchmarks.score import CAP
from benchmarks.skeleton import compact

ROLES = ("subject", "family", "staff", "professional", "sender", "other")
FILES = {"development": "roles.tsv", "held": "roles-held.tsv"}


def load(half: str, folder: Path = goldset.GOLD) -> dict[str, dict[str, str]]:
    """Document → name (compact; ``*`` any other) → role. Raises ValueError for an unknown role or a document of the other half."""
    path = folder / FILES[half]
    out: dict[str, dict[str, str]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        document, name, role = line.split("\t")
        if role not in ROLES or goldset.half(document) != half:
            raise ValueError(f"an unknown role or a document of the other half in {path.name}")
        out[document][name if name == "*" else compact(name)] = role
    return dict(out)


def wanted(gold: goldset.Gold, roles: Mapping[str, str]) -> dict[str, str]:
    """Each marked name (compact) with its role; names without a row are left out."""
    names = dict.fromkeys(compact(s.text) for s in gold.spans if s.label == "person_name")
    said = {name: roles.get(name, roles.get("*", "")) for name in names}
    return {name: role for name, role in said.items() if role}


def said(matches: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Each name found (compact) with the role it is most often given; a role goes before none."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for m in matches:
        if m["entity"] == "person_name":
            counts[compact(m["value"])][m.get("role") or ""] += 1
    out = {}
    for name, roles in counts.items():
        named = {r: n for r, n in roles.items() if r}
        out[name] = max(named, key=lambda r: named[r]) if named else ""
    return out


class Matrix:
    """Weighted counts of (true role, role said); ``None`` said: the name was not found."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str | None], float] = defaultdict(float)

    def add(self, true: Mapping[str, str], found: Mapping[str, str]) -> None:
        """One document."""
        weight = min(1.0, CAP / len(true)) if true else 0.0
        for name, role in true.items():
            self.cells[role, found.get(name)] += weight

    def figures(self) -> dict[str, Any]:
        """Accuracy of subject against others among the names found, both ways; and the matrix."""
        met = {(t, s): n for (t, s), n in self.cells.items() if s is not None}
        total = sum(met.values())
        decided = sum(n for (t, s), n in met.items() if s and (t == "subject") == (s == "subject"))
        assumed = sum(n for (t, s), n in met.items() if (t == "subject") == (s in ("subject", "")))
        others = sum(n for (t, _), n in met.items() if t != "subject")
        told = sum(n for (t, s), n in met.items() if t != "subject" and s not in ("subject", ""))
        matrix: dict[str, dict[str, float]] = {}
        for (t, s), n in self.cells.items():
            matrix.setdefault(t, {})["not found" if s is None else s or "none"] = round(n, 1)
        return {
            "names": round(sum(self.cells.values()), 1),
            "found": round(total, 1),
            "decided": _ratio(decided, total),
            "assumed": _ratio(assumed, total),
            "others_told": _ratio(told, others),
            "subjects_told": _ratio(met.get(("subject", "subject"), 0.0), total - others),
            "matrix": {t: matrix[t] for t in ROLES if t in matrix},
        }


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def table(figures: Mapping[str, Any]) -> str:
    """Markdown: the four figures, then the matrix."""
    heads = [*ROLES, "none", "not found"]
    lines = [["真の役割＼判定", *heads]]
    for role, row in figures["matrix"].items():
        lines.append([role, *(f"{row.get(h, 0):g}" for h in heads)])
    keys = ("names", "found", "decided", "assumed", "subjects_told", "others_told")
    return tables.grid([list(keys), [str(figures[k]) for k in keys]]) + "\n\n" + tables.grid(lines)


def measure(sources: Sequence[Any], roles: Mapping[str, Mapping[str, str]], profile: str) -> tuple[dict[str, Any], list[str]]:
    """The figures of some documents, and one line per name with a wrong role (ten a document at most)."""
    with tempfile.TemporaryDirectory(prefix="gold-") as name:
        goldset.render(sources, Path(name))
        files = accuracy.by_file(accuracy.inspect(Path(name), profile))
    matrix, misses = Matrix(), []
    for gold in map(goldset.read, sources):
        true, found = wanted(gold, roles[gold.id]), said(files.get(gold.file, {"match": []})["match"])
        matrix.add(true, found)
        wrong = [n for n, r in true.items() if n in found and (r == "subject") != (found[n] in ("subject", ""))]
        misses += [f"{gold.id}\t{n}\tis {true[n]}\tsaid {found[n] or 'none'}" for n in wrong[:10]]
    return matrix.figures(), misses


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--profile", default="standard", choices=("fast", "standard", "thorough"))
    parser.add_argument("--half", default="development", choices=(*FILES, "both"))
    parser.add_argument(
        "--docs", type=Path, default=goldset.GOLD / "docs", help="folder of *.gold.txt; the role files lie beside it"
    )
    parser.add_argument("--misses", action="store_true", help="list names with a wrong role (development half)")
    parser.add_argument("--write", action="store_true", help="measure both halves and keep the figures under benchmarks/results/")
    chosen = parser.parse_args(argv)
    if chosen.misses and chosen.half == "held":
        parser.error("the held half's misses are not shown: nothing may be tuned on them")
    chosen.half = "both" if chosen.write else chosen.half
    return chosen


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, keep the figures: those of the development half at the top, those of the other under ``held``."""
    chosen = arguments(argv)
    record: dict[str, Any] = {"kind": "roles", "half": "development", "profile": chosen.profile, **circumstances()}
    for half in FILES:
        if chosen.half not in (half, "both"):
            continue
        roles = load(half, chosen.docs.parent)
        figures, misses = measure([s for s in goldset.sources(chosen.docs) if s.id in roles], roles, chosen.profile)
        record.update(figures if half == "development" else {"held": figures})
        print(f"{half}\n\n{table(figures)}\n")
        if chosen.misses and half == "development":
            print("\n".join(misses))
    if chosen.write:
        accuracy.RESULTS.mkdir(exist_ok=True)
        of = "" if chosen.docs == goldset.GOLD / "docs" else f"{chosen.docs.resolve().parent.name}-"
        path = accuracy.RESULTS / f"roles-{of}{chosen.profile}.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(accuracy.ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
