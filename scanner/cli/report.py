"""``tanaoroshi report`` and ``tanaoroshi judge``: reports off the ledger, without opening a document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from scanner.cli.options import ledger_path, options, policy_of, settings_from
from scanner.refusal import Refused


@click.command(short_help="台帳から報告書を書き出す / Write reports from the ledger")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="形式 / Format.")
@click.option("--run", "name", metavar="ID", help="実行ID（省略時は最後） / Run; the last one by default.")
@options("policy", "out", "ledger", "lang", "mask_paths", "config")
def report(form: str, name: str | None, **flags: Any) -> None:
    """台帳の記録から報告書を書き出します。文書は開きません。 / Writes the reports of a recorded run; opens no document."""
    _write(form, name, flags)


@click.command(short_help="再検査せずに方針で判定し直す / Judge the last run again; opens no document")
@options("policy", "out", "ledger", "lang", "mask_paths", "fail_on_incomplete", "config")
@click.pass_context
def judge(ctx: click.Context, /, **flags: Any) -> None:
    """最後の検査を方針に照らして判定し直し、報告書を書き直します。文書は開きません。

    Judges the last run under a policy again and rewrites its reports. Opens no document. Exit status as of scan.
    """
    ctx.exit(_write("csv", None, flags))


def _write(form: str, name: str | None, flags: dict[str, Any]) -> int:
    settings = settings_from(flags).settings
    from scanner.ledger import Reader
    from scanner.report.summary import lines
    from scanner.run import outside, write_reports
    from scanner.settings import state_folder

    ledger = Reader(ledger_path(settings))
    try:
        run = ledger.run(name)
        _refuse_running(run.state)
        if not settings.policy:
            settings = replace(settings, policy=run.about.get("policy", ""))
        policy = policy_of(settings)
        before = run.about.get("out", "")
        folder = Path(settings.out or before or state_folder(settings) / "reports" / run.name)
        outside(folder, [Path(root) for root in run.about.get("roots", ())], "--out")
        sinks = ["json"] if form == "json" else None
        ended = write_reports(ledger, run, policy, folder, settings=settings, sinks=sinks)
    finally:
        ledger.close()
    if ended.tally is not None:
        for line in lines(ended.tally, ended.about, ended.paths, ended.status):
            click.echo(line)
    return ended.status


def _refuse_running(state: str) -> None:
    if state == "running":
        raise Refused(
            "この検査は終わっていません。scan と同じコマンドを再実行して完了させてください。",
            "This run has not ended. Run the same scan command again to finish it.",
        )
