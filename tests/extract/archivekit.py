"""Archives for the tests: made here, read by the whole line of a document."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from collections.abc import Mapping
from functools import cache

from scanner import assemble
from scanner.extract.budget import Limits
from scanner.model import Document, Outcome
from scanner.pipeline import Worker
from scanner.settings import Settings
from scanner.sources.memory import MemorySource

NOTE = "氏名：鵜飼銀次郎\n電話番号：090-8417-2265\n"
SETTINGS = Settings(key=b"k" * 32, profile="fast", keep_matches=True, keep_blocks=True)


@cache
def parts() -> assemble.Parts:
    return assemble.parts(SETTINGS)


def examine(data: bytes, name: str, limits: Limits | None = None) -> Outcome:
    settings = Settings(key=b"k" * 32, profile="fast", keep_matches=True, keep_blocks=True, limits=limits or Limits())
    return Worker(settings, MemorySource(name, data), parts())(Document(name, size=len(data)))


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def zipped_as(names: Mapping[bytes, bytes]) -> bytes:
    """A ZIP whose names are these bytes, without a word on their encoding: as Windows and old macOS write them."""
    marks = {f"{'x' * (len(raw) - 3)}{n:03}": raw for n, raw in enumerate(names)}
    data = zipped(dict(zip(marks, names.values(), strict=True)))
    for mark, raw in marks.items():
        data = data.replace(mark.encode(), raw)
    return data


def flagged(data: bytes, *, bits: int = 0, method: int | None = None) -> bytes:
    """The ZIP with these general purpose bits and this method in every header."""
    out = bytearray(data)
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        here = out.find(magic)
        while here >= 0:
            (old,) = struct.unpack_from("<H", out, here + at)
            struct.pack_into("<H", out, here + at, old | bits)
            if method is not None:
                struct.pack_into("<H", out, here + at + 2, method)
            here = out.find(magic, here + 4)
    return bytes(out)


def tarred(files: Mapping[str, bytes], mode: str = "w", *, encoding: str = "utf-8", form: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, encoding=encoding, format=form) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def nested(inner: bytes, levels: int, name: str = "n.zip") -> bytes:
    for _ in range(levels):
        inner = zipped({name: inner})
    return inner


def chains(outcome: Outcome) -> dict[str, Outcome]:
    """Every document in it by its chain."""
    from scanner.model import family

    return {"!".join(o.document.inside): o for o in family(outcome)}


def codes(outcome: Outcome) -> list[str]:
    return [p.code.value for p in outcome.problems]
