"""Outlook stores: folders, items as messages, recipients, attachments, messages within; by a stub, and by the library."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

from scanner.extract.budget import Limits
from scanner.model import Outcome, Status
from scanner.problems import Code
from tests.extract.archivekit import chains, codes, examine

MAGIC = b"!BDN" + bytes(600)


def wide(text: str) -> tuple[int, bytes]:
    return 0x1F, text.encode("utf-16-le")


class Entry:
    def __init__(self, ident: int, kind: int, data: bytes) -> None:
        self.entry_type, self.value_type, self.data = ident, kind, data


class Set:
    def __init__(self, values: dict[int, tuple[int, bytes]]) -> None:
        self.entries = [Entry(ident, *value) for ident, value in values.items()]


class Item:
    """A message, attachment or list of recipients as the library shows it."""

    def __init__(
        self,
        *sets: dict[int, tuple[int, bytes]],
        attachments: tuple[Item, ...] = (),
        to: Item | None = None,
        data: bytes = b"",
        within: Item | None = None,
    ) -> None:
        self.sets = [Set(values) for values in sets]
        self.number_of_record_sets = len(sets)
        self.attachments, self.number_of_attachments = attachments, len(attachments)
        self.recipients, self.held, self.size = to, data, len(data)
        self.within, self.number_of_sub_items = within, int(within is not None)

    def get_record_set(self, number: int) -> Set:
        return self.sets[number]

    def get_attachment(self, number: int) -> Item:
        return self.attachments[number]

    def get_sub_item(self, number: int) -> Item | None:
        return self.within

    def seek_offset(self, *_: int) -> None:
        return

    def read_buffer(self, size: int) -> bytes:
        return self.held[:size]


class Folder:
    def __init__(self, name: str, *items: Item | Exception, folders: tuple[Folder, ...] = ()) -> None:
        self.name, self.items, self.folders = name, items, folders
        self.number_of_sub_messages, self.number_of_sub_folders = len(items), len(folders)

    def get_sub_message(self, number: int) -> Item:
        found = self.items[number]
        if isinstance(found, Exception):
            raise found
        return found

    def get_sub_folder(self, number: int) -> Folder:
        return self.folders[number]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the library show these folders, and nothing else."""

    def shown(*folders: Folder, orphans: tuple[Item, ...] = ()) -> None:
        class File:
            root_folder = Folder("", folders=folders)
            number_of_orphan_items = len(orphans)

            def open_file_object(self, stream: Any) -> None:
                assert stream.read(4) == b"!BDN"

            def get_orphan_item(self, number: int) -> Item:
                return orphans[number]

            def close(self) -> None:
                return

        monkeypatch.setitem(sys.modules, "pypff", types.SimpleNamespace(file=File))  # type: ignore[arg-type]
        monkeypatch.delitem(sys.modules, "scanner.extract.psts", raising=False)

    yield shown
    sys.modules.pop("scanner.extract.psts", None)


def letter(subject: str, body: str, **more: Any) -> Item:
    values = {
        0x1A: wide("IPM.Note"),
        0x37: wide("\1\5" + subject),
        0x1000: wide(body),
        0x0C1A: wide("鵜飼銀次郎"),
        0x0C1F: wide("u@example.jp"),
    }
    return Item(values, **more)


def blocks(outcome: Outcome) -> str:
    return "\n".join(b.text for b in outcome.blocks)


def test_items_in_their_folders(store: Callable[..., None]) -> None:
    to = Item({0x3001: wide("苫米地 弥生"), 0x39FE: wide("t@example.jp"), 0x0C15: (3, (1).to_bytes(4, "little"))})
    inner = letter("転送元", "中の本文です")
    attachments = (
        Item(
            {0x3707: wide("名簿.csv"), 0x3705: (3, (1).to_bytes(4, "little"))},
            data="氏名,電話番号\n香春 実,090-8417-2265\n".encode("cp932"),
        ),
        Item({0x3705: (3, (5).to_bytes(4, "little"))}, within=inner),
    )
    store(
        Folder(
            "個人用",
            folders=(
                Folder("受信トレイ", letter("健診/結果", "所見があります", to=to, attachments=attachments)),
                Folder("Search Root", inner),
            ),
        ),
        orphans=(letter("消した件", "残っている"),),
    )
    outcome = examine(MAGIC, "a.pst")
    assert outcome.status is Status.READ and outcome.format == "pst"
    found = chains(outcome)
    assert list(found)[1:] == [
        "個人用/受信トレイ/1 健診/結果.msg",
        "個人用/受信トレイ/1 健診/結果.msg!名簿.csv",
        "削除済み項目の残り/1 消した件.msg",
    ]
    said = blocks(found["個人用/受信トレイ/1 健診/結果.msg"])
    for text in ("鵜飼銀次郎 <u@example.jp>", "苫米地 弥生 <t@example.jp>", "Subject\t健診/結果", "所見があります", "中の本文です"):
        assert text in said
    assert "香春 実" in blocks(found["個人用/受信トレイ/1 健診/結果.msg!名簿.csv"])


def test_narrow_strings_and_lists(store: Callable[..., None]) -> None:
    children = [name.encode("utf-16-le") for name in ("桃香", "蒼生")]
    offsets = b"".join(n.to_bytes(4, "little") for n in (2, 12, 12 + len(children[0])))
    contact = {
        0x1A: (0x1E, b"IPM.Contact"),
        0x3001: (0x1E, "冷水 俊".encode("cp932")),
        0x3A58: (0x101F, offsets + b"".join(children)),
    }
    store(Folder("連絡先", Item(contact)))
    (member,) = examine(MAGIC, "a.pst").members
    assert "氏名\t冷水 俊" in blocks(member) and "子\t桃香；蒼生" in blocks(member)


def test_what_can_not_be_had_is_named_and_the_rest_is_read(store: Callable[..., None]) -> None:
    store(Folder("受信トレイ", OSError("secret"), letter("二通目", "本文")))
    first, second = examine(MAGIC, "a.pst").members
    assert [(p.code, p.detail) for p in first.problems] == [(Code.CORRUPT, "OSError")]
    assert second.status is Status.READ and second.document.inside == ("受信トレイ/2 二通目.msg",)


def test_limits(store: Callable[..., None]) -> None:
    store(Folder("受信トレイ", *(letter(str(n), "本文") for n in range(9))))
    outcome = examine(MAGIC, "a.pst", Limits(parts=6))
    assert outcome.status is Status.PARTIAL and "too-many" in codes(outcome)


def test_without_the_library_it_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypff", None)
    monkeypatch.delitem(sys.modules, "scanner.extract.psts", raising=False)
    (problem,) = examine(MAGIC, "a.ost").problems
    assert (problem.code, problem.detail) == (Code.MISSING_EXTRA, "pip install 'tanaoroshi[pst]'")


def test_a_damaged_store() -> None:
    pytest.importorskip("pypff")
    importlib.import_module("scanner.extract.psts")
    assert codes(examine(MAGIC, "a.pst")) == ["corrupt"]
