"""Days as people write them, in their own language and in English."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.i18n.translator import Translator, load_translators
from worker.dates.written import WrittenDays, read_day, read_days

TODAY = date(2026, 11, 22)
"""A Sunday."""
LANGUAGES = st.sampled_from(["en", "ru"])
DATES = st.dates(TODAY, TODAY + timedelta(days=300))


def speak(language: str) -> Translator:
    return load_translators().choose(language)


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("en", "2026-12-24", "2026-12-24"),
        ("en", "24.12.", "2026-12-24"),
        ("en", "24.12", "2026-12-24"),
        ("en", "24.12.27", "2027-12-24"),
        ("en", "24.12.2027", "2027-12-24"),
        ("en", "24/12", "2026-12-24"),
        ("en", "12/24", "2026-12-24"),
        ("en", "24 Dec", "2026-12-24"),
        ("en", "24. December", "2026-12-24"),
        ("en", "the 24th of December", "2026-12-24"),
        ("en", "Dec 24", "2026-12-24"),
        ("en", "December 24, 2027", "2027-12-24"),
        ("en", "on 1 Feb.", "2027-02-01"),
        ("en", "29.2.", "2028-02-29"),
        ("en", "today", "2026-11-22"),
        ("en", "Tomorrow", "2026-11-23"),
        ("en", "sunday", "2026-11-22"),
        ("en", "Fri", "2026-11-27"),
        ("en", "on Friday", "2026-11-27"),
        ("ru", "24 декабря", "2026-12-24"),
        ("ru", "24 дек.", "2026-12-24"),
        ("ru", "24 декабря 2026 г.", "2026-12-24"),
        ("ru", "завтра", "2026-11-23"),
        ("ru", "Сегодня", "2026-11-22"),
        ("ru", "в пятницу", "2026-11-27"),
        ("ru", "пт", "2026-11-27"),
        ("ru", "tomorrow", "2026-11-23"),
        ("en", "24 Ju", None),
        ("en", "24 декабря", None),
        ("en", "32.12.", None),
        ("en", "29.2.2027", None),
        ("en", "24 Dec - 3 Jan", None),
        ("en", "some day", None),
        ("en", "24", None),
        ("en", "", None),
        ("en", "9999-12-31 - tomorrow", None),
    ],
)
def test_one_day(language: str, said: str, meant: str | None) -> None:
    found = read_day(speak(language), said, TODAY)
    assert found == (None if meant is None else date.fromisoformat(meant))


@pytest.mark.parametrize(
    ("language", "said", "first", "last", "rest"),
    [
        ("en", "24.12.-31.12.", "2026-12-24", "2026-12-31", ""),
        ("en", "24.–31.12.", "2026-12-24", "2026-12-31", ""),
        ("en", "24-31 Dec", "2026-12-24", "2026-12-31", ""),
        ("en", "Dec 24-31", "2026-12-24", "2026-12-31", ""),
        ("en", "from 28 Dec to 3 Jan", "2026-12-28", "2027-01-03", ""),
        ("en", "28.12. - 3.1.: off", "2026-12-28", "2027-01-03", "off"),
        ("en", "Fri - Sun", "2026-11-27", "2026-11-29", ""),
        ("en", "24 Dec 12-14", "2026-12-24", "2026-12-24", "12-14"),
        ("en", "24.12. 9:00-10:00, 14-15", "2026-12-24", "2026-12-24", "9:00-10:00, 14-15"),
        ("en", "tomorrow, 12-14", "2026-11-23", "2026-11-23", "12-14"),
        ("ru", "с 24 по 31 декабря", "2026-12-24", "2026-12-31", ""),
        ("ru", "пятница 10-12", "2026-11-27", "2026-11-27", "10-12"),
        ("en", "2026-12-26 - 2026-12-24", "2026-12-26", "2026-12-24", ""),
    ],
)
def test_several_days_and_what_stands_behind_them(
    language: str, said: str, first: str, last: str, rest: str
) -> None:
    wanted = WrittenDays(date.fromisoformat(first), date.fromisoformat(last), rest)
    assert read_days(speak(language), said, TODAY) == wanted


@given(LANGUAGES, DATES, st.sampled_from(range(6)))
def test_a_day_can_be_written_as_it_is_shown(language: str, day: date, how: int) -> None:
    texts = speak(language)
    forms = (
        day.isoformat(),
        f"{day:%d.%m}.",
        f"{day.day}/{day.month}",
        texts.day_of_month(day),
        f"{day.day}.{day.month}.{day.year}",
        texts.day_of_month(day).upper(),
    )
    assert read_day(texts, forms[how], TODAY) == day


@given(LANGUAGES, DATES, st.integers(0, 60))
def test_days_in_a_row_too(language: str, first: date, length: int) -> None:
    texts, last = speak(language), first + timedelta(days=length)
    for form in (texts.day_of_month, lambda day: f"{day:%d.%m}.", date.isoformat):
        found = read_days(texts, f"{form(first)} – {form(last)} 12-14", TODAY)
        assert found == WrittenDays(first, last, "12-14")


@given(LANGUAGES, st.text(max_size=40), st.text("0123456789./- :,decпт", max_size=30))
def test_anything_else_is_read_without_harm(language: str, text: str, near: str) -> None:
    for said in (text, near, f"24 {text}", f"{near} - {text}"):
        found = read_days(speak(language), said, TODAY)
        assert found is None or isinstance(found.first, date)
