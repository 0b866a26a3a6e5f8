"""What names, addresses and formats must reach, beside what the kept results say: the tables that open their pages in docs/."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import tables

RESULTS = Path(__file__).resolve().parent / "results"
Results = Mapping[str, Mapping[str, Any]]
LOWEST_GROUP = 50  # marked items below which a group of the hard ones is not asked


class Demand(NamedTuple):
    """A line: what is asked, the bound, whether the figure must lie above it (or below), and the figure."""

    what: str
    bound: float
    above: bool
    figure: Callable[[Results], float]


class Told(NamedTuple):
    """A demand with its figure; None: not measured."""

    demand: Demand
    figure: float | None

    @property
    def held(self) -> bool | None:
        """Whether it is met; None when not measured."""
        if self.figure is None:
            return None
        return self.figure >= self.demand.bound if self.demand.above else self.figure <= self.demand.bound


def _gold(profile: str, entity: str) -> Callable[[Results], float]:
    return lambda r: r[f"accuracy-{profile}"]["halves"]["held"]["entities"][entity]["f1"]


def _persons(name: str, key: str) -> Callable[[Results], float]:
    return lambda r: r["open-sets-standard"]["parts"]["persons"][name][key]


def _worst(key: str) -> Callable[[Results], float]:
    def least(results: Results) -> float:
        groups = results["hard-items"]["profiles"]["standard"].values()
        return float(min(g[key] for g in groups if g["right"] + g["missed"] >= LOWEST_GROUP))

    return least


def _strings(name: str) -> Callable[[Results], float]:
    return lambda r: r["open-sets-standard"]["parts"]["addresses"][name]["share"]


def _clean(results: Results) -> float:
    """The worst set's hits; of its names the share that a person judged to be nobody's, where a sample was judged."""
    judged = results.get("adjudicated", {}).get("sets", {})

    def false(name: str) -> float:
        told = judged.get(name)
        return 1.0 if told is None else 1 - told["people"] / told["judged"]

    texts = results["open-sets-standard"]["parts"]["clean"].items()
    return float(max(t["person_name_per_10000"] * false(name) + t["address_per_10000"] for name, t in texts))


def _ratio(profile: str, kind: str) -> Callable[[Results], float]:
    return lambda r: r["beside"]["ratios"][kind][f"tanaoroshi-{profile} / ginza"]["median"]


def _memory(profile: str) -> Callable[[Results], float]:
    return lambda r: r["beside"]["tools"][f"tanaoroshi-{profile}"]["memory_mib"]


def _error(source: str, entity: str) -> Callable[[Results], float]:
    return lambda r: r["calibration-standard"]["sources"][source][entity]["error"]


DEMANDS = (
    Demand("人名 F1 正解データ・未使用の半分（standard）", 0.95, True, _gold("standard", "person_name")),
    Demand("人名 F1 正解データ・未使用の半分（fast）", 0.92, True, _gold("fast", "person_name")),
    Demand("住所 F1 正解データ・未使用の半分", 0.95, True, _gold("standard", "address")),
    Demand("難しい項目の各群 再現率（最低の群）", 0.90, True, _worst("recall")),
    Demand("難しい項目の各群 適合率（最低の群）", 0.90, True, _worst("precision")),
    Demand("本人とそれ以外 未使用の半分（役割なしは誤り）", 0.90, True, lambda r: r["roles-standard"]["held"]["decided"]),
    Demand("人名 F1 ner_wikipedia", 0.90, True, _persons("ner_wikipedia", "f1")),
    Demand("人名 F1 UD_Japanese-GSD-NE", 0.85, True, _persons("ud_gsd_ne", "f1")),
    Demand("人名 F1 wikipedia_annotated", 0.85, True, _persons("wikipedia_annotated", "f1")),
    *(
        Demand(f"人名 適合率 {name}", 0.85, True, _persons(name, "precision"))
        for name in ("ner_wikipedia", "ud_gsd_ne", "wikipedia_annotated")
    ),
    Demand("人名と紛らわしい語に触れた割合", 0.05, False, lambda r: r["open-sets-standard"]["parts"]["lookalikes"]["all"]["share"]),
    *(
        Demand(f"住所 95 %以上を覆った割合 {name}", 0.97, True, _strings(name))
        for name in ("address_geolonia", "address_mext", "address_office")
    ),
    Demand("個人情報のない文の人名・住所（1万字あたり、最大の集まり、実在の人と判定したものを除く）", 1.0, False, _clean),
    *(
        Demand(f"速さ GiNZA 比（{profile}、{size}の文書）", bound, True, _ratio(profile, kind))
        for profile, bound in (("standard", 100), ("fast", 1000))
        for kind, size in (("documents", "2千字"), ("long", "2万字"))
    ),
    Demand("確信度の較正誤差 人名（正解データ・未使用の半分）", 0.05, False, _error("held", "person_name")),
    Demand("確信度の較正誤差 住所（正解データ・未使用の半分）", 0.05, False, _error("held", "address")),
    Demand("作業プロセスの最大メモリ MiB（fast）", 300, False, _memory("fast")),
    Demand("作業プロセスの最大メモリ MiB（standard）", 900, False, _memory("standard")),
)


def _bombs(results: Results) -> float:
    """Bombs that outlasted the hard deadline, left no outcome or stopped the scan."""
    record = results["formats-bombs"]
    late = record["budget_seconds"] * 1.5 + 5
    return float(sum(b["seconds"] > late or not b["went_on"] for b in record["bombs"].values()))


_MARKERS = {
    "docx": 35, "xlsx": 18, "pptx": 12, "pdf": 20, "odt": 29, "ods": 11, "odp": 11, "rtf": 22, "doc": 26, "xls": 11, "ppt": 10
}  # fmt: skip


def _marker(kind: str) -> Callable[[Results], float]:
    return lambda r: r["formats"]["markers"][kind]["found"]


def _repeated(results: Results) -> float:
    markers = results["formats"]["markers"].values()
    return float(sum(m["repeats"] for m in markers) / sum(m["times"] for m in markers))


def _files(key: str) -> Callable[[Results], float]:
    return lambda r: r["formats"]["outcomes"][key]


FORMATS = (
    *(Demand(f"目印 {kind}", least, True, _marker(kind)) for kind, least in _MARKERS.items()),
    Demand("同じ文字を二度出した割合（目印）", 0.02, False, _repeated),
    Demand("読んだ日本語文字 最も多く読んだ道具との比（最低の形式）", 0.99, True, lambda r: min(
        f["share"] for f in r["formats"]["beside"].values() if f["share"] is not None
    )),
    Demand("結果のない文書（公開文書）", 0, False, lambda r: (
        r["formats"]["outcomes"]["files"] - r["formats"]["outcomes"]["with_one_outcome"]
    )),
    Demand("時間の上限を超えた文書（公開文書）", 0, False, _files("over_budget")),
    Demand("作業プロセスの最大メモリ MB（公開文書）", 1500, False, lambda r: r["formats"]["outcomes"]["largest_worker"] / 1e6),
    Demand("作業プロセスの最大メモリ MB（爆弾）", 1500, False, lambda r: r["formats-bombs"]["largest_worker"] / 1e6),
    Demand("時間内に結果を残さないか検査を止めた爆弾", 0, False, _bombs),
    Demand("PDF様式で隣り合う欄を保った数 pdfplumber 比", 1.0, True, lambda r: (
        r["formats-pdf"]["forms"]["ours"] / r["formats-pdf"]["forms"]["pdfplumber"]
    )),
    Demand("PDF 文章のページの速さ pdfplumber 比", 10, True, lambda r: r["formats-pdf"]["speed"]["ratio"]["median"]),
    Demand("壊したファイル10分 停止・結果なし・内部エラー・値の記録", 0, False, lambda r: len(r["formats-fuzz"]["faults"])),
)  # fmt: skip


def kept() -> dict[str, dict[str, Any]]:
    """Every kept result by name."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))}


def told(results: Results, asked: Sequence[Demand] = DEMANDS) -> Iterator[Told]:
    """Each demand with its figure."""
    for demand in asked:
        try:
            figure: float | None = demand.figure(results)
        except (KeyError, TypeError, ValueError, ZeroDivisionError):
            figure = None
        yield Told(demand, figure)


def table(results: Results, asked: Sequence[Demand] = DEMANDS) -> str:
    """Markdown: a line for each demand."""
    lines = [["求めること", "限度", "測った値", "達成"]]
    for t in told(results, asked):
        bound = f"{t.demand.bound:g} 以{'上' if t.demand.above else '下'}"
        lines.append([t.demand.what, bound, _shown(t.figure), {True: "はい", False: "いいえ", None: "–"}[t.held]])
    return tables.grid(lines)


def _shown(figure: float | None) -> str:
    if figure is None:
        return "未測定"
    return f"{figure:,.0f}" if figure >= 10 else f"{figure:.3f}"
