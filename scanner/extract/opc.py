"""Opens OOXML packages safely: bounded ZIP access, relationships, and XML parts parsed as a stream under the budget."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, TypeVar
from urllib.parse import unquote

from lxml import etree

from scanner.contracts import Budget
from scanner.extract import zipcut
from scanner.model import Member
from scanner.problems import Code, Problem, Stage, Unreadable

ENTRIES = 100_000  # the most entries of a ZIP's directory; how many are read is the budget's to say
DIRECTORY = 32 << 20  # bytes of a ZIP's central directory
TREE = 64 << 20  # bytes of a part that is held as a tree; longer ones are streamed
MEMBER = 256 << 20  # bytes of an embedded file held in memory, never in a temporary file
_HEAD = 8192
_END = struct.Struct("<4s4H2LH")
_OVERLAPPING = "overlapping entries"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error, IndexError, KeyError)

_T = TypeVar("_T")
Element = Any  # lxml's elements carry no usable types


class Damaged(Exception):
    """A part that can't be read to its end; the rest of the package may be. Carries the problem to report."""

    def __init__(self, code: Code, detail: str, where: str) -> None:
        super().__init__(code.value)
        self.problem = Problem(Stage.EXTRACT, code, detail, where)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship: the last word of its type, its target (a part's name, or an address when external)."""

    kind: str
    target: str
    external: bool


@lru_cache(maxsize=4096)
def local(tag: object) -> str:
    """The local name of a tag: the transitional and the strict namespace are read alike. Comments give ""."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name, "" when absent."""
    value = element.get(name)
    if value is not None:
        return str(value)
    for key, value in element.attrib.items():
        if local(key) == name:
            return str(value)
    return ""


def accounted(items: Iterator[_T]) -> Iterator[_T]:
    """The items; damage that nothing else took in ends the document with its own problem instead of an unknown error."""
    try:
        yield from items
    except Damaged as damage:
        problem = damage.problem
        raise Unreadable(problem.code, problem.detail, where=problem.where) from None


class Archive(zipfile.ZipFile):
    """A ZIP with what is wrong with the whole of it."""

    damage: tuple[Problem, ...] = ()


def open_zip(stream: BinaryIO, *, mend: bool = True) -> Archive:
    """A ZIP whose directory is of a reasonable size and whose entries don't overlap. Raises Unreadable.

    ``mend``: one without a directory gets one of its local headers, and of entries that overlap the first are kept; its
    ``damage`` says so.
    """
    try:
        archive = _opened(stream)
        if mend and _begins_before(stream, archive):
            raise Unreadable(Code.CORRUPT, "entries before the directory's")  # noqa: TRY301 - mended as any other damage
    except Unreadable as broken:
        whole = zipcut.rebuilt(stream) if mend and broken.problem.code is Code.CORRUPT else None
        if whole is None:
            raise
        archive = _opened(whole)
        archive.damage = (broken.problem,)
    kept = _apart(archive.infolist())
    if len(kept) < len(archive.filelist):
        if not mend:
            raise Unreadable(Code.BOMB, _OVERLAPPING)
        archive.damage += (Problem(Stage.EXTRACT, Code.BOMB, _OVERLAPPING),)
        archive.filelist, archive.NameToInfo = kept, {entry.filename: entry for entry in kept}
    return archive


def _opened(stream: BinaryIO) -> Archive:
    _check_directory(stream)
    try:
        return Archive(stream)
    except _BROKEN as error:
        raise Unreadable(Code.CORRUPT, type(error).__name__) from None


def _begins_before(stream: BinaryIO, archive: Archive) -> bool:
    """Whether entries stand before those of the directory: then it may be that of an archive inside one that is cut off."""
    stream.seek(0)
    first = min((entry.header_offset for entry in archive.infolist()), default=1)
    return first > 0 and stream.read(4) == b"PK\x03\x04"


def _check_directory(stream: BinaryIO) -> None:
    """Refuses a huge central directory before zipfile builds an object for each entry."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - (1 << 16) - _END.size))
    tail = stream.read((1 << 16) + _END.size)
    stream.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise Unreadable(Code.CORRUPT, "BadZipFile")
    _, _, _, _, entries, directory, _, _ = _END.unpack_from(tail, at)
    if directory != 0xFFFFFFFF and directory > DIRECTORY:
        raise Unreadable(Code.TOO_MANY, f"directory > {DIRECTORY}")
    # 0xFFFF with a ZIP64 record: the directory can't be larger than the file, and an entry has at least 46 bytes
    if entries > ENTRIES and (entries != 0xFFFF or size > ENTRIES * 46):
        raise Unreadable(Code.TOO_MANY, f"entries > {ENTRIES}")


def _apart(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The entries, where some overlap the first of them only."""
    end, out = 0, set[int]()
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset >= end:
            end = entry.header_offset + 30 + entry.compress_size
            out.add(id(entry))
    kept = [entry for entry in entries if id(entry) in out]
    if len(kept) < len(entries):
        for entry in kept:  # newer versions of zipfile refuse what another entry of the directory overlaps
            if hasattr(entry, "_end_offset"):
                entry._end_offset = None
    return kept


class _Counted:
    """A part being read: every byte is counted, and a broken stream becomes Damaged."""

    def __init__(self, source: Any, info: zipfile.ZipInfo, budget: Budget, name: str) -> None:
        self.source, self.info, self.budget, self.name = source, info, budget, name
        self.total = 0
        self.head = b""

    def read(self, count: int = -1) -> bytes:
        if self.head:
            data, self.head = self.head, b""
            return data
        try:
            data = self.source.read(count)
        except RuntimeError:  # zipfile's way to say that it wants a password
            raise Unreadable(Code.ENCRYPTED, where=self.name) from None
        except _BROKEN as error:
            raise Damaged(Code.CORRUPT, type(error).__name__, self.name) from None
        self.total += len(data)
        self.budget.spend_bytes(len(data))
        self.budget.check_ratio(self.info.compress_size, self.total)
        return bytes(data)

    def peek(self) -> bytes:
        """The first bytes, left to be read."""
        self.head = self.read(_HEAD)
        return self.head


class Package:
    """An open OOXML package. Part names have no leading slash and are found whatever their case."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        self.budget = budget
        self.archive = open_zip(stream)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for info in self.archive.infolist():
            if info.flag_bits & 1:
                raise Unreadable(Code.ENCRYPTED)
            self._entries[_normal(info.filename)] = info
        self._relations: dict[str, dict[str, Relation]] = {}
        self.visited: set[str] = set()

    def __contains__(self, part: str) -> bool:
        return _normal(part) in self._entries

    def names(self) -> list[str]:
        """Every entry's name, as stored."""
        return [info.filename.replace("\\", "/").lstrip("/") for info in self._entries.values()]

    def seen(self, part: str) -> bool:
        """Whether the part has been read."""
        return _normal(part) in self.visited

    def main(self, fallback: str) -> str:
        """The main part's name; raises Unreadable when there is none."""
        try:
            related = self.related("", "officeDocument")
        except Damaged:
            related = []
        for part in (*related, fallback):
            if part in self:
                return part
        raise Unreadable(Code.CORRUPT, "no main part")

    def relations(self, part: str) -> dict[str, Relation]:
        """The relationships of a part ("" for the package) by their id; none when it has no such list. Raises Damaged."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    def _read_relations(self, part: str) -> dict[str, Relation]:
        folder, _, base = part.rpartition("/")
        name = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        found: dict[str, Relation] = {}
        if name not in self:
            return found
        for element in self.stream(name, ("Relationship",)):
            target = element.get("Target", "")
            external = element.get("TargetMode") == "External"
            kind = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = Relation(kind, target if external else _resolve(folder, target), external)
        return found

    def related(self, part: str, *kinds: str) -> list[str]:
        """The parts that a part refers to by one of these kinds of relationship, in the file's order, each once. Raises Damaged."""
        found = (r.target for r in self.relations(part).values() if r.kind in kinds and not r.external)
        return list(dict.fromkeys(target for target in found if target in self))

    def _open(self, part: str) -> _Counted:
        info = self._entries.get(_normal(part))
        if info is None:
            raise Damaged(Code.CORRUPT, "missing part", part)
        self.budget.spend_part()
        try:
            source = self.archive.open(info)
        except RuntimeError:
            raise Unreadable(Code.ENCRYPTED, where=part) from None
        except _BROKEN as error:
            raise Damaged(Code.CORRUPT, type(error).__name__, part) from None
        return _Counted(source, info, self.budget, part)

    def stream(
        self, part: str, tags: tuple[str, ...], *, under: str = "", tolerant: bool = False, keep: bool = False
    ) -> Iterator[Element]:
        """The part's elements with these local names as each one ends, cleared afterwards unless ``keep``.

        ``under``: only the children of elements with this local name. ``tolerant``: for parts that are not quite XML (VML).
        Raises Damaged after the last element that could be read.
        """
        source = self._open(part)
        head = source.peek().replace(b"\0", b"")
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise Damaged(Code.CORRUPT, "DOCTYPE", part)
        self.visited.add(_normal(part))
        parse = etree.iterparse(
            source,
            events=("end",),
            tag=[f"{{*}}{tag}" for tag in tags],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            recover=True,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for n, (_, element) in enumerate(parse):
                if n == 0 and element.getroottree().docinfo.doctype:
                    raise Damaged(Code.CORRUPT, "DOCTYPE", part)
                if under and local(getattr(element.getparent(), "tag", None)) != under:
                    continue
                yield element
                if not keep:
                    _forget(element)
        except etree.LxmlError as error:
            raise Damaged(Code.CORRUPT, type(error).__name__, part) from None
        if not tolerant:
            _complain(parse.error_log, part)

    def tree(self, part: str, *, tolerant: bool = False) -> Element:
        """The part's root element, for parts that are small by nature. Raises Damaged."""
        info = self._entries.get(_normal(part))
        if info is not None and info.file_size > TREE:
            raise Damaged(Code.TOO_LARGE, f"part > {TREE}", part)
        root = None
        for element in self.stream(part, ("*",), tolerant=tolerant, keep=True):
            root = element if root is None else root
        if root is None:
            raise Damaged(Code.CORRUPT, "no element", part)
        return root.getroottree().getroot()

    def member(self, part: str) -> Member:
        """An embedded file, under its part's whole name as chains show it. Raises Damaged."""
        source = self._open(part)
        if source.info.file_size > MEMBER:
            raise Damaged(Code.TOO_LARGE, f"member > {MEMBER}", part)
        self.visited.add(_normal(part))
        held = io.BytesIO()
        while chunk := source.read(1 << 16):
            held.write(chunk)
        size = held.tell()
        held.seek(0)
        return Member(part, held, size)


def _forget(element: Element) -> None:
    """Frees an element and what came before it, so that memory doesn't grow with the part."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _complain(log: Any, part: str) -> None:
    """Raises Damaged when the parser met an error; limits of libxml2 (10 million characters, depth 256) are told apart."""
    for entry in log:
        if entry.level < etree.ErrorLevels.FATAL:
            continue
        if entry.type_name != "ERR_RESOURCE_LIMIT":
            raise Damaged(Code.CORRUPT, entry.type_name, part)
        deep = "depth" in entry.message
        raise Damaged(Code.TOO_DEEP if deep else Code.TOO_LARGE, "xml depth > 256" if deep else "xml text > 10000000", part)


def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _resolve(folder: str, target: str) -> str:
    target = unquote(target.replace("\\", "/").partition("#")[0])
    path = target if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(path).lstrip("/")
