"""The wheel holds everything: installed into an empty environment it works outside the checkout and without a network."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.command import ROOT, rows
from tests.tree import grow

pytestmark = pytest.mark.xdist_group("wheel")

BUDGET = 40 << 20  # bytes; gazetteers grow
NO_NETWORK = """
import socket
def refuse(*_):
    raise OSError("no network in this test")
socket.socket.connect = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = out.glob("tanaoroshi-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds the wheel; the libraries come from this one, the checkout does not."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv" if "venv" in sysconfig.get_scheme_names() else None, {"base": str(folder)}))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (site / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return folder / "bin"


def run(installed: Path, cwd: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The installed command, with nothing of this environment."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd), "LANG": "C.UTF-8", "TANAOROSHI_KEY_FILE": str(cwd / "key")}
    command = [installed / "python", "-m", "scanner", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_the_wheel_is_not_too_large(wheel: Path) -> None:
    assert wheel.stat().st_size < BUDGET


def test_the_package_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    code = "import scanner, scanner.resources as r; print(scanner.__file__, r.folder('patterns'), r.folder('models'), sep='\\n')"
    done = subprocess.run([installed / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        assert Path(line).is_relative_to(installed.parent), line


def test_the_rules_hold(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "rules", "test")
    assert done.returncode == 0, done.stderr + done.stdout[-1000:]


def test_a_folder_is_scanned_without_a_network(installed: Path, tmp_path: Path) -> None:
    root = grow(
        tmp_path / "root",
        {
            "roster.csv": "氏名,電話番号\n染谷 和夫,090-2143-7765\n",
            "note.txt": "マイナンバーは123456789018です\n",
            "nothing.md": "# 予定\n特になし\n",
        },
    )
    done = run(installed, tmp_path, "scan", root, "--out", tmp_path / "out", "--ledger", tmp_path / "ledger.sqlite", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert {row["status"] for row in rows(tmp_path / "out" / "files.csv")} == {"read"}
    found = {(Path(row["path"]).name, row["entity"]) for row in rows(tmp_path / "out" / "findings.csv")}
    assert {("roster.csv", "person_name"), ("roster.csv", "phone_number"), ("note.txt", "my_number")} <= found
    assert not {entity for name, entity in found if name == "nothing.md"}
