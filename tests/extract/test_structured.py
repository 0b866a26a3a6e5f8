from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.extract import structured
from scanner.model import Cell, Key, Kind
from tests.extract.readkit import broken, gold, gold_bytes, missing, read


def dump(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_a_list_of_flat_objects_is_a_table() -> None:
    people = [{"name": "山田", "tel": "03"}, {"name": "鈴木", "age": 4, "tel": None}]
    out = read("structured", dump({"meta": "x", "people": people}), "x.json")
    assert out.tables() == [[["name", "tel", "age"], ["山田", "03"], ["鈴木", "4"]]]
    table = next(b for b in out.blocks if b.kind is Kind.TABLE)
    assert table.anchor(table.text.index("鈴木")) == Cell("表1", 3, 1)
    assert out.pairs() == [("meta", "x")]


def test_nested_objects_share_the_record_of_their_element() -> None:
    people = [{"name": {"sei": f"姓{n}"}, "kin": [{"name": "a", "x": [1]}, {"name": "b"}]} for n in range(2)]
    out = read("structured", dump({"request": {"id": "q"}, "members": people}), "x.json")
    (block,) = out.blocks
    assert block.records is not None
    found = dict(zip([k for k, _ in out.pairs()], block.records.tolist()[::2], strict=True))
    assert found["request.id"] == 0
    assert found["members[0].name.sei"] == found["members[0].kin[1].name"] == 1
    assert found["members[1].kin[0].x[0]"] == 2
    assert block.anchor(block.text.index("姓1")) == Key("members[1].name.sei", 6)


def test_a_list_of_one_that_wraps_lists_is_no_record() -> None:
    value = [{"people": [{"n": {"a": "1"}}, {"n": {"a": "2"}}]}]
    (block,) = read("structured", dump(value), "x.json").blocks
    assert block.records is not None and block.records.tolist() == [1, 1, 2, 2]


def test_objects_keyed_by_name_are_records() -> None:
    (block,) = read("structured", dump({f"C{n}": {"name": f"人{n}", "a": "x"} for n in range(3)}), "x.json").blocks
    assert block.records is not None and sorted(set(block.records.tolist())) == [1, 2, 3]


def test_numbers_escapes_and_repeated_keys_keep_their_text() -> None:
    data = b'{"a": 1.50, "a": 0120, "b": "\\u5c71\\n\\ud842\\udfb7"}'
    assert read("structured", data, "x.json").traits["structure"] == "text"  # 0120 is no JSON number
    out = read("structured", data.replace(b"0120", b"12e5"), "x.json")
    assert out.pairs() == [("a", "1.50"), ("a", "12e5"), ("b", "山\n𠮷")]


def test_broken_json_is_text_with_its_escapes_decoded() -> None:
    out = read("structured", b'{"name": "\\u5c71\\u7530",\n "tel": ', "x.json")
    assert '"山田"' in out.text and out.traits["structure"] == "text"


def test_deep_json_is_read() -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        data = (opening * 100_000 + '"山田"' + closing * 100_000).encode()
        began = time.monotonic()
        out = read("structured", data, "x.json")
        assert "山田" in out.text and time.monotonic() - began < 10


def test_json_lines_with_a_broken_one() -> None:
    rows = [{"name": f"人{n}", "tel": "03"} for n in range(5)]
    data = "\n".join([json.dumps(r) for r in rows[:3]] + ['{"name": "切れ'] + [json.dumps(r) for r in rows[3:]])
    out = read("structured", data.encode(), "x.jsonl")
    assert [len(t) for t in out.tables()] == [4, 3]
    assert "切れ" in out.text
    block = out.blocks[-1]
    assert block.anchor(block.text.index("人4")) == Cell("", 6, 1)
    nested = read("structured", b'{"a": {"n": "x"}}\n{"a": {"n": "y"}}\n', "x.jsonl")
    assert nested.blocks[0].records is not None and nested.blocks[0].records.tolist() == [1, 1, 2, 2]


def test_a_big_file_is_read_as_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structured, "_WHOLE", 100)
    value = {"meta": "x", "list": [{"name": f"人{n}", "kin": [{"a": "é\n\"'"}]} for n in range(3000)]}
    out = read("structured", json.dumps(value, indent=1).encode(), "x.json")
    assert ("list[2999].name", "人2999") in out.pairs() and ("list[7].kin[0].a", "é\n\"'") in out.pairs()
    assert out.blocks[-1].records is not None and int(out.blocks[-1].records[-1]) == 3000
    cut = read("structured", json.dumps(value, ensure_ascii=False).encode()[:-30] + b"} @@ tail", "x.json")
    assert "@@ tail" in cut.text and "人2998" in cut.text


_values = st.recursive(
    st.none() | st.booleans() | st.text('山\\"a\t\n', max_size=5) | st.integers(-5, 5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=20,
)


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [s for v in value.values() for s in strings(v)]
    if isinstance(value, list):
        return [s for v in value for s in strings(v)]
    return [value] if isinstance(value, str) and value else []


@settings(max_examples=150, deadline=None)
@given(_values)
def test_every_string_comes_out_both_ways(value: Any) -> None:
    from scanner.extract.jsonwalk import Leaf, leaves, stream_leaves

    text = json.dumps(value)
    walked = [leaf for leaf in leaves(structured.load(text))]
    found = [leaf.value for leaf in walked if leaf.table is None]
    found += [str(v) for leaf in walked if leaf.table for element in leaf.table for _, v in element]
    streamed = [leaf.value for leaf in stream_leaves(iter([text[:7], text[7:]])) if isinstance(leaf, Leaf)]
    for wanted in strings(value):
        assert wanted in found and wanted in streamed


@pytest.mark.parametrize("document", gold(".json"))
def test_gold_surfaces_are_found(document: dict[str, object]) -> None:
    out = read("structured", gold_bytes(document), str(document["file"]))
    assert missing(document, out) == []
    assert broken(document, out) == []
