"""Scores who people are: subject against others, on the gold documents for which ``gold/roles.tsv`` says it.

    python -m benchmarks.roles [--profile standard] [--misses] [--write]

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
FILE = goldset.GOLD / "roles.tsv"


def load(path: Path = FILE) -> dict[str, dict[str, str]]:
    """Document → name (compact; ``*`` any other) → role. Raises ValueError for an unknown role or a held document."""
    out: dict[str, dict[str, str]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        document, name, role = line.split("\t")
        if role not in ROLES or goldset.half(document) != "development":
            raise ValueError("an unknown role or a held document in roles.tsv")
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
    heads = [*ROLES[:-1], "none", "not found"]
    lines = [["真の役割＼判定", *heads]]
    for role, row in figures["matrix"].items():
        lines.append([role, *(f"{row.get(h, 0):g}" for h in heads)])
    keys = ("names", "found", "decided", "assumed", "subjects_told", "others_told")
    return tables.grid([list(keys), [str(figures[k]) for k in keys]]) + "\n\n" + tables.grid(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, keep the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--profile", default="standard", choices=("fast", "standard", "thorough"))
    parser.add_argument("--misses", action="store_true", help="list names with a wrong role")
    parser.add_argument("--write", action="store_true", help="keep the figures under benchmarks/results/")
    chosen = parser.parse_args(argv)
    roles = load()
    sources = [s for s in goldset.sources() if s.id in roles]
    with tempfile.TemporaryDirectory(prefix="gold-") as name:
        goldset.render(sources, Path(name))
        files = accuracy.by_file(accuracy.inspect(Path(name), chosen.profile))
    matrix = Matrix()
    for gold in map(goldset.read, sources):
        true, found = wanted(gold, roles[gold.id]), said(files.get(gold.file, {"match": []})["match"])
        matrix.add(true, found)
        wrong = [n for n, r in true.items() if n in found and (r == "subject") != (found[n] in ("subject", ""))]
        if chosen.misses:
            print("\n".join(f"{gold.id}\t{n}\tis {true[n]}\tsaid {found[n] or 'none'}" for n in wrong[:10]))
    figures = matrix.figures()
    record = {"kind": "roles", "half": "development", "profile": chosen.profile, **circumstances(), **figures}
    print(table(figures))
    if chosen.write:
        accuracy.RESULTS.mkdir(exist_ok=True)
        path = accuracy.RESULTS / f"roles-{chosen.profile}.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(accuracy.ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
