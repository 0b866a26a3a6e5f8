from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scanner.extract.budget import Limits, Spending
from scanner.extract.opc import Damaged, Package, open_zip
from scanner.problems import Code, Unreadable
from tests.extract.ooxml import p, rels, word, zipped


def package(data: bytes, limits: Limits | None = None) -> Package:
    return Package(io.BytesIO(data), Spending(limits or Limits()))


def refusal(data: bytes, limits: Limits | None = None) -> Code:
    with pytest.raises(Unreadable) as error:
        for part in (opened := package(data, limits)).names():
            opened.tree(part)
    return error.value.problem.code


def test_parts_are_found_whatever_their_spelling() -> None:
    opened = package(zipped({"Word\\Document.xml": "<a/>", "/x/_rels/y.xml.rels": rels(("1", "header", "/word/document.XML"))}))
    assert "word/document.xml" in opened
    assert opened.related("x/y.xml", "header") == ["word/document.XML"]
    assert opened.tree("WORD/document.xml").tag == "a"


def test_relations_resolve_against_their_folder() -> None:
    relations = rels(("1", "image", "../media/a%20b.png"), ("2", "hyperlink", "mailto:x@example.jp"))
    opened = package(zipped({"word/_rels/document.xml.rels": relations, "media/a b.png": b"x"}))
    found = opened.relations("word/document.xml")
    assert (found["1"].target, found["1"].external) == ("media/a b.png", False)
    assert (found["2"].target, found["2"].external) == ("mailto:x@example.jp", True)


def test_not_a_zip_truncated_and_no_main_part() -> None:
    for broken in (b"PK\x03\x04 nothing", word(p("x"))[:40], b""):
        with pytest.raises(Unreadable) as error:
            package(broken)
        assert error.value.problem.code is Code.CORRUPT
    with pytest.raises(Unreadable) as error:
        package(zipped({"a.xml": "<a/>"})).main("word/document.xml")
    assert error.value.problem.code is Code.CORRUPT


def test_bombs_are_refused_by_ratio_and_bytes() -> None:
    bomb = zipped({"a.xml": "<a>" + " " * (40 << 20) + "</a>"})
    assert refusal(bomb) is Code.BOMB
    assert refusal(bomb, Limits(bytes=1 << 20)) is Code.TOO_LARGE


def test_overlapping_entries_are_refused() -> None:
    data = bytearray(zipped({"a.xml": "<a/>", "b.xml": "<b/>"}))
    first, second = (m for m in range(len(data)) if data[m : m + 4] == b"PK\x01\x02")
    assert struct.unpack_from("<L", data, second + 42)[0] > 0
    struct.pack_into("<L", data, second + 42, struct.unpack_from("<L", data, first + 42)[0])
    with pytest.raises(Unreadable) as error:
        open_zip(io.BytesIO(data), mend=False)
    assert error.value.problem.code is Code.BOMB
    mended = open_zip(io.BytesIO(data))
    assert mended.namelist() == ["a.xml"] and [problem.code for problem in mended.damage] == [Code.BOMB]


def test_too_many_entries_are_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.extract.opc.ENTRIES", 200)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(201):
            archive.writestr(str(n), b"")
    with pytest.raises(Unreadable) as error:
        open_zip(out)
    assert error.value.problem.code is Code.TOO_MANY


def test_encrypted_entry_is_encrypted() -> None:
    data = bytearray(zipped({"a.xml": "<a/>"}))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at] |= 1
    assert refusal(bytes(data)) is Code.ENCRYPTED


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>',
        "<!-- " + "x" * 20_000 + ' --><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a []><a/>'.encode("utf-16"),
    ],
    ids=["plain", "behind a comment", "utf-16"],
)
def test_doctype_is_refused(xml: str | bytes) -> None:
    with pytest.raises(Damaged) as error:
        package(zipped({"a.xml": xml})).tree("a.xml")
    assert error.value.problem.detail == "DOCTYPE"


def test_wrong_checksum_is_damage_after_what_could_be_read() -> None:
    data = bytearray(zipped({"a.xml": "<a>" + "<p>text</p>" * 20_000 + "</a>"}, zipfile.ZIP_STORED))
    data[data.rindex(b"text")] ^= 1
    seen = 0
    with pytest.raises(Damaged) as error:
        for _ in package(bytes(data)).stream("a.xml", ("p",)):
            seen += 1
    assert error.value.problem.code is Code.CORRUPT
    assert seen > 10_000


def test_memory_stays_flat_over_a_long_part() -> None:
    """Streamed elements are freed: 400,000 of them need less than 60 MB over the start."""
    code = (
        "import io,resource,sys\n"
        "from tests.extract.test_opc import package\n"
        "from tests.extract.ooxml import zipped\n"
        "from scanner.extract.budget import Limits\n"
        "data=zipped({'a.xml':'<a>'+'<p><q>abc</q></p>'*400000+'</a>'})\n"
        "before=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "n=sum(1 for _ in package(data,Limits(ratio=10**6)).stream('a.xml',('p',),under='a'))\n"
        "after=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(n,(after-before)//1024)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    count, grown = map(int, done.stdout.split())
    assert count == 400_000
    assert grown < 60


_GUARD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 << 29, 3 << 29))
from scanner.extract import load, sniff
from scanner.extract.budget import Limits, Spending
from scanner.model import Document
from scanner.problems import Unreadable
for path in sys.argv[1:]:
    with open(path, "rb") as stream:
        try:
            found = sniff(stream, path)
            if found.format.name in ("docx", "xlsx", "pptx"):
                for item in load(found.format)(stream, Document(path), Spending(Limits(seconds=20))):
                    pass
        except Unreadable:
            pass
        except Exception as error:
            print(path, type(error).__name__)
"""


def test_hostile_files_end_in_nothing_but_unreadable(shared: Path) -> None:
    paths = sorted(str(path) for path in (shared / "data/documents").glob("*/*") if path.is_file())
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", _GUARD, *paths], cwd=root, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr[-500:]
