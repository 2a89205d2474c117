"""Who can say how late they will be: the laws of it, whatever the moment and whatever was said before."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.worker.placement.visits import visit_at
from tests.worker.shop import NOW
from worker.db.models.booking import LIVE, Mark, Status
from worker.lateness.rules import (
    EARLIEST,
    STEPS,
    can_be_late,
    minutes_of,
    obstacle_to_ask_lateness,
    obstacle_to_lateness,
    steps_of,
)
from worker.visits.repository import Visit

VISITS = st.builds(
    lambda minutes, length, **changes: visit_at(NOW + timedelta(minutes=minutes), length, **changes),
    st.integers(-600, 600),
    st.integers(5, 300),
    status=st.sampled_from(Status),
    mark=st.none() | st.sampled_from(Mark),
    late_by=st.none() | st.sampled_from(STEPS),
)


@given(VISITS)
def test_a_card_offers_just_what_is_not_refused(visit: Visit) -> None:
    offered = can_be_late(visit, NOW) and bool(steps_of(visit))
    assert offered == (obstacle_to_ask_lateness(visit, NOW) is None)
    assert not (offered and visit.status is Status.PENDING), "nobody is late for what is only asked for"
    for step in STEPS:
        said = obstacle_to_lateness(visit, visit.version, minutes_of(step), NOW) is None
        assert said == (offered and step in steps_of(visit))


@given(VISITS, st.integers(-3, 3), st.integers(0, 2**31))
def test_what_is_said_is_of_a_visit_as_it_stands_near_and_more_than_before(
    visit: Visit, newer: int, minutes: int
) -> None:
    if obstacle_to_lateness(visit, visit.version + newer, minutes, NOW) is None:
        assert (newer, visit.status in LIVE, visit.mark) == (0, True, None)
        assert _is_near(visit, NOW)
        assert timedelta(minutes=minutes) in STEPS
        assert visit.late_by is None or visit.late_by < timedelta(minutes=minutes)


def _is_near(visit: Visit, now: datetime) -> bool:
    return visit.start <= now + EARLIEST and now < visit.end
