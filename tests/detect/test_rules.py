"""The rule files: every example at its exact raw place, what the loader refuses, and time on hostile text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from scanner import resources
from scanner.detect import rules
from scanner.detect.pattern import PatternDetector
from scanner.detect.tryout import failures, finder
from scanner.model import PersonRole
from scanner.text.labels import LabelBook

PATTERNS = resources.folder("patterns")
RULES = rules.load_rules(PATTERNS)
BOOK = rules.load_labels(PATTERNS)
FIND = finder(PatternDetector(RULES, BOOK), BOOK)
EXAMPLES = [pytest.param(r, id=r.id) for r in RULES]

GOOD = """
[[rule]]
id = "coop.policy"
entity = "policy_number"
pattern = '[0-9]{2}-[0-9]{7}-[0-9]'
near = ["契約番号"]
[rule.examples]
match = ["契約番号 «12-3456789-0»", "契約番号：«98-7654321-0»"]
reject = ["12-345-0", "伝票番号 12-3456789-0"]
"""


@pytest.mark.parametrize("rule", EXAMPLES)
def test_examples(rule: rules.Rule) -> None:
    assert list(rules.check_examples([rule], FIND)) == []


@pytest.mark.parametrize("rule", EXAMPLES)
def test_source_and_title_are_named(rule: rules.Rule) -> None:
    assert rule.title
    assert rule.law


HOSTILE = (
    "1" * 50_000,
    "1-" * 50_000,
    "0 " * 50_000,
    "a@" * 50_000,
    "a." * 50_000 + "@",
    "AB12" * 25_000,
    "記号 " * 25_000,
    "普通" * 50_000,
    "ゆうちょ記号" * 15_000,
    "(0" * 50_000,
    "〇一" * 50_000,
    "+81" * 33_000,
    "12歳 " * 20_000,
    "<<" * 50_000,
    "男 " * 50_000,
    "〒" + " " * 50_000 + "〒" * 50_000,
)


@pytest.mark.parametrize("rule", EXAMPLES)
def test_no_rule_is_slow_on_hostile_text(rule: rules.Rule) -> None:
    for text in HOSTILE:
        begun = time.perf_counter()
        for _ in rule.regex.finditer(text):
            pass
        assert time.perf_counter() - begun < 1.0, f"{text[:6]!r} repeated"


def test_detector_on_hostile_text() -> None:
    begun = time.perf_counter()
    for text in HOSTILE:
        FIND(text[:40_000])
    assert time.perf_counter() - begun < 20.0


def write(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "patterns"
    folder.mkdir(exist_ok=True)
    (folder / "insurance.toml").write_text(text, encoding="utf-8")
    return folder


def test_user_file_alone(tmp_path: Path) -> None:
    own = rules.load_rules(write(tmp_path, GOOD) / "insurance.toml")
    assert [r.id for r in own] == ["coop.policy"]
    assert failures(own, BOOK, RULES) == []


def test_wrong_example_is_told(tmp_path: Path) -> None:
    own = rules.load_rules(write(tmp_path, GOOD.replace("«98-7654321-0»", "98«-7654321-0»")))
    found = failures(own, BOOK, RULES)
    assert found
    assert all("coop.policy" in f and "7654321" not in f for f in found)


def test_reject_that_matches_is_told(tmp_path: Path) -> None:
    own = rules.load_rules(write(tmp_path, GOOD.replace('"12-345-0"', '"契約番号 12-3456789-0"')))
    assert failures(own, BOOK, RULES) == ["rule 'coop.policy': reject 1: found although it must not be"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("near = [", "nearby = [", "patterns/insurance.toml: rule 'coop.policy': unknown key 'nearby'"),
        ("pattern = '", r"pattern = '\b", r"patterns/insurance.toml: rule 'coop.policy': \b is refused"),
        ("pattern = '", "pattern = '(?i)", "global flags are refused"),
        ("pattern = '", "pattern = '(", "rule 'coop.policy': pattern:"),
        ("pattern = '[0-9]{2}-[0-9]{7}-[0-9]'", "pattern = 'x*'", "matches nothing at all"),
        ('near = ["契約番号"]', 'check = "mod11x"', "rule 'coop.policy': unknown check 'mod11x' (known: "),
        ('near = ["契約番号"]', 'needs = "luck"', "unknown needs 'luck'"),
        ('near = ["契約番号"]', 'edges = "word"', "unknown edges 'word'"),
        ('near = ["契約番号"]', "group = 1", "pattern has no group 1"),
        ('near = ["契約番号"]', "score = { alone = 1.5 }", "a score lies between 0 and 1"),
        ('near = ["契約番号"]', "score = { allone = 0.5 }", "allone"),
        ('near = ["契約番号"]', 'near = "契約番号"', "rule 'coop.policy'"),
        (', "伝票番号 12-3456789-0"]', "]", "at least 2 examples"),
        ("[[rule]]", "[rule]", "write [[rule]]"),
        ('id = "coop.policy"', "id = ", "patterns/insurance.toml: "),
    ],
)
def test_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(rules.RuleError) as error:
        rules.load_rules(write(tmp_path, GOOD.replace(old, new)))
    assert message in str(error.value)


def test_same_id_twice(tmp_path: Path) -> None:
    with pytest.raises(rules.RuleError, match="used twice"):
        rules.load_rules(write(tmp_path, GOOD + GOOD))


def test_tables_of_others_are_left_to_them(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD + '[[term]]\nwhatever = 1\n[[label]]\nentity = "x"\nwords = ["エックス"]\nrole = "staff"\n')
    assert len(rules.load_rules(folder)) == 1
    (entry,) = rules.load_label_entries(folder)
    assert (entry.entity, entry.words, entry.role) == ("x", ("エックス",), PersonRole.STAFF)
    assert [t.kind for t in rules.load(folder, {"term"})] == ["term"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('entity = "x"\nwords = ["a"]\nroll = "staff"', "unknown key 'roll'"),
        ('entity = "x"\nwords = ["a"]\nrole = "boss"', "unknown role 'boss'"),
    ],
)
def test_label_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(rules.RuleError, match=message):
        rules.load_label_entries(write(tmp_path, "[[label]]\n" + text))


def test_custom_identifier() -> None:
    rule = rules.from_custom("共済契約番号", r"[0-9]{2}-[0-9]{7}-[0-9]", ["共済証"])
    found = finder(PatternDetector((*RULES, rule), BOOK), BOOK)
    assert (rule.id, 4, 16) in found("共済証 12-3456789-0")
    assert (rule.id, 0, 12) in found("12-3456789-0")
    assert rule.id not in {name for name, _, _ in found("X12-3456789-01")}
    with pytest.raises(rules.RuleError, match="custom identifier '悪い'"):
        rules.from_custom("悪い", "(")


def test_a_rule_may_begin_with_any_character(tmp_path: Path) -> None:
    text = (
        GOOD.replace("'[0-9]{2}-[0-9]{7}-[0-9]'", "'共済[A-Z][0-9]{2}'")
        .replace("12-3456789-0»", "共済A12»")
        .replace("98-7654321-0»", "共済B34»")
    )
    own = rules.load_rules(write(tmp_path, text.replace("12-345-0", "共済A1").replace("12-3456789-0", "共済A12")))
    assert failures(own, BOOK, RULES) == []


def test_variants_change_only_the_span() -> None:
    forms = list(rules.variants("電話 «03-1234»"))
    assert "電話 «０３-１２３４»" in forms
    assert "電話 «03ー1234»" in forms
    assert len(forms) == len(set(forms))
    assert all(f.startswith("電話 «") for f in forms)


@pytest.mark.parametrize(
    ("text", "entity", "hint"),
    [
        ("個人番号（マイナンバー）", "my_number", ""),
        ("運転免許証番号", "drivers_license", ""),
        ("パスポートNo.", "passport_number", ""),
        ("ご契約者様の生年月日", "birth_date", ""),
        ("members[3].birth_date", "birth_date", ""),
        ("dateOfBirth", "birth_date", ""),
        ("携帯電話番号", "phone_number", ""),
        ("代表電話", "business_phone", ""),
        ("〒", "postal_code", ""),
        ("Eメールアドレス", "email_address", ""),
        ("振込口座番号", "bank_account", ""),
        ("cardNo", "credit_card", ""),
        ("健康保険証番号", "health_insurance_id", ""),
        ("保険者番号", "insurer_number", ""),
        ("被保険者番号", "", "insured-number"),
        ("記号", "", "symbol"),
        ("番号", "", "bare-number"),
        ("雇用保険被保険者番号", "employment_insurance_id", ""),
        ("介護保険被保険者番号", "care_insurance_id", ""),
        ("住民票コード", "resident_record_code", ""),
        ("法人番号", "corporate_number", ""),
        ("見積番号", "", "number"),
        ("性別", "gender", ""),
    ],
)
def test_labels(text: str, entity: str, hint: str) -> None:
    label = BOOK.look(text)
    assert label is not None
    assert (label.entity, label.hint) == (entity, hint)


def test_words_of_pieces(tmp_path: Path) -> None:
    pieces = '[[label]]\nentity = "address"\nstems = ["字", "町名"]\nmiddles = ["番地"]\ntails = ["建物"]\njoints = ["", "・"]\n'
    (entry,) = rules.load_label_entries(write(tmp_path, pieces))
    assert entry.words == ("字番地建物", "字・番地・建物", "町名番地建物", "町名・番地・建物")


def test_book_is_whole() -> None:
    assert isinstance(BOOK, LabelBook)
    assert len(BOOK.words) > 1000
