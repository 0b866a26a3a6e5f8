"""Flags over environment over file over defaults, each with its origin; mistakes refused before the first file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scanner.refusal import Refused
from scanner.settings import Settings, gather, recipe_of, with_key


def write(folder: Path, text: str) -> Path:
    file = folder / "tanaoroshi.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_precedence_and_origins(tmp_path: Path) -> None:
    file = write(tmp_path, 'profile = "fast"\njobs = 3\nlang = "en"\n[limits]\nseconds = 5.0\ndepth = 2\n')
    environ = {"TANAOROSHI_PROFILE": "thorough", "TANAOROSHI_JOBS": "5", "TANAOROSHI_LIMITS_DEPTH": "4", "PATH": "/bin"}
    gathered = gather({"jobs": 7, "out": None}, environ=environ, folder=tmp_path)
    settings, origins = gathered.settings, gathered.origins
    assert (settings.jobs, origins["jobs"]) == (7, "flag")
    assert (settings.profile, origins["profile"]) == ("thorough", "environment TANAOROSHI_PROFILE")
    assert (settings.lang, origins["lang"]) == ("en", f"{file}:3")
    assert (settings.limits.seconds, origins["limits.seconds"]) == (5.0, f"{file}:5")
    assert (settings.limits.depth, origins["limits.depth"]) == (4, "environment TANAOROSHI_LIMITS_DEPTH")
    assert (settings.detail, origins["detail"]) == ("groups", "default")


def test_the_named_file_wins_over_the_one_found(tmp_path: Path) -> None:
    write(tmp_path, "jobs = 1\n")
    other, third = tmp_path / "other.toml", tmp_path / "third.toml"
    other.write_text("jobs = 2\n")
    third.write_text("jobs = 3\n")
    environ = {"TANAOROSHI_CONFIG": str(other)}
    assert gather(environ={}, folder=tmp_path).settings.jobs == 1
    assert gather(environ=environ, folder=tmp_path).settings.jobs == 2
    assert gather(environ=environ, config=str(third), folder=tmp_path).settings.jobs == 3


def test_paths_of_a_file_start_at_its_folder(tmp_path: Path) -> None:
    write(tmp_path, 'policy = "p.toml"\nout = "/abs/out"\n')
    settings = gather(environ={}, folder=tmp_path).settings
    assert (settings.policy, settings.out) == (str(tmp_path / "p.toml"), "/abs/out")


def test_a_file_found_under_a_root_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "jobs = 1\n")
    with pytest.raises(Refused, match=r"tanaoroshi\.toml"):
        gather(environ={}, folder=tmp_path, roots=[tmp_path])
    assert gather(environ={}, folder=tmp_path, config=str(file), roots=[tmp_path]).settings.jobs == 1
    assert gather(environ={}, folder=tmp_path, roots=[tmp_path / "elsewhere"]).settings.jobs == 1


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("jobs = 1\ncolour = 2\n", 2, "colour"),
        ("[limits]\nsecond = 1\n", 2, "second"),
        ("jobs = 'many'\n", 1, "jobs"),
        ("profile = 'hasty'\n", 1, "hasty"),
        ("\n\njobs = -1\n", 3, "-1"),
        ("[limits]\n\nseconds = 0\n", 3, "seconds"),
    ],
)
def test_mistakes_in_a_file_name_file_and_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(Refused) as caught:
        gather(environ={}, folder=tmp_path)
    assert f"{file}:{line}" in caught.value.say("ja")
    assert word in caught.value.say("en")


@pytest.mark.parametrize(
    ("flags", "environ", "word"),
    [
        ({"random": True}, {}, "--limit"),
        ({"engine": "pool", "isolation": "none"}, {}, "isolation"),
        ({"engine": "serial", "jobs": 2}, {}, "jobs"),
        ({"limit": -1}, {}, "limit"),
        ({}, {"TANAOROSHI_JOBS": "two"}, "TANAOROSHI_JOBS"),
        ({}, {"TANAOROSHI_JOBZ": "2"}, "TANAOROSHI_JOBZ"),
        ({}, {"TANAOROSHI_MASK_PATHS": "perhaps"}, "TANAOROSHI_MASK_PATHS"),
    ],
)
def test_contradictions_and_unknown_names_are_refused(
    tmp_path: Path, flags: dict[str, object], environ: dict[str, str], word: str
) -> None:
    with pytest.raises(Refused, match=word):
        gather(flags, environ=environ, folder=tmp_path)


def test_no_isolation_means_the_serial_engine(tmp_path: Path) -> None:
    assert gather({"isolation": "none"}, environ={}, folder=tmp_path).settings.engine == "serial"


@pytest.mark.skipif(os.name != "posix", reason="POSIX rights")
def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(state_dir=str(tmp_path / "state"))
    first = with_key(settings).key
    file = tmp_path / "state" / "key"
    assert len(first) >= 32
    assert with_key(settings).key == first
    assert file.stat().st_mode & 0o077 == 0
    assert first.decode() not in repr(with_key(settings))
    file.chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        with_key(settings)
    file.chmod(0o600)
    file.write_text("short")
    with pytest.raises(Refused, match="too short"):
        with_key(settings)


def test_the_recipe_has_two_parts_that_move_apart() -> None:
    plain = recipe_of(Settings())
    assert recipe_of(Settings(jobs=3, out="x", lang="ja")) == plain
    thorough = recipe_of(Settings(profile="thorough"))
    assert thorough.extraction == plain.extraction
    assert thorough.detection != plain.detection


def test_first_runs_at_once_agree_on_one_key(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def key(_: int) -> bytes:
        return with_key(Settings(state_dir=str(tmp_path / "state"))).key

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(key, range(16)))) == 1
    assert [p.name for p in (tmp_path / "state").iterdir()] == ["key"]
