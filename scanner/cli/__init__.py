"""The command line: the list of commands, each imported when it is called, and the border at which errors become sentences."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from typing import Any, NoReturn

import click

from scanner.refusal import Refused

# name → (module, short help); an imported module has the command under the same name with "_" for "-".
COMMANDS: dict[str, tuple[str, str]] = {
    "scan": ("scan", "フォルダーを検査する / Scan folders and files"),
    "plan": ("plan", "開かずに件数・容量・所要時間を見積もる / Estimate from metadata; opens nothing"),
    "report": ("report", "台帳から報告書を書き出す / Write reports from the ledger"),
    "judge": ("report", "再検査せずに方針で判定し直す / Judge the last run again; opens no document"),
    "explain": ("explain", "一つの文書の判定理由を示す / Say why a document is judged as it is"),
    "show": ("show", "指摘箇所の原文を画面に出す / Print the passage of a finding to the terminal"),
    "inspect": ("inspect", "検出値をJSON Linesで出す（個人情報） / Print matches with raw values as JSON lines"),
    "gate": ("gate", "登録してよいファイルか答える / Answer whether a file may go to a location"),
    "policy": ("policy", "方針の検査と説明 / Check and explain a policy"),
    "rules": ("rules", "検出規則の例を試す / Try the examples of rules"),
    "doctor": ("doctor", "導入状態を確かめる / Check the installation"),
    "config": ("config", "設定値とその出所を示す / Show settings and where each came from"),
}


def locale_lang(environ: dict[str, str] | None = None) -> str:
    """``ja`` or ``en`` by the locale; ``ja`` where the locale says nothing (C, POSIX, unset)."""
    environ = dict(os.environ) if environ is None else environ
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value:
            plain = value.split(".")[0]
            return "ja" if plain in ("C", "POSIX") or plain.lower().startswith("ja") else "en"
    return "ja"


class House(click.Group):
    """The group of commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands in the order of the list."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, its module imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"scanner.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help text, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Notes an explicit --lang wherever it stands, since what is wrong with the rest of the line is said in it too."""
        for word, after in zip(args, [*args[1:], ""], strict=True):
            name, _, value = word.partition("=")
            if name == "--lang" and (value or after) in ("ja", "en"):
                ctx.meta["tanaoroshi.lang"] = value or after
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever goes wrong is said in a sentence and an exit status."""
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr] # a terminal that lacks kana gets escapes
        try:
            return super().invoke(ctx)
        except Refused as refused:
            _end(ctx, refused.say(_lang(ctx)), refused.status)
        except KeyboardInterrupt:
            _end(ctx, "中断しました。" if _lang(ctx) == "ja" else "Interrupted.", 130)
        except click.UsageError as error:
            if _lang(ctx) != "ja":
                raise
            _end(ctx, _misuse(error), 2)
        except BrokenPipeError:
            os._exit(0)  # the reader of our output has gone; there is nobody left to tell
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - the last border; a message may quote a document, so only the type is told
            name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
            ja, en = f"内部エラーです（{name}）。開発者に連絡してください。", f"Internal error ({name}). Please report it."
            _end(ctx, ja if _lang(ctx) == "ja" else en, 2)


def _misuse(error: click.UsageError) -> str:
    """What is wrong with the call, in Japanese; click says it in English only."""
    place = error.ctx.command_path if error.ctx else "tanaoroshi"
    name = ""
    if isinstance(error, click.BadParameter) and error.param and error.ctx:
        name = next((n for n in error.param.opts if n.startswith("--")), error.param.make_metavar(error.ctx))
    match error:
        case click.NoSuchOption():
            near = f"（もしかして {'、'.join(error.possibilities)}）" if error.possibilities else ""
            what = f"知らないオプションです：{error.option_name}{near}"
        case click.MissingParameter():
            what = f"{name or '引数'} を指定してください"
        case click.BadParameter():
            allowed = getattr(error.param.type, "choices", ()) if error.param else ()
            choices = f"（{'、'.join(map(str, allowed))} のいずれか）" if allowed else ""
            what = f"{name or '引数'} の値が正しくありません{choices}"
        case _ if error.ctx and error.ctx.parent is None:
            what = f"知らないコマンドです。使えるもの：{'、'.join(COMMANDS)}"
        case _:
            what = "引数が正しくありません"
    return f"{what}。使い方：{place} --help"


def _lang(ctx: click.Context) -> str:
    """The language of error messages: an explicit --lang anywhere on the line, else the environment's."""
    found = ctx.meta.get("tanaoroshi.lang")
    return found if isinstance(found, str) else os.environ.get("TANAOROSHI_LANG") or locale_lang()


def _end(ctx: click.Context, sentence: str, status: int) -> NoReturn:
    click.echo(f"tanaoroshi: {sentence.encode('utf-8', 'backslashreplace').decode()}", err=True)
    ctx.exit(status)


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from scanner.version import version

        click.echo(f"tanaoroshi {version()}")
        ctx.exit()


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-V", "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="版を表示 / Show the version."
)
def main() -> None:
    """個人情報の棚卸し：日本語文書から個人情報・要配慮個人情報を見つけ、保管場所の方針と照らし合わせます。通信はしません。

    Finds personal and special-care information in Japanese documents and holds it against the approved places. Offline.

    終了コード / exit status of scan: 0 要対応なし nothing to act on · 1 要対応 action · 2 開始できない could not start ·
    3 未検査あり incomplete · 4 1と3の両方 both · 75 時間枠の終わり paused · 130 中断 interrupted
    """
