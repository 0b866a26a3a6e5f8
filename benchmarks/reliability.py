"""Draws the reliability plot of a calibration record as SVG, readable on light and dark pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SIZE, GAP, LEFT, TOP = 280, 70, 56, 48
TITLES = {"person_name": "人名 person_name", "address": "住所 address"}
COLOURS = {"open": "#2f81f7", "hard": "#d29922", "held": "#3fb950"}
NAMES = {"open": "公開データ（学習外の1/5）", "hard": "難しい項目", "held": "正解データ（未使用の半分）"}
FEW = 10  # a bin with fewer hits is a dot off the line
FONT = "'Noto Sans JP','BIZ UDGothic','Hiragino Sans',Meiryo,sans-serif"


def draw(record: Mapping[str, Any]) -> str:
    """The picture: a panel for each entity, a line for each source; a dot's area grows with its hits."""
    width, height = LEFT + 2 * SIZE + GAP + 24, TOP + SIZE + 100
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="確信度と正しかった割合">',
        f"<style>text{{font:12px {FONT};fill:#24292f}}.b{{fill:#fff}}.g{{stroke:#d0d7de}}.d{{stroke:#8c959f}}"
        "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.b{fill:#0d1117}.g{stroke:#30363d}.d{stroke:#6e7681}}</style>",
        f'<rect class="b" width="{width}" height="{height}" rx="8"/>',
    ]
    for n, entity in enumerate(TITLES):
        parts += _panel(record["sources"], entity, LEFT + n * (SIZE + GAP))
    for n, source in enumerate(COLOURS):
        x, y = LEFT + n * 215, TOP + SIZE + 66
        parts.append(
            f'<circle cx="{x}" cy="{y - 4}" r="5" fill="{COLOURS[source]}"/><text x="{x + 12}" y="{y}">{NAMES[source]}</text>'
        )
    note = f"{record['profile']} · {record['date']} · {record['commit']}"
    parts.append(f'<text x="{LEFT}" y="{height - 12}">{note}</text></svg>')
    return "\n".join(parts) + "\n"


def _panel(sources: Mapping[str, Any], entity: str, left: int) -> Iterator[str]:
    yield f'<text x="{left}" y="{TOP - 20}" font-weight="bold">{TITLES[entity]}</text>'
    for tick in range(0, 11, 2):
        x, y = _point(left, tick / 10, tick / 10)
        yield f'<path class="g" d="M{left} {y}H{left + SIZE}M{x} {TOP}V{TOP + SIZE}"/>'
        yield f'<text x="{x}" y="{TOP + SIZE + 16}" text-anchor="middle">{tick / 10:.1f}</text>'
        yield f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{tick / 10:.1f}</text>'
    yield f'<path class="d" d="M{left} {TOP + SIZE}L{left + SIZE} {TOP}" stroke-dasharray="4 4"/>'
    yield f'<text x="{left + SIZE / 2}" y="{TOP + SIZE + 34}" text-anchor="middle">確信度（縦：正しかった割合）</text>'
    for source, colour in COLOURS.items():
        figures = sources.get(source, {}).get(entity, {"bins": [], "error": None})
        points = [(*_point(left, b["confidence"], b["right"]), b["hits"]) for b in figures["bins"]]
        if any(hits >= FEW for _, _, hits in points):
            line = "L".join(f"{x} {y}" for x, y, hits in points if hits >= FEW)
            yield f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="1.5" opacity=".6"/>'
        for x, y, hits in points:
            yield f'<circle cx="{x}" cy="{y}" r="{min(11.0, 2 + hits**0.5 / 4):.1f}" fill="{colour}" opacity=".85"/>'
    told = [f"{s} {sources[s][entity]['error']:.3f}" for s in COLOURS if s in sources and sources[s][entity]["error"] is not None]
    yield f'<text x="{left + SIZE}" y="{TOP - 20}" text-anchor="end">ECE {" · ".join(told)}</text>'


def _point(left: int, x: float, y: float) -> tuple[float, float]:
    return round(left + x * SIZE, 1), round(TOP + (1 - y) * SIZE, 1)
