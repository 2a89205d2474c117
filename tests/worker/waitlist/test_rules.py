"""When offers are made and until when they stand, and what is wished for: the rules by themselves."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.waitlist import ChangeWish
from worker.offers.rules import LONGEST, OfferTimes, QuietHours, awake, awake_after, choice_times, offer_times
from worker.scheduling.parts import part_of
from worker.visits.rules import TO_ANSWER
from worker.waitlist.rules import is_within, wished_anew
from worker.wishes.rules import (
    Happened,
    OfferedBefore,
    WhyNothing,
    WishedTimes,
    is_over,
    taking,
    wants,
    why_nothing,
    widens,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from([BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata"), ZoneInfo("UTC")])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.timedeltas(timedelta(), timedelta(days=3))
QUIET = st.builds(QuietHours, st.integers(18 * 60, 24 * 60 - 1), st.integers(0, 11 * 60))
DAY = datetime(2026, 11, 25, tzinfo=UTC).date()
DAYS = st.integers(-3, 3).map(lambda days: DAY + timedelta(days=days))


def at_night(moment: datetime, zone: ZoneInfo, quiet: QuietHours) -> bool:
    """Tell it the obvious way, by what the clock on the wall reads."""
    local = moment.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return minute >= quiet.begins or minute < quiet.ends


@given(MOMENTS, LENGTHS, ZONES, QUIET)
def test_an_offer_stands_by_day_long_enough_and_never_after_the_notice(
    now: datetime, ahead: timedelta, zone: ZoneInfo, quiet: QuietHours
) -> None:
    latest = now + ahead
    times = offer_times(now, latest, zone, quiet)
    if times is None:
        assert latest < awake_after(awake(now, zone, quiet), TO_ANSWER, zone, quiet)
        return
    assert now <= times.told_at < times.deadline <= latest
    assert not at_night(times.told_at, zone, quiet)
    assert times.deadline >= awake_after(times.told_at, TO_ANSWER, zone, quiet)
    in_the_night = at_night(times.deadline - timedelta(minutes=1), zone, quiet)
    assert times.deadline == latest or not in_the_night
    assert times.deadline - times.told_at <= LONGEST + timedelta(hours=18, minutes=1)


@given(MOMENTS, LENGTHS, ZONES, st.timedeltas(timedelta(minutes=5), timedelta(days=2)), QUIET)
def test_the_staff_choose_by_day_and_leave_a_customer_time_to_answer(
    now: datetime, ahead: timedelta, zone: ZoneInfo, within: timedelta, quiet: QuietHours
) -> None:
    latest = now + ahead
    times = choice_times(now, latest, zone, within, quiet)
    if times is None:
        return
    assert now <= times.told_at < times.deadline < latest
    assert not at_night(times.told_at, zone, quiet)
    assert times.deadline <= awake_after(times.told_at, within, zone, quiet) + timedelta(minutes=1)
    assert offer_times(times.deadline, latest, zone, quiet) is not None


def test_where_little_is_left_the_staff_have_half_of_it_or_none() -> None:
    noon, within = datetime(2026, 11, 25, 11, tzinfo=UTC), timedelta(hours=1)
    hour = choice_times(noon, noon + timedelta(hours=1), BERLIN, within)
    assert hour == OfferTimes(noon, noon + timedelta(minutes=30))
    assert choice_times(noon, noon + timedelta(minutes=9), BERLIN, within) is None
    assert choice_times(noon, noon + timedelta(days=1), BERLIN, within) == OfferTimes(noon, noon + within)


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(hours=6)), ZONES)
def test_without_a_night_time_passes_as_it_does(now: datetime, length: timedelta, zone: ZoneInfo) -> None:
    none = QuietHours(0, 0)
    assert awake(now, zone, none) == now
    assert awake_after(now, length, zone, none) == now + length


def test_the_night_moves_the_deadline() -> None:
    late = datetime(2026, 11, 24, 21, 30, tzinfo=BERLIN)
    visit = datetime(2026, 11, 26, 15, tzinfo=BERLIN)
    times = offer_times(late, visit, BERLIN)
    assert times is not None
    assert times.told_at == late
    assert times.deadline == datetime(2026, 11, 25, 9, 30, tzinfo=BERLIN)
    at_midnight = offer_times(late + timedelta(hours=3), visit, BERLIN)
    assert at_midnight is not None
    assert at_midnight.told_at == datetime(2026, 11, 25, 8, tzinfo=BERLIN)
    assert at_midnight.deadline == datetime(2026, 11, 25, 10, tzinfo=BERLIN)
    assert offer_times(late + timedelta(hours=3), datetime(2026, 11, 25, 8, tzinfo=BERLIN), BERLIN) is None


@st.composite
def wishes(draw: st.DrawFn) -> WishedTimes:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    who, part = draw(st.sampled_from([None, 1, 2])), draw(st.integers(0, 3))
    return WishedTimes(specialist_id=who, first_day=first, last_day=last, part=part)


STARTS = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, tzinfo=BERLIN) + timedelta(minutes=minute),
    DAYS,
    st.integers(0, 1439),
)


@given(wishes(), wishes(), STARTS, st.sampled_from([1, 2]))
def test_who_wishes_for_more_goes_to_the_end_and_who_wishes_for_less_does_not(
    before: WishedTimes, after: WishedTimes, start: datetime, who: int
) -> None:
    new = wants(after, start, who, BERLIN) and not wants(before, start, who, BERLIN)
    if new:
        assert widens(before, after)
        assert not is_within(after, before)
    if is_within(after, before):
        assert not wants(after, start, who, BERLIN) or wants(before, start, who, BERLIN)


@given(wishes(), STARTS, st.sampled_from([1, 2]))
def test_a_wish_takes_its_days_its_part_and_its_specialist(
    wish: WishedTimes, start: datetime, who: int
) -> None:
    day = start.astimezone(BERLIN).date()
    fits = wish.part in {0, part_of(start, BERLIN)} and wish.specialist_id in {None, who}
    assert wants(wish, start, who, BERLIN) == (fits and wish.first_day <= day <= wish.last_day)


@given(wishes(), wishes(), DAYS)
def test_a_changed_wish_lies_within_what_can_be_booked(
    wish: WishedTimes, wanted: WishedTimes, today: date
) -> None:
    command = ChangeWish(
        entry_id=1, first_day=wanted.first_day, last_day=wanted.last_day, part=wanted.part, anyone=True
    )
    times = wished_anew(command, wish, today, DAY)
    if times is not None:
        assert today <= times.first_day <= times.last_day <= DAY
        assert times.specialist_id is None
        assert not is_over(times, today)


def test_why_nothing_came_is_what_happened_last() -> None:
    early, late = datetime(2026, 11, 25, 9, tzinfo=UTC), datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert why_nothing(Happened()) is WhyNothing.NOTHING_FREE
    assert why_nothing(Happened(offered_to_others_at=early)) is WhyNothing.OTHERS_FIRST
    assert why_nothing(Happened(chosen_others_at=early)) is WhyNothing.CHOSEN
    assert why_nothing(Happened(offered_to_others_at=early, passed_at=late)) is WhyNothing.PASSED
    assert why_nothing(Happened(not_taken_at=late, passed_at=early)) is WhyNothing.NOT_TAKEN
    assert why_nothing(Happened(not_taken_at=late, has_it=True)) is WhyNothing.HAS_IT


def test_what_was_offered_before_is_a_part_of_it_or_comes_of_the_same_stretch() -> None:
    hour = timedelta(hours=1)
    ten = datetime(2026, 11, 25, 10, tzinfo=UTC)
    before = OfferedBefore(1, 3, ten, ten, ten + 2 * hour)
    same, other = (ten, ten + 2 * hour), (ten, ten + hour)
    assert before.is_like(1, ten + hour / 2, hour)
    assert before.is_like(None, ten + hour / 2, hour)
    assert not before.is_like(1, ten + hour, hour)
    assert not before.is_like(2, ten, hour)
    assert before.is_of(3, same)
    assert not before.is_of(3, other)
    assert not before.is_of(1, same)
    assert taking([ten - hour, ten - hour / 2, ten, ten + 2 * hour], hour, ten, ten + hour) == [
        ten,
        ten - hour / 2,
    ]
