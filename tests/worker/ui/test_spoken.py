"""What people write in their own language is what a business file holds."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.i18n.translator import Translator, load_translators
from worker.business.fields import ValueKind
from worker.business.opening import Week, parse_opening_hours, parse_windows
from worker.business.values import parse_duration
from worker.business.when import parse_validity
from worker.price import Price
from worker.proposals.answers import Speaker, in_file_words
from worker.proposals.opening import hours_text
from worker.ui import phrases, spoken

LANGUAGES = st.sampled_from(["en", "ru"])


def speak(language: str) -> Translator:
    return load_translators().choose(language)


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("ru", "пн-пт 9-18", "mon-fri 9-18"),
        ("ru", "Пн–Пт 09:00-18:00; Сб 10-14; вс закрыто", "mon-fri 9-18; sat 10-14"),
        ("ru", "понедельник, ср. 10-12", "mon,wed 10-12"),
        ("ru", "Mo-Fr 9-18", "mon-fri 9-18"),
        ("en", "Mo-Fr 9-18; sa closed", "mon-fri 9-18"),
    ],
)
def test_weeks(language: str, said: str, meant: str) -> None:
    assert parse_opening_hours(spoken.weekdays(speak(language), said)) == parse_opening_hours(meant)


def test_a_day_off() -> None:
    assert parse_windows(spoken.weekdays(speak("ru"), "Закрыто")) == []


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("ru", "1 ч 15 мин", 75),
        ("ru", "2 часа", 120),
        ("ru", "1 день", 1440),
        ("ru", "1h15m", 75),
        ("en", "1 hour 15 minutes", 75),
    ],
)
def test_lengths(language: str, said: str, meant: int) -> None:
    assert parse_duration(spoken.durations(speak(language), said)) == meant


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("ru", "1 500 ₽", "1500"),
        ("ru", "1500 руб.", "1500"),
        ("ru", "от 1 500", "from 1500"),
        ("ru", "1500,50", "1500.50"),
        ("ru", "Бесплатно", "free"),
        ("ru", "1500-2000 руб", "1500-2000"),
        ("en", "from 35 rub", "from 35"),
        ("en", "1500 bananas", "1500 bananas"),
        ("en", "-5", "-5"),
    ],
)
def test_prices(language: str, said: str, meant: str) -> None:
    assert spoken.amounts(speak(language), said, "RUB") == meant


def test_yes_and_no() -> None:
    assert [spoken.switch(speak("ru"), each) for each in ("Да", "нет", "true")] == ["yes", "no", "true"]


@given(LANGUAGES, st.integers(1, 20_000))
def test_a_length_can_be_written_as_it_is_shown(language: str, minutes: int) -> None:
    texts = speak(language)
    shown = phrases.duration(texts, timedelta(minutes=minutes))
    assert parse_duration(spoken.durations(texts, shown)) == minutes


@given(LANGUAGES, st.integers(1, 10**7), st.sampled_from(["EUR", "RUB", "JPY"]))
def test_a_whole_price_can_be_written_as_it_is_shown(language: str, amount: int, currency: str) -> None:
    texts = speak(language)
    shown = phrases.price(texts, Price(Decimal(amount), None), currency)
    assert spoken.amounts(texts, shown, currency).replace(",", "") == f"from {amount}"


@given(LANGUAGES, st.sets(st.integers(0, 6), min_size=1))
def test_hours_can_be_written_as_they_are_shown(language: str, days: set[int]) -> None:
    texts = speak(language)
    week: Week = {day: ((540, 1080 + day),) for day in days}
    assert parse_opening_hours(spoken.weekdays(texts, hours_text(texts, week))) == week


@given(LANGUAGES, st.text(max_size=40))
def test_anything_else_is_read_without_harm(language: str, text: str) -> None:
    texts = speak(language)
    spoken.weekdays(texts, text)
    spoken.durations(texts, text)
    spoken.amounts(texts, text, "EUR")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("с 1 ноября по 31 марта", "11-01 to 03-31"),
        ("1 ноября по 31 марта; последняя пт", "11-01 to 03-31; last fri"),
        ("каждые 3 недели с 2026-11-30", "every 3 weeks from 2026-11-30"),
        ("второй вт, первая среда", "first wed, second tue"),
        ("next week", "every 2 weeks from 2026-12-07"),
    ],
)
def test_dates_that_recur_are_said_in_the_language_of_whoever_says_them(said: str, meant: str) -> None:
    by = Speaker(load_translators().choose("ru"), "EUR", date(2026, 12, 3))
    assert parse_validity(in_file_words(by, ValueKind.VALIDITY, said)) == parse_validity(meant)
