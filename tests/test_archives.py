"""A share with archives inside archives, scanned as a person does it: chains in both tables, nothing lost, nothing left behind."""

from __future__ import annotations

import gzip
import lzma
import threading
import time
from pathlib import Path

import pytest

from tests.command import Home
from tests.extract.archivekit import flagged, tarred, zipped
from tests.extract.lzhmake import archive
from tests.extract.readkit import DOCUMENTS
from tests.leaks import traces
from tests.tree import grow

CANARIES = ("鶴ヶ谷ののか", "090-8417-2265", "nonoka.t8841@example.jp", "多発性骨髄腫")
TABLE = "氏名,電話番号,メール,傷病名\n鶴ヶ谷ののか,090-8417-2265,nonoka.t8841@example.jp,多発性骨髄腫\n".encode("cp932")


def test_nested_archives_from_end_to_end(tmp_path: Path, home: Home) -> None:
    broken = bytearray(zipped({"cut.csv": TABLE * 40}))
    broken[60:80] = b"\xff" * 20
    mixed = {"list.csv": TABLE, "locked.zip": flagged(zipped({"給与.csv": TABLE}), bits=1), "broken.zip": bytes(broken)}
    mixed |= {
        "old.lzh": archive({b"old.csv": TABLE}),
        "b.tar.xz": lzma.compress(tarred({"b.csv": TABLE})),
        "c.csv.gz": gzip.compress(TABLE),
    }
    root = grow(tmp_path / "root", {"client.zip": zipped({"2024/inner.zip": zipped(mixed)}), "plain.zip": zipped({"a.csv": TABLE})})
    done = home.run("scan", root, "--lang", "ja", "--out", home.out, "--ledger", home.ledger, "--profile", "fast")
    assert done.returncode in {3, 4}, done.stderr
    files = {Path(row["パス"]).name: row for row in home.table("files.csv")}
    assert {name: row["検査状態"] for name, row in files.items()} == {"client.zip": "一部", "plain.zip": "検査済"}
    reason = files["client.zip"]["未検査理由"]
    assert "client.zip!2024/inner.zip!locked.zip!給与.csv" in reason and "ZipCrypto" in reason
    assert "client.zip!2024/inner.zip!broken.zip!cut.csv" in reason
    found = {(Path(row["パス"]).name, row["格納経路"], row["検出項目"]) for row in home.table("findings.csv")}
    for inner in ("list.csv", "old.lzh!old.csv", "b.tar.xz!b.csv", "c.csv.gz!c.csv"):
        assert ("client.zip", f"client.zip!2024/inner.zip!{inner}", "電話番号") in found
    assert ("plain.zip", "plain.zip!a.csv", "電話番号") in found
    assert not traces(home.path, CANARIES, more=(done.stdout, done.stderr))
    assert not list((home.path / "tmp").iterdir())


def test_chains_are_masked_with_paths(tmp_path: Path, home: Home) -> None:
    root = grow(tmp_path / "root", {"a.zip": zipped({"鶴ヶ谷ののか.csv": TABLE, "多発性骨髄腫.bin": bytes(range(256)) * 20})})
    done = home.run("scan", root, "--mask-paths", "--out", home.out, "--ledger", home.ledger, "--profile", "fast")
    assert done.returncode in {3, 4}
    text = "".join((home.out / name).read_text("utf-8-sig") for name in ("files.csv", "findings.csv"))
    assert "鶴●.csv" in text and "多●.bin" in text
    assert "鶴ヶ谷" not in text and "骨髄腫" not in text


def test_canaries_stay_where_archives_break(tmp_path: Path, home: Home) -> None:
    """Libraries for unpacking quote names and bytes in their complaints."""
    name = "鶴ヶ谷ののか.csv"
    whole = {
        "a.zip": zipped({name: TABLE * 50}),
        "a.tar": tarred({name: TABLE * 50}),
        "a.tar.gz": gzip.compress(tarred({name: TABLE * 50})),
        "a.lzh": archive({name.encode("cp932"): TABLE * 50}),
        "a.csv.xz": lzma.compress(TABLE * 50),
        "a.rar": b"Rar!\x1a\x07\x01\x00" + TABLE,
        "a.7z": b"7z\xbc\xaf\x27\x1c\0\4" + TABLE,
        "a.cab": b"MSCF\0\0\0\0" + TABLE,
    }
    root = grow(tmp_path / "root", {"cut": {n: data[: len(data) * 2 // 3] for n, data in whole.items()}})
    for n, data in whole.items():
        broken = bytearray(data)
        broken[len(data) // 2 : len(data) // 2 + 40] = "多発性骨髄腫".encode("cp932") * 3
        (root / f"broken-{n}").write_bytes(broken)
    done = home.scan(root, "--profile", "fast", "--mask-paths")
    table = home.table("files.csv")
    assert len(table) == 2 * len(whole) and not [row for row in table if "internal" in row["not_examined"]]
    assert not any("Traceback" in said for said in (done.stdout, done.stderr))
    assert not traces(home.out, CANARIES, more=(done.stdout, done.stderr))
    assert not traces(home.path, CANARIES[1:], more=(done.stdout, done.stderr))  # the ledger keeps names of files
    assert not list((home.path / "tmp").iterdir())


ARCHIVES = (".zip", ".gz", ".bz2", ".xz", ".tar", ".7z", ".lzh", ".z")
SECONDS, MEMORY = 60.0, 1 << 30  # the limits of one document, as they are by default


def _largest(stop: threading.Event, out: list[int]) -> None:
    """The most memory that any child of this process held."""
    while not stop.wait(0.1):
        for path in Path("/proc").glob("[0-9]*/status"):
            try:
                told = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
                out.append(int(told["VmRSS"].split()[0]) << 10 if b"scanner" in (path.parent / "cmdline").read_bytes() else 0)
            except (OSError, KeyError):
                continue


@pytest.mark.slow
def test_hostile_archives_end_in_one_outcome_each_within_their_budget(tmp_path: Path, home: Home) -> None:
    folder = DOCUMENTS / "hostile"
    if not folder.exists():
        pytest.skip("the corpus is not present")
    files = [f for f in sorted(folder.iterdir()) if f.suffix.lower() in ARCHIVES or "polyglot" in f.name]
    root = grow(tmp_path / "root", {f.name: f.read_bytes() for f in files})
    stop, seen = threading.Event(), [0]
    watch = threading.Thread(target=_largest, args=(stop, seen))
    watch.start()
    began = time.monotonic()
    done = home.scan(root, "--profile", "fast", "--jobs", "1", timeout=600)
    took = time.monotonic() - began
    stop.set()
    watch.join()
    table = {Path(row["path"]).name: row for row in home.table("files.csv")}
    assert done.returncode in {3, 4} and set(table) == {f.name for f in files}
    assert not [name for name, row in table.items() if {"crashed", "timeout", "internal"} & set(row["not_examined"].split(";"))]
    assert took < len(files) * SECONDS / 4 and max(seen) < MEMORY + (1 << 29), (took, max(seen))
    assert table["local__zip_slip.zip"]["status"] == table["local__cp932_names.zip"]["status"] == "read"
    assert table["local__zip_60000_entries.zip"]["status"] == "partial"
    assert not list((home.path / "tmp").iterdir()) and not Path("/tmp/evil.txt").exists()
