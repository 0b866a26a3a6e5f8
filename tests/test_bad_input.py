"""Whatever a person or a folder gets wrong ends in a clear message or a recorded outcome, never in a traceback."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

import pytest

from tests.command import ROOT, Home, named
from tests.hostile import SHARE, locked_pdf
from tests.tree import grow

POLICY = ROOT / "examples" / "policy.toml"


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """The command could not start, says why in one breath, and shows no traceback."""
    assert done.returncode == 2
    assert "Traceback" not in done.stderr + done.stdout
    assert done.stderr.strip()
    for word in words:
        assert word in done.stderr


def test_a_missing_path(tmp_path: Path, home: Home) -> None:
    refused(home.scan(tmp_path / "no-such-folder"), "no-such-folder")


def test_one_missing_path_beside_a_good_one_refuses_the_run(tmp_path: Path, home: Home) -> None:
    grow(tmp_path / "root", {"a.txt": "特になし\n"})
    refused(home.scan(tmp_path / "root", tmp_path / "gone"), "gone")


def test_an_unknown_option(tmp_path: Path, home: Home) -> None:
    refused(home.scan(grow(tmp_path / "root", {"a.txt": "a"}), "--no-such-option"), "--no-such-option")


def test_an_unknown_profile(tmp_path: Path, home: Home) -> None:
    refused(home.scan(grow(tmp_path / "root", {"a.txt": "a"}), "--profile", "hasty"), "hasty")


def test_a_missing_policy(tmp_path: Path, home: Home) -> None:
    refused(home.scan(grow(tmp_path / "root", {"a.txt": "a"}), "--policy", tmp_path / "none.toml"), "none.toml")


def test_an_unknown_policy_key_names_file_and_line(tmp_path: Path, home: Home) -> None:
    lines = POLICY.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip().startswith("[[location"))
    lines.insert(at + 1, "colour = 'blue'")
    bad = tmp_path / "bad.toml"
    bad.write_text("\n".join(lines), encoding="utf-8")
    done = home.scan(grow(tmp_path / "root", {"a.txt": "a"}), "--policy", bad)
    refused(done, "bad.toml", "colour")
    assert any(str(n) in done.stderr for n in range(at + 1, at + 4)), "the line is named"
    refused(home.run("policy", "check", bad), "bad.toml", "colour")


def test_a_policy_that_is_no_toml(tmp_path: Path, home: Home) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[[location]\nid = 'x'\n", encoding="utf-8")
    refused(home.scan(grow(tmp_path / "root", {"a.txt": "a"}), "--policy", bad), "bad.toml", "1")


def test_an_output_folder_inside_the_root(tmp_path: Path, home: Home) -> None:
    root = grow(tmp_path / "root", {"a.txt": "a"})
    done = home.run("scan", root, "--out", root / "reports", "--ledger", home.ledger)
    refused(done, "reports")
    assert [p.name for p in root.iterdir()] == ["a.txt"]


def test_a_ledger_inside_the_root(tmp_path: Path, home: Home) -> None:
    root = grow(tmp_path / "root", {"a.txt": "a"})
    refused(home.run("scan", root, "--out", home.out, "--ledger", root / "ledger.sqlite"))
    assert [p.name for p in root.iterdir()] == ["a.txt"]


def test_damaged_files_are_recorded_and_harm_nobody(tmp_path: Path, home: Home) -> None:
    root = grow(
        tmp_path / "root",
        {
            "truncated.docx": next(SHARE.rglob("*破損.docx")).read_bytes(),
            "locked.xlsx": next(SHARE.rglob("*保護.xlsx")).read_bytes(),
            "locked.pdf": locked_pdf(),
            "empty.txt": b"",
            "binary.txt": os.urandom(40_000),
            "roster.csv": "氏名,電話番号\n染谷 和夫,090-2143-7765\n露木 恵,080-3321-9047\n",
        },
    )
    done = home.scan(root, "--policy", POLICY)
    assert done.returncode in {3, 4}
    assert "Traceback" not in done.stderr + done.stdout
    files = named(home.table("files.csv"))
    assert {n: files[n]["status"] for n in files} == {
        "truncated.docx": "partial",
        "locked.xlsx": "unreadable",
        "locked.pdf": "unreadable",
        "empty.txt": "read",
        "binary.txt": "unreadable",
        "roster.csv": "read",
    }
    assert {files[n]["verdict"] for n in ("truncated.docx", "locked.xlsx", "locked.pdf", "binary.txt")} == {"undetermined"}
    found = {row["entity"] for row in home.table("findings.csv") if Path(row["path"]).name == "roster.csv"}
    assert found >= {"person_name", "phone_number"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_folder_is_recorded(tmp_path: Path, home: Home) -> None:
    root = grow(tmp_path / "root", {"shut": {"a.txt": "a"}, "b.txt": "特になし\n"})
    (root / "shut").chmod(0)
    try:
        done = home.scan(root)
    finally:
        (root / "shut").chmod(0o700)
    assert done.returncode == 3
    files = named(home.table("files.csv"))
    assert files["shut"]["not_examined"]
    assert files["b.txt"]["status"] == "read"


def test_a_full_disk_says_so_and_keeps_what_was_recorded(tmp_path: Path, home: Home) -> None:
    root = grow(tmp_path / "root", {f"{n}.csv": f"氏名,電話番号\n染谷 和夫,090-2143-{n:04d}\n" for n in range(40)})
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be made here")
    try:
        ledger = disk / "ledger.sqlite"
        assert home.run("scan", root / "0.csv", "--out", home.out, "--ledger", ledger).returncode in {0, 1, 3}
        filler = disk / "filler"
        file = os.open(filler, os.O_WRONLY | os.O_CREAT)
        with contextlib.suppress(OSError):
            while os.write(file, bytes(4096)):
                pass
        os.close(file)
        done = home.run("scan", root, "--out", disk / "out", "--ledger", ledger)
        assert "Traceback" not in done.stderr + done.stdout
        assert done.returncode == 2
        assert "空き" in done.stderr or "disk" in done.stderr.lower()
        filler.unlink()
        again = home.run("scan", root, "--out", home.out, "--ledger", ledger, "--lang", "en")
        assert again.returncode in {0, 1}
        assert len(home.table("files.csv")) == 40
    finally:
        subprocess.run(["umount", disk], check=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_disk_that_is_full_for_the_reports_names_what_helps(tmp_path: Path, home: Home) -> None:
    root = grow(tmp_path / "root", {"a.txt": "氏名：沼田 修\n電話：090-8417-2265\n"})
    home.out.mkdir(parents=True)
    (home.out / "findings.csv").symlink_to("/dev/full")
    done = home.scan(root, "--profile", "fast")
    assert done.returncode == 3
    assert "the disk is full" in done.stderr and "the same command again" in done.stderr
    (home.out / "findings.csv").unlink()
    assert home.scan(root, "--profile", "fast").returncode == 0
    assert [row["status"] for row in home.table("files.csv")] == ["read"]
