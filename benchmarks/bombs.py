"""Files made to burst what reads them, written here and thrown away: each must end in one recorded outcome within the budget.

    python -m benchmarks.bombs [--scale 1.0] [--only NAME …] [--write]

After each bomb the same worker pool reads an ordinary document: the scan goes on. Nothing is unpacked on the way here, so that
making them costs little. ``scale`` makes them smaller for the tests.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import isolated, tables
from benchmarks.bombs_made import BOMBS
from benchmarks.circumstances import circumstances
from scanner.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
AFTER = "氏名：鵜飼 銀次郎\n電話番号：090-8417-2265\n"


def burst(name: str, folder: Path, scale: float, chosen: Settings) -> dict[str, Any]:
    """What became of a bomb, and whether the document behind it was read."""
    make, ending = BOMBS[name]
    bomb, after = folder / f"{name}{ending}", folder / "後の文書.txt"
    make(bomb, scale)
    after.write_text(AFTER, encoding="utf-8")
    size = bomb.stat().st_size
    try:
        first, second = isolated.read([bomb, after], chosen)
    finally:
        bomb.unlink()
    return {
        "bytes": size,
        "status": first.outcome.status.value,
        "codes": isolated.codes(first.outcome),
        "seconds": round(first.seconds, 1),
        "memory": first.memory,
        "japanese": first.japanese,
        "went_on": second.outcome.status.value == "read",
    }


def table(record: dict[str, Any]) -> str:
    """Markdown: a row for each bomb."""
    lines = [["爆弾", "ファイルの大きさ", "結果", "理由", "秒", "メモリ（MB）", "次の文書"]]
    for name, b in record["bombs"].items():
        memory = f"{b['memory'] / 1e6:,.0f}" if b["memory"] else "停止"
        row = [f"{b['bytes']:,}", b["status"], "、".join(b["codes"]) or "–", f"{b['seconds']:.1f}", memory]
        lines.append([name, *row, "読めた" if b["went_on"] else "読めない"])
    return tables.grid(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep the figures. 1 when a bomb outlasted its budget or stopped the scan."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", nargs="+", choices=sorted(BOMBS), metavar="NAME")
    parser.add_argument("--profile", default="standard", choices=("fast", "standard", "thorough"))
    parser.add_argument("--write", action="store_true", help="keep the figures under benchmarks/results/")
    asked = parser.parse_args(argv)
    chosen = isolated.settings(asked.profile)
    bombs: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.only or BOMBS:
            bombs[name] = found = burst(name, Path(folder), asked.scale, chosen)
            print(f"{name}: {json.dumps(found)}", file=sys.stderr, flush=True)
    record = {
        "kind": "formats-bombs",
        **circumstances(),
        "profile": asked.profile,
        "scale": asked.scale,
        "budget_seconds": chosen.limits.seconds,
        "largest_worker": isolated.largest_worker(),
        "bombs": bombs,
    }
    print(table(record))
    if asked.write:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / "formats-bombs.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(ROOT)}")
    late = [name for name, b in bombs.items() if b["seconds"] > chosen.limits.seconds * 1.5 + 5 or not b["went_on"]]
    return int(bool(late))


if __name__ == "__main__":
    raise SystemExit(main())
