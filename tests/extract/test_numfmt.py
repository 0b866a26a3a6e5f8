from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.extract.numfmt import BUILTIN, iso, plain, shown

ERA = '[$-411]ggge"年"m"月"d"日"'


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("9012345678", "000-0000-0000", "090-1234-5678"),
        ("9012345678", '000"-"0000"-"0000', "090-1234-5678"),
        ("312345678", r"[<=99999999]####-####;\(00\) ####-####", "(03) 1234-5678"),
        ("1600001", "[<=999]000;[<=9999]000-00;000-0000", "160-0001"),
        ("600001", "000-0000", "060-0001"),
        ("12345", "0000000", "0012345"),
        ("123456789018", "0000 0000 0000", "1234 5678 9018"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("999", "#,##0", "999"),
        ("-1234", "#,##0;[Red]-#,##0", "-1,234"),
        ("-1234", "#,##0;(#,##0)", "(1,234)"),
        ("-3", "0", "-3"),
        ("1234", "[$¥-411]#,##0", "¥1,234"),
        ("7.84", "0.0", "7.8"),
        ("7", "0.##", "7"),
        ("0.256", "0.0%", "25.6%"),
        ("62.5", '0.0"kg"', "62.5kg"),
        ("120", 'General"mmHg"', "120mmHg"),
        ("1234567", "#,##0,", "1,235"),
        ("5", '"No."000', "No.005"),
        ("24929", ERA, "昭和43年4月1日"),
        ("24929", ERA + ";@", "昭和43年4月1日"),
        ("24929", '[$-ja-JP-x-gannen]ggge"年"m"月"d"日"', "昭和43年4月1日"),
        ("24929", "[$-411]ge\\.m\\.d", "S43.4.1"),
        ("24929", "[$-411]gge.mm.dd", "昭43.04.01"),
        ("43585", ERA, "平成31年4月30日"),
        ("43586", ERA, "令和元年5月1日"),
        ("32515", "[$-411]ge.m.d", "S64.1.7"),
        ("32516", "[$-411]ge.m.d", "H1.1.8"),
        ("24929", "yyyy/m/d", "1968/4/1"),
        ("24929", "yyyy-mm-dd", "1968-04-01"),
        ("24929", "yyyymmdd", "19680401"),
        ("24929", "mmm d, yyyy", "Apr 1, 1968"),
        ("24929", "aaaa", "月曜日"),
        ("24929", "[$-F800]dddd, mmmm dd, yyyy", "1968年4月1日"),
        ("44197.5", 'yyyy"年"m"月"d"日" h:mm', "2021年1月1日 12:00"),
        ("44197.53125", "h:mm AM/PM", "12:45 PM"),
        ("1.5", "[h]:mm:ss", "36:00:00"),
        ("1", "yyyy/m/d", "1900/1/1"),
        ("59", "yyyy/m/d", "1900/2/28"),
        ("61", "yyyy/m/d", "1900/3/1"),
        ("-1", "yyyy/m/d", "-1"),
        ("9999999", "yyyy/m/d", "9999999"),
        ("1e300", "0", "1e300"),
        ("x", "0", "x"),
    ],
)
def test_shown(value: str, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_1904_system_and_iso_dates() -> None:
    assert shown("23467", "yyyy/m/d", from_1904=True) == "1968/4/1"
    assert iso("1968-04-01T00:00:00", ERA) == "昭和43年4月1日"
    assert iso("1968-04-01", "yyyy/m/d", from_1904=True) == "1968/4/1"


@pytest.mark.parametrize(
    ("value", "text"),
    [("123456789018", "123456789018"), ("4.111111111111E15", "4111111111111000"), ("0.30000000000000004", "0.3"), ("12.0", "12")],
)
def test_plain(value: str, text: str) -> None:
    assert plain(value) == text


@given(st.dates(datetime.date(1900, 3, 1), datetime.date(9999, 12, 31)))
def test_every_day_is_itself(day: datetime.date) -> None:
    serial = (day - datetime.date(1899, 12, 30)).days
    assert shown(str(serial), BUILTIN[14]) == f"{day.year}/{day.month}/{day.day}"


@given(st.integers(0, 10**11 - 1))
def test_padded_numbers_keep_their_digits(number: int) -> None:
    assert shown(str(number), "000-0000-0000").replace("-", "") == f"{number:011d}"


@given(st.text(max_size=40), st.one_of(st.integers(-(10**15), 10**15), st.floats(allow_nan=False)))
def test_no_format_fails(code: str, number: float) -> None:
    assert isinstance(shown(str(number), code), str)


@given(st.text(alphabet='0#?.,%;-"[]<>=ymdhsgeE+/@\\_*$ab ', max_size=20), st.integers(-(10**9), 10**9))
def test_no_odd_format_fails(code: str, number: int) -> None:
    assert isinstance(shown(str(number), code), str)
