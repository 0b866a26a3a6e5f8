"""Draws docs/demo.svg: what ``make demo`` really prints, and the first lines of the findings it writes.

python -m docs.picture
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = ("判定", "重要度", "分類", "検出項目", "件数", "伏字表示", "位置", "パス")
WIDE = {"パス": 58, "分類": 24, "検出項目": 14, "伏字表示": 12, "位置": 18}
ROWS = 12
FONTS = "ui-monospace,'SFMono-Regular',Menlo,Consolas,'Noto Sans Mono CJK JP','BIZ UDGothic',monospace"
CELL, LINE, TOP, LEFT = 7.5, 20, 54, 22
COLOURS = (
    ("要対応", "#ff7b72"),
    ("要確認", "#e3b341"),
    ("判定不能", "#a5a5ff"),
    ("承認範囲内", "#7ee787"),
    ("検出なし", "#8b949e"),
)


def width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def cut(text: str, size: int) -> str:
    """The text in exactly so many columns, its end marked where it is cut."""
    if width(text) > size:
        while width(text) > size - 1:
            text = text[:-1]
        text += "…" if width(text + "…") <= size else "~"
    return text + " " * (size - width(text))


def table(path: Path) -> list[str]:
    """The first rows of findings.csv, the gravest first, as lines of a terminal."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    order = [word for word, _ in COLOURS]
    rows.sort(key=lambda r: (order.index(r["判定"]) if r["判定"] in order else 9, r["重要度"] < "S3"))
    shown = [dict(zip(COLUMNS, COLUMNS, strict=True)), *spread(rows)]
    sizes = {c: min(WIDE.get(c, 10), max(width(_short(c, row[c])) for row in shown)) for c in COLUMNS}
    return ["  ".join(cut(_short(c, row[c]), sizes[c]) for c in COLUMNS) for row in shown]


def spread(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """At most three rows of a file, so that several files are seen."""
    out: list[dict[str, str]] = []
    count = dict.fromkeys((r["パス"] for r in rows), 0)
    for row in rows:
        count[row["パス"]] += 1
        if count[row["パス"]] <= 3 and len(out) < ROWS:
            out.append(row)
    return out


def _short(column: str, text: str) -> str:
    return text.split("examples/share/")[-1] if column == "パス" else text


def runs(line: str) -> list[tuple[int, str, bool]]:
    """The line as (column, text, wide): runs of characters of one width."""
    out: list[tuple[int, str, bool]] = []
    at = 0
    for n, c in enumerate(line):
        wide = width(c) == 2
        column = n > 1 and c != " " and line[n - 2 : n] == "  "  # what stands after a gap is set by itself
        if out and out[-1][2] == wide and not column:
            out[-1] = (out[-1][0], out[-1][1] + c, wide)
        else:
            out.append((at, c, wide))
        at += width(c)
    return out


def svg(lines: list[str]) -> str:
    """A picture of a terminal; every run of characters is set to its exact width, whatever fonts a reader has."""
    columns = max(map(width, lines))
    wide, high = int(LEFT * 2 + columns * CELL), TOP + LINE * len(lines) + 16
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img">',
        "<title>make demo の結果 / the result of make demo</title>",
        f'<rect width="{wide}" height="{high}" rx="10" fill="#0d1117"/>',
        *(f'<circle cx="{24 + 20 * n}" cy="22" r="6" fill="{c}"/>' for n, c in enumerate(("#ff5f56", "#ffbd2e", "#27c93f"))),
        f'<g font-family="{FONTS}" font-size="14">',
    ]
    for n, line in enumerate(lines):
        colour = next((c for word, c in COLOURS if re.match(rf"{word}\s+S\d", line)), "#e6edf3")
        for at, text, _ in runs(line):
            if text.strip():
                lead = len(text) - len(text.lstrip(" "))
                text, at = text.strip(" "), at + lead
                x, size = LEFT + at * CELL, width(text) * CELL
                out.append(
                    f'<text x="{x:.1f}" y="{TOP + LINE * n}" fill="{colour}" textLength="{size:.1f}" '
                    f'lengthAdjust="spacingAndGlyphs" xml:space="preserve">{escape(text)}</text>'
                )
    return "\n".join([*out, "</g>", "</svg>", ""])


def main() -> int:
    """Run the demo and draw it."""
    environment = os.environ | {"COLUMNS": "140", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "examples/demo.py"], cwd=ROOT, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"the demo ended with {done.returncode}; nothing is drawn\n{done.stderr.decode()[-1000:]}")
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout.decode()).replace(str(ROOT) + "/", "")
    lines = ["$ make demo", *said.rstrip().splitlines(), "", "$ head out/demo/reports/findings.csv"]
    lines += table(ROOT / "out" / "demo" / "reports" / "findings.csv")
    (ROOT / "docs" / "demo.svg").write_text(svg(lines), encoding="utf-8")
    print("docs/demo.svg")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
