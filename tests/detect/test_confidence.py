from __future__ import annotations

from pathlib import Path

import pytest

from scanner.detect.confidence import FILE, Confidence
from scanner.model import Match
from tests.detect.reading import MODELS

ROWS = """# a comment
person_name\t*\t0.50\t0.40\t9
person_name\tname.field\t0.60\t0.700\t10
person_name\tname.field\t0.80\t0.900\t20
"""


def read(folder: Path, rows: str = ROWS) -> Confidence:
    path = folder / FILE
    path.write_text(rows, "utf-8")
    return Confidence(path)


def test_straight_between_the_points_and_level_beyond(tmp_path: Path) -> None:
    worth = read(tmp_path)
    assert [worth.of("person_name", "name.field", s) for s in (0.3, 0.6, 0.7, 0.8, 0.95)] == [0.7, 0.7, 0.8, 0.9, 0.9]


def test_a_rule_without_rows_has_its_entitys_and_an_entity_without_any_keeps_its_score(tmp_path: Path) -> None:
    worth = read(tmp_path)
    assert worth.of("person_name", "name.other", 0.9) == 0.4
    assert worth.of("address", "address.text", 0.83) == 0.83


def test_matches_keep_everything_but_the_score(tmp_path: Path) -> None:
    name = Match("person_name", 0, 0, 2, "name.field", 0.7, cue="氏名")
    phone = Match("phone_number", 0, 5, 9, "phone", 0.7)
    weighed = read(tmp_path).weigh([name, phone])
    assert weighed == [Match("person_name", 0, 0, 2, "name.field", 0.8, cue="氏名"), phone]


@pytest.mark.parametrize(
    "rows",
    [
        "address\ta\t0.5\t0.9\t3\naddress\ta\t0.6\t0.8\t3\n",
        "address\ta\t0.5\t1.2\t3\n",
        "address\ta\t0.5\n",
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(ValueError):
        read(tmp_path, rows)


def test_the_trained_reader_keeps_its_own_confidence() -> None:
    assert Confidence(MODELS / FILE).of("person_name", "name.tagger", 0.42) == 0.42


def test_the_shipped_file_knows_names_and_addresses() -> None:
    shipped = Confidence(MODELS / FILE)
    for entity in ("person_name", "address"):
        assert 0.3 < shipped.of(entity, "of no rule", 0.6) <= shipped.of(entity, "of no rule", 0.95) <= 0.99
