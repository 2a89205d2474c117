"""On which days an agenda has a visit, and that its pages fit a message, whatever people are called."""

from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise
from re import sub
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.staff import ShowAgenda
from shared.i18n.translator import Translator, load_translators
from tests.worker.placement.visits import visit_at
from worker.staff.rules import DayShare, entries, midnight, part_of
from worker.staff.views import ENTRIES_A_PAGE, AgendaStyle, agenda, days_of
from worker.ui.graphemes import utf16

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 11, 23)
MOST_TEXT, MOST_BUTTONS = 4096, 100
WIDE = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}" * 20

starts = st.integers(0, 13 * 1440).map(
    lambda minute: datetime(2026, 11, 20, tzinfo=UTC) + timedelta(minutes=minute)
)
lengths = st.integers(1, 6 * 1440)


@given(starts, lengths)
def test_a_visit_is_on_just_the_days_of_which_it_has_a_moment(start: datetime, minutes: int) -> None:
    visit = visit_at(start, minutes)
    days = [FIRST + timedelta(days=number) for number in range(-5, 20)]
    parts = {day: part_of(visit, day, BERLIN) for day in days}
    on = [day for day, part in parts.items() if part is not None]
    assert on == [
        day
        for day in days
        if max(visit.start, midnight(day, BERLIN)) < min(visit.end, midnight(day + timedelta(days=1), BERLIN))
    ]
    assert parts[on[0]] is DayShare.WITHIN
    assert all(parts[day] is DayShare.WHOLE for day in on[1:-1])
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(on))


@given(st.lists(st.tuples(starts, lengths), max_size=12))
def test_every_day_has_a_line_and_every_visit_one_for_each_of_its_days(
    wanted: list[tuple[datetime, int]],
) -> None:
    visits = sorted((visit_at(start, minutes) for start, minutes in wanted), key=lambda each: each.start)
    days = days_of(ShowAgenda(days=7, first=FIRST))
    found = list(entries(visits, days, BERLIN))
    assert [day for day in days if all(entry.day != day for entry in found)] == []
    assert {(entry.day, entry.visit.id) for entry in found if entry.visit} == {
        (day, visit.id) for day in days for visit in visits if part_of(visit, day, BERLIN)
    }
    assert all(entry.visit or sum(other.day == entry.day for other in found) == 1 for entry in found)


LANGUAGES = [pytest.param(texts, id=texts.language) for texts in load_translators().all()]


@pytest.mark.parametrize("texts", LANGUAGES)
@pytest.mark.parametrize("days", [1, 7])
@pytest.mark.parametrize("name", ["W" * 64, WIDE], ids=["letters", "emoji"])
def test_every_page_of_a_full_agenda_fits_a_message(texts: Translator, days: int, name: str) -> None:
    start = midnight(FIRST, BERLIN)
    visits = [
        visit_at(
            start + timedelta(minutes=3 * number), 2 * 1440,
            service=name, customer=name, specialist=name, note=name * 8, attending=True,
            customer_reachable=False, specialist_reached=False,
        )
        for number in range(500)
    ]  # fmt: skip
    pages = -(
        -len(list(entries(visits, days_of(ShowAgenda(days=days, first=FIRST)), BERLIN))) // ENTRIES_A_PAGE
    )
    shown: set[str] = set()
    for page in {*range(0, pages, 7), pages - 1}:
        asked = ShowAgenda(days=days, first=FIRST, page=page)
        view = agenda(texts, visits, asked, AgendaStyle(BERLIN, everyone=True))
        assert utf16(unescape(sub(r"<[^>]*>", "", view.text))) <= MOST_TEXT
        assert sum(map(len, view.rendered().reply_markup["inline_keyboard"])) <= MOST_BUTTONS
        shown.add(str(view.keyboard))
    assert len(shown) == len({*range(0, pages, 7), pages - 1})


def test_times_of_a_night_and_of_days_say_when_they_end() -> None:
    texts = load_translators().choose("en")
    night = visit_at(midnight(FIRST, BERLIN) + timedelta(hours=22), 240, service="Night")
    days = visit_at(midnight(FIRST, BERLIN) + timedelta(hours=9), 2 * 1440, service="Stay")
    late = visit_at(midnight(FIRST, BERLIN) + timedelta(hours=22), 120, service="Late")
    asked = ShowAgenda(days=7, first=FIRST)
    view = agenda(texts, [days, night, late], asked, AgendaStyle(BERLIN, everyone=False))
    monday, tuesday, wednesday = (view.text.split("<b>")[number] for number in (2, 3, 4))
    assert "22:00 – Tue, Nov 24, 02:00 Night, Anna" in monday
    assert "09:00 – Wed, Nov 25, 09:00 Stay, Anna" in monday
    assert "22:00–24:00 Late, Anna" in monday
    assert ("until 02:00 Night" in tuesday, "all day Stay" in tuesday, "Late" in tuesday) == (
        True,
        True,
        False,
    )
    assert "until 09:00 Stay" in wednesday
    labels = [row[0].text for row in view.keyboard if row]
    assert {"22:00 · Night · Anna", "until 02:00 · Night · Anna", "all day · Stay · Anna"} <= set(labels)
