"""Every profile beside GiNZA alone, Sudachi's tags alone and presidio-analyzer with ja_ginza: the same text, the same run.

    python -m benchmarks.beside --data ../shared/data --peers .venv-peers/bin/python [--sentences 1200] [--rounds 3] [--write]

All tools are loaded first, each pinned to the same core; then they take turns, round by round, so that a busy machine hurts all
alike. Speeds are characters per second of processor time. A ratio is of the two speeds within one round; published are its
median, least and most. The same sentences are read one by one, as documents of 2,000 characters and as documents of 20,000. The
profiles remember lines and words, so each of their readings is by a process that has read other text and never this one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import open_data, tables
from benchmarks.circumstances import circumstances
from benchmarks.open_sets import Overlap

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
SERVE = ROOT / "benchmarks" / "peers" / "serve.py"
PEERS = ("ginza", "sudachi", "presidio")
PROFILES = ("fast", "standard")
BEFORE = 3_000  # sentences of other text that a profile has read before it is timed
DOCUMENT, LONG = 2_000, 20_000  # characters: sentences joined, as a scanner meets them
KINDS = {"sentences": "文ごと", "documents": "2千字の文書", "long": "2万字の文書"}
ENDS = "。！？!?\n"


class Tool:
    """A running ``serve.py``. Raises RuntimeError when it cannot start or breaks off."""

    def __init__(self, name: str, python: str, core: int, before: Sequence[str] = ()) -> None:
        """``before``: texts that it has read when it is asked about others."""
        self.name = name
        self.memory = 0.0
        self._command = [python, str(SERVE), name, "--core", str(core)]
        self._before = before
        self._start()

    def _start(self) -> None:
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        self._line()
        if self._before:
            self.ask(self._before)

    def forget(self) -> None:
        """A new process for one that remembers what it reads."""
        if self._before:
            self.close()
            self._start()

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} broke off")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, texts: Sequence[str]) -> tuple[float, list[list[open_data.Range]]]:
        """The seconds for all texts and the persons in each."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(texts) + "\n")
        self.process.stdin.flush()
        answer = self._line()
        self.memory = max(self.memory, float(answer["memory_mib"]))
        return answer["seconds"], [[(a, b) for a, b in spans] for spans in answer["spans"]]

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=30)


def texts(
    folder: Path, sentences: int, choice: open_data.Choice = open_data.kept_aside
) -> dict[str, list[tuple[str, list[open_data.Range], list[open_data.Range]]]]:
    """A seeded sample of each set's kept fifth, long texts cut at sentences so that each set weighs the same number of them."""
    out = {}
    for name in open_data.PERSONS:
        pieces = [piece for text in open_data.persons(folder, name, choice) for piece in cut(*text)]
        random.Random(3).shuffle(pieces)
        out[name] = pieces[: max(1, sentences // len(open_data.PERSONS))]
    return out


def cut(
    text: str, wanted: Sequence[open_data.Range], free: Sequence[open_data.Range]
) -> list[tuple[str, list[open_data.Range], list[open_data.Range]]]:
    """The sentences of a text with their ranges; never cut inside a range."""
    pieces, begin = [], 0
    for at, c in enumerate(text, 1):
        inside = any(a < at < b for a, b in (*wanted, *free))
        if (c in ENDS and not inside) or at == len(text):
            piece = text[begin:at]
            if piece.strip():
                mine = [[(a - begin, b - begin) for a, b in ranges if begin <= a and b <= at] for ranges in (wanted, free)]
                pieces.append((piece, mine[0], mine[1]))
            begin = at
    return pieces


def measure(tools: Sequence[Tool], sample: dict[str, Any], rounds: int) -> dict[str, Any]:
    """Figures of each tool by set; its speed in each round on single sentences and on documents; its memory."""
    flat = [piece for pieces in sample.values() for piece in pieces]
    alone = [text for text, _, _ in flat]
    first, found = timed(tools, alone, rounds)
    speeds = {"sentences": first}
    for kind, size in (("documents", DOCUMENT), ("long", LONG)):
        speeds[kind], _ = timed(tools, documents(alone, size), rounds)
    out = {}
    for tool in tools:
        at, sets = 0, {}
        for name, pieces in sample.items():
            count = Overlap()
            for (_, wanted, free), spans in zip(pieces, found[tool.name][at : at + len(pieces)], strict=True):
                count.add(spans, wanted, free)
            at += len(pieces)
            sets[name] = count.figures()
        rates = {kind: [round(x, 1) for x in each[tool.name]] for kind, each in speeds.items()}
        out[tool.name] = {"sets": sets, "characters_per_second": rates, "memory_mib": tool.memory}
    size = sum(map(len, alone))
    sizes = {"documents": DOCUMENT, "long": LONG}
    every = {kind: ratios(each) for kind, each in speeds.items()}
    return {"characters": size, "sentences": len(flat), "document_sizes": sizes, "rounds": rounds, "tools": out, "ratios": every}


def documents(sentences: Sequence[str], size: int = DOCUMENT) -> list[str]:
    """The sentences, a line each, as documents of at least ``size`` characters, the last one of what is left."""
    out, gathered = [], ""
    for sentence in sentences:
        gathered += sentence.rstrip("\n") + "\n"
        if len(gathered) >= size:
            out.append(gathered)
            gathered = ""
    return [*out, gathered] if gathered else out


def timed(tools: Sequence[Tool], listed: Sequence[str], rounds: int) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Characters per second in each round, and what each tool found."""
    size = sum(map(len, listed))
    speeds: dict[str, list[float]] = {t.name: [] for t in tools}
    found: dict[str, Any] = {}
    for turn in range(rounds):
        for tool in tools if turn % 2 == 0 else reversed(tools):
            tool.forget()
            seconds, found[tool.name] = tool.ask(listed)
            speeds[tool.name].append(size / seconds)
    return speeds, found


def ratios(speeds: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """Each profile's speed over GiNZA's whole pipeline in the same round: median, least, most."""
    out = {}
    for name, mine in speeds.items():
        if name.startswith("tanaoroshi-") and "ginza" in speeds:
            each = [a / b for a, b in zip(mine, speeds["ginza"], strict=True)]
            out[f"{name} / ginza"] = {
                k: round(f(each), 1) for k, f in (("median", statistics.median), ("least", min), ("most", max))
            }
    return out


def table(record: dict[str, Any]) -> str:
    """Markdown: a row for each tool."""
    names = next(iter(record["tools"].values()))["sets"]
    kinds = [kind for kind in KINDS if kind in record["ratios"]]
    head = [f"{KINDS[kind]} {what}" for kind in kinds for what in ("字/秒", "GiNZA比")]
    lines = [["道具", *(f"{n} 適合率/再現率/F1" for n in names), *head, "最大メモリ MiB"]]
    for tool, f in record["tools"].items():
        row = [
            " / ".join("–" if s[k] is None else f"{s[k]:.3f}" for k in ("precision", "recall", "f1")) for s in f["sets"].values()
        ]
        for kind in kinds:
            ratio = record["ratios"][kind].get(f"{tool} / ginza")
            row.append(f"{statistics.median(f['characters_per_second'][kind]):,.0f}")
            row.append(f"{ratio['median']:.0f}（{ratio['least']:.0f}–{ratio['most']:.0f}）" if ratio else "–")
        lines.append([tool, *row, f"{f['memory_mib']:.0f}"])
    return tables.grid(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep the figures. 2 when the sets are not there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--peers", default="", help="the peers' Python, see benchmarks/peers/setup.sh; without it: no peers")
    parser.add_argument("--profiles", nargs="+", default=PROFILES, choices=("fast", "standard", "thorough"))
    parser.add_argument("--sentences", type=int, default=1200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--core", type=int, default=max(0, (os.cpu_count() or 1) - 1))
    parser.add_argument("--write", action="store_true", help="keep the figures under benchmarks/results/")
    chosen = parser.parse_args(argv)
    if not (chosen.data / "ner").is_dir():
        sys.stderr.write("no open sets there\n")
        return 2
    sample = texts(chosen.data, chosen.sentences)
    other = [text for pieces in texts(chosen.data, BEFORE, open_data.open_to_all).values() for text, _, _ in pieces]
    absent: list[str] = []
    tools: list[Tool] = []
    with ExitStack() as stack:
        wanted = [(f"tanaoroshi-{p}", sys.executable, documents(other)) for p in chosen.profiles]
        wanted += [(p, chosen.peers, []) for p in PEERS if chosen.peers]
        for name, python, before in wanted:
            try:
                tools.append(Tool(name, python, chosen.core, before))
            except (RuntimeError, OSError):
                absent.append(name)
            else:
                stack.callback(tools[-1].close)
        figures = measure(tools, sample, chosen.rounds)
    record = {"kind": "beside", **circumstances(), **figures, "absent": absent}
    print(table(record))
    if absent:
        print(f"could not start: {' '.join(absent)}")
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / "beside.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
