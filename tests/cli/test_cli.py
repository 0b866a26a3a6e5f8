"""The command: every refusal is a sentence and an exit status, every command does what its page says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scanner.cli import COMMANDS, locale_lang, main
from tests import fakes
from tests.command import ROOT, Home, rows
from tests.tree import grow

CARE = {**fakes.CARE, "confidence": 0.95}
POLICY = """
organization = "〇〇"
version = "3"
contact = "管理部"
[[locations]]
id = "claims"
path = "root/claims/**"
classes = ["layer:special_care_required", "layer:personal_information"]
[[locations]]
id = "sales"
path = "root/sales/**"
classes = ["layer:personal_information"]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    return grow(
        tmp_path / "root",
        {
            "claims": {"a.txt": json.dumps({"findings": [CARE]})},
            "sales": {"b.txt": json.dumps({"findings": [CARE], "n": 2}), "c.txt": "nothing"},
        },
    )


def call(tmp_path: Path, *arguments: str | Path, stdin: str | bytes | None = None, **environ: str) -> Result:
    """The command in this process, with the fake work in this process too."""
    environment = {
        "TANAOROSHI_STATE_DIR": str(tmp_path / "state"),
        "TANAOROSHI_ENGINE": "serial",
        "LANG": "en_US.UTF-8",
        "LC_ALL": "",
        "LC_MESSAGES": "",
        **environ,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scanner.pipeline.build_work", fakes.make)
        patch.chdir(tmp_path)
        return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin, env=environment)


def scan(tmp_path: Path, *more: str | Path) -> Result:
    return call(tmp_path, "scan", tmp_path / "root", "--out", tmp_path / "out", "--policy", tmp_path / "policy.toml", *more)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["scan"], "PATH"),
        (["scan", "gone"], "gone"),
        (["scan", "root", "--colour"], "--colour"),
        (["scan", "root", "--profile", "hasty"], "hasty"),
        (["scan", "root", "--jobs", "many"], "many"),
        (["scan", "root", "--policy", "none.toml"], "none.toml"),
        (["scan", "root", "--config", "none.toml"], "none.toml"),
        (["scan", "root", "--random"], "--limit"),
        (["scan", "root", "--engine", "dask"], "cluster"),
        (["scan", "root", "--out", "root/reports"], "outside"),
        (["plan", "gone"], "gone"),
        (["inspect", "gone", "--json"], "gone"),
        (["judge"], "ledger"),
        (["report", "--run", "x"], "ledger"),
        (["report", "--format", "pdf"], "pdf"),
        (["gate", "root/sales/c.txt", "--to", "sales"], "--policy"),
        (["gate", "root/sales/c.txt", "--to", "attic", "--policy", "policy.toml"], "attic"),
        (["gate", "gone", "--to", "sales", "--policy", "policy.toml"], "gone"),
        (["policy", "check"], "--policy"),
        (["policy", "check", "none.toml"], "none.toml"),
        (["rules", "test", "none.toml"], "none.toml"),
        (["explain", "gone"], "gone"),
        (["show", "0123456789"], "terminal"),
        (["show", "0123", "--force"], "eight"),
        (["nonsense"], "nonsense"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else value,
)
def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path, tree: Path, arguments: list[str], word: str) -> None:
    done = call(tmp_path, *arguments)
    assert done.exit_code == 2
    assert word in done.stderr
    assert "Traceback" not in done.output
    assert not (tree / "reports").exists()


def test_bugs_end_in_a_sentence_without_the_message(tmp_path: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("佐藤みなみ")

    monkeypatch.setattr("scanner.run.Run.scan", broken)
    done = scan(tmp_path)
    assert done.exit_code == 2
    assert "ValueError" in done.stderr
    assert "佐藤" not in done.output


def test_errors_speak_the_language_asked_for(tmp_path: Path, tree: Path) -> None:
    assert "見つかりません" in call(tmp_path, "scan", "gone", "--lang", "ja").stderr
    assert "見つかりません" in call(tmp_path, "scan", "gone", LANG="ja_JP.UTF-8").stderr
    assert "no such file" in call(tmp_path, "scan", "gone", "--lang", "en", LANG="ja_JP.UTF-8").stderr
    for written in (("--lang", "en"), ("--lang=en",)):
        assert "No such option" in call(tmp_path, "scan", "--nope", *written, LANG="ja_JP.UTF-8").stderr
        assert "No such command" in call(tmp_path, "scam", *written, LANG="ja_JP.UTF-8").stderr
    assert "no such file" in call(tmp_path, "scan", "gone", TANAOROSHI_LANG="en", LANG="ja_JP.UTF-8").stderr


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "C.UTF-8"}, "ja"),
        ({}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environ: dict[str, str], lang: str) -> None:
    assert locale_lang(environ) == lang


def test_scan_prints_coverage_first_and_where_the_reports_are(tmp_path: Path, tree: Path) -> None:
    done = scan(tmp_path)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert any(line == "walked 3 = read 3 + partial 0 + unreadable 0 + excluded 0 + unchanged 0" for line in lines)
    coverage = next(n for n, line in enumerate(lines) if line.startswith("walked"))
    verdicts = next(n for n, line in enumerate(lines) if line.startswith("action 1  review 0"))
    assert coverage < verdicts
    assert str(tmp_path / "out" / "findings.csv") in done.stdout
    assert done.stderr == ""


def test_nothing_found_promises_nothing(tmp_path: Path) -> None:
    grow(tmp_path / "root", {"a.txt": ""})
    done = call(tmp_path, "scan", "root", "--out", tmp_path / "out", "--lang", "ja", "--profile", "fast")
    assert done.exit_code == 0
    assert (
        "検査した範囲では、個人情報に該当しうる記載は検出されませんでした。個人情報が存在しないことを保証するものではありません"
        "（検査条件：簡易検査、未検査：0件）。"
    ) in done.stdout


def test_progress_as_json(tmp_path: Path, tree: Path) -> None:
    done = scan(tmp_path, "--progress", "json")
    last = json.loads(done.stderr.splitlines()[-1])
    assert (last["type"], last["walked"], last["examined"], last["findings"]) == ("end", 3, 3, 2)
    assert str(tree) not in done.stderr


def test_judge_follows_a_changed_policy_without_opening_a_document(tmp_path: Path, tree: Path) -> None:
    assert scan(tmp_path).exit_code == 1
    for file in tree.rglob("*.txt"):
        file.unlink()
    wider = POLICY.replace('classes = ["layer:personal_information"]', 'classes = ["layer:special_care_required"]')
    (tmp_path / "policy.toml").write_text(wider, encoding="utf-8")
    done = call(tmp_path, "judge")
    assert done.exit_code == 0
    assert {row["verdict"] for row in rows(tmp_path / "out" / "findings.csv")} == {"approved"}
    assert call(tmp_path, "judge", "--policy", tmp_path / "none.toml").exit_code == 2


def test_report_writes_elsewhere_and_as_json(tmp_path: Path, tree: Path) -> None:
    scan(tmp_path)
    done = call(tmp_path, "report", "--format", "json", "--out", tmp_path / "again", "--lang", "ja")
    assert done.exit_code == 0
    records = [json.loads(line) for line in (tmp_path / "again" / "findings.jsonl").read_text().splitlines()]
    assert [r["verdict"] for r in records] == ["approved", "action"]
    name = json.loads((tmp_path / "out" / "run.json").read_text())["run_id"]
    assert call(tmp_path, "report", "--run", name, "--out", tmp_path / "third").exit_code == 0
    assert (tmp_path / "third" / "findings.csv").read_bytes() == (tmp_path / "out" / "findings.csv").read_bytes()
    assert call(tmp_path, "report", "--run", "nobody").exit_code == 2
    assert "outside" in call(tmp_path, "report", "--out", tree / "x").stderr


def test_plan_opens_nothing(tmp_path: Path, tree: Path) -> None:
    before = {p: p.stat().st_atime_ns for p in tree.rglob("*.txt")}
    done = call(tmp_path, "plan", "root")
    assert done.exit_code == 0
    assert re.search(r"Files: 3 ", done.stdout)
    assert {p: p.stat().st_atime_ns for p in tree.rglob("*.txt")} == before
    assert not (tmp_path / "state").exists()


def gate(tmp_path: Path, *arguments: str | Path, stdin: str | None = None) -> Result:
    return call(tmp_path, "gate", *arguments, "--policy", tmp_path / "policy.toml", stdin=stdin)


def test_the_gate_answers_by_the_place_asked_for_not_by_where_the_file_lies(tmp_path: Path, tree: Path) -> None:
    file = tree / "sales" / "b.txt"
    passed = gate(tmp_path, file, "--to", "claims")
    assert (passed.exit_code, passed.stdout.split(":")[0]) == (0, "pass")
    refused = gate(tmp_path, tree / "claims" / "a.txt", "--to", "sales")
    assert (refused.exit_code, refused.stdout.split(":")[0]) == (1, "refuse")
    assert "Medical history" in refused.stdout
    assert "管理部" in refused.stdout
    assert gate(tmp_path, file, "--to", str(tmp_path / "root" / "claims")).exit_code == 0
    assert gate(tmp_path, file, "--to", str(tmp_path / "elsewhere")).exit_code == 1


@pytest.mark.parametrize(
    ("told", "status", "reason"),
    [
        ({}, 0, ""),
        ({"findings": [{**CARE, "confidence": 0.6}]}, 3, "WRONG_LOCATION"),
        ({"problems": ["encrypted"]}, 3, "encrypted"),
        ({"findings": [{}], "problems": ["timeout"]}, 3, "timeout"),
        ({"findings": [CARE], "problems": ["timeout"]}, 1, "WRONG_LOCATION"),
        ({"members": {"x": {"findings": [CARE]}}}, 1, "WRONG_LOCATION"),
    ],
)
def test_the_gate_fails_closed(tmp_path: Path, tree: Path, told: dict[str, Any], status: int, reason: str) -> None:
    done = gate(tmp_path, "-", "--to", "sales", "--json", stdin=json.dumps(told))
    assert done.exit_code == status
    answer = json.loads(done.stdout)
    assert answer["decision"] == {0: "pass", 1: "refuse", 3: "hold"}[status]
    assert answer["reasons"] == ([reason] if reason else [])
    assert answer["policy_version"] == "3"


def test_the_gate_s_status_is_the_gravest_of_several(tmp_path: Path, tree: Path) -> None:
    (tree / "locked").write_text(json.dumps({"problems": ["encrypted"]}))
    files = [tree / "sales" / "c.txt", tree / "locked"]
    assert gate(tmp_path, *files, "--to", "sales").exit_code == 3
    assert gate(tmp_path, *files, tree / "sales" / "b.txt", "--to", "sales").exit_code == 1
    (tree / "empty").mkdir()
    assert gate(tmp_path, tree / "empty", "--to", "sales").exit_code == 3, "nothing examined is nothing passed"


def test_explain_prints_reasons(tmp_path: Path, tree: Path) -> None:
    told = {"findings": [CARE], "facts": {"categories": {"medical_history": "linked_direct"}, "because": ["table of records"]}}
    file = tree / "sales" / "e.txt"
    file.write_text(json.dumps(told))
    done = call(tmp_path, "explain", file, "--policy", tmp_path / "policy.toml")
    assert done.exit_code == 0
    for words in ("action", "S4", "Medical history", "table of records", "separate records", "locations.sales"):
        assert words in done.stdout
    assert "同じ記録" not in done.stdout
    japanese = call(tmp_path, "explain", file, "--lang", "ja").stdout
    assert "病歴" in japanese
    assert "直接識別" in japanese


def test_policy_explain_and_check(tmp_path: Path, tree: Path) -> None:
    done = call(tmp_path, "policy", "explain", "root/sales/b.txt", "--policy", "policy.toml")
    assert (done.exit_code, "sales" in done.stdout) == (0, True)
    assert call(tmp_path, "policy", "check", "policy.toml").exit_code == 0
    (tmp_path / "bad.toml").write_text(POLICY + 'color = "x"\n')
    bad = call(tmp_path, "policy", "check", "bad.toml")
    assert bad.exit_code == 2
    assert f"bad.toml:{POLICY.count(chr(10)) + 1}:" in bad.stderr


def test_config_show_names_origins_and_hides_the_key(tmp_path: Path, tree: Path) -> None:
    (tmp_path / "tanaoroshi.toml").write_text("\nprofile = 'fast'\n")
    done = call(tmp_path, "config", "show", TANAOROSHI_JOBS="1")
    assert re.search(r"^profile +'fast'  \(.*tanaoroshi\.toml:2\)$", done.stdout, re.M)
    assert re.search(r"^jobs +1  \(environment TANAOROSHI_JOBS\)$", done.stdout, re.M)
    assert not re.search(r"^key ", done.stdout, re.M)


def test_doctor_finds_this_installation_sound_and_a_bad_key(tmp_path: Path, tree: Path) -> None:
    done = call(tmp_path, "doctor")
    assert done.exit_code == 0, done.stdout
    assert "GiNZA" in done.stdout
    bad = tmp_path / "key"
    bad.write_text("short")
    bad.chmod(0o600)
    done = call(tmp_path, "doctor", TANAOROSHI_KEY_FILE=str(bad))
    assert (done.exit_code, "[NG] key" in done.stdout) == (2, True)


def scrubbed(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ}
    command: Sequence[str] = [sys.executable, "-m", "scanner", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_help_is_quick_and_complete() -> None:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        done = scrubbed("--help")
        times.append(time.perf_counter() - began)
        assert done.returncode == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in done.stdout] == []
    assert done.stdout.startswith("Usage: tanaoroshi ")
    assert min(times) < 0.3


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_page(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0
    assert f"main {name}" in done.output


@pytest.mark.parametrize("arguments", [("--help",), ("-V",), ("scan", "gone")])
def test_no_heavy_library_is_imported_to_say_little(arguments: tuple[str, ...]) -> None:
    heavy = "{'spacy', 'ginza', 'sudachipy', 'pdfplumber', 'pypdfium2', 'docx', 'pptx'}"
    if arguments != ("scan", "gone"):
        heavy = heavy[:-1] + ", 'numpy', 'msgspec'}"
    code = (
        f"import sys, atexit; atexit.register(lambda: print('HEAVY', sorted({{m.split('.')[0] for m in sys.modules}} & {heavy})));"
        "from scanner.cli import main; main(sys.argv[1:], prog_name='tanaoroshi')"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "HEAVY []" in done.stdout


def test_the_version_is_the_distribution_s() -> None:
    said = scrubbed("-V").stdout.strip()
    assert re.fullmatch(r"tanaoroshi \d+\.\d+\.\d+\S*", said)


def test_scanning_with_a_scrubbed_environment(tmp_path: Path, home: Home) -> None:
    """No HOME-relative surprises: everything is written where the environment says."""
    root = grow(tmp_path / "root", {"a.txt": "特になし\n"})
    done = home.run("scan", root)
    assert done.returncode == 0, done.stderr
    written = sorted(p.relative_to(home.path / "state").parts[1] for p in (home.path / "state" / "tanaoroshi").iterdir())
    assert written == ["ledger.sqlite", "ledger.sqlite.lock", "reports"]


@pytest.mark.parametrize("word", ["違反", "違法", "漏えい", "漏洩"])
def test_the_words_that_are_for_people_are_never_printed(word: str) -> None:
    folders = ("policy", "report", "cli", "ledger")
    files = [p for folder in folders for p in (ROOT / "scanner" / folder).rglob("*") if p.suffix in (".py", ".toml")]
    files += [ROOT / "scanner" / name for name in ("run.py", "settings.py", "problems.py", "tomlfile.py")]
    assert [p.name for p in files if word in p.read_text(encoding="utf-8")] == []


@pytest.mark.skipif(os.name != "posix", reason="a terminal of POSIX")
def test_a_bar_on_a_terminal_only(tmp_path: Path) -> None:
    import fcntl
    import pty
    import struct
    import termios

    root = grow(tmp_path / "root", {f"{n}.txt": json.dumps({"sleep": 0.05}) for n in range(8)})
    code = (
        "import scanner.pipeline; from tests import fakes; scanner.pipeline.build_work = fakes.make;"
        "from scanner.cli import main; main(['scan', *__import__('sys').argv[1:]])"
    )
    command = [sys.executable, "-c", code, str(root), "--engine", "serial", "--out", str(tmp_path / "out"), "--lang", "en"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "home"), "TERM": "xterm"}
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=inner)
    os.close(inner)
    shown = b""
    while process.poll() is None or not shown:
        try:
            shown += os.read(outer, 65536)
        except OSError:
            break
    os.close(outer)
    assert process.wait(timeout=30) == 0
    text = shown.decode()
    assert re.search(r"\d/8 \[", text)
    assert "findings" in text
    assert "MB" in text
