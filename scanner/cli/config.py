"""``tanaoroshi config show``: every setting with where it came from."""

from __future__ import annotations

from typing import Any

import click

from scanner.cli.options import options, settings_from


@click.group(short_help="設定値とその出所を示す / Show settings and where each came from")
def config() -> None:
    """設定の確認 / Settings."""


@config.command()
@options("profile", "ocr", "password_file", "jobs", "engine", "policy", "out", "ledger", "lang", "config")
def show(**flags: Any) -> None:
    """各設定の値と出所を示します。 / Prints each value and where it came from."""
    gathered = settings_from(flags)
    width = max(map(len, gathered.origins))
    for name, origin in gathered.origins.items():
        value: Any = gathered.settings
        for part in name.split("."):
            value = getattr(value, part)
        if name.startswith("keep_"):
            continue
        click.echo(f"{name:<{width}}  {value!r}  ({origin})")
