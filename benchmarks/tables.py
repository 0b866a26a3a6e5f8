"""Turns kept results into markdown tables, and puts them between the markers of README.md.

python -m benchmarks.tables [--check]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NAMES = {"development": "開発用", "held": "未使用"}


def accuracy(record: Mapping[str, Any]) -> str:
    """All tables of one accuracy record, for a terminal or a page."""
    halves = record["halves"]
    parts = [
        f"profile {record['profile']} · commit {record['commit']}{' (changed)' if record['changed'] else ''} · {record['date']}"
    ]
    for title, key in (("検出項目", "entities"), ("形式", "formats"), ("分類（文書単位）", "categories")):
        parts.append(_triples(title, key, halves))
    parts.append(_others(halves))
    return "\n\n".join(parts)


def _triples(title: str, key: str, halves: Mapping[str, Any]) -> str:
    rows = list(dict.fromkeys(name for half in halves.values() for name in half[key]))
    head = [title] + [f"{NAMES[h]} {what}" for h in halves for what in ("適合率", "再現率", "F1", "件数")]
    lines = [head]
    for name in rows:
        line = [name]
        for half in halves.values():
            figures = half[key].get(name)
            if figures is None:
                line += ["–"] * 4
                continue
            marked = figures["right"] + figures["missed"]
            line += [_figure(figures[k]) for k in ("precision", "recall", "f1")] + [f"{marked:g}"]
        lines.append(line)
    return grid(lines)


def _others(halves: Mapping[str, Any]) -> str:
    lines = [["その他", *(NAMES[h] for h in halves)]]
    rows = (
        ("文書数", lambda h: h["documents"]),
        ("全部は読めなかった文書", lambda h: len(h["not_read"])),
        ("個人情報のない文書", lambda h: h["negatives"]["documents"]),
        ("　1文書あたりの誤検出", lambda h: _figure(h["negatives"]["false_per_document"])),
        ("　うち要配慮と誤判定", lambda h: h["negatives"]["called_special_care"]),
        ("法人番号を個人番号と誤検出", lambda h: h["corporate_as_my_number"]),
        ("推定本人数が区間内の文書", lambda h: h["persons"]["within_interval"]),
        ("推定本人数の平均誤差（人）", lambda h: _figure(h["persons"]["mean_error"])),
    )
    for name, value in rows:
        lines.append([name, *(str(value(half)) for half in halves.values())])
    return grid(lines)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def grid(rows: Sequence[Sequence[str]], *, right: bool = True) -> str:
    """A markdown table; the first row is its head; ``right``: columns but the first are aligned to the right."""
    head, *body = rows
    rule = ["---"] + ["--:" if right else "---"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *body))


def speed(record: Mapping[str, Any]) -> str:
    """The table of one throughput record."""
    lines = [["段階", "MB/s（抽出後UTF-8）", "ファイル/s"]]
    for name, row in record["stages"].items():
        lines.append([name, f"{row['mb_per_second']:.2f}", f"{row['files_per_second']:.0f}"])
    for run in record.get("runs", ()):
        name = f"scan 全体（{run['profile']}、ワーカー{run['jobs']}）"
        lines.append([name, f"{run['mb_per_second']:.2f}", f"{run['files_per_second']:.1f}"])
    return grid(lines)
