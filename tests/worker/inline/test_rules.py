"""What somebody means who types a few words behind the bot's name."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.i18n.translator import load_translators
from worker.inline.rules import MOST_DAYS, Named, TypedWish, understand

TODAY = date(2026, 11, 22)
SPOKEN = [load_translators().choose(code) for code in ("en", "ru")]
SERVICES = [Named(1, "Cut"), Named(2, "Beard trim"), Named(3, "Стрижка"), Named(4, "Йога")]
SPECIALISTS = [Named(1, "Alice"), Named(2, "Bob"), Named(3, "Ольга")]
DAYS = st.dates(TODAY, TODAY + timedelta(days=300))
CASES = st.sampled_from([str.upper, str.lower, str])
SERVICE, SPECIALIST = st.sampled_from(SERVICES), st.sampled_from(SPECIALISTS)


def wish(typed: str) -> TypedWish:
    return understand(SPOKEN, typed, TODAY, SERVICES, SPECIALISTS)


@given(st.text(max_size=256))
def test_whatever_is_typed_is_a_search_of_so_many_days_for_what_there_is(typed: str) -> None:
    found = wish(typed)
    first, last = found.between(TODAY)
    assert first >= TODAY
    assert (last - first).days < MOST_DAYS
    assert set(found.services) <= {each.id for each in SERVICES}
    assert set(found.specialists) <= {each.id for each in SPECIALISTS}


@given(SERVICE, SPECIALIST, DAYS, st.permutations(range(3)), CASES)
def test_a_day_and_names_are_understood_in_any_order_and_case(
    service: Named, specialist: Named, day: date, order: list[int], cased: Callable[[str], str]
) -> None:
    words = [service.name, specialist.name, day.isoformat()]
    typed = " ".join(words[place] for place in order)
    found = wish(cased(typed))
    assert found.is_understood
    assert found.days == (day, day)
    assert service.id in found.services
    assert specialist.id in found.specialists


@pytest.mark.parametrize(
    ("typed", "days"), [("tomorrow", 1), ("завтра", 1), ("today", 0), ("friday", 5), ("в пятницу", 5)]
)
def test_days_are_said_as_people_say_them(typed: str, days: int) -> None:
    day = TODAY + timedelta(days=days)
    assert wish(typed).days == (day, day)


def test_the_end_of_a_name_names_it_where_no_beginning_does() -> None:
    services = [Named(1, "Haircut"), Named(2, "Beard trim"), Named(3, "Herrenhaarschnitt")]
    found = [
        understand(SPOKEN, typed, TODAY, services, SPECIALISTS).services
        for typed in ("tomorrow cut", "schnitt", "beard cut", "is it ut", "trim")
    ]
    assert found == [(1,), (3,), (2,), (), (2,)]


def test_what_nobody_means_is_not_understood_and_nothing_typed_is_all() -> None:
    assert not wish("qqqq zzzz").is_understood
    assert wish("") == TypedWish()
    assert wish("2020-01-02").between(TODAY) == (TODAY, date(2020, 1, 2)), "no day is left to search"
