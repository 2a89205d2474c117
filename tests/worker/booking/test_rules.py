"""Finding a service by what was typed, how names stand in rows, and which instant a link's time is."""

import unicodedata
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.catalogue.rules import SHORT, columns, found, plain
from worker.choosing.rules import on_the_clock

NAMES = [
    "Haircut", "Beard trim", "Déjà vu massage", "Маникюр с гелем", "Ёлочка", "STRASSE",
    "قَصّ الشعر", "ヘアカット", "Hair & beard",
]  # fmt: skip


def search(typed: str) -> list[str]:
    return found(NAMES, typed, str)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("hair", ["Haircut", "Hair & beard"]),
        ("  HAIR ", ["Haircut", "Hair & beard"]),
        ("beard", ["Beard trim", "Hair & beard"]),
        ("beard hair", ["Hair & beard"]),
        ("deja", ["Déjà vu massage"]),
        ("VÙ", ["Déjà vu massage"]),
        ("гель", []),
        ("ГЕЛ", ["Маникюр с гелем"]),
        ("елочка", ["Ёлочка"]),
        ("straße", ["STRASSE"]),
        ("قص", ["قَصّ الشعر"]),
        ("カット", ["ヘアカット"]),
        ("", []),
        ("\u0301", []),
        ("nail", []),
    ],
)
def test_what_is_typed_finds_names_that_contain_it(typed: str, names: list[str]) -> None:
    assert search(typed) == names


@given(st.text(min_size=1, max_size=64), st.data())
def test_any_piece_of_a_name_finds_it_however_it_is_written(name: str, data: st.DataObject) -> None:
    text = plain(name)
    begin = data.draw(st.integers(0, max(len(text) - 1, 0)))
    piece = text[begin : data.draw(st.integers(begin, len(text)))]
    for typed in (piece, unicodedata.normalize("NFC", piece), f" {piece} "):
        assert found([name], typed, str) == ([name] if plain(typed).strip() else [])


@given(st.text(max_size=64))
def test_plain_is_as_plain_as_it_gets(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.lists(st.text(min_size=1, max_size=64), max_size=10))
def test_names_stand_two_in_a_row_where_none_is_cut(names: list[str]) -> None:
    assert (columns(names) == 2) == (len(names) > 1 and all(len(name) <= SHORT for name in names))


BERLIN = ZoneInfo("Europe/Berlin")


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 23), st.integers(0, 59))
def test_a_clock_shows_the_time_that_a_link_names_or_the_link_leads_to_no_time(
    day: date, hour: int, minute: int
) -> None:
    start = on_the_clock(day, hour * 100 + minute, BERLIN)
    assert (start is None) == (day in {date(2026, 3, 29), date(2027, 3, 28)} and hour == 2)
    assert start is None or f"{start.astimezone(BERLIN):%Y%m%d%H%M}" == f"{day:%Y%m%d}{hour:02}{minute:02}"


def test_a_time_that_the_clock_shows_twice_is_the_first_of_them() -> None:
    assert on_the_clock(date(2026, 10, 25), 230, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
