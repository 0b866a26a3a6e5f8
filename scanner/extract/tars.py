"""Reads tar archives, also as the content of a compressed file: what is cut off or damaged is said, links are named."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from scanner.contracts import Budget
from scanner.extract.members import kind_of, names, problem, unpacked
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Code, Problem, Unreadable

HEADER = 512
_LONGEST = 1 << 20  # bytes of a name or of extended headers; more is no name
_LONG = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Every file of the archive as a member."""
    yield from members(stream, document.size, budget, seekable=True)


def is_tar(head: bytes) -> bool:
    """Whether a content begins like a tar archive: the check sum of its first header fits. Old ones have no other sign."""
    try:
        return bool(tarfile.TarInfo.frombuf(head[:HEADER], "utf-8", "surrogateescape").name)
    except tarfile.HeaderError:
        return False


def members(stream: Any, packed: int, budget: Budget, *, seekable: bool = False) -> Iterator[Member]:
    """The files of a tar that is read from ``stream``, forwards only unless ``seekable``. ``packed``: its bytes as stored.

    Raises Unreadable where the archive is damaged or cut off: tarfile alone would take that for its end.
    """
    open_tar: Any = tarfile.open  # its overloads want the mode as a literal
    mode = "r:" if seekable else "r|"
    try:
        archive = open_tar(
            fileobj=stream, mode=mode, tarinfo=_checked(budget), ignore_zeros=True, encoding="utf-8", errors="surrogateescape"
        )
        for info in archive:
            archive.members = []  # tarfile would keep every header
            if not info.isdir():
                yield _member(archive, info, packed, budget, again=seekable)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - tarfile and the decompressor below it raise whatever junk makes them stumble over
        raise Unreadable(Code.CORRUPT, kind_of(error)) from None


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo, packed: int, budget: Budget, *, again: bool) -> Member:
    (name,) = names([info.name.encode("utf-8", "surrogateescape")])
    if info.islnk() or info.issym():
        return Member(name, size=0, problem=problem(Code.LINK))
    if info.isdev():
        return Member(name, size=0, problem=problem(Code.LINK, "device"))
    stored = max(packed, info.size) if again and not info.sparse else packed
    return unpacked(name, _opener(archive, info), stored, budget, again=again)


def _opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], Any]:
    return lambda: _Whole(archive.extractfile(info), info.size)


class _Whole:
    """A file of the archive; one that is cut off breaks instead of ending."""

    def __init__(self, source: Any, size: int) -> None:
        self.source, self.left = source, size

    def __enter__(self) -> _Whole:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, count: int) -> bytes:
        data: bytes = self.source.read(min(count, 1 << 16))
        self.left -= len(data)
        if not data and self.left > 0:
            raise EOFError
        return data

    def close(self) -> None:
        self.source.close()


def _checked(budget: Budget) -> type[tarfile.TarInfo]:
    """Headers that don't pass silently for the end of the archive, and none that takes all memory."""

    class Header(tarfile.TarInfo):
        @classmethod
        def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Any:
            budget.check_time()
            try:
                return super().fromtarfile(tarfile_)
            except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:  # type: ignore[attr-defined]
                raise Unreadable(Code.CORRUPT, kind_of(error)) from None

        def _proc_member(self, archive: tarfile.TarFile) -> Any:
            if self.type in _LONG and self.size > _LONGEST:
                raise Unreadable(Code.TOO_LARGE, f"tar header > {_LONGEST}")
            return super()._proc_member(archive)  # type: ignore[misc]

    return Header
