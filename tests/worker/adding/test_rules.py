"""What staff type of somebody is read, whatever stands where; what nobody can call is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.adding.rules import Introduction, Lacking, digits_of, introduced
from worker.ui.phones import country_of, e164, example_phone

BERLIN = "+4915112345678"


@pytest.mark.parametrize(
    "typed",
    [
        "Maria Schmidt 0151 12345678", "Maria Schmidt, +49 151 12345678", "0151/12345678 Maria Schmidt",
        "Maria Schmidt (0151) 123-456-78", "Maria Schmidt: 0049 151 12345678", "Maria\nSchmidt\n015112345678",
    ],
)  # fmt: skip
def test_a_name_and_a_number_in_any_order(typed: str) -> None:
    assert introduced(typed, "DE") == Introduction("Maria Schmidt", BERLIN)


@pytest.mark.parametrize(
    ("typed", "lacking"),
    [
        ("Maria Schmidt", Lacking.PHONE), ("0151 12345678", Lacking.NAME),
        ("Maria 0151 12", Lacking.WRONG_PHONE),
        ("Maria 5", Lacking.PHONE), ("... 0151 12345678", Lacking.NAME), ("😀", Lacking.PHONE),
        ("Maria +999 151 12345678", Lacking.WRONG_PHONE),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named(typed: str, lacking: Lacking) -> None:
    assert introduced(typed, "DE") is lacking


def test_the_country_is_that_of_the_clock() -> None:
    assert (country_of("Europe/Berlin"), country_of("Asia/Yekaterinburg"), country_of("UTC")) == (
        "DE",
        "RU",
        None,
    )
    assert e164("8 912 345-67-89", "RU") == "+79123456789"
    assert e164("0151 12345678", None) is None
    assert e164(f" {BERLIN} ", None) == BERLIN
    assert example_phone("DE").startswith("+49 ")
    assert example_phone(None).startswith("+44 ")


def test_numbers_are_looked_for_by_their_digits() -> None:
    assert digits_of("0151 12345678", "DE") == BERLIN[1:]
    assert digits_of("345", "DE") == "345"
    assert digits_of("34", "DE") == ""
    assert digits_of("Maria 345", "DE") == ""


@given(st.text(max_size=120), st.sampled_from(["DE", "RU", "US", None]))
def test_any_text_is_somebody_with_a_number_or_says_what_is_missing(typed: str, country: str | None) -> None:
    who = introduced(typed, country)
    if isinstance(who, Introduction):
        assert who.name
        assert who.phone.startswith("+")
        assert introduced(f"{who.name} {who.phone}", None) == who or any(map(str.isdigit, who.name))
    digits_of(typed, country)
