"""Every file of the document corpus through the program's workers, and beside other readers: outcomes, markers, characters, cost.

    python -m benchmarks.formats --data ../shared/data [--peers .venv-peers/bin/python] [--write]

Outcomes are of the profile ``standard`` with the program's own limits, a worker at a time. Characters are the Japanese ones of all
blocks, of ours with what lies inside the file; each peer reads the same files one by one, for at most a minute each. What a peer
says twice counts twice: the best of a format is the one with the most. Markers stand once in each place where text can hide.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import threading
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import isolated, tables
from benchmarks.circumstances import circumstances
from scanner.model import Status

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
READ = ROOT / "benchmarks" / "peers" / "read.py"
COMPARED, ALL = ("markers", "real", "real2"), ("markers", "real", "real2", "hostile")
SECONDS = 60.0  # for one file in one peer
_SHEETS = ("tika", "markitdown", "openpyxl", "calamine", "soffice")
TOOLS: dict[str, tuple[str, ...]] = {
    "docx": ("tika", "markitdown", "python-docx", "docx2python", "soffice"),
    "xlsx": _SHEETS,
    "pptx": ("tika", "markitdown", "python-pptx"),
    "pdf": ("tika", "pypdfium2", "pdfplumber", "pypdf", "pdftotext"),
    "odt": ("tika", "odfpy", "soffice"),
    "ods": ("tika", "calamine", "odfpy", "soffice"),
    "odp": ("tika", "odfpy"),
    "doc": ("tika", "antiword", "catdoc", "soffice"),
    "xls": ("tika", "xlrd", "calamine", "soffice"),
    "ppt": ("tika",),
    "rtf": ("tika", "striprtf", "unrtf", "soffice"),
    "eml": ("tika", "email", "markitdown"),
    "msg": ("tika", "extract-msg"),
    "html": ("tika", "lxml.html", "markitdown"),
    "csv": ("plain", "tika"),
    "text": ("plain", "tika"),
    "markdown": ("plain", "tika"),
    "gzip": ("tika",),
    "zip": ("tika",),
    "jtd": ("tika",),
    "lzh": ("tika",),
}


class Peer:
    """A running ``read.py``, started anew when a file has stopped it."""

    def __init__(self, name: str, python: str) -> None:
        self.name, self.python = name, python
        self.process: subprocess.Popen[str] | None = None

    def ask(self, path: Path) -> dict[str, Any]:
        """What it says of a file; an ``error`` for one that it could not read in time."""
        if self.process is None:
            self.process = subprocess.Popen(
                [self.python, str(READ), self.name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        process = self.process
        assert process.stdin and process.stdout
        clock = threading.Timer(SECONDS, process.kill)
        clock.start()
        try:
            process.stdin.write(json.dumps(str(path)) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        finally:
            clock.cancel()
        if not line:
            self.close()
            return {"japanese": 0, "markers": [], "seconds": SECONDS, "error": "killed"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


# ---------------------------------------------------------------- what a file itself holds


def unpacked(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes of a file and of its ZIP members."""
    yield data
    if depth < 3 and data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from unpacked(archive.read(name), depth + 1)


def repeats(found: Counter[str], path: Path) -> int:
    """How often markers came more often than the file itself holds them (a chart and its workbook hold the same twice)."""
    parts = list(unpacked(path.read_bytes()))
    extra = 0
    for marker, count in found.items():
        held = sum(part.count(marker.encode(encoding)) for part in parts for encoding in ("ascii", "utf-16-le"))
        extra += max(0, count - max(1, held))
    return extra


# ---------------------------------------------------------------- measuring


def outcomes(files: Sequence[Path], profile: str) -> tuple[dict[str, Any], dict[Path, isolated.Read]]:
    """Counts of the outcomes of all files, and each by its path."""
    chosen = isolated.settings(profile)
    every = {Path(r.outcome.document.uri): r for r in isolated.read(files, chosen)}
    slow = max(every.values(), key=lambda r: r.seconds)
    statuses = Counter(r.outcome.status.value for r in every.values())
    codes = Counter(code for r in every.values() if r.outcome.status is not Status.READ for code in isolated.codes(r.outcome))
    return {
        "profile": profile,
        "files": len(files),
        "with_one_outcome": len(every),
        "statuses": dict(sorted(statuses.items())),
        "codes": dict(sorted(codes.items())),
        "seconds": round(sum(r.seconds for r in every.values()), 1),
        "slowest": {"file": slow.outcome.document.uri.rpartition("/")[2], "seconds": round(slow.seconds, 1)},
        "budget_seconds": chosen.limits.seconds,
        "over_budget": sum(r.seconds > chosen.limits.seconds for r in every.values()),
        "largest_worker": isolated.largest_worker(),
    }, every


def marked(folder: Path, every: dict[Path, isolated.Read]) -> dict[str, dict[str, int]]:
    """Markers found in each file made of them."""
    out = {}
    for path in sorted(folder.glob("markers.*")):
        found = every[path].markers or Counter()
        out[path.suffix[1:]] = {"found": len(found), "times": found.total(), "repeats": repeats(found, path)}
    return out


def beside(files: Iterable[Path], every: dict[Path, isolated.Read], python: str) -> dict[str, dict[str, Any]]:
    """For each format the Japanese characters read by us and by each peer, and the files in which a peer read more."""
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in files:
        kind = every[path].outcome.format
        if kind in TOOLS and every[path].outcome.status is not Status.UNREADABLE:
            groups[kind].append(path)
    out = {}
    for kind, paths in sorted(groups.items()):
        mine = sum(every[p].japanese for p in paths)
        if not mine:
            continue
        said = {}
        for name in TOOLS[kind]:
            peer = Peer(name, python)
            said[name] = [peer.ask(path) for path in paths]
            peer.close()
        totals = {name: sum(a["japanese"] for a in answers) for name, answers in said.items()}
        best = max(totals, key=lambda name: totals[name])
        less = {p.name: [every[p].japanese, a["japanese"]] for p, a in zip(paths, said[best], strict=True)}
        out[kind] = {
            "files": len(paths),
            "ours": mine,
            "peers": totals,
            "failed": {name: n for name, answers in said.items() if (n := sum("error" in a for a in answers))},
            "best": best,
            "share": round(mine / totals[best], 4) if totals[best] else None,
            "less": {name: pair for name, pair in less.items() if pair[0] < 0.99 * pair[1]},
        }
    return out


# ---------------------------------------------------------------- showing


def marker_table(record: dict[str, Any]) -> str:
    """Markdown: a row for each file of markers."""
    lines = [["形式", "見つけた目印", "ファイルが持つより多く出たもの"]]
    lines += [[kind, str(m["found"]), str(m["repeats"])] for kind, m in record["markers"].items()]
    return tables.grid(lines)


def peer_table(record: dict[str, Any]) -> str:
    """Markdown: a row for each format."""
    lines = [["形式", "ファイル", "読んだ日本語文字", "最も多く読んだ道具", "その文字数", "比", "ほかの道具"]]
    for kind, f in record["beside"].items():
        rest = "、".join(f"{name} {count:,}" for name, count in f["peers"].items() if name != f["best"])
        share = "–" if f["share"] is None else f"{f['share']:.3f}"
        lines.append([kind, str(f["files"]), f"{f['ours']:,}", f["best"], f"{f['peers'][f['best']]:,}", share, rest or "–"])
    return tables.grid(lines)


def outcome_table(record: dict[str, Any]) -> str:
    """Markdown: what became of every file."""
    o = record["outcomes"]
    lines = [["結果", "ファイル"]]
    lines += [[status, str(count)] for status, count in o["statuses"].items()]
    lines.append(["うち最も遅いもの（秒）", f"{o['slowest']['seconds']:.1f}（上限 {o['budget_seconds']:g}）"])
    lines.append(["作業プロセスの最大メモリ（MB）", f"{o['largest_worker'] / 1e6:,.0f}"])
    lines += [[f"読み切れなかった理由 {code}", str(count)] for code, count in o["codes"].items()]
    return tables.grid(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, keep the figures. 2 when the corpus is not there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with documents/")
    parser.add_argument("--peers", default="", help="a Python with benchmarks/peers/formats.txt; without it: no peers")
    parser.add_argument("--profile", default="standard", choices=("fast", "standard", "thorough"))
    parser.add_argument("--write", action="store_true", help="keep the figures under benchmarks/results/")
    chosen = parser.parse_args(argv)
    folder = chosen.data.absolute() / "documents"
    if not folder.is_dir():
        sys.stderr.write("no documents there\n")
        return 2
    counts, every = outcomes(isolated.under(folder, ALL), chosen.profile)
    record = {"kind": "formats", **circumstances(), "outcomes": counts, "markers": marked(folder / "markers", every)}
    record["beside"] = beside(isolated.under(folder, COMPARED), every, chosen.peers) if chosen.peers else {}
    for table in (outcome_table, marker_table, peer_table):
        print(table(record), end="\n\n")
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / "formats.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
