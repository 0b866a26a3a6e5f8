"""Every option of a run in one frozen value, gathered from flags, environment, file and defaults."""

from __future__ import annotations

import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import msgspec

from scanner import extract, ledger, policy, resources, taxonomy, tomlfile
from scanner.extract.budget import Limits
from scanner.refusal import Refused
from scanner.text.encoding import decode_bytes

PREFIX = "TANAOROSHI_"
PROFILES = ("fast", "standard", "thorough")
ENGINES = ("pool", "serial", "dask")
PROGRESS = ("bar", "json", "none")
OCR = ("auto", "on", "off")
_MOST = 1_000  # passwords
_PASSWORDS = 1 << 18  # bytes of a password file


@dataclass(frozen=True, slots=True)
class Settings:
    """Options that shape a run. ``limits``: what one document may cost. ``key``: the installation's secret for digests.

    ``passwords``: those tried on encrypted documents, from ``password_file``; they go to workers through a pipe and nowhere else.

    ``ocr``: whether text on pictures is recognised; ``auto``: where the extra is installed, but not in the profile ``fast``.
    ``isolation``: ``pool`` (killable worker processes) or ``none`` (in this process). ``jobs``: 0 means one per core.
    ``keep_matches``, ``keep_blocks``: carry raw matches or blocks in outcomes; only ``inspect``, ``show``, ``explain`` set them.
    """

    profile: str = "standard"
    ocr: str = "auto"
    jobs: int = 0
    lang: str = "ja"
    detail: str = "groups"
    engine: str = "pool"
    isolation: str = "pool"
    limits: Limits = field(default_factory=Limits)
    key: bytes = field(default=b"", repr=False)
    passwords: tuple[str, ...] = field(default=(), repr=False)
    exclude: tuple[str, ...] = ()
    keep_matches: bool = False
    keep_blocks: bool = False
    rules: tuple[str, ...] = ()  # further rule files of the user
    custom: tuple[tuple[str, str, str, tuple[str, ...]], ...] = ()  # the policy's identifiers: id, label, regex, words near it
    mask_paths: bool = False
    policy: str = ""
    out: str = ""
    ledger: str = ""
    state_dir: str = ""
    key_file: str = ""
    password_file: str = ""
    progress: str = "bar"
    fail_on_incomplete: bool = False
    limit: int = 0  # 0: every document
    random: bool = False


class LimitsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table ``[limits]`` of a settings file."""

    bytes: int | None = None
    characters: int | None = None
    parts: int | None = None
    depth: int | None = None
    ratio: int | None = None
    seconds: float | None = None
    memory: int | None = None
    pixels: int | None = None
    ocr_seconds: float | None = None


class SettingsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A settings file, ``tanaoroshi.toml``."""

    profile: str | None = None
    ocr: str | None = None
    jobs: int | None = None
    lang: str | None = None
    detail: str | None = None
    engine: str | None = None
    isolation: str | None = None
    exclude: list[str] | None = None
    rules: list[str] | None = None
    mask_paths: bool | None = None
    policy: str | None = None
    out: str | None = None
    ledger: str | None = None
    state_dir: str | None = None
    key_file: str | None = None
    password_file: str | None = None
    progress: str | None = None
    fail_on_incomplete: bool | None = None
    limits: LimitsFile = LimitsFile()


_PATHS = ("policy", "out", "ledger", "state_dir", "key_file", "password_file")
_CHOICES: dict[str, tuple[str, ...]] = {
    "profile": PROFILES,
    "ocr": OCR,
    "engine": ENGINES,
    "progress": PROGRESS,
    "lang": ("ja", "en"),
    "detail": ("groups", "cells"),
    "isolation": ("pool", "none"),
}
_CONFIG_ONLY = frozenset(SettingsFile.__struct_fields__) - {"limits"}


@dataclass(frozen=True, slots=True)
class Gathered:
    """The settings with the origin of each value: ``flag``, ``environment NAME``, ``FILE:LINE`` or ``default``."""

    settings: Settings
    origins: Mapping[str, str]


def gather(
    flags: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    config: str | None = None,
    roots: Iterable[str | Path] = (),
    folder: Path | None = None,
) -> Gathered:
    """Merge flags over environment over file over defaults. Flags that are None count as not given. Raises Refused."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    named = config or environ.get(PREFIX + "CONFIG", "")
    path = Path(named) if named else (folder or Path.cwd()) / "tanaoroshi.toml"
    if named or path.is_file():
        if not named:
            _refuse_under_roots(path, roots)
        _from_file(path, values, origins)
    _from_environment(environ, values, origins)
    for name, value in (flags or {}).items():
        if value is not None and value != ():
            values[name] = tuple(value) if isinstance(value, list) else value
            origins[name] = "flag"
    if values.get("isolation") == "none" and "engine" not in values:
        values["engine"], origins["engine"] = "serial", "isolation = none"
    settings = _build(values, origins)
    _check(settings, origins)
    every = [f.name for f in fields(Settings) if f.name not in ("key", "limits", "passwords")] + [
        f"limits.{f.name}" for f in fields(Limits)
    ]
    return Gathered(settings, {name: origins.get(name, "default") for name in every})


def _refuse_under_roots(path: Path, roots: Iterable[str | Path]) -> None:
    """Nothing inside a scanned place may configure the scanner."""
    real = path.resolve()
    for root in roots:
        if str(root) != "-" and real.is_relative_to(Path(root).resolve()):
            raise Refused(
                f"{path}: 検査対象の中にある設定ファイルは使いません。--config で明示するか、移動してください。",
                f"{path}: a settings file inside a scanned place is not used. Name it with --config or move it.",
            )


def _from_file(path: Path, values: dict[str, Any], origins: dict[str, str]) -> None:
    record, lines = tomlfile.read(path, SettingsFile)
    for name in SettingsFile.__struct_fields__:
        value = getattr(record, name)
        if name == "limits":
            for key in LimitsFile.__struct_fields__:
                if getattr(value, key) is not None:
                    values[f"limits.{key}"] = getattr(value, key)
                    origins[f"limits.{key}"] = f"{path}:{lines.find(('limits', key))}"
        elif value is not None:
            if name in _PATHS:
                value = str(path.parent / value)
            if name == "rules":
                value = [str(path.parent / item) for item in value]
            values[name] = tuple(value) if isinstance(value, list) else value
            origins[name] = f"{path}:{lines.find((name,))}"


def _from_environment(environ: Mapping[str, str], values: dict[str, Any], origins: dict[str, str]) -> None:
    for variable, text in environ.items():
        if not variable.startswith(PREFIX) or variable == PREFIX + "CONFIG":
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name.startswith("limits_"):
            name = "limits." + name.removeprefix("limits_")
        inner = name.removeprefix("limits.")
        if name not in _CONFIG_ONLY and not (name.startswith("limits.") and inner in LimitsFile.__struct_fields__):
            raise Refused(f"環境変数 {variable} は知らない設定です。", f"environment variable {variable} is no known setting.")
        values[name] = _parse(name, text, variable)
        origins[name] = f"environment {variable}"


def _parse(name: str, text: str, variable: str) -> Any:
    try:
        if name in ("limits.seconds", "limits.ocr_seconds"):
            return float(text)
        if name == "jobs" or name.startswith("limits."):
            return int(text)
    except ValueError:
        raise Refused(f"環境変数 {variable} は数値にしてください。", f"environment variable {variable} must be a number.") from None
    if name in ("mask_paths", "fail_on_incomplete"):
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off", ""):
            return False
        raise Refused(
            f"環境変数 {variable} は true か false にしてください。", f"environment variable {variable} must be true or false."
        )
    if name in ("exclude", "rules"):
        return tuple(part for part in text.split(os.pathsep) if part)
    return text


def _build(values: Mapping[str, Any], origins: Mapping[str, str]) -> Settings:
    limits = {name.removeprefix("limits."): value for name, value in values.items() if name.startswith("limits.")}
    for name, value in limits.items():
        if value <= 0:
            _wrong(f"limits.{name}", value, origins, "0より大きい数", "a number above 0")
    plain = {name: value for name, value in values.items() if "." not in name}
    return replace(Settings(), **plain, limits=replace(Limits(), **limits))


def _wrong(name: str, value: object, origins: Mapping[str, str], ja: str, en: str) -> None:
    origin = origins.get(name, "default")
    raise Refused(f"{name} = {value}（{origin}）: {ja}を指定してください。", f"{name} = {value} ({origin}): expected {en}.")


def _check(settings: Settings, origins: Mapping[str, str]) -> None:
    """Refuse values and combinations that cannot be meant."""
    for name, allowed in _CHOICES.items():
        value = getattr(settings, name)
        if value not in allowed:
            _wrong(name, value, origins, "・".join(allowed) + "のいずれか", "one of " + ", ".join(allowed))
    for name in ("jobs", "limit"):
        if getattr(settings, name) < 0:
            _wrong(name, getattr(settings, name), origins, "0以上", "0 or more")
    if settings.ocr == "on" and not extract.recognises():
        line = extract.install_line("ocr")
        raise Refused(f"ocr = on は {line} が必要です。", f"ocr = on needs {line}.")
    if settings.random and not settings.limit:
        raise Refused("--random は --limit N と一緒に指定してください。", "--random needs --limit N.")
    if settings.engine == "pool" and settings.isolation == "none":
        raise Refused(
            "engine = pool と isolation = none は両立しません。engine = serial を指定してください。",
            "engine = pool contradicts isolation = none; choose engine = serial.",
        )
    if settings.engine == "serial" and settings.jobs > 1:
        raise Refused("engine = serial と jobs > 1 は両立しません。", "engine = serial contradicts jobs > 1.")


# ---------------------------------------------------------------- the installation's own folder and key


def state_folder(settings: Settings) -> Path:
    """Where ledgers, reports and the key live: the option, else the user's state directory of the platform."""
    if settings.state_dir:
        return Path(settings.state_dir)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local")) / "tanaoroshi"
    if sys.platform == "darwin":
        return home / "Library/Application Support/tanaoroshi"
    return Path(os.environ.get("XDG_STATE_HOME") or home / ".local/state") / "tanaoroshi"


def private_folder(path: Path) -> Path:
    """Create a folder that only its owner may enter; one that exists keeps its rights. Raises Refused."""
    try:
        if not path.is_dir():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            f"{path}: フォルダーを作成できません（{type(error).__name__}）。",
            f"{path}: cannot create the folder ({type(error).__name__}).",
        ) from None
    return path


def with_key(settings: Settings) -> Settings:
    """The settings with the installation's key, made on first use. Raises Refused."""
    if settings.key:
        return settings
    path = Path(settings.key_file) if settings.key_file else state_folder(settings) / "key"
    try:
        if not path.exists():
            private_folder(path.parent)
            _create_key(path)
        key = path.read_bytes().strip()
        mode = path.stat().st_mode
    except OSError as error:
        raise Refused(
            f"{path}: 鍵ファイルを読み込めません（{type(error).__name__}）。",
            f"{path}: cannot read the key file ({type(error).__name__}).",
        ) from None
    if len(key) < 32:
        raise Refused(f"{path}: 鍵が短すぎます（32バイト以上）。", f"{path}: the key is too short (32 bytes or more).")
    _only_owner(path, mode, "鍵ファイル", "key file")
    return replace(settings, key=key)


def with_secrets(settings: Settings) -> Settings:
    """The settings with the installation's key and the passwords in the password file. Raises Refused."""
    settings = with_key(settings)
    if settings.passwords or not settings.password_file:
        return settings
    path = Path(settings.password_file)
    try:
        data = path.read_bytes() if path.stat().st_size <= _PASSWORDS else b"\n" * (_MOST + 1)
        mode = path.stat().st_mode
    except OSError as error:
        raise Refused(
            f"{path}: パスワードファイルを読み込めません（{type(error).__name__}）。",
            f"{path}: cannot read the password file ({type(error).__name__}).",
        ) from None
    _only_owner(path, mode, "パスワードファイル", "password file")
    listed = tuple(dict.fromkeys(line for line in decode_bytes(data).splitlines() if line))
    if not 0 < len(listed) <= _MOST:
        raise Refused(
            f"{path}: パスワードは1行に1つ、1～{_MOST}個にしてください。", f"{path}: give 1 to {_MOST} passwords, one in each line."
        )
    return replace(settings, passwords=listed)


def _only_owner(path: Path, mode: int, ja: str, en: str) -> None:
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Refused(
            f"{path}: {ja}は所有者だけが読めるようにしてください（chmod 600）。",
            f"{path}: only the owner may have access to the {en} (chmod 600).",
        )


def _create_key(path: Path) -> None:
    """Write a new key whole before it has its name: two first runs at once agree on the one that came first."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32))
    try:
        os.link(name, path)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def recipe_of(settings: Settings) -> ledger.Recipe:
    """What of these settings and this installation shapes an outcome. Raises FileNotFoundError when a shipped folder is missing."""
    limits = {f.name: getattr(settings.limits, f.name) for f in fields(Limits)}
    return ledger.compute(
        patterns=resources.folder("patterns"),
        models=resources.folder("models"),
        extraction_options={**limits, "ocr": recognises(settings)},
        detection_options={
            "profile": settings.profile,
            "detail": settings.detail,
            "lang": settings.lang,
            "custom": [list(entry) for entry in settings.custom],
        },
        rule_files=[Path(rule) for rule in settings.rules],
    )


def recognises(settings: Settings) -> bool:
    """Whether text on pictures is recognised in this installation with these settings."""
    wanted = settings.ocr == "on" or (settings.ocr == "auto" and settings.profile != "fast")
    return wanted and extract.recognises()


def load_taxonomy() -> taxonomy.Taxonomy:
    """Names and layers of the shipped entities and categories."""
    return taxonomy.load(resources.folder("patterns"))


def load_policy(path: str | Path, *, lang: str = "ja") -> policy.Approved:
    """The policy in a file. Raises FileRefused with file and line."""
    return policy.load(Path(path), load_taxonomy(), lang=lang)


def with_policy(settings: Settings, approved: policy.Approved) -> Settings:
    """The settings with the policy's own identifiers, so that the workers look for them."""
    entries = tuple(
        (name, custom.label, custom.regex, tuple(custom.near)) for name, custom in approved.file.custom_identifiers.items()
    )
    return replace(settings, custom=entries)
