"""Measures what is demanded of special care: the gold, fresh and rare documents in both halves; writes docs/special-care.md.

python -m benchmarks.care [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import accuracy, demands, goldset, tables
from benchmarks.circumstances import circumstances
from benchmarks.demands import Demand

ROOT = Path(__file__).resolve().parent
RESULT = ROOT / "results" / "care-standard.json"
PAGE = ROOT.parent / "docs" / "special-care.md"
SETS = {"gold": "正解データ", "fresh": "新しい文書", "rare": "まれな分類の文書"}
HEAD = """# 要配慮個人情報の測定

この頁は `python -m benchmarks.care` が `benchmarks/results/` から作ります。手で直しません。値はどれも
未使用の半分（規則を作るときに見ない文書）のもので、`standard` で測りました。健康の公開データは `make prove-names` が測ります。
"""


def _of(documents: str, part: str, key: str, figure: str) -> Callable[[demands.Results], float]:
    return lambda r: float(r["care-standard"]["sets"][documents]["held"][part][key][figure])


def _called(documents: str) -> Callable[[demands.Results], float]:
    return lambda r: float(r["care-standard"]["sets"][documents]["held"]["negatives"]["called_special_care"])


def _health(name: str, figure: str) -> Callable[[demands.Results], float]:
    return lambda r: float(r["open-sets-standard"]["parts"]["health"][name][figure])


def _rare(category: str) -> Callable[[demands.Results], float]:
    return _of("rare", "categories", category, "f1")


RARE = (
    "race_ethnicity", "creed", "social_status", "criminal_record", "crime_victim", "disability", "health_checkup_result",
    "criminal_procedure", "juvenile_procedure", "labor_union_membership", "family_origin", "registered_domicile", "sexual_life",
)  # fmt: skip
DEMANDS = (
    *(Demand(f"要配慮の有無 {ja} {SETS[n]}", 0.97, True, _of(n, "categories", "any_special_care", figure))
      for n in SETS for figure, ja in (("precision", "適合率"), ("recall", "再現率"))),
    *(Demand(f"{c} F1 正解データ", 0.90, True, _of("gold", "categories", c, "f1")) for c in ("medical_history", "medical_care")),
    *(Demand(f"{c} F1 まれな分類の文書", 0.85, True, _rare(c)) for c in RARE),
    *(Demand(f"箇所 {e} F1 正解データ", 0.85, True, _of("gold", "entities", e, "f1"))
      for e in ("health_condition", "medication_or_treatment", "disability", "exam_result")),
    Demand("誰のことでもない文書のうち要配慮としたもの（件）正解データ", 0, False, _called("gold")),
    Demand("病名の再現率 症例報告", 0.80, True, _health("medical_case_reports/d", "recall")),
    Demand("病名の再現率 つぶやき", 0.80, True, _health("medical_keepha_tweets/DISORDER", "recall")),
    Demand("病名の適合率 つぶやき", 0.70, True, _health("medical_keepha_tweets/DISORDER", "precision")),
)  # fmt: skip


def measured() -> dict[str, Any]:
    """Categories, entities and negatives of each set's halves."""
    out: dict[str, Any] = {}
    for name in SETS:
        wanted = goldset.sources(ROOT / name / "docs")
        with tempfile.TemporaryDirectory(prefix="care-") as folder:
            goldset.render(wanted, Path(folder))
            lines = accuracy.inspect(Path(folder), "standard")
        results = accuracy.measure([goldset.read(s) for s in wanted], lines)
        halves = {h: accuracy.summary([r for r in results if r.gold.half == h]) for h in accuracy.HALVES}
        keys = ("documents", "categories", "entities", "negatives")
        out[name] = {half: {key: figures[key] for key in keys} for half, figures in halves.items()}
    return out


def parts(results: demands.Results) -> Iterator[tuple[str, str]]:
    """(heading, body) of the page."""
    record = results.get("care-standard")
    if record is None:
        return
    yield "求めることと測った値", demands.table(results, DEMANDS)
    for name, ja in SETS.items():
        yield ja, _categories(record["sets"][name]["held"])
    yield "測った条件", f"commit {record['commit']} · {record['date']}"


def _categories(figures: Mapping[str, Any]) -> str:
    lines = [["分類", "適合率", "再現率", "F1"]]
    for name, told in figures["categories"].items():
        lines.append([name, *("–" if told[k] is None else f"{told[k]:.2f}" for k in ("precision", "recall", "f1"))])
    return f"{figures['documents']} 文書\n\n{tables.grid(lines)}"


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"\n## {heading}\n\n{body}\n" for heading, body in parts(demands.kept()))


def main(argv: Sequence[str] | None = None) -> int:
    """0: every demand is met; 1: one is not, or with ``--check`` the page is not what the kept results give."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true")
    if parser.parse_args(argv).check:
        if PAGE.read_text(encoding="utf-8") != page():
            sys.stderr.write("docs/special-care.md is not what the kept results give; run python -m benchmarks.care\n")
            return 1
        return 0
    record = {"kind": "care", "profile": "standard", **circumstances(), "sets": measured()}
    RESULT.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    results = demands.kept()
    print(demands.table(results, DEMANDS))
    return 0 if all(t.held for t in demands.told(results, DEMANDS)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
