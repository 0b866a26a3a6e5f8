"""Options that several commands share, and the way from flags to settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from scanner.cli import locale_lang
from scanner.refusal import Refused
from scanner.settings import ENGINES, OCR, PROFILES, PROGRESS, Gathered, Settings, gather

F = TypeVar("F", bound=Callable[..., Any])


_OPTIONS: dict[str, Callable[[F], F]] = {
    "policy": click.option("--policy", metavar="F", help="保管場所の方針（TOML） / Policy file."),
    "out": click.option("--out", metavar="DIR", help="報告書の出力先（検査対象の外） / Folder for reports, outside the roots."),
    "ledger": click.option("--ledger", metavar="F", help="台帳ファイル / Ledger file."),
    "profile": click.option(
        "--profile", type=click.Choice(PROFILES), help="検査の深さ（fast は簡易検査） / Depth; standard by default."
    ),
    "ocr": click.option(
        "--ocr", type=click.Choice(OCR), help="画像の文字認識（auto：追加部品があれば） / Text on pictures; auto: if installed."
    ),
    "password_file": click.option(
        "--password-file", metavar="F", help="暗号化文書に試すパスワード（1行に1つ） / Passwords to try on encrypted files."
    ),
    "jobs": click.option("--jobs", type=int, metavar="N", help="同時に読むプロセス数（0：コア数） / Worker processes (0: cores)."),
    "lang": click.option("--lang", type=click.Choice(["ja", "en"]), help="表示の言語 / Language of output."),
    "detail": click.option(
        "--detail", type=click.Choice(["groups", "cells"]), help="cells：セルごとに列挙 / cells: list each cell."
    ),
    "fail_on_incomplete": click.option(
        "--fail-on-incomplete",
        is_flag=True,
        default=None,
        help="受容済みの未検査も 3 とする / Status 3 also for accepted unexamined files.",
    ),
    "progress": click.option("--progress", type=click.Choice(PROGRESS), help="進み具合の表示 / How to show progress."),
    "limit": click.option("--limit", type=int, metavar="N", help="N件だけ検査 / Only N documents."),
    "random": click.option("--random", is_flag=True, default=None, help="--limit の対象を無作為に選ぶ / Draw them at random."),
    "engine": click.option("--engine", type=click.Choice(ENGINES), help="実行方式 / Engine."),
    "config": click.option("--config", metavar="F", help="設定ファイル / Settings file."),
    "mask_paths": click.option("--mask-paths", is_flag=True, default=None, help="報告書のパスを伏せる / Mask paths in reports."),
}


def options(*names: str) -> Callable[[F], F]:
    """Decorate a command with shared options; it receives them in one mapping ``flags``."""

    def decorate(function: F) -> F:
        for name in reversed(names):
            function = _OPTIONS[name](function)
        return function

    return decorate


def settings_from(flags: dict[str, Any], roots: Sequence[str | Path] = ()) -> Gathered:
    """The settings of a call; the language falls back on the locale."""
    config = flags.pop("config", None)
    gathered = gather(flags, config=config, roots=roots)
    if gathered.origins["lang"] == "default":
        origins = {**gathered.origins, "lang": "locale"}
        gathered = Gathered(replace(gathered.settings, lang=locale_lang()), origins)
    click.get_current_context().meta["tanaoroshi.lang"] = gathered.settings.lang
    return gathered


def policy_of(settings: Settings) -> Any:
    """The policy that the settings name, or the one that judges nothing."""
    from scanner.policy import NO_POLICY
    from scanner.settings import load_policy

    return load_policy(settings.policy, lang=settings.lang) if settings.policy else NO_POLICY


def ledger_path(settings: Settings) -> Path:
    """The ledger that the settings name, or the one in the state folder."""
    from scanner.settings import state_folder

    return Path(settings.ledger) if settings.ledger else state_folder(settings) / "ledger.sqlite"


def need_policy(settings: Settings) -> Any:
    """The policy. Raises Refused when none was named."""
    if not settings.policy:
        raise Refused("--policy で方針を指定してください。", "Name a policy with --policy.")
    return policy_of(settings)


def say(lang: str, ja: str, en: str) -> None:
    """Print one of two sentences."""
    click.echo(ja if lang == "ja" else en)
