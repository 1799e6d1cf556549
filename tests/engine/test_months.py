"""Months."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.months import add_months, format_month, months_between, parse_month


def test_months_are_counted_across_years():
    assert months_between("2019-01", "2022-01") == 36
    assert months_between("2027-03", "2026-12") == -3
    assert add_months("2027-01", 95) == "2034-12"


@given(st.integers(12, 12 * 9999))
def test_what_is_written_reads_back(month):
    assert parse_month(format_month(month)) == month


@pytest.mark.parametrize(
    "text", ["2027-13", "2027-00", "2027-1", "27-01", "2027/01", "2027-01-01", "", "２０２７-01", "2027-01\n"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="is not a month"):
        parse_month(text)
