from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from benchmarks import beside
from benchmarks.peers import serve


def test_texts_are_cut_at_sentences_and_never_in_a_range() -> None:
    text = "森さんが来た。藤岡弘、は俳優。終わり"
    name = (7, 11)
    assert text[slice(*name)] == "藤岡弘、"
    pieces = beside.cut(text, [(0, 1), name], [])
    assert [p[0] for p in pieces] == ["森さんが来た。", "藤岡弘、は俳優。", "終わり"]
    assert [p[1] for p in pieces] == [[(0, 1)], [(0, 4)], []]
    crossing = beside.cut("モーニング娘。の歌。", [(0, 7)], [])
    assert [p[0] for p in crossing] == ["モーニング娘。", "の歌。"]
    inside = beside.cut("歌手の娘。花が来た。", [(3, 6)], [])
    assert [p[0] for p in inside] == ["歌手の娘。花が来た。"]


def test_ratios_are_of_one_round() -> None:
    out = beside.ratios({"tanaoroshi-fast": [100.0, 600.0], "ginza": [10.0, 30.0], "sudachi": [1.0, 1.0]})
    assert out == {"tanaoroshi-fast / ginza": {"median": 15.0, "least": 10.0, "most": 20.0}}


def test_documents_hold_every_sentence() -> None:
    sentences = [f"{n}番目の文です。\n" for n in range(900)]
    joined = beside.documents(sentences)
    assert "".join(joined) == "".join(sentences)
    assert all(len(d) >= beside.DOCUMENT for d in joined[:-1])
    assert len(joined) > 2


def test_a_tool_answers_each_line_with_spans_and_seconds() -> None:
    answers: list[dict[str, object]] = []
    serve.serve(lambda texts: [[(0, len(t))] for t in texts], io.StringIO('["ab", "c"]\n["d"]\n'), answers.append)
    assert answers[0]["ready"]
    assert [a["spans"] for a in answers[1:]] == [[[(0, 2)][0:1], [(0, 1)]], [[(0, 1)]]]
    assert all(float(str(a["seconds"])) >= 0 for a in answers[1:])


def test_sudachi_joins_neighbouring_parts_of_a_name() -> None:
    pytest.importorskip("sudachipy")
    text = "佐々木 浩二と渡辺美咲が来た。"
    assert [text[a:b] for a, b in serve.sudachi()([text])[0]] == ["佐々木 浩二", "渡辺美咲"]


def test_a_profile_runs_in_a_process_of_its_own() -> None:
    tool = beside.Tool("tanaoroshi-fast", sys.executable, 0)
    try:
        text = "氏名：佐々木 浩二"
        seconds, found = tool.ask([text, "本日は晴天なり。"])
    finally:
        tool.close()
    assert seconds > 0
    assert [[text[a:b] for a, b in spans] for spans in found] == [["佐々木 浩二"], []]


def test_a_tool_that_cannot_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        beside.Tool("no such tool", sys.executable, 0)


def test_without_the_sets_it_says_so(tmp_path: Path) -> None:
    assert beside.main(["--data", str(tmp_path)]) == 2


def test_a_long_text_is_given_to_the_peers_in_pieces_of_whole_lines() -> None:
    text = "".join(f"{n}行目の文です。\n" for n in range(4_000)) + "終" * 30_000
    cut = serve.pieces(text)
    assert "".join(piece for _, piece in cut) == text
    assert all(text.startswith(piece, start) and len(piece) <= serve.PIECE for start, piece in cut)
    assert all(piece.endswith("\n") for start, piece in cut if start + len(piece) < text.index("終"))
    assert serve.in_pieces(lambda piece: [(0, 2)], "一行\n") == [(0, 2)]
