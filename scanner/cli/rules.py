"""``tanaoroshi rules test``: the examples of rule files, tried by the detector itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scanner.cli.options import options, say, settings_from
from scanner.refusal import Refused


@click.group(short_help="検出規則の例を試す / Try the examples of rules")
def rules() -> None:
    """検出規則 / Rules."""


@rules.command()
@click.argument("files", nargs=-1, metavar="[FILE]…")
@options("lang", "config")
@click.pass_context
def test(ctx: click.Context, /, files: tuple[str, ...], **flags: Any) -> None:
    """規則の例がすべて成り立つか試します（省略時は同梱の規則）。 / Tries the rules' examples; the shipped ones by default."""
    settings = settings_from(flags).settings
    from scanner import resources
    from scanner.detect import rules as loader
    from scanner.detect.tryout import failures

    patterns = resources.folder("patterns")
    try:
        shipped = loader.load_rules(patterns)
        book = loader.load_labels(patterns)
        own = [rule for file in files for rule in loader.load_rules(_existing(file))]
    except loader.RuleError as error:
        raise Refused(str(error), str(error)) from None
    failed = failures(own, book, shipped) if files else failures(shipped, book)
    for line in failed:
        click.echo(line)
    count = len(own) if files else len(shipped)
    say(settings.lang, f"規則 {count} 件、失敗 {len(failed)} 件", f"{count} rules, {len(failed)} failures")
    ctx.exit(1 if failed else 0)


def _existing(file: str) -> Path:
    path = Path(file)
    if not path.exists():
        raise Refused(f"{file}: 規則ファイルがありません。", f"{file}: no such rule file.")
    return path
