"""``tanaoroshi show FINDING``: reads the source again and prints the passage to a terminal."""

from __future__ import annotations

import sys
from typing import Any

import click

from scanner.classify.places import printable
from scanner.cli.look import files, outcomes, value
from scanner.cli.options import ledger_path, options, settings_from
from scanner.model import Block, Classified, Finding, Outcome, family
from scanner.refusal import Refused

AROUND = 60  # characters of the passage before and after the value
MOST = 20  # places of a finding that covers many


@click.command(short_help="指摘箇所の原文を画面に出す / Print the passage of a finding to the terminal")
@click.argument("finding", metavar="FINDING")
@click.option("--force", is_flag=True, help="端末以外にも出力する / Print to something else than a terminal.")
@options("ledger", "password_file", "lang", "config")
def show(finding: str, force: bool, **flags: Any) -> None:
    """指摘ID（先頭8文字以上）の箇所を原本から読み直して表示します。 / Reads the passage of a finding again."""
    settings = settings_from(flags).settings
    if not (force or sys.stdout.isatty()):
        raise Refused(
            "原文は個人情報のため、端末以外には出力しません（--force で出力できます）。",
            "The passage is personal information and is printed to a terminal only (--force overrides).",
        )
    if len(finding) < 8:
        raise Refused("指摘IDは8文字以上を指定してください。", "Give at least eight characters of the finding id.")
    from scanner.ledger import Reader

    ledger = Reader(ledger_path(settings))
    try:
        found = ledger.find(finding, ledger.run())
    finally:
        ledger.close()
    if not found:
        raise Refused(f"{finding}: 最後の検査にその指摘IDはありません。", f"{finding}: the last run has no such finding.")
    for uri, known in found:
        click.echo(uri.encode("utf-8", "backslashreplace").decode())
        for outcome in outcomes(files([uri], settings), settings):
            _print(outcome, known, settings.lang)


def _print(outcome: Outcome, known: Finding, lang: str) -> None:
    printed = 0
    for inner in family(outcome):
        here = [f for f in inner.facts.findings if f.finding_id == known.finding_id]
        if not here:
            continue
        texts = {block.index: block for block in inner.blocks}
        entries = [e for e in inner.facts.matches if e.match.entity == known.entity and e.match.block in texts]
        exact = [e for e in entries if printable(texts[e.match.block].anchor(e.match.start), lang) == here[0].place]
        for entry in (exact or entries)[:MOST]:
            click.echo(passage(entry, texts, lang))
            printed += 1
    if not printed:
        raise Refused(
            "その箇所は今の文書には見つかりません。文書が変わった可能性があります。再検査してください。",
            "The passage is not in the document as it is now; it may have changed. Scan again.",
            status=3,
        )


def passage(entry: Classified, texts: dict[int, Block], lang: str) -> str:
    """The value in 【】 with some of what stands around it."""
    block = texts[entry.match.block]
    start, end = entry.match.start, entry.match.end
    before, after = block.text[max(0, start - AROUND) : start], block.text[end : end + AROUND]
    text = f"{before}【{value(entry, texts)}】{after}"
    return f"  {printable(block.anchor(start), lang)}: " + "".join(c if c.isprintable() else " " for c in text)
