"""Fills the generated parts of README.md and ARCHITECTURE.md: tables of results, help text, formats, tree.

python -m docs.pages [--check]
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import tables
from scanner.extract import FORMATS

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"


def pages() -> dict[Path, dict[str, str]]:
    """Each page with its generated parts by marker name."""
    readme = {"help": helptext(), "formats": formats(), **results()}
    return {ROOT / "README.md": readme, ROOT / "ARCHITECTURE.md": {"tree": tree()}}


def results() -> dict[str, str]:
    """The tables of the kept results."""
    out = {}
    path = RESULTS / "accuracy-standard.json"
    if path.exists():
        out["accuracy"] = tables.accuracy(json.loads(path.read_text(encoding="utf-8")))
    path = RESULTS / "throughput.json"
    if path.exists():
        record = json.loads(path.read_text(encoding="utf-8"))
        machine = record["machine"]
        note = f"{machine['cpu']} · {machine['cores']} cores · commit {record['commit']} · {record['date']}"
        out["speed"] = f"{note}\n\n{tables.speed(record)}"
    return out


def helptext() -> str:
    """What ``tanaoroshi --help`` prints."""
    command = [sys.executable, "-m", "scanner", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return f"```\n{done.stdout.decode().strip()}\n```"


def formats() -> str:
    """The formats that are read, from the one list of them."""
    rows = [["形式", "拡張子", "読むところ", "読まないところ", "指摘の位置"]]
    for row in FORMATS:
        if row.module:
            title = f"{row.title}（追加部品 {row.extra}）" if row.extra else row.title
            rows.append([title, " ".join(row.extensions), row.reads or "–", row.lacks or "–", row.place or "–"])
    return tables.grid(rows, right=False)


def tree() -> str:
    """The package's modules, each with the first sentence of its docstring."""
    lines = []
    for path in sorted((ROOT / "scanner").rglob("*.py"), key=lambda p: (len(p.parts) > len(ROOT.parts) + 2, p.parts)):
        name = path.relative_to(ROOT / "scanner").as_posix()
        sentence = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
        if path.name == "__init__.py" and path.parent.name != "scanner":
            lines.append(f"{path.parent.name + '/':<28}{sentence}")
        else:
            lines.append(f"{'  ' * name.count('/')}{path.name:<{28 - 2 * name.count('/')}}{sentence}")
    return "```\nscanner/\n" + "\n".join(line.rstrip() for line in lines) + "\n```"


def filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with each ``<!-- name:begin -->…<!-- name:end -->`` filled anew."""
    for name, part in parts.items():
        found = re.search(rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", page, re.S)
        if found is not None:
            page = page[: found.start()] + found[1] + part + "\n" + found[2] + page[found.end() :]
    return page


def main(argv: Sequence[str] | None = None) -> int:
    """Fill the pages; with ``--check`` only say (1) which differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args(argv)
    stale = []
    for path, parts in pages().items():
        old = path.read_text(encoding="utf-8")
        new = filled(old, parts)
        if new != old:
            stale.append(path.name)
            if not chosen.check:
                path.write_text(new, encoding="utf-8")
    if stale:
        print(f"{'stale' if chosen.check else 'filled'}: {', '.join(stale)}")
    return int(chosen.check and bool(stale))


if __name__ == "__main__":
    raise SystemExit(main())
