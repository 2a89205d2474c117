"""The rules of the explanation: what stands in the way of a start, and how people write a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.scheduling.cases import cases
from worker.scheduling.engine import check
from worker.scheduling.rules import Reason, SlotQuery
from worker.scheduling.wallclock import DAY, instant
from worker.why.rules import judge, read_time

FEW = settings(max_examples=200)
ABOUT_VISITS = {Reason.BOOKED, Reason.FULL, Reason.BUFFER}


@st.composite
def asked(draw: st.DrawFn) -> tuple[SlotQuery, int]:
    """Draw a query, and a start near what it is about."""
    case = draw(cases())
    midnight = instant(case.first, 0, case.query.zone)
    return case.query, midnight + draw(st.integers(0, 2 * DAY // 60)) * 60


@FEW
@given(asked())
def test_a_reason_that_is_about_visits_names_one_and_no_other_does(case: tuple[SlotQuery, int]) -> None:
    reason = check(*case)
    verdict = judge(*case)
    assert verdict.reason == reason
    assert bool(verdict.in_the_way) == (reason in ABOUT_VISITS), reason


@given(st.integers(0, 1439))
def test_each_minute_of_a_day_is_read_in_every_way_it_is_written(minute: int) -> None:
    hour, rest = divmod(minute, 60)
    half = "am" if hour < 12 else "pm"
    written = (f"{hour}:{rest:02}", f"{hour:02}.{rest:02}", f"{hour}{rest:02}", f"{hour}h{rest:02}")
    assert {read_time(each) for each in written} == {minute}
    assert read_time(f" {(hour - 1) % 12 + 1}:{rest:02} {half} ") == minute


@pytest.mark.parametrize("hour", range(24))
def test_an_hour_alone_is_its_beginning(hour: int) -> None:
    assert read_time(str(hour)) == hour * 60


@pytest.mark.parametrize("written", ["", "24:00", "9:60", "13 pm", "0 am", "noon", "-1", "1:5", "12345"])
def test_what_is_no_time_is_none(written: str) -> None:
    assert read_time(written) is None
