"""Check digits and number plans, by the published samples of the taxonomy."""

from __future__ import annotations

import random

import pytest

from scanner.detect import checks


@pytest.mark.parametrize("number", ["983205673214", "123456789018", "1234 5678 9018", "111111111118", "000000000019"])
def test_my_number_right(number: str) -> None:
    assert checks.my_number(number)


@pytest.mark.parametrize("number", ["983205673210", "123456789012", "12345678901", "1234567890188", "000000000000", ""])
def test_my_number_wrong(number: str) -> None:
    assert not checks.my_number(number)


@pytest.mark.parametrize(
    ("number", "right"), [("1180301018771", True), ("7000012050002", True), ("1234567890123", False), ("0180301018771", False)]
)
def test_corporate_number(number: str, right: bool) -> None:
    assert checks.corporate_number(number) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [("301912345680", True), ("450900123410", True), ("301234567890", False), ("309212345610", False), ("991912345680", False)],
)
def test_drivers_license(number: str, right: bool) -> None:
    assert checks.drivers_license(number) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("33120015", True),
        ("01130012", True),
        ("39131008", True),
        ("138016", True),
        ("33120016", False),
        ("99120013", False),
        ("33990019", False),
        ("20240101", False),
    ],
)
def test_insurer(number: str, right: bool) -> None:
    assert checks.insurer(number) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("4111 1111 1111 1111", True),
        ("5555-5555-5555-4444", True),
        ("378282246310005", True),
        ("3530111333300000", True),
        ("30569309025904", True),
        ("4111111111111112", False),
        ("0000000000000000", False),
        ("4901234567894", False),  # a JAN code
        ("1234567812345670", False),  # Luhn, but nobody issues it
    ],
)
def test_credit_card(number: str, right: bool) -> None:
    assert checks.credit_card(number) is right


def test_mrz_sample_of_the_standard() -> None:
    assert checks.mrz("L898902C36UTO7408122F1204159ZE184226B<<<<<10")
    assert not checks.mrz("L898902C31UTO7408122F1204159ZE184226B<<<<<10")


@pytest.mark.parametrize(
    "number",
    [
        "03-1234-5678",
        "(03)1234-5678",
        "03(1234)5678",
        "090-1234-5678",
        "09012345678",
        "0166-37-4490",
        "04-7123-4567",
        "042-123-4567",
        "04992-2-1234",
        "0120-310-558",
        "0800-123-4567",
        "0570-012-345",
        "050-3177-4408",
        "+81-3-1234-5678",
        "+81 (0)90-1234-5678",
        "+819017734402",
        "+65 8123 4467",
        "〇九〇-六一七四-〇八二五",
    ],
)
def test_phone_right(number: str) -> None:
    assert checks.phone(number)


@pytest.mark.parametrize(
    "number",
    [
        "024-0315-0001",
        "0120-333-9999",
        "030-1234-5678",
        "00-1234-5678",
        "0401-02",
        "0312-3456-78",
        "01-2345-6789",
        "031-234-5678",
        "090-123-4567",
        "12-3456-7890",
        "0110-24-0093371",
        "+81",
        "+8112345",
    ],
)
def test_phone_wrong(number: str) -> None:
    assert not checks.phone(number)


def test_phone_without_its_zero() -> None:
    assert checks.phone_without_zero("9012345678")
    assert checks.phone_without_zero("312345678")
    assert not checks.phone_without_zero("12345")
    assert not checks.phone_without_zero("0312345678")


def test_postal_code() -> None:
    assert checks.postal_code("150-0041")
    assert checks.postal_code("0600042")
    assert not checks.postal_code("000-0000")
    assert not checks.postal_code("150-004")


@pytest.mark.parametrize(
    ("name", "digits", "share"),
    [("my_number", 12, 0.1), ("corporate_number", 13, 0.1), ("drivers_license", 12, 0.051), ("insurer", 8, 0.008)],
)
def test_share_of_random_digits_that_pass(name: str, digits: int, share: float) -> None:
    """The published pass rates: a check that accepts more is too loose, one that accepts less loses real numbers."""
    rng = random.Random(7)
    tries = 20_000
    first = 10**12 if name == "corporate_number" else 0  # a 法人番号 never begins with 0
    passed = sum(checks.CHECKS[name](f"{rng.randrange(first, 10**digits):0{digits}}") for _ in range(tries))
    assert abs(passed / tries - share) < 0.25 * share


@pytest.mark.parametrize("name", sorted(checks.CHECKS))
def test_any_text_is_answered(name: str) -> None:
    for text in ("", "a", "-", "〇", "１２３", "9" * 100, "+", "()"):
        assert checks.CHECKS[name](text) in (True, False)
