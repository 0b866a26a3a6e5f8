"""``tanaoroshi plan``: what a scan would meet and how long it would take, from metadata alone."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import PurePath
from typing import Any

import click

from scanner.cli.options import ledger_path, options, settings_from

# Where no run has been recorded yet: seconds a file, and bytes a second and worker, on a slow core (a cautious guess).
_PER_FILE = 0.05
_BYTES = 300_000.0
_AGES = (
    (1, "1年以内", "under 1 year"),
    (3, "1～3年", "1 to 3 years"),
    (7, "3～7年", "3 to 7 years"),
    (1 << 20, "7年超", "over 7 years"),
)


@click.command(short_help="開かずに件数・容量・所要時間を見積もる / Estimate from metadata; opens nothing")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@options("jobs", "ledger", "lang", "config")
def plan(paths: tuple[str, ...], **flags: Any) -> None:
    """PATH… のファイルを開かずに、件数・容量・形式・古さ・所要時間の見込みを示します。

    Counts files, bytes, types and ages below PATH… and estimates the time; opens nothing.
    """
    settings = settings_from(flags, paths).settings
    from scanner.model import Outcome
    from scanner.run import existing
    from scanner.sources.files import FileSource

    ja = settings.lang == "ja"
    files: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    ages: Counter[int] = Counter()
    answered: Counter[str] = Counter()
    now = time.time()
    for item in FileSource([str(root) for root in existing(paths)], exclude=settings.exclude).walk():
        if isinstance(item, Outcome):
            answered[item.problems[0].sentence(settings.lang)] += 1
            continue
        kind = PurePath(item.uri).suffix.lower() or ("（拡張子なし）" if ja else "(none)")
        files[kind] += 1
        sizes[kind] += max(0, item.size)
        years = (now - item.modified) / 31_557_600 if item.modified is not None else 0
        ages[next(n for n, (limit, _, _) in enumerate(_AGES) if years <= limit)] += 1
    total, size = files.total(), sizes.total()
    click.echo(f"{'ファイル' if ja else 'Files'}: {total:,}  {'容量' if ja else 'Size'}: {_human(size)}")
    for kind, count in files.most_common(20):
        click.echo(f"  {kind:<12} {count:>10,}  {_human(sizes[kind]):>10}")
    for n, (_, words, english) in enumerate(_AGES):
        if ages[n]:
            click.echo(f"  {words if ja else english}: {ages[n]:,}")
    for sentence, count in answered.most_common():
        click.echo(f"  {'読まない' if ja else 'not read'}: {count:,}  {sentence}")
    jobs = settings.jobs or os.cpu_count() or 1
    seconds, measured = _seconds(total, size, jobs, settings)
    basis = ("前回の実測から" if measured else "一般的な目安から") if ja else ("from the last run" if measured else "a rough guess")
    click.echo(f"{'所要時間の見込み' if ja else 'Time needed'}: {_duration(seconds, ja)}（{basis}, jobs {jobs}）")


def _seconds(files: int, size: int, jobs: int, settings: Any) -> tuple[float, bool]:
    """Seconds for so many files and bytes, and whether a recorded run was the yardstick."""
    path = ledger_path(settings)
    if path.is_file():
        from scanner.ledger import Reader

        ledger = Reader(path)
        try:
            documents, known, spent = ledger.pace()
        finally:
            ledger.close()
        if documents >= 20 and known and spent:
            return max(files * spent / documents, size * spent / known) / jobs, True
    return (files * _PER_FILE + size / _BYTES) / jobs, False


def _human(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _duration(seconds: float, ja: bool) -> str:
    minutes = max(1, round(seconds / 60))
    hours, rest = divmod(minutes, 60)
    return f"{hours}時間{rest}分" if ja else f"{hours} h {rest} min"
