"""Local and mounted files: walks roots without following links, and opens only what is still the regular file that was seen."""

# ruff: noqa: PTH100, PTH114, PTH116, PTH119
# os.path keeps the bytes of a name as they are and makes no object for each of millions of files.
from __future__ import annotations

import errno
import os
import re
import stat
import struct
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from scanner.model import Document, Outcome, Status
from scanner.problems import Code, Problem, Stage, Unreadable

_STAMP = struct.Struct("<QQQqq")  # device, inode, size, mtime_ns, ctime_ns
_WORD = (1 << 64) - 1
_ONLINE_ONLY = 0x1000 | 0x40000 | 0x400000  # OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS: reading would fetch it from the cloud
_REPARSE = 0x400
_CODES = {
    errno.EACCES: Code.PERMISSION,
    errno.EPERM: Code.PERMISSION,
    errno.ENOENT: Code.VANISHED,
    errno.ENOTDIR: Code.VANISHED,
    errno.ESTALE: Code.VANISHED,
    errno.ELOOP: Code.LINK,
    errno.ENXIO: Code.NOT_A_FILE,
    errno.EISDIR: Code.NOT_A_FILE,
    errno.ENAMETOOLONG: Code.TOO_DEEP,
}


def problem_of(error: OSError, stage: Stage) -> Problem:
    """The catalogue's word for an operating system error; its text (it holds the path) is left out."""
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return Problem(stage, _CODES.get(error.errno or 0, Code.IO_ERROR), name)


@dataclass(frozen=True, slots=True)
class _Root:
    path: str
    real: str


class FileSource:
    """Files under roots; each root is a file or a folder, and each file comes once although roots overlap.

    ``exclude``: glob patterns (see ``Excluder``). ``recall``: read online-only files too, which makes the system fetch them.
    An address is the absolute path; bytes that are no text stay in it as lone surrogates (``os.fsdecode``); that of a folder's
    outcome ends with a separator. Order is by name and repeats. Picklable; ``open`` needs no roots.
    """

    def __init__(self, roots: Sequence[str | os.PathLike[str]] = (), *, exclude: Sequence[str] = (), recall: bool = False) -> None:
        self.roots = tuple(os.path.abspath(os.fspath(root)) for root in roots)
        self.exclude = Excluder(exclude)
        self.recall = recall

    def walk(self) -> Iterator[Document | Outcome]:
        """Every file from its metadata alone; nothing is opened. Links, devices, exclusions and what is shut are outcomes."""
        for root in _outermost(self.roots):
            yield from self._root(root)

    def _root(self, root: _Root) -> Iterator[Document | Outcome]:
        try:
            info = os.stat(root.path)  # a link that somebody names is meant
        except OSError as error:
            yield _lost(root.path, root.path, problem_of(error, Stage.WALK))
            return
        if stat.S_ISDIR(info.st_mode):
            yield from self._folders(root.path, info)
        else:
            path = root.real if os.path.islink(root.path) else root.path
            yield self._judge(path, info, root.path, os.path.basename(path))

    def _folders(self, root: str, info: os.stat_result) -> Iterator[Document | Outcome]:
        # (folder, identities of it and of the folders above it): a folder inside itself is a loop that is no link (bind mounts,
        # links that a file server follows on its own side).
        waiting: list[tuple[str, frozenset[tuple[int, int]]]] = [(root, frozenset([(info.st_dev, info.st_ino)]))]
        skip = len(root.rstrip(os.sep)) + 1
        while waiting:
            folder, above = waiting.pop()
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda e: e.name)
            except OSError as error:
                yield _lost(folder + os.sep, root, problem_of(error, Stage.WALK))
                continue
            below = []
            for entry in entries:
                relative = entry.path[skip:]
                try:
                    at = entry.stat(follow_symlinks=False)
                except OSError as error:
                    yield _lost(entry.path, root, problem_of(error, Stage.WALK))
                    continue
                if not stat.S_ISDIR(at.st_mode):
                    yield self._judge(entry.path, at, root, relative)
                elif _is_link(at):
                    yield _excluded(entry.path + os.sep, root, Code.LINK)
                elif self.exclude(entry.path, relative, folder=True):
                    yield _excluded(entry.path + os.sep, root, Code.EXCLUDED)
                elif (identity := (at.st_dev, at.st_ino)) in above and at.st_ino:
                    yield _excluded(entry.path + os.sep, root, Code.LINK, "loop")
                else:
                    below.append((entry.path, above | {identity}))
            waiting.extend(reversed(below))

    def _judge(self, path: str, info: os.stat_result, root: str, relative: str) -> Document | Outcome:
        """The document, or why it is none."""
        if _is_link(info):
            return _excluded(path, root, Code.LINK)
        if self.exclude(path, relative, folder=False):
            return _excluded(path, root, Code.EXCLUDED)
        if not stat.S_ISREG(info.st_mode):
            return _excluded(path, root, Code.NOT_A_FILE, _kind(info.st_mode))
        document = Document(path, stamp_of(info), info.st_size, info.st_mtime, _owner(info.st_uid), root)
        if not self.recall and getattr(info, "st_file_attributes", 0) & _ONLINE_ONLY:
            return Outcome(document, Status.UNREADABLE, problems=(Problem(Stage.WALK, Code.ONLINE_ONLY),))
        return document

    def open(self, document: Document) -> BinaryIO:
        """The file's bytes, without touching its access time where allowed.

        Raises Unreadable: a link, pipe or device is never opened in its place, and CHANGED means another file has taken the name.
        """
        try:
            fd = _open(document.uri)
        except (OSError, ValueError) as error:
            problem = problem_of(error, Stage.OPEN) if isinstance(error, OSError) else Problem(Stage.OPEN, Code.VANISHED)
            raise Unreadable(problem.code, problem.detail, stage=Stage.OPEN) from None
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            os.close(fd)
            raise Unreadable(Code.NOT_A_FILE, _kind(info.st_mode), stage=Stage.OPEN)
        if document.stamp and document.stamp[:16] != stamp_of(info)[:16]:
            os.close(fd)
            raise Unreadable(Code.CHANGED, "replaced", stage=Stage.OPEN)
        return os.fdopen(fd, "rb")

    def settled(self, document: Document, stream: BinaryIO) -> bool:
        """Whether the open file still has the stamp under which it was sighted: ask after reading it."""
        return not document.stamp or document.stamp == stamp_of(os.fstat(stream.fileno()))


def stamp_of(info: os.stat_result) -> bytes:
    """Device, inode, size, modification and change time: changes when the content may have changed."""
    return _STAMP.pack(info.st_dev & _WORD, info.st_ino & _WORD, info.st_size, info.st_mtime_ns, info.st_ctime_ns)


def _open(path: str) -> int:
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT"):
        flags |= getattr(os, name, 0)
    quiet = getattr(os, "O_NOATIME", 0)
    try:
        return os.open(path, flags | quiet)
    except PermissionError:
        if not quiet:
            raise
        return os.open(path, flags)  # only its owner may ask for an untouched access time


def _outermost(roots: Sequence[str]) -> list[_Root]:
    """Roots in their given order, without those that lie in another one."""
    kept: list[_Root] = []
    every = [_Root(path, os.path.realpath(path)) for path in dict.fromkeys(roots)]
    for n, root in enumerate(every):
        inside = False
        for m, other in enumerate(every):
            if m != n and (root.real.startswith(other.real.rstrip(os.sep) + os.sep) or (root.real == other.real and m < n)):
                inside = True
        if not inside:
            kept.append(root)
    return kept


def _excluded(path: str, root: str, code: Code, detail: str = "") -> Outcome:
    return Outcome(Document(path, root=root), Status.EXCLUDED, problems=(Problem(Stage.WALK, code, detail),))


def _lost(path: str, root: str, problem: Problem) -> Outcome:
    return Outcome(Document(path, root=root), Status.UNREADABLE, problems=(problem,))


def _is_link(info: os.stat_result) -> bool:
    """A symbolic link, or on Windows a junction or mount point (a reparse point that isn't a cloud placeholder)."""
    if stat.S_ISLNK(info.st_mode):
        return True
    attributes = getattr(info, "st_file_attributes", 0)
    return bool(attributes & _REPARSE) and getattr(info, "st_reparse_tag", 0) in (0xA0000003, 0xA000000C)


def _kind(mode: int) -> str:
    tests = ((stat.S_ISFIFO, "fifo"), (stat.S_ISSOCK, "socket"), (stat.S_ISCHR, "device"), (stat.S_ISBLK, "device"))
    return next((name for test, name in tests if test(mode)), "folder" if stat.S_ISDIR(mode) else "other")


@lru_cache(maxsize=4096)
def _owner(uid: int) -> str:
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


# ---------------------------------------------------------------- exclusions


def normal(path: str) -> str:
    """A path as patterns see it: ``/`` for ``\\``, composed, without case."""
    return unicodedata.normalize("NFC", path.replace("\\", "/")).casefold()


class Excluder:
    """Glob patterns on normalised paths: ``*`` and ``?`` stay within a name, ``**`` crosses folders, ``[ab]`` is a set.

    A pattern without a slash means a name at any depth (``~$*``, ``node_modules``); one with a slash means the end of a path
    (``logs/*.txt``), an absolute one (``/srv/share/tmp/**``, ``C:\\tmp``) the whole path. A closing slash means folders only. A
    folder that is excluded is not entered.
    """

    def __init__(self, patterns: Sequence[str] = ()) -> None:
        self.patterns = tuple(patterns)
        self._compiled = tuple(_compile(normal(p)) for p in self.patterns if p)

    def __call__(self, path: str, relative: str, *, folder: bool) -> bool:
        """Whether the path (also given from its root) is excluded."""
        if not self._compiled:
            return False
        whole, short = normal(path), normal(relative)
        return any(
            (folder or not folders) and test.fullmatch(whole if absolute else short) is not None
            for test, absolute, folders in self._compiled
        )


def _compile(pattern: str) -> tuple[re.Pattern[str], bool, bool]:
    folders = pattern.endswith("/") and len(pattern) > 1
    pattern = pattern.rstrip("/") or "/"
    absolute = pattern.startswith("/") or pattern[1:3] == ":/"
    body = _regex(pattern.removeprefix("./"))
    return re.compile(body if absolute else "(?:.*/)?" + body, re.DOTALL), absolute, folders


_TOKENS = re.compile(r"/\*\*(?=/|$)|^\*\*/|\*+|\?|\[!?\]?[^\]/]*\]|.", re.DOTALL)


def _regex(pattern: str) -> str:
    out = []
    for token in _TOKENS.findall(pattern):
        if token == "/**":
            out.append("(?:/.*)?")
        elif token == "**/":
            out.append("(?:.*/)?")
        elif token.startswith("*"):
            out.append(".*" if len(token) > 1 else "[^/]*")
        elif token == "?":
            out.append("[^/]")
        elif token.startswith("[") and len(token) > 2:
            inner = token[1:-1].replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
            out.append("(?!/)[" + ("^" + inner[1:] if inner.startswith("!") else inner) + "]")
        else:
            out.append(re.escape(token))
    return "".join(out)
