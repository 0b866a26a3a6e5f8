"""Writes docs/names.md from the kept results: demands, open sets, peers, hard items, roles, calibration.

python -m benchmarks.page [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import beside, calibration, demands, hard_items, open_sets, roles, tables

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "names.md"
HEAD = """# 人名・住所の測定

この頁は `python -m benchmarks.page` が `benchmarks/results/` から作ります。手で直しません。公開データはモデルの学習に使わない1/5
（id の SHA-256 の先頭32ビットが5で割り切れるもの）、難しい項目は `benchmarks/hard`、正解データは `benchmarks/gold` です。
"""


def parts() -> Iterator[tuple[str, str]]:
    """(heading, body) for each kept result."""
    yield "求めることと測った値", demands.table(demands.kept())
    for profile in ("fast", "standard", "thorough"):
        if record := _kept(f"open-sets-{profile}"):
            yield f"公開データ（{profile}）", open_sets.table(record)
    if record := _kept("adjudicated"):
        yield "個人情報のない文の検出を人が判定した結果", adjudicated(record)
    if record := _kept("beside"):
        size = f"{record['sentences']} 文 {record['characters']:,} 字 · {record['rounds']} 巡"
        note = f"{record['machine']['cpu']} の1コア · {size} · commit {record['commit']} · {record['date']}"
        missing = f"\n\n動かせなかった道具：{'、'.join(record['absent'])}" if record["absent"] else ""
        yield "ほかの道具と並べて", f"{note}\n\n{beside.table(record)}{missing}"
    if record := _kept("hard-items"):
        yield "難しい項目", f"commit {record['commit']} · {record['date']}\n\n{hard_items.table(record)}"
    if record := _kept("roles-standard"):
        yield "本人とそれ以外（開発用の半分）", roles.table(record)
        if "held" in record:
            yield "本人とそれ以外（未使用の半分）", roles.table(record["held"])
    if record := _kept("calibration-standard"):
        yield "確信度の較正", f"![確信度と正しかった割合](reliability.svg)\n\n{calibration.table(record)}"


def adjudicated(record: dict[str, Any]) -> str:
    """Markdown: how many of the sampled hits in clean text name people after all."""
    lines = [["文", "判定した検出", "実在の人を指すもの", "誤検出"]]
    for name, told in record["sets"].items():
        lines.append([name, str(told["judged"]), str(told["people"]), str(told["judged"] - told["people"])])
    return f"profile {record['profile']} · commit {record['commit']} · {record['date']}\n\n{tables.grid(lines)}"


def _kept(name: str) -> dict[str, Any] | None:
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"\n## {heading}\n\n{body}\n" for heading, body in parts())


def main(argv: Sequence[str] | None = None) -> int:
    """Write the page, or with ``--check`` say (1) that it is not what the results give."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true")
    if parser.parse_args(argv).check:
        if PAGE.read_text(encoding="utf-8") != page():
            sys.stderr.write("docs/names.md is not what the kept results give; run python -m benchmarks.page\n")
            return 1
        return 0
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
