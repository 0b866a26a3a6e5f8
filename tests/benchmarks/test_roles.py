from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import accuracy, goldset, roles

SETS = [goldset.GOLD, *(p.parent for p in (goldset.GOLD.parent / "fresh").glob("roles.tsv"))]


@pytest.mark.parametrize("folder", SETS, ids=lambda p: p.name)
@pytest.mark.parametrize("half", roles.FILES)
def test_every_row_names_a_document_and_a_name_of_its_half(half: str, folder: Path) -> None:
    documents = {s.id: goldset.read(s) for s in goldset.sources(folder / "docs") if goldset.half(s.id) == half}
    for document, said in roles.load(half, folder).items():
        marked = roles.wanted(documents[document], dict.fromkeys(said, "other") | {"*": "other"})
        unknown = set(said) - {"*"} - set(marked)
        assert not unknown, document if half == "development" else "a held document"


@pytest.mark.parametrize("half", roles.FILES)
def test_unknown_roles_and_documents_of_the_other_half_are_refused(tmp_path: Path, half: str) -> None:
    other = next(f"x-{n}" for n in range(99) if goldset.half(f"x-{n}") != half)
    own = next(f"x-{n}" for n in range(99) if goldset.half(f"x-{n}") == half)
    path = tmp_path / roles.FILES[half]
    path.write_text(f"# a comment\n{own}\t楠 瀬\tsubject\n", encoding="utf-8")
    assert roles.load(half, tmp_path) == {own: {"楠瀬": "subject"}}
    for row in (f"{own}\t楠瀬\tking", f"{other}\t楠瀬\tsubject"):
        path.write_text(row + "\n", encoding="utf-8")
        with pytest.raises(ValueError, match=r"roles.*\.tsv"):
            roles.load(half, tmp_path)


def test_held_misses_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        roles.arguments(["--misses", "--half", "held"])
    assert refused.value.code == 2
    assert "held" in capsys.readouterr().err


@pytest.mark.parametrize("folder", SETS, ids=lambda p: p.name)
def test_both_halves_are_told_apart_and_only_one_lists_misses(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accuracy, "inspect", lambda where, profile: _every_name_a_sender(folder / "docs"))
    monkeypatch.setattr(goldset, "render", lambda chosen, where: None)
    assert roles.main(["--half", "both", "--misses", "--docs", str(folder / "docs")]) == 0
    out = capsys.readouterr().out
    development, held = out.split("held\n", 1)
    assert development.startswith("development\n")
    for told in (development, held):
        assert "subjects_told" in told
        assert "others_told" in told
    listed = {line.split("\t")[0] for line in out.splitlines() if "\tis " in line}
    assert listed
    assert {goldset.half(document) for document in listed} == {"development"}


def _every_name_a_sender(docs: Path) -> list[dict[str, str]]:
    return [
        {"type": "match", "path": gold.file, "entity": "person_name", "value": span.text, "role": "sender"}
        for gold in map(goldset.read, goldset.sources(docs))
        for span in gold.spans
        if span.label == "person_name"
    ]


def match(value: str, role: str, entity: str = "person_name") -> dict[str, str]:
    return {"entity": entity, "value": value, "role": role}


def test_a_name_has_the_role_it_is_most_often_given() -> None:
    found = roles.said(
        [
            match("林　葵", ""),
            match("林 葵", "staff"),
            match("林葵", "staff"),
            match("林葵", "subject"),
            match("森", ""),
            match("関", "staff", "org"),
        ]
    )
    assert found == {"林葵": "staff", "森": ""}


def test_figures_tell_decided_from_assumed() -> None:
    matrix = roles.Matrix()
    matrix.add(
        {"a": "subject", "b": "subject", "c": "staff", "d": "family", "e": "staff"},
        {"a": "subject", "b": "", "c": "sender", "d": ""},
    )
    figures = matrix.figures()
    assert (figures["names"], figures["found"]) == (5, 4)
    assert figures["decided"] == 0.5  # a, c: told apart; b, d: no role
    assert figures["assumed"] == 0.75  # b counts as the subject it is, d as the subject it is not
    assert (figures["subjects_told"], figures["others_told"]) == (0.5, 0.5)
    assert figures["matrix"]["staff"] == {"sender": 1, "not found": 1}


def test_a_large_document_weighs_fifty_names() -> None:
    matrix = roles.Matrix()
    matrix.add({f"n{i}": "subject" for i in range(200)}, {f"n{i}": "subject" for i in range(100)})
    assert matrix.figures()["names"] == 50
    assert matrix.figures()["found"] == 25
