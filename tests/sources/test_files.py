"""Walking and opening a folder in which every hazard of a file server lies."""

from __future__ import annotations

import os
import pickle
import socket
import threading
import unicodedata
from pathlib import Path

import pytest

from scanner.contracts import Source
from scanner.model import Document, Outcome, Status
from scanner.problems import Code, Stage, Unreadable
from scanner.sources import files
from scanner.sources.files import Excluder, FileSource
from scanner.sources.memory import MemorySource

ROOT_USER = hasattr(os, "geteuid") and os.geteuid() == 0


def documents(source: Source) -> list[Document]:
    return [item for item in source.walk() if isinstance(item, Document)]


def outcomes(source: Source) -> dict[str, tuple[Status, Code, str]]:
    found = [item for item in source.walk() if isinstance(item, Outcome)]
    return {o.document.uri: (o.status, o.problems[0].code, o.problems[0].detail) for o in found}


def code_of(source: Source, document: Document) -> Code:
    with pytest.raises(Unreadable) as caught:
        source.open(document).close()
    assert caught.value.problem.stage is Stage.OPEN
    return caught.value.problem.code


class Contract:
    """What every source promises. ``CONTENT`` lies in it as its only document."""

    CONTENT = "氏名,山田\n".encode("cp932")

    @pytest.fixture
    def source(self, tmp_path: Path) -> Source:
        raise NotImplementedError

    def test_sights_the_document_with_its_size(self, source: Source) -> None:
        (document,) = documents(source)
        assert document.size == len(self.CONTENT)
        assert document.inside == ()

    def test_walks_the_same_way_twice(self, source: Source) -> None:
        assert list(source.walk()) == list(source.walk())

    def test_opens_a_seekable_stream_at_its_beginning(self, source: Source) -> None:
        (document,) = documents(source)
        with source.open(document) as stream:
            assert stream.read() == self.CONTENT
            assert stream.seek(2) == 2
            assert stream.read(3) == self.CONTENT[2:5]

    def test_refuses_what_is_not_there(self, source: Source) -> None:
        (document,) = documents(source)
        assert code_of(source, Document(document.uri + "x")) is Code.VANISHED

    def test_travels_to_a_worker(self, source: Source) -> None:
        (document,) = documents(source)
        with pickle.loads(pickle.dumps(source)).open(document) as stream:
            assert stream.read() == self.CONTENT


class TestFiles(Contract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> Source:
        (tmp_path / "名簿.csv").write_bytes(self.CONTENT)
        return FileSource([tmp_path])


class TestMemory(Contract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> Source:
        return MemorySource("名簿.csv", self.CONTENT)


# ---------------------------------------------------------------- walking


def test_order_is_by_name_and_folders_follow_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "c/1.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [d.uri.removeprefix(f"{tmp_path}/") for d in documents(FileSource([tmp_path]))]
    assert found == ["b.txt", "a/z.txt", "a/b/c.txt", "c/1.txt"]


def test_a_document_carries_what_plan_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    os.utime(path, (1_600_000_000, 1_600_000_000))
    monkeypatch.setattr(files, "_open", None)  # nothing may be opened
    (document,) = documents(FileSource([tmp_path]))
    assert (document.size, document.modified, document.root) == (5, 1_600_000_000.0, str(tmp_path))
    assert document.owner == path.owner()


def test_the_stamp_changes_with_the_content(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    (before,) = documents(FileSource([tmp_path]))
    (again,) = documents(FileSource([tmp_path]))
    assert before.stamp == again.stamp
    os.utime(path, ns=(0, path.stat().st_mtime_ns))
    path.write_bytes(b"54321")
    (after,) = documents(FileSource([tmp_path]))
    assert before.stamp != after.stamp


def test_links_are_counted_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("x")
    root = tmp_path / "root"
    root.mkdir()
    (root / "self").symlink_to(".")
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    (root / "folder").symlink_to(outside)
    (root / "file.txt").symlink_to(outside / "secret.txt")
    (root / "dangling").symlink_to("nowhere")
    source = FileSource([root])
    assert documents(source) == []
    found = outcomes(source)
    assert {Path(uri).name for uri in found} == {"self", "a", "b", "folder", "file.txt", "dangling"}
    assert {(status, code) for status, code, _ in found.values()} == {(Status.EXCLUDED, Code.LINK)}
    assert code_of(source, Document(str(root / "file.txt"))) is Code.LINK


def test_a_root_that_is_a_link_is_meant(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.txt").write_text("x")
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "file").symlink_to("real/a.txt")
    for root in ("folder", "file"):
        source = FileSource([tmp_path / root])
        (document,) = documents(source)
        with source.open(document) as stream:
            assert stream.read() == b"x"


def test_devices_pipes_and_sockets_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s.txt"))
    source = FileSource([tmp_path, "/dev/zero"])
    found = outcomes(source)
    listener.close()
    assert documents(source) == []
    assert found == {
        str(tmp_path / "pipe.txt"): (Status.EXCLUDED, Code.NOT_A_FILE, "fifo"),
        str(tmp_path / "s.txt"): (Status.EXCLUDED, Code.NOT_A_FILE, "socket"),
        "/dev/zero": (Status.EXCLUDED, Code.NOT_A_FILE, "device"),
    }
    for uri in (*found, str(tmp_path)):
        assert code_of(source, Document(uri)) in (Code.NOT_A_FILE, Code.PERMISSION)


def test_a_folder_inside_itself_is_a_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "a.txt").write_text("x")
    top = tmp_path.stat()
    real = os.scandir

    class Entry:
        """As a bind mount or a server-side link shows itself: a folder with the identity of one above it."""

        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name, self.path, self._entry = entry.name, entry.path, entry

        def stat(self, *, follow_symlinks: bool) -> os.stat_result:
            return top if self.name == "inner" else self._entry.stat(follow_symlinks=follow_symlinks)

    class Listing(list[Entry]):
        def __enter__(self) -> Listing:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", lambda path: Listing(map(Entry, real(path))))
    source = FileSource([tmp_path])
    assert outcomes(source) == {f"{inner}/": (Status.EXCLUDED, Code.LINK, "loop")}
    assert documents(source) == []


def test_names_in_any_bytes_come_and_open(tmp_path: Path) -> None:
    names = ["顧客名簿.txt".encode("cp932"), "顧客.txt".encode("euc_jp"), b"bad\xff\xfe.txt", b"new\nline.txt", b"esc\x1b[31m.txt"]
    names += [unicodedata.normalize(form, "ガギグ.txt").encode() for form in ("NFC", "NFD")]
    for name in names:
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(name)  # noqa: PTH118
    source = FileSource([tmp_path])
    found = documents(source)
    assert {os.fsencode(Path(d.uri).name) for d in found} == set(names)
    for document in found:
        with source.open(document) as stream:
            assert stream.read() == os.fsencode(Path(document.uri).name)


def test_deep_and_long_paths_each_get_an_answer(tmp_path: Path) -> None:
    here = os.getcwd()  # noqa: PTH109
    made = 0
    try:
        os.chdir(tmp_path)
        for _ in range(80):  # past PATH_MAX
            os.mkdir("深" * 20)  # noqa: PTH102
            os.chdir("深" * 20)
            made += 1
        Path("deep.txt").write_text("x")
    finally:
        os.chdir(here)
    items = list(FileSource([tmp_path]).walk())
    assert made == 80
    assert len(items) == 1
    (item,) = items
    assert isinstance(item, Outcome)
    assert item.status is Status.UNREADABLE
    assert item.problems[0].code is Code.TOO_DEEP


@pytest.mark.skipif(ROOT_USER, reason="root reads everything")
def test_shut_files_and_folders_are_reported(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut/in.txt").write_text("x")
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "secret.txt").chmod(0)
    (tmp_path / "shut").chmod(0)
    source = FileSource([tmp_path])
    assert outcomes(source) == {f"{tmp_path}/shut/": (Status.UNREADABLE, Code.PERMISSION, "EACCES")}
    (document,) = documents(source)
    assert code_of(source, document) is Code.PERMISSION
    (tmp_path / "shut").chmod(0o700)


def test_what_the_system_refuses_is_reported_by_its_code_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "a.txt").write_text("x")
    real = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    source = FileSource([tmp_path])
    assert outcomes(source) == {f"{tmp_path}/shut/": (Status.UNREADABLE, Code.PERMISSION, "EACCES")}
    assert len(documents(source)) == 1


def test_a_missing_root_is_an_outcome(tmp_path: Path) -> None:
    assert outcomes(FileSource([tmp_path / "none"])) == {str(tmp_path / "none"): (Status.UNREADABLE, Code.VANISHED, "ENOENT")}


def test_overlapping_roots_give_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "ab").mkdir()
    for name in ("a/1.txt", "a/b/2.txt", "ab/3.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "link").symlink_to("a/b")
    roots = [tmp_path / "a/b", tmp_path / "a", tmp_path / "a/1.txt", tmp_path / "a", tmp_path / "link", tmp_path / "ab"]
    found = [d.uri.removeprefix(f"{tmp_path}/") for d in documents(FileSource(roots))]
    assert found == ["a/1.txt", "a/b/2.txt", "ab/3.txt"]


def test_hard_links_are_documents_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    os.link(tmp_path / "a.txt", tmp_path / "b.txt")
    assert len(documents(FileSource([tmp_path]))) == 2


def test_online_only_files_wait_for_recall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x")

    class Stat:
        """A stat result of Windows with the attribute RECALL_ON_DATA_ACCESS."""

        def __init__(self, info: os.stat_result) -> None:
            self.st_file_attributes = 0x400000
            for name in ("st_mode", "st_dev", "st_ino", "st_size", "st_mtime", "st_mtime_ns", "st_ctime_ns", "st_uid"):
                setattr(self, name, getattr(info, name))

    judge = FileSource._judge
    monkeypatch.setattr(FileSource, "_judge", lambda self, path, info, *rest: judge(self, path, Stat(info), *rest))
    (outcome,) = outcomes(FileSource([tmp_path])).values()
    assert outcome[:2] == (Status.UNREADABLE, Code.ONLINE_ONLY)
    assert len(documents(FileSource([tmp_path], recall=True))) == 1


# ---------------------------------------------------------------- opening


def test_a_file_that_vanished_or_was_replaced_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    source = FileSource([tmp_path])
    (document,) = documents(source)
    other = tmp_path / "b.txt"
    other.write_text("y")
    other.rename(path)
    assert code_of(source, document) is Code.CHANGED
    path.unlink()
    assert code_of(source, document) is Code.VANISHED
    path.symlink_to("/etc/passwd")
    assert code_of(source, document) is Code.LINK
    path.unlink()
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: os.close(os.open(path, os.O_RDWR)))
    writer.start()
    assert code_of(source, document) is Code.NOT_A_FILE
    writer.join()
    path.unlink()
    path.mkdir()
    assert code_of(source, document) is Code.NOT_A_FILE
    assert code_of(source, Document("a\0b")) is Code.VANISHED


def test_a_file_that_grows_while_read_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    source = FileSource([tmp_path])
    (document,) = documents(source)
    with source.open(document) as stream:
        assert source.settled(document, stream)
        with path.open("a") as more:
            more.write("y")
        assert not source.settled(document, stream)


@pytest.mark.skipif(not hasattr(os, "O_NOATIME"), reason="Linux alone has it")
def test_reading_leaves_the_access_time(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    os.utime(path, (1.0, 2.0))
    source = FileSource([tmp_path])
    (document,) = documents(source)
    with source.open(document) as stream:
        stream.read()
    assert path.stat().st_atime == 1.0


# ---------------------------------------------------------------- exclusions


@pytest.mark.parametrize(
    ("pattern", "path", "folder", "excluded"),
    [
        ("*.tmp", "/s/a/b.tmp", False, True),
        ("*.tmp", "/s/a/b.TMP", False, True),
        ("*.tmp", "/s/a/b.tmp.txt", False, False),
        ("~$*", "/s/~$見積.xlsx", False, True),
        ("node_modules", "/s/x/node_modules", True, True),
        ("old/", "/s/x/old", True, True),
        ("old/", "/s/x/old", False, False),
        ("logs/*.txt", "/s/x/logs/a.txt", False, True),
        ("logs/*.txt", "/s/x/logs/y/a.txt", False, False),
        ("logs/**", "/s/logs", True, True),
        ("logs/**/a.txt", "/s/logs/a.txt", False, True),
        ("logs/**/a.txt", "/s/logs/x/y/a.txt", False, True),
        ("/s/x/**", "/s/x/y", True, True),
        ("/s/x/**", "/t/s/x/y", True, False),
        ("\\S\\X\\*", "/s/x/y", False, True),
        ("C:\\共有\\*", "C:\\共有\\a.txt", False, True),
        ("ガギグ*", "/s/" + unicodedata.normalize("NFD", "ガギグ.txt"), False, True),
        ("a?.txt", "/s/ab.txt", False, True),
        ("a?.txt", "/s/a/.txt", False, False),
        ("a[0-9].txt", "/s/a7.txt", False, True),
        ("a[!0-9].txt", "/s/a7.txt", False, False),
        ("a[.txt", "/s/a[.txt", False, True),
        ("a+(b).txt", "/s/a+(b).txt", False, True),
        ("x/**/", "/s/x", True, True),
        ("", "/s/a", False, False),
    ],
)
def test_exclude_patterns(pattern: str, path: str, folder: bool, excluded: bool) -> None:
    assert Excluder([pattern])(path, path.removeprefix("/s/"), folder=folder) is excluded


def test_an_excluded_folder_is_counted_and_not_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old/deep").mkdir(parents=True)
    (tmp_path / "old/a.txt").write_text("x")
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.tmp").write_text("x")
    entered = []
    real = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: entered.append(path) or real(path))  # type: ignore[func-returns-value]
    source = FileSource([tmp_path], exclude=["OLD/", "*.tmp"])
    items = list(source.walk())
    assert entered == [str(tmp_path)]
    assert {Path(i.uri).name for i in items if isinstance(i, Document)} == {"a.txt"}
    assert outcomes(source) == {
        f"{tmp_path}/b.tmp": (Status.EXCLUDED, Code.EXCLUDED, ""),
        f"{tmp_path}/old/": (Status.EXCLUDED, Code.EXCLUDED, ""),
    }
