"""Writes docs/names.md and docs/formats.md from the kept results: demands, then each measurement.

python -m benchmarks.page [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import beside, bombs, calibration, demands, formats, fuzz, hard_items, open_sets, pdfs, roles, tables
from scanner.extract import FORMATS

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "names.md"
HEAD = """# 人名・住所の測定

この頁は `python -m benchmarks.page` が `benchmarks/results/` から作ります。手で直しません。公開データはモデルの学習に使わない1/5
（id の SHA-256 の先頭32ビットが5で割り切れるもの）、難しい項目は `benchmarks/hard`、正解データは `benchmarks/gold` です。
"""


FORMATS_PAGE = ROOT / "docs" / "formats.md"
FORMATS_HEAD = """# 形式の測定

この頁は `python -m benchmarks.page` が形式の一覧（`scanner/extract/formats.py`）と `benchmarks/results/` から作ります。
手で直しません。再現：`make prove-formats DATA=FOLDER PEERS=…`
（`FOLDER/documents` に公開文書、`PEERS` に `benchmarks/peers/formats.txt` を入れた Python）。
"""


def formats_parts() -> Iterator[tuple[str, str]]:
    """(heading, body) of the page of formats."""
    yield "求めることと測った値", demands.table(demands.kept(), demands.FORMATS)
    yield "読める形式", formats_table()
    if record := _kept("formats"):
        note = f"profile {record['outcomes']['profile']} · commit {record['commit']} · {record['date']}"
        yield "公開文書のすべて", f"{note}\n\n{formats.outcome_table(record)}"
        yield "目印（文字が隠れうる場所ごとに一つ）", formats.marker_table(record)
        if record["beside"]:
            yield "ほかの道具と並べて読んだ日本語文字", formats.peer_table(record)
    if record := _kept("formats-bombs"):
        yield "爆弾", f"profile {record['profile']} · commit {record['commit']} · {record['date']}\n\n{bombs.table(record)}"
    if record := _kept("formats-pdf"):
        yield "PDF", f"commit {record['commit']} · {record['date']}\n\n{pdfs.table(record)}"
    if record := _kept("formats-fuzz"):
        note = f"{record['seconds']:g} 秒 · commit {record['commit']} · {record['date']}"
        yield "壊したファイル", f"{note}\n\n{fuzz.table(record)}"


def formats_table() -> str:
    """Markdown: every format that is read, its library, what is read, what is not, where a finding points."""
    lines = [["形式", "拡張子", "部品", "読むところ", "読まないところ", "指摘の位置"]]
    for row in FORMATS:
        if row.module:
            title = f"{row.title}（追加部品 {row.extra}）" if row.extra else row.title
            lines.append(
                [title, " ".join(row.extensions), row.library or "–", row.reads or "–", row.lacks or "–", row.place or "–"]
            )
    only = "、".join(row.title for row in FORMATS if not row.module)
    return f"{tables.grid(lines, right=False)}\n\n形式を見分け、読めない理由と対処を告げるもの：{only}"


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
    """The whole page of names."""
    return HEAD + "".join(f"\n## {heading}\n\n{body}\n" for heading, body in parts())


def formats_page() -> str:
    """The whole page of formats."""
    return FORMATS_HEAD + "".join(f"\n## {heading}\n\n{body}\n" for heading, body in formats_parts())


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pages, or with ``--check`` say (1) that one is not what the results give."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args(argv).check
    stale = False
    for path, made in ((PAGE, page()), (FORMATS_PAGE, formats_page())):
        if not check:
            path.write_text(made, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != made:
            sys.stderr.write(f"docs/{path.name} is not what the kept results give; run python -m benchmarks.page\n")
            stale = True
    return int(stale)


if __name__ == "__main__":
    raise SystemExit(main())
