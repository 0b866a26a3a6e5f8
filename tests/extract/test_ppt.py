"""Presentations of PowerPoint 97 to 2003: slides in order, living versions only, all that hangs on them, damage and harm."""

from __future__ import annotations

import io
import re
import struct
import time
import zlib
from collections import Counter
from pathlib import Path

import pytest

from scanner.extract import Refused, ppt, sniff
from scanner.extract.olewrite import ole
from scanner.model import Section, Slide
from scanner.problems import Code, Unreadable
from tests.extract.readkit import Read, read


def atom(kind: int, data: bytes = b"", instance: int = 0, version: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4 | version, kind, len(data)) + data


def box(kind: int, *parts: bytes, instance: int = 0) -> bytes:
    return atom(kind, b"".join(parts), instance, 15)


def text(value: str, kind: int = 4) -> bytes:
    raw = value.replace("\n", "\r")
    body = atom(0x0FA8, raw.encode("latin-1")) if raw.isascii() else atom(0x0FA0, raw.encode("utf-16-le"))
    return atom(0x0F9F, struct.pack("<I", kind)) + body


def shape(*texts: bytes, at: tuple[int, int] | None = None, properties: bytes = b"") -> bytes:
    anchor = atom(0xF00F, struct.pack("<iiii", at[1], at[0], at[1] + 1, at[0] + 1)) if at else b""
    return box(0xF004, atom(0xF00A, bytes(8)), properties, anchor, box(0xF00D, *texts))


def drawing(*shapes: bytes) -> bytes:
    return box(0x040C, box(0xF002, box(0xF003, *shapes)))


def slide(*parts: bytes, hidden: bool = False) -> bytes:
    return box(0x03EE, atom(0x03EF, bytes(24)), atom(0x03F9, bytes(10) + struct.pack("<HI", 4 if hidden else 0, 0)), *parts)


def show(
    slides: list[bytes],
    outlines: list[bytes],
    notes: tuple[bytes, ...] = (),
    stale: bytes = b"",
    last: bytes = b"",
    objects: bytes = b"",
    **more: bytes,
) -> bytes:
    """A presentation saved once; ``stale``: bytes of an older version that nothing refers to."""
    listed = b"".join(atom(0x03F3, struct.pack("<IIIII", n + 2, 0, 0, 256 + n, 0)) + outlines[n] for n in range(len(slides)))
    noted = b"".join(atom(0x03F3, struct.pack("<IIIII", n + 100, 0, 0, n, 0)) for n in range(len(notes)))
    document = box(0x03E8, box(0x0FF0, listed, instance=0), box(0x0FF0, noted, instance=2), last)
    data, places = stale, {}
    for ident, part in [(1, document), *((n + 2, s) for n, s in enumerate(slides)), *((n + 100, s) for n, s in enumerate(notes))]:
        places[ident] = len(data)
        data += part
    data += objects
    directory = len(data)
    data += atom(0x1772, b"".join(struct.pack("<II", 1 << 20 | ident, place) for ident, place in places.items()))
    edit = len(data)
    data += atom(0x0FF5, struct.pack("<IIIIIII", 0, 0, 0, directory, 1, 200, 0))
    user = atom(0x0FF6, struct.pack("<III", 20, 0xE391C05F, edit) + bytes(8))
    return ole({"PowerPoint Document": data, "Current User": user, **more})


def sections(out: Read) -> dict[Section, str]:
    return {s: "\n".join(b.text for b in out.blocks if b.section is s) for s in Section}


def test_slides_with_outline_table_notes_comments_and_links() -> None:
    outline = text("研修名簿", 0) + text("参加者\n佐藤", 1)
    table = box(
        0xF003,
        box(0xF004, atom(0xF00A, bytes(8)), atom(0xF122, struct.pack("<HI", 0x039F, 1), instance=1)),
        shape(text("電話"), at=(0, 50)),
        shape(text("氏名"), at=(0, 10)),
        shape(text("鈴木"), at=(20, 10)),
        shape(text("090-1234-5678"), at=(20, 50)),
    )
    described = "集合写真\0".encode("utf-16-le")
    picture = box(0xF004, atom(0xF00A, bytes(8)), atom(0xF00B, struct.pack("<HI", 0x8381, len(described)) + described, instance=1))
    comment = box(
        0x2EE0, atom(0x0FBA, "高橋".encode("utf-16-le"), 0), atom(0x0FBA, "差替え".encode("utf-16-le"), 1), atom(0x2EE1, bytes(28))
    )
    tags = box(0x1388, box(0x138A, atom(0x0FBA, "___PPT10".encode("utf-16-le")), atom(0x138B, comment)))
    first = slide(
        drawing(shape(atom(0x0F9E, struct.pack("<I", 0))), shape(atom(0x0F9E, struct.pack("<I", 1))), table, picture), tags
    )
    second = slide(drawing(shape(text("隠した")), box(0xF003, shape(text("群の中")))), hidden=True)
    note = box(0x03F0, atom(0x03F1, struct.pack("<III", 256, 0, 0)), drawing(shape(text("話す人は田中", 2))))
    link = box(0x0409, box(0x0FD7, atom(0x0FD3, bytes(4)), atom(0x0FBA, "mailto:a@example.jp".encode("utf-16-le"), 1)))
    data = show([first, second], [outline, b""], (note,), stale=slide(drawing(shape(text("古い版")))), last=link)
    found = sniff(io.BytesIO(data), "a.ppt")
    assert (found.format.name, found.problems) == ("ppt", ())
    out = read("ppt", data)
    assert [(b.place, b.section, b.text) for b in out.blocks[:6]] == [
        (Slide(1), Section.BODY, "研修名簿\n参加者\n佐藤"),
        (Slide(1), Section.BODY, "氏名\t電話\n鈴木\t090-1234-5678"),
        (Slide(1, "コメント"), Section.COMMENT, "差替え"),
        (Slide(1, "代替テキスト"), Section.HIDDEN, "集合写真"),
        (Slide(1, "ノート"), Section.NOTE, "話す人は田中"),
        (Slide(2), Section.HIDDEN, "隠した\n群の中"),
    ]
    assert out.blocks[0].heading == "研修名簿"
    assert "a@example.jp" in sections(out)[Section.HIDDEN]
    assert "古い版" not in out.text
    assert out.pairs() == [("コメント作成者", "高橋")]
    assert not out.problems


def test_embedded_documents_are_members() -> None:
    inner = ole({"Workbook": b"x" * 5000})
    packed = zlib.compress(inner)
    objects = atom(0x1011, struct.pack("<I", len(inner)) + packed, instance=1) + atom(0x1011, ole({"package_stream": b"PK\3\4.."}))
    objects += atom(0x1011, ole({"VBA/dir": b"x"})) + atom(0x1011, b"junkjunk", instance=1)
    out = read("ppt", show([slide(drawing(shape(text("表題"))))], [b""], objects=objects))
    assert out.members == [("object1.xls", inner), ("object2", b"PK\3\4..")]
    assert out.codes == ["corrupt"]


def test_what_is_too_deep_or_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = shape(text("底"))
    for _ in range(250):
        inner = box(0xF003, inner)
    out = read("ppt", show([slide(drawing(shape(text("表題")), inner))], [b""]))
    assert [(p.code.value, p.where) for p in out.problems] == [("too-deep", "スライド1")] and "表題" in out.text
    monkeypatch.setattr(ppt, "_LARGEST", 4_000)
    packed = zlib.compress(ole({"Workbook": b"x" * 5000}))
    out = read("ppt", show([slide(drawing(shape(text("表題"))))], [b""], objects=atom(0x1011, bytes(4) + packed, instance=1)))
    assert "too-large" in out.codes


def test_broken_directory_falls_back_to_what_lies_in_the_file() -> None:
    data = show([slide(drawing(shape(text("先に読めた"))))], [b""])
    broken = data.replace(struct.pack("<I", 0xE391C05F) + data[data.index(struct.pack("<I", 0xE391C05F)) + 4 :][:4], b"\xff" * 8)
    assert "先に読めた" in read("ppt", broken).text
    with pytest.raises(Unreadable) as error:
        read("ppt", ole({"PowerPoint Document": b"\0" * 6000, "Current User": bytes(40)}))
    assert error.value.problem.code is Code.CORRUPT


def test_missing_slide_is_named_and_pictures_alone_are_images() -> None:
    picture = box(0xF004, atom(0xF00A, bytes(8)), atom(0xF00B, struct.pack("<HI", 0x4104, 1), instance=1))
    out = read("ppt", show([slide(drawing(picture)), b""], [b"", b""]))
    assert sorted(out.codes) == ["corrupt", "image-only"]


def test_locked_one_is_named() -> None:
    user = atom(0x0FF6, struct.pack("<III", 20, 0xF3D1C4DF, 0) + bytes(8))
    with pytest.raises(Refused) as error:
        sniff(io.BytesIO(ole({"PowerPoint Document": b"x" * 5000, "Current User": user})), "a.ppt")
    assert (error.value.format.name, error.value.problem.code) == ("ppt", Code.ENCRYPTED)


def test_hostile_ones_end_in_time() -> None:
    began = time.monotonic()
    deep = drawing(shape(text("底")))
    for _ in range(5_000):
        deep = struct.pack("<HHI", 15, 0xF003, len(deep)) + deep
    read("ppt", show([slide(box(0x040C, box(0xF002, deep)))], [b""]))
    lies = struct.pack("<HHI", 15, 0x03EE, 0xFFFFFFFF) * 1000
    read("ppt", show([lies, lies], [b"", b""]))
    bomb = atom(0x1011, bytes(4) + zlib.compress(bytes(50 << 20)), instance=1)
    with pytest.raises(Unreadable) as error:
        read("ppt", show([slide(drawing(shape(text("前"))))], [b""], objects=bomb))
    assert error.value.problem.code is Code.BOMB
    assert time.monotonic() - began < 15


def test_markers(shared: Path) -> None:
    out = read("ppt", (shared / "data/documents/markers/markers.ppt").read_bytes())
    found = Counter(re.findall(r"MK[A-Z]+", out.text))
    for _, data in out.members:
        found.update(re.findall(r"MK[A-Z]+", read("odf", data).text))
    assert len(found) >= 10
    assert max(found.values()) == 1
