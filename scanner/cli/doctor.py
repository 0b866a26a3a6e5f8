"""``tanaoroshi doctor``: whether this installation can do its work."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Callable
from importlib import metadata, util
from pathlib import Path
from typing import Any

import click

from scanner.cli.options import ledger_path, options, settings_from
from scanner.refusal import Refused
from scanner.settings import Settings, state_folder, with_key

_PACKAGES = (
    *("spacy", "ginza", "ja-ginza", "sudachipy", "sudachidict-core", "pdfplumber", "pypdfium2", "python-docx", "python-pptx"),
    *("python-calamine", "lxml", "olefile", "msoffcrypto-tool", "numpy", "msgspec", "ahocorasick-rs"),
)


@click.command(short_help="導入状態を確かめる / Check the installation")
@options("ledger", "policy", "lang", "config")
@click.pass_context
def doctor(ctx: click.Context, /, **flags: Any) -> None:
    """Python・部品・モデル・鍵・台帳などを確かめます。 / Checks Python, packages, model, key, state folder, ledger."""
    settings = settings_from(flags).settings
    bad = 0
    for name, check in _checks(settings):
        try:
            good, words = check()
        except Refused as refused:
            good, words = False, refused.say(settings.lang)
        bad += not good
        click.echo(f"[{'OK' if good else 'NG'}] {name}: {words}")
    ctx.exit(2 if bad else 0)


def _checks(settings: Settings) -> list[tuple[str, Callable[[], tuple[bool, str]]]]:
    ja = settings.lang == "ja"
    out: list[tuple[str, Callable[[], tuple[bool, str]]]] = [
        ("Python", lambda: (sys.version_info >= (3, 11), f"{platform.python_version()} {platform.system()}")),
        ("部品" if ja else "packages", _packages),
        ("追加部品" if ja else "extras", lambda: (True, _extras(ja))),
        ("GiNZA", lambda: (util.find_spec("ja_ginza") is not None, "ja_ginza " + _version("ja-ginza"))),
        ("規則と辞書" if ja else "patterns, models", _data),
        ("状態フォルダー" if ja else "state folder", lambda: _state(settings)),
        ("鍵" if ja else "key", lambda: _key(settings)),
        ("ロケール" if ja else "locale", _locale),
        ("台帳" if ja else "ledger", lambda: _ledger(settings)),
        ("コア数" if ja else "cores", lambda: (True, str(os.cpu_count()))),
    ]
    if settings.policy:
        out.append(("方針" if ja else "policy", lambda: _policy(settings)))
    return out


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _packages() -> tuple[bool, str]:
    missing = [name for name in _PACKAGES if not _version(name)]
    return not missing, "missing: " + ", ".join(missing) if missing else f"{len(_PACKAGES)}"


def _extras(ja: bool) -> str:
    """Each format that needs an extra or a program, and whether it is there; their absence is no fault."""
    from scanner.extract import FORMATS, Refused, install_line, load, recognises
    from scanner.extract.foreign import NEEDED, unpacker

    out = []
    for row in FORMATS:
        if row.extra == "ocr" and not recognises():
            out.append(f"{row.title}: {install_line(row.extra)}")
        elif row.extra:
            try:
                load(row)
            except Refused as refused:
                out.append(f"{row.title}: {refused.problem.detail}")
            else:
                out.append(f"{row.title}: {row.library}")
    missing = f"{NEEDED} {'なし' if ja else 'not found'}"
    return ", ".join([*out, f"RAR CAB: {unpacker() or missing}"])


def _data() -> tuple[bool, str]:
    from scanner import resources

    try:
        folders = [resources.folder(name) for name in ("patterns", "models")]
    except FileNotFoundError as error:
        return False, str(error)
    return True, ", ".join(str(folder) for folder in folders)


def _state(settings: Settings) -> tuple[bool, str]:
    folder = state_folder(settings)
    existing = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    return os.access(existing, os.W_OK), f"{folder} ({free / 1e9:.1f} GB free)"


def _key(settings: Settings) -> tuple[bool, str]:
    path = Path(settings.key_file) if settings.key_file else state_folder(settings) / "key"
    if not path.exists():
        return True, f"{path} ({'初回に作成' if settings.lang == 'ja' else 'made on first use'})"
    with_key(settings)
    return True, str(path)


def _locale() -> tuple[bool, str]:
    encoding = sys.getfilesystemencoding()
    return encoding.lower().replace("-", "") == "utf8", f"{locale.getlocale()[0] or 'C'}, {encoding}"


def _ledger(settings: Settings) -> tuple[bool, str]:
    path = ledger_path(settings)
    if not path.exists():
        return True, f"{path} ({'まだありません' if settings.lang == 'ja' else 'none yet'})"
    from scanner.ledger import Reader

    ledger = Reader(path)
    try:
        run = ledger.run()
    finally:
        ledger.close()
    return True, f"{path} ({run.name}, {run.state})"


def _policy(settings: Settings) -> tuple[bool, str]:
    from scanner.settings import load_policy

    return True, f"{settings.policy} ({load_policy(settings.policy).version})"
