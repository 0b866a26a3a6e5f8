"""``tanaoroshi policy check`` and ``policy explain``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from scanner.cli.options import need_policy, options, settings_from


@click.group(short_help="方針の検査と説明 / Check and explain a policy")
def policy() -> None:
    """保管場所の方針 / The policy of approved places."""


@policy.command()
@click.argument("file", required=False)
@options("policy", "lang", "config")
def check(file: str | None, **flags: Any) -> None:
    """方針ファイルを検査し、場所・分類・重なり・期限切れを示します。 / Validates a policy and says what to look at."""
    settings = settings_from(flags).settings
    approved = need_policy(replace(settings, policy=file or settings.policy))
    from scanner.policy.check import describe

    for line in describe(approved, settings.lang):
        click.echo(line)


@policy.command()
@click.argument("path")
@options("policy", "lang", "config")
def explain(path: str, **flags: Any) -> None:
    """PATH がどの場所に当たり、何を置けるかを示します。 / Says which location covers PATH and what it may hold."""
    settings = settings_from(flags).settings
    approved = need_policy(settings)
    from scanner.policy.check import explain as lines

    for line in lines(approved, path, settings.lang):
        click.echo(line)
