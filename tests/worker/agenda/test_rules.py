"""On which days an agenda has a visit, and that its pages fit a message, whatever people are called."""

from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise
from re import sub
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.staff import ShowAgenda
from shared.i18n.translator import Translator, load_translators
from tests.worker.placement.visits import visit_at
from worker.agenda.rules import DayShare, entries, midnight, part_of, uncovered
from worker.agenda.views import ENTRIES_A_PAGE, AgendaStyle, agenda, days_of
from worker.db.models.booking import Mark, Status
from worker.scheduling.hours import WeeklyHours
from worker.ui.graphemes import utf16
from worker.visits.repository import Visit

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
            customer_reachable=False, specialist_reached=False, mark=list(Mark)[number % 3],
        )
        for number in range(500)
    ]  # fmt: skip
    pages = -(
        -len(list(entries(visits, days_of(ShowAgenda(days=days, first=FIRST)), BERLIN))) // ENTRIES_A_PAGE
    )
    numbers = {visit.id for visit in visits}
    style = AgendaStyle(BERLIN, everyone=True, uncovered=numbers, first_visits=numbers, unconfirmed=numbers)
    shown: set[str] = set()
    for page in {*range(0, pages, 7), pages - 1}:
        asked = ShowAgenda(days=days, first=FIRST, page=page)
        view = agenda(texts, visits, asked, style)
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


CLOSED = date(2026, 11, 25)
HOURS = {1: WeeklyHours(dict.fromkeys(range(5), ((540, 1080),)), {CLOSED: ()})}


def visit_on(day: int, minute: int, **changes: Any) -> Visit:  # noqa: ANN401 - fields of a visit
    """Make a visit of 45 minutes, so many days and minutes after the Monday's midnight."""
    return visit_at(midnight(FIRST, BERLIN) + timedelta(days=day, minutes=minute), **changes)


@pytest.mark.parametrize(
    "visit",
    [
        pytest.param(visit_on(0, 1036), id="ends too late"),
        pytest.param(visit_on(0, 539), id="begins too early"),
        pytest.param(visit_on(2, 600), id="closed date"),
        pytest.param(visit_on(5, 600), id="closed weekday"),
        pytest.param(visit_on(0, 600, specialist_active=False), id="who left"),
        pytest.param(visit_on(0, 600, specialist_id=2), id="who never works"),
    ],
)
def test_a_visit_to_come_is_uncovered_where_its_specialist_does_not_work(visit: Visit) -> None:
    assert uncovered([visit], HOURS, BERLIN, midnight(FIRST, BERLIN)) == {visit.id}


@pytest.mark.parametrize(
    "visit",
    [
        pytest.param(visit_on(0, 540), id="at opening"),
        pytest.param(visit_on(0, 1035), id="until closing"),
        pytest.param(visit_on(2, 600, status=Status.CANCELLED), id="cancelled"),
        pytest.param(visit_on(-3, 60), id="over"),
    ],
)
def test_a_visit_is_covered_within_the_hours_and_where_nobody_has_to_be_there(visit: Visit) -> None:
    assert uncovered([visit], HOURS, BERLIN, midnight(FIRST, BERLIN)) == set()
