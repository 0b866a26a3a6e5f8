"""RAR 4 and 5: names, what is stored, encrypted, packed; an unpacker where there is one, and the reason where there is none."""

from __future__ import annotations

import io
import struct
import sys
import tarfile
import zlib
from pathlib import Path

import pytest

from scanner.extract import foreign, rars
from scanner.extract.budget import Limits, Spending
from scanner.model import Document, Status
from scanner.problems import Code
from tests.extract.archivekit import NOTE, codes, examine, tarred
from tests.extract.readkit import read


def old_block(kind: int, flags: int, body: bytes, data: bytes = b"") -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data


def old(files: dict[bytes, bytes], *, flags: int = 0, method: int = 0x30, main: int = 0) -> bytes:
    out = b"Rar!\x1a\x07\x00" + old_block(0x73, main, bytes(6))
    for name, data in files.items():
        sizes = struct.pack("<IIBIIBBHI", len(data), len(data), 0, zlib.crc32(data), 0x50000000, 20, method, len(name), 0x20)
        out += old_block(0x74, 0x8000 | flags, sizes + name, data)
    return out + old_block(0x7B, 0x4000, b"")


def number(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def new_block(kind: int, body: bytes, data: bytes = b"", extra: bytes = b"") -> bytes:
    flags = (1 if extra else 0) | (2 if data else 0)
    head = (
        number(kind) + number(flags) + (number(len(extra)) if extra else b"") + (number(len(data)) if data else b"") + body + extra
    )
    whole = number(len(head)) + head
    return struct.pack("<I", zlib.crc32(whole)) + whole + data


def new(files: dict[str, bytes], *, method: int = 0, extra: bytes = b"", shut: bool = False) -> bytes:
    out = b"Rar!\x1a\x07\x01\x00" + (new_block(4, bytes(20)) if shut else b"") + new_block(1, number(0))
    for name, data in files.items():
        crc = struct.pack("<I", zlib.crc32(data))
        body = number(4) + number(len(data)) + number(0x20) + crc + number(method << 7) + number(0)
        out += new_block(2, body + number(len(name.encode())) + name.encode(), data, extra)
    return out + new_block(5, number(0))


FILES = {"名簿/一覧.txt": NOTE.encode(), "b.txt": b"x"}


def test_what_is_stored_needs_no_unpacker() -> None:
    assert read("rars", new(FILES)).members == list(FILES.items())
    assert read("rars", old({name.encode("cp932"): data for name, data in FILES.items()})).members == list(FILES.items())
    outcome = examine(new(FILES), "a.rar")
    assert outcome.status is Status.READ and outcome.format == "rar"
    assert "person_name" in {f.entity for f in outcome.members[0].facts.findings}


def test_names_of_rar_4_in_unicode() -> None:
    wide = b"??.txt\0" + b"\0" + bytes([0b10100000]) + "名簿".encode("utf-16-le") + b".t" + bytes([0b00000000]) + b"xt"
    assert [name for name, _ in read("rars", old({wide: b"x"}, flags=0x200)).members] == ["名簿.txt"]


@pytest.mark.parametrize("data", [old({b"a.csv": b"x"}, flags=4), new({"a.csv": b"x"}, extra=b"\x02\x01\x00")])
def test_encrypted_members_are_named(data: bytes) -> None:
    outcome = examine(data, "a.rar")
    assert outcome.status is Status.UNREADABLE
    assert [(o.document.inside, codes(o)) for o in outcome.members] == [(("a.csv",), ["encrypted"])]


@pytest.mark.parametrize("data", [old({b"a.csv": b"x"}, main=0x80), new({"a.csv": b"x"}, shut=True)])
def test_encrypted_names(data: bytes) -> None:
    outcome = examine(data, "a.rar")
    assert outcome.status is Status.UNREADABLE and codes(outcome) == ["encrypted"]


def test_without_an_unpacker_what_is_packed_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rars, "unpacker", lambda: "")
    outcome = examine(new(FILES, method=3), "a.rar")
    assert outcome.status is Status.UNREADABLE
    assert [(p.code, p.detail) for o in outcome.members for p in o.problems] == [(Code.MISSING_EXTRA, foreign.NEEDED)] * 2


def program(folder: Path, answer: bytes) -> str:
    """An unpacker that reads the archive and answers with this tar."""
    (folder / "answer").write_bytes(answer)
    script = folder / "bsdtar"
    code = f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(open({str(folder / 'answer')!r}, 'rb').read())"
    script.write_text(f"#!{sys.executable}\n{code}\n")
    script.chmod(0o755)
    return str(script)


@pytest.mark.skipif(sys.platform == "win32", reason="a script of its own is no program there")
def test_an_unpacker_is_used_and_what_it_leaves_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rars, "unpacker", lambda: program(tmp_path, tarred({"名簿/一覧.txt": NOTE.encode()})))
    outcome = examine(new(FILES, method=3), "a.rar")
    assert [(o.document.inside[-1], o.status) for o in outcome.members] == [
        ("名簿/一覧.txt", Status.READ),
        ("b.txt", Status.UNREADABLE),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="a script of its own is no program there")
def test_members_of_equal_names_are_all_accounted_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (new({"同じ.txt": b"x"}, method=method) for method in (0, 3, 3))
    end, head = new_block(5, number(0)), len(b"Rar!\x1a\x07\x01\x00" + new_block(1, number(0)))
    data = first[: -len(end)] + second[head : -len(end)] + third[head:]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for body in (b"stored", b"packed"):
            info = tarfile.TarInfo("同じ.txt")
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    monkeypatch.setattr(rars, "unpacker", lambda: program(tmp_path, out.getvalue()))
    outcome = examine(data, "a.rar")
    assert [(codes(o), [b.text for b in o.blocks]) for o in outcome.members] == [([], ["x"]), ([], ["packed"]), (["corrupt"], [])]


def test_the_real_unpacker() -> None:
    if not foreign.unpacker():
        pytest.skip("no bsdtar here")
    for data in (new(FILES), old({name.encode("cp932"): body for name, body in FILES.items()})):
        stream = io.BytesIO(data)
        entries, trouble = rars._listed(stream, Spending(Limits()))
        found = list(rars._unpacked(stream, entries, entries, Document("a.rar", size=len(data)), Spending(Limits())))
        assert trouble is None and [(m.name, m.stream.read(), m.problem) for m in found] == [(n, d, None) for n, d in FILES.items()]


@pytest.mark.skipif(sys.platform == "win32", reason="a script of its own is no program there")
def test_cab_by_the_unpacker_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"MSCF\0\0\0\0" + bytes(60)
    monkeypatch.setattr(foreign, "unpacker", lambda: "")
    assert [(p.code, p.detail) for p in examine(data, "a.cab").problems] == [(Code.MISSING_EXTRA, foreign.NEEDED)]
    script = program(tmp_path, tarred({"a.txt": NOTE.encode()}))
    monkeypatch.setattr(foreign, "unpacker", lambda: script)
    assert examine(data, "a.cab").status is Status.READ
    Path(script).write_text(Path(script).read_text() + "sys.exit(1)\n")
    failed = examine(data, "a.cab")
    assert failed.status is Status.PARTIAL and [(p.code, p.detail) for p in failed.problems] == [(Code.CORRUPT, "bsdtar")]


def test_damage() -> None:
    whole = new({"a.txt": NOTE.encode(), "b.txt": NOTE.encode()})
    for data in (whole[:-60], whole[:120], whole[:60] + b"\xff" * 30, old({b"a.txt": b"x" * 50})[:60]):
        outcome = examine(data, "a.rar")
        assert outcome.status is not Status.READ, len(data)
        assert "corrupt" in {p.code.value for o in (outcome, *outcome.members) for p in o.problems}
