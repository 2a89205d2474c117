"""When something is, in words: today's deadline by the clock alone, another year's visit with its year."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from shared.i18n.translator import Translator, load_translators
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

ENGLISH: Final = load_translators().in_year(2026).choose("en")
BERLIN: Final = ZoneInfo("Europe/Berlin")
NOW: Final = datetime(2026, 11, 30, 12, tzinfo=UTC)
JANUARY: Final = datetime(2027, 1, 12, 9, tzinfo=UTC)
type Showing = Callable[[Translator, Visit], View]


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
    "other times": lambda texts, visit: alternatives.offer(texts, visit, [], NOW + timedelta(hours=2), NOW),
    "no longer kept": lambda texts, visit: alternatives.followed(texts, visit, AnswerState.UNANSWERED, NOW),
    "there after all": alternatives.stands,
    "party": lambda texts, visit: party.party(texts, visit, [1, 2], by_staff=False),
    "reminder": lambda texts, visit: reminders.reminder(texts, visit, NOW),
    "see you": lambda texts, visit: reminders.see_you(texts, visit, NOW),
    "call off": staff.call_off,
    "word": staff.word_question,
}


@pytest.mark.parametrize("shown", SHOWING)
def test_another_year_is_named_and_this_one_is_not(shown: str) -> None:
    visit = visit_at(JANUARY, waived=True, most_places=2, places=1)
    assert "Jan 12, 2027" in str(SHOWING[shown](ENGLISH, visit).text)
    assert "2027" not in str(SHOWING[shown](ENGLISH.in_year(2027), visit).text)


def test_a_weekday_without_hours_is_closed_and_bounds_say_nothing_of_it() -> None:
    hours, bounds = SpecialistEntry.specs["hours"].type, ServiceEntry.specs["hours"].type
    assert isinstance(hours, MembersType)
    assert isinstance(bounds, MembersType)
    assert member_shown(ENGLISH, hours, None, "EUR") == "closed"
    assert member_shown(ENGLISH, hours, {"minutes": []}, "EUR") == "closed"
    assert member_shown(ENGLISH, bounds, None, "EUR") == "—"
