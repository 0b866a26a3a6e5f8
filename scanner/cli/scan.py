"""``tanaoroshi scan``: the main job."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

import click

from scanner.cli.options import options, policy_of, settings_from


@click.command(short_help="フォルダーを検査する / Scan folders and files")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@options(
    *("policy", "out", "ledger", "profile", "ocr", "password_file", "jobs", "lang", "detail", "fail_on_incomplete", "progress"),
    *("limit", "random", "engine", "mask_paths", "config"),
)
@click.pass_context
def scan(ctx: click.Context, /, paths: tuple[str, ...], **flags: Any) -> None:
    """PATH… のすべての文書を検査し、findings.csv・files.csv・run.json を書き出します。

    Examines every document below PATH… and writes the reports. The same command again takes up a run that was broken off.
    """
    settings = settings_from(flags, paths).settings
    policy = policy_of(settings)
    from scanner.cli.progress import chosen
    from scanner.report.summary import lines
    from scanner.run import INTERRUPTED, Run

    run = Run(settings, paths, policy=policy, progress=chosen(settings, paths))
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)
    ended = run.scan()
    if ended.tally is None:
        ja = "中断しました。ここまでの記録は台帳に残っています。同じコマンドを再実行すると続きから検査します。"
        en = "Interrupted. What was recorded is in the ledger; run the same command again to go on from here."
        click.echo(ja if settings.lang == "ja" else en, err=True)
        ctx.exit(INTERRUPTED)
    for line in lines(ended.tally, ended.about, ended.paths, ended.status):
        click.echo(line)
    ctx.exit(ended.status)


def _stop(_: int, __: FrameType | None) -> None:
    """A service manager's stop is Ctrl-C to us."""
    raise KeyboardInterrupt
