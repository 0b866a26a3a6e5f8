from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import goldset, roles


def test_every_row_names_a_document_and_a_name_of_the_development_half() -> None:
    documents = {s.id: goldset.read(s) for s in goldset.sources() if goldset.half(s.id) == "development"}
    for document, said in roles.load().items():
        marked = roles.wanted(documents[document], dict.fromkeys(said, "other") | {"*": "other"})
        assert set(said) - {"*"} <= set(marked), document


@pytest.mark.parametrize("row", ["claim-hospital-docx\t楠瀬\tking", "pamphlet-of-the-held-half-1\t楠瀬\tsubject"])
def test_unknown_roles_and_held_documents_are_refused(tmp_path: Path, row: str) -> None:
    held = next(f"x-{n}" for n in range(99) if goldset.half(f"x-{n}") == "held")
    path = tmp_path / "roles.tsv"
    path.write_text(row.replace("pamphlet-of-the-held-half-1", held) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"roles\.tsv"):
        roles.load(path)


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
