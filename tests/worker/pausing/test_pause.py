"""When a pause holds, and what it asks of a customer's wish: pure rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.worker.business.documents import fits
from tests.worker.placement.test_rules import intents, standings, visits
from worker.business.singles import BusinessEntry
from worker.pause import NO_PAUSE, Pause
from worker.pausing.rules import one_line
from worker.placement.rules import Bar, Intent, Standing, barred
from worker.visits.repository import Visit

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@given(moments, st.dates(date(2025, 12, 1), date(2027, 2, 1)))
def test_a_pause_ends_with_the_midnight_before_its_date_in_the_shop(now: datetime, until: date) -> None:
    midnight = datetime(until.year, until.month, until.day, tzinfo=BERLIN)
    assert Pause(paused=True, until=until).holds(now, BERLIN) == (now < midnight)
    assert Pause(paused=True).holds(now, BERLIN)
    assert not Pause(until=until).holds(now, BERLIN)
    assert not NO_PAUSE.holds(now, BERLIN)


@given(intents, standings, visits)
def test_while_it_holds_customers_get_nothing_new_and_staff_is_not_bound(
    intent: Intent, standing: Standing, own: list[Visit]
) -> None:
    found = barred(replace(intent, paused=True), standing, own)
    assert found is not None
    assert found.bar in {Bar.BLOCKED, Bar.SAME, Bar.PAUSED}
    by_staff = replace(intent, limited=False)
    assert barred(replace(by_staff, paused=True), standing, own) == barred(by_staff, standing, own)


@given(st.text(max_size=400))
def test_whatever_is_said_meanwhile_the_business_file_holds_it(said: str) -> None:
    line = one_line(said)
    assert fits(BusinessEntry.specs["pause_text"].type, line)
    assert one_line(line) == line
