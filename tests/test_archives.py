"""A share with archives inside archives, scanned as a person does it: chains in both tables, nothing lost, nothing left behind."""

from __future__ import annotations

from pathlib import Path

from tests.command import Home
from tests.extract.archivekit import flagged, zipped
from tests.leaks import traces
from tests.tree import grow

CANARIES = ("鶴ヶ谷ののか", "090-8417-2265", "nonoka.t8841@example.jp", "多発性骨髄腫")
TABLE = "氏名,電話番号,メール,傷病名\n鶴ヶ谷ののか,090-8417-2265,nonoka.t8841@example.jp,多発性骨髄腫\n".encode("cp932")


def test_nested_archives_from_end_to_end(tmp_path: Path, home: Home) -> None:
    broken = bytearray(zipped({"cut.csv": TABLE * 40}))
    broken[60:80] = b"\xff" * 20
    mixed = {"list.csv": TABLE, "locked.zip": flagged(zipped({"給与.csv": TABLE}), bits=1), "broken.zip": bytes(broken)}
    root = grow(tmp_path / "root", {"client.zip": zipped({"2024/inner.zip": zipped(mixed)}), "plain.zip": zipped({"a.csv": TABLE})})
    done = home.run("scan", root, "--lang", "ja", "--out", home.out, "--ledger", home.ledger, "--profile", "fast")
    assert done.returncode in {3, 4}, done.stderr
    files = {Path(row["パス"]).name: row for row in home.table("files.csv")}
    assert {name: row["検査状態"] for name, row in files.items()} == {"client.zip": "一部", "plain.zip": "検査済"}
    reason = files["client.zip"]["未検査理由"]
    assert "client.zip!2024/inner.zip!locked.zip!給与.csv" in reason and "ZipCrypto" in reason
    assert "client.zip!2024/inner.zip!broken.zip!cut.csv" in reason
    found = {(Path(row["パス"]).name, row["格納経路"], row["検出項目"]) for row in home.table("findings.csv")}
    assert ("client.zip", "client.zip!2024/inner.zip!list.csv", "電話番号") in found
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
