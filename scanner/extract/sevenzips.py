"""Reads 7z archives with py7zr, from the extra ``archives``: solid ones in one pass, one member in memory at a time."""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any, BinaryIO

import py7zr
from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError
from py7zr.io import MemIO, NullIOFactory

from scanner.contracts import Budget
from scanner.extract.members import held, kind_of, problem, shown
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Code, Problem, Unreadable

_WAIT = 1.0  # seconds between two looks at the budget while a member is being unpacked


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Every file of the archive as a member. Raises Unreadable when its list of names is encrypted or damaged."""
    try:
        archive = _opened(stream)
        locked = bool(archive.needs_password())
    except Unreadable as trouble:
        if trouble.problem.code is not Code.ENCRYPTED:
            raise
        archive, locked = None, True
    if locked:
        found = _unlocked(stream, document, budget)
        if found is None and archive is None:
            raise Unreadable(Code.ENCRYPTED, "AES-256, names too")
        archive, locked = found or archive, found is None
    files = _files(archive)
    if locked:
        for file in files:
            yield Member(shown(file.filename, file.id + 1), size=file.uncompressed or 0, problem=problem(Code.ENCRYPTED, "AES-256"))
        return
    for file in files:
        if _points(file):
            yield Member(shown(file.filename, file.id + 1), size=0, problem=problem(Code.LINK))
    yield from _Unpacking(archive, [f for f in files if not _points(f)], document, budget).members()


def _files(archive: Any) -> list[Any]:
    return [file for file in getattr(archive, "files", ()) if not file.is_directory]


def _points(file: Any) -> bool:
    return bool(file.is_symlink or file.is_junction or file.is_socket)


def _unlocked(stream: BinaryIO, document: Document, budget: Budget) -> Any:
    """The archive opened with the first password that unpacks its first file; None when none does."""
    for password in budget.passwords:
        budget.check_time()
        try:
            archive = _opened(stream, password)
            files = [file for file in _files(archive) if not _points(file)]
            with closing(_Unpacking(archive, files, document, budget).members()) as members:
                first = next(members, None)
            if first is None or first.problem is None or first.problem.code is not Code.CORRUPT:
                return _opened(stream, password)
        except Unreadable as trouble:
            if trouble.problem.code not in (Code.ENCRYPTED, Code.CORRUPT):
                raise
    return None


def _opened(stream: BinaryIO, password: str | None = None) -> Any:
    stream.seek(0)
    try:
        source = stream if isinstance(stream, io.IOBase) else io.BytesIO(stream.read())
        return py7zr.SevenZipFile(source, "r", password=password)
    except PasswordRequired:
        raise Unreadable(Code.ENCRYPTED, "AES-256, names too") from None
    except MemoryError:
        raise
    except UnsupportedCompressionMethodError as error:
        raise Unreadable(Code.UNSUPPORTED, kind_of(error)) from None
    except Exception as error:  # noqa: BLE001 - py7zr raises whatever junk makes it stumble over
        raise Unreadable(Code.CORRUPT, kind_of(error)) from None


class _Stopped(Exception):
    """Nobody takes the members any more."""


class _Unpacking:
    """The archive being unpacked by a thread that waits with each member until it is taken: the library only calls back."""

    def __init__(self, archive: Any, files: list[Any], document: Document, budget: Budget) -> None:
        self.archive, self.files, self.budget = archive, files, budget
        self.packed = document.size
        self.total = 0
        self.ready: queue.Queue[Member | BaseException | None] = queue.Queue(maxsize=1)
        self.stopped = threading.Event()
        self.done: set[int] = set()

    def members(self) -> Generator[Member, None, None]:
        """Members in the archive's order; those behind a break are named with it."""
        thread = threading.Thread(target=self._run, name="tanaoroshi-7z", daemon=True)
        thread.start()
        ended: BaseException | None = None
        try:
            while (item := self.ready.get()) is not None:
                if isinstance(item, BaseException):
                    ended = item
                    break
                yield item
        finally:
            self.stopped.set()
            while thread.is_alive():
                thread.join(_WAIT / 10)
                while not self.ready.empty():
                    self.ready.get_nowait()
        if isinstance(ended, MemoryError):
            raise ended
        for file in self.files:
            if file.id not in self.done:
                yield Member(shown(file.filename, file.id + 1), size=file.uncompressed or 0, problem=_trouble(ended))

    def _run(self) -> None:
        try:
            for file in self.archive.files:
                self.archive.worker.register_filelike(file.id, None)
            for file in self.files:
                self.archive.worker.register_filelike(file.id, _Sink(self, file))
            self.archive.worker.extract(self.archive.fp, None, parallel=False)
        except _Stopped:
            return
        except BaseException as error:  # noqa: BLE001 - told in the reader's own thread
            self._give(error)
        else:
            self._give(None)

    def _give(self, item: Member | BaseException | None) -> None:
        while not self.stopped.is_set():
            try:
                self.ready.put(item, timeout=_WAIT)
            except queue.Full:
                continue
            else:
                return
        if isinstance(item, Member):
            raise _Stopped

    def take(self, file: Any, data: io.BytesIO, size: int, trouble: Problem | None) -> None:
        """A member is unpacked."""
        self.done.add(file.id)
        data.seek(0)
        self._give(Member(shown(file.filename, file.id + 1), data, size, trouble))


def _trouble(error: BaseException | None) -> Problem:
    if isinstance(error, Unreadable):
        return problem(error.problem.code, error.problem.detail)
    if isinstance(error, UnsupportedCompressionMethodError):
        return problem(Code.UNSUPPORTED, kind_of(error))
    return problem(Code.CORRUPT, kind_of(error) if error else "missing")


class _Sink(MemIO):  # type: ignore[misc]
    """Where the library writes one member."""

    def __init__(self, unpacking: _Unpacking, file: Any) -> None:
        super().__init__(str(file.id), NullIOFactory())
        self.unpacking, self.file = unpacking, file
        self.data = io.BytesIO()
        self.written = 0
        self.trouble: Problem | None = None

    def open(self, mode: str = "w") -> _Sink:
        return self

    def __enter__(self) -> _Sink:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or (self.written and issubclass(kind, Exception) and kind is not _Stopped):
            if kind is not None and self.trouble is None:
                self.trouble = problem(Code.CORRUPT, kind.__name__)
            self.unpacking.take(self.file, self.data, self.written, self.trouble)

    def write(self, piece: bytes | bytearray) -> int:
        """Raises Unreadable at the budget's limit, which ends the archive; what is too long for memory is only cut."""
        unpacking = self.unpacking
        if unpacking.stopped.is_set():
            raise _Stopped
        self.written += len(piece)
        unpacking.total += len(piece)
        try:
            unpacking.budget.spend_bytes(len(piece))
            unpacking.budget.check_ratio(unpacking.packed, unpacking.total)
        except Unreadable as error:
            self.trouble = problem(error.problem.code, error.problem.detail)
            if error.problem.code is Code.BOMB:
                self.data = io.BytesIO()
            raise
        if self.written <= held(unpacking.budget):
            self.data.write(piece)
        elif self.trouble is None:
            self.trouble = problem(Code.TOO_LARGE, f"member > {held(unpacking.budget)}")
        return len(piece)
