"""The hour that clocks show twice: its two readings are told apart, and only they."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.booking import ShowDay
from shared.contracts.menu import ShowHome
from shared.i18n.translator import Html, load_translators
from worker.scheduling import views
from worker.ui.view import Button

BERLIN = ZoneInfo("Europe/Berlin")
SET_BACK = date(2027, 10, 31)
TEXTS = load_translators().choose("en")


def labels(starts: list[datetime]) -> list[str]:
    asked = ShowDay(service_id=1, day=SET_BACK)
    chosen = views.Chosen(Html("Cut"), BERLIN, SET_BACK)
    shown = views.day(TEXTS, chosen, asked, starts, Button("« Back", ShowHome()))
    return [button.text for row in shown.keyboard[:-1] for button in row]


def test_a_reading_that_comes_twice_says_which() -> None:
    first = datetime(2027, 10, 31, 0, 0, tzinfo=UTC)  # 02:00 CEST
    starts = [first - timedelta(hours=1), first, first + timedelta(hours=1), first + timedelta(hours=2)]
    assert labels(starts) == ["01:00", "02:00 (CEST)", "02:00 (CET)", "03:00"]


def test_where_only_one_of_the_two_is_free_the_button_is_the_plain_time() -> None:
    assert labels([datetime(2027, 10, 31, 1, 0, tzinfo=UTC)]) == ["02:00"]


def test_elsewhere_a_time_in_that_hour_says_which_it_is() -> None:
    first = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert TEXTS.time(first.astimezone(BERLIN)) == "02:30 (CEST)"
    assert TEXTS.time((first + timedelta(hours=1)).astimezone(BERLIN)) == "02:30 (CET)"
    assert TEXTS.time((first + timedelta(hours=2)).astimezone(BERLIN)) == "03:30"
