"""When something is, in words: today's deadline by the clock alone, another year's visit with its year."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from shared.i18n.translator import load_translators
from tests.worker.placement.visits import visit_at
from worker.alternatives import views as alternatives
from worker.alternatives.rules import AnswerState
from worker.business.document import ServiceEntry, SpecialistEntry
from worker.business.fields import MembersType
from worker.party import views as party
from worker.proposals.told import member_shown
from worker.reminders import views as reminders
from worker.staff import views as staff
from worker.ui.deadlines import by_when
from worker.ui.view import View
from worker.visits.repository import Visit

ENGLISH: Final = load_translators().choose("en")
BERLIN: Final = ZoneInfo("Europe/Berlin")
NOW: Final = datetime(2026, 11, 30, 12, tzinfo=UTC)
JANUARY: Final = datetime(2027, 1, 12, 9, tzinfo=UTC)
type Showing = Callable[[Visit, datetime], View]


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (datetime(2026, 11, 30, 14, 40, tzinfo=UTC), "15:40"),
        (datetime(2026, 11, 30, 22, 59, tzinfo=UTC), "23:59"),
        (datetime(2026, 11, 30, 23, 5, tzinfo=UTC), "Tue, Dec 1, 00:05"),
        (datetime(2027, 1, 4, 8, tzinfo=UTC), "Mon, Jan 4, 2027, 09:00"),
    ],
)
def test_a_deadline_of_today_is_its_time_alone(last: datetime, words: str) -> None:
    assert by_when(ENGLISH, last, BERLIN, NOW.astimezone(BERLIN).date()) == words


SHOWING: Final[dict[str, Showing]] = {
    "other times": lambda visit, now: alternatives.offer(ENGLISH, visit, [], now + timedelta(hours=2), now),
    "no longer kept": lambda visit, now: alternatives.followed(ENGLISH, visit, AnswerState.UNANSWERED, now),
    "there after all": lambda visit, now: alternatives.stands(ENGLISH, visit, now),
    "party": lambda visit, now: party.party(ENGLISH, visit, [1, 2], now, by_staff=False),
    "reminder": lambda visit, now: reminders.reminder(ENGLISH, visit, now),
    "see you": lambda visit, now: reminders.see_you(ENGLISH, visit, now),
    "call off": lambda visit, now: staff.call_off(ENGLISH, visit, now),
    "word": lambda visit, now: staff.word_question(ENGLISH, visit, now),
}


@pytest.mark.parametrize("shown", SHOWING)
def test_another_year_is_named_and_this_one_is_not(shown: str) -> None:
    visit = visit_at(JANUARY, waived=True, most_places=2, places=1)
    assert "Jan 12, 2027" in str(SHOWING[shown](visit, NOW).text)
    assert "2027" not in str(SHOWING[shown](visit, JANUARY - timedelta(days=2)).text)


def test_a_weekday_without_hours_is_closed_and_bounds_say_nothing_of_it() -> None:
    hours, bounds = SpecialistEntry.specs["hours"].type, ServiceEntry.specs["hours"].type
    assert isinstance(hours, MembersType)
    assert isinstance(bounds, MembersType)
    assert member_shown(ENGLISH, hours, None, "EUR") == "closed"
    assert member_shown(ENGLISH, hours, {"minutes": []}, "EUR") == "closed"
    assert member_shown(ENGLISH, bounds, None, "EUR") == "—"
