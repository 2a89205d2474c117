"""What the engine does, told by examples: a service of an hour on a grid of half hours unless said."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from worker.scheduling.bounds import Bounds
from worker.scheduling.calendars import Busy, Calendar
from worker.scheduling.engine import SlotSearch, check, days_with_slots, find_slots, merge
from worker.scheduling.hours import WeeklyHours, Window
from worker.scheduling.resources import NeededResource, Use, units_of
from worker.scheduling.rules import Reason, ServicePolicy, SlotQuery, SpecialistPolicy
from worker.scheduling.wallclock import local

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN, MONDAY = date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1)
LONG_AGO = int(datetime(2026, 1, 1, tzinfo=BERLIN).timestamp())
HOUR = ServicePolicy(
    id=1,
    duration=3600,
    buffer_before=0,
    buffer_after=0,
    step=1800,
    min_notice=0,
    horizon=366 * 86_400,
)


def at(clock: str, day: date = MONDAY) -> int:
    return int(datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), BERLIN).timestamp())  # noqa: DTZ007 - the zone is given beside it


def calendar(*busy: Busy, hours: tuple[Window, ...] = ((540, 720),), specialist: int = 1) -> Calendar:
    return Calendar(specialist, WeeklyHours(dict.fromkeys(range(7), hours)), busy)


def visit(start: str, end: str, before: int = 0, after: int = 0, service: int | None = 9) -> Busy:
    """Make a visit of MONDAY with its buffers in minutes."""
    begin, close = at(start), at(end)
    return Busy(begin - before * 60, close + after * 60, begin, close, service)


def ask(policy: ServicePolicy, taken: Calendar, now: int = LONG_AGO) -> SlotQuery:
    return SlotQuery(service=policy, calendar=taken, zone=BERLIN, now=now)


def times(
    policy: ServicePolicy, taken: Calendar, day: date = MONDAY, now: int = LONG_AGO, form: str = "%H:%M"
) -> list[str]:
    return [f"{local(start, BERLIN):{form}}" for start in find_slots(ask(policy, taken, now), day, day).slots]


def refusals(policy: ServicePolicy, taken: Calendar, now: int = LONG_AGO) -> dict[str, Reason]:
    search = find_slots(ask(policy, taken, now), MONDAY, MONDAY, explain=True)
    return {f"{local(refused.start, BERLIN):%H:%M}": refused.reason for refused in search.refused}


def test_the_last_visit_ends_at_closing_time() -> None:
    assert times(HOUR, calendar()) == ["09:00", "09:30", "10:00", "10:30", "11:00"]


def test_a_visit_may_run_across_windows_that_touch() -> None:
    assert "12:30" in times(HOUR, calendar(hours=((540, 780), (780, 1080))))
    assert "12:30" not in times(HOUR, calendar(hours=((540, 780), (810, 1080))))


def test_a_visit_may_run_across_midnight() -> None:
    assert times(HOUR, calendar(hours=((0, 60), (1380, 1440)))) == ["00:00", "23:00", "23:30"]


def test_a_visit_may_last_for_days_where_it_is_open_round_the_clock() -> None:
    days = replace(HOUR, duration=3 * 86_400, step=43_200)
    hours = calendar(hours=((0, 1440),))
    assert times(days, hours) == ["00:00", "12:00"]
    closed = WeeklyHours(hours.hours.weekly, {MONDAY + timedelta(days=3): ()})
    assert times(days, replace(hours, hours=closed)) == ["00:00"]


def test_calcom_5941_a_day_that_is_capped_is_the_clocks_and_not_the_one_of_utc() -> None:
    """In Berlin 00:30 is still yesterday in UTC: it takes nothing of yesterday, and is one of today's."""
    night = calendar(visit("00:30", "01:30"), hours=((0, 1440),))
    capped = replace(ask(HOUR, night), specialist=SpecialistPolicy(max_per_day=1))
    assert not find_slots(capped, MONDAY, MONDAY).slots
    assert check(capped, at("12:00")) is Reason.DAY_FULL
    yesterday = MONDAY - timedelta(days=1)
    assert at("23:00", yesterday) in find_slots(capped, yesterday, yesterday).slots


def test_a_week_that_is_capped_is_full_until_sunday() -> None:
    capped = replace(
        ask(HOUR, calendar(visit("09:00", "10:00"))), specialist=SpecialistPolicy(max_per_week=1)
    )
    assert check(capped, at("10:00", MONDAY + timedelta(days=6))) is Reason.WEEK_FULL
    assert check(capped, at("10:00", MONDAY + timedelta(days=7))) is None


def test_a_visit_lies_within_the_service_s_own_hours() -> None:
    late = Bounds(WeeklyHours({MONDAY.weekday(): ((600, 720),)}))
    evening_class = replace(ask(HOUR, calendar()), offered=late)
    assert check(evening_class, at("09:30")) is Reason.OFFERED
    assert check(evening_class, at("10:00")) is None


def test_the_only_chair_is_somebody_else_s_until_their_visit_ends() -> None:
    chair = units_of(1, 1)[0]
    taken = Use(chair, at("09:00"), at("10:00"), 2, at("09:00"))
    seated = replace(ask(HOUR, calendar()), needs=[NeededResource(1, "Chair", 1, uses=[taken])])
    assert check(seated, at("09:30")) is Reason.RESOURCE
    assert check(seated, at("10:00")) is None


def test_an_evening_s_grid_goes_on_after_midnight() -> None:
    slow = replace(HOUR, step=50 * 60)
    assert times(slow, calendar(hours=((0, 180), (1320, 1440)))) == [
        "00:30",
        "01:20",
        "22:00",
        "22:50",
        "23:40",
    ]


def test_the_night_the_clock_goes_forward_is_an_hour_shorter() -> None:
    hours = calendar(hours=((60, 240), (540, 1080)))
    found = times(HOUR, hours, SPRING, form="%H:%M%z")
    assert found[:3] == ["01:00+0100", "01:30+0100", "03:00+0200"]
    assert (found[3], found[-1], len(found)) == ("09:00+0200", "17:00+0200", 20)


def test_the_night_the_clock_goes_back_is_an_hour_longer() -> None:
    hours = calendar(hours=((60, 240), (540, 1080)))
    found = times(HOUR, hours, AUTUMN, form="%H:%M%z")
    assert found[:7] == [
        "01:00+0200",
        "01:30+0200",
        "02:00+0200",
        "02:30+0200",
        "02:00+0100",
        "02:30+0100",
        "03:00+0100",
    ]
    assert (found[7], found[-1], len(found)) == ("09:00+0100", "17:00+0100", 24)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_hours_from_thirteen_begin_at_thirteen_on_the_days_of_change(day: date) -> None:
    assert times(HOUR, calendar(hours=((780, 1080),)), day)[0] == "13:00"


def test_visits_may_touch() -> None:
    assert times(HOUR, calendar(visit("10:00", "11:00"))) == ["09:00", "11:00"]


def test_the_buffers_of_both_count() -> None:
    tidy = replace(HOUR, step=300, buffer_before=5 * 60)
    found = times(tidy, calendar(visit("10:30", "10:35", after=10), hours=((540, 720),)))
    assert found == ["09:00", "09:05", "09:10", "09:15", "09:20", "09:25", "09:30", "10:50", "10:55", "11:00"]


def test_buffers_may_reach_outside_opening_hours() -> None:
    tidy = replace(HOUR, buffer_before=900, buffer_after=900)
    assert times(tidy, calendar()) == ["09:00", "09:30", "10:00", "10:30", "11:00"]


def test_every_refusal_names_its_rule() -> None:
    tidy = replace(HOUR, buffer_after=600, min_notice=1800, horizon=5 * 3600)
    hours = calendar(visit("13:00", "13:30"), hours=((540, 900),))
    why = refusals(tidy, hours, now=at("09:00"))
    assert why["08:30"] is Reason.CLOSED
    assert why["09:00"] is Reason.NOTICE
    assert "09:30" not in why
    assert why["12:00"] is Reason.BUFFER
    assert why["12:30"] is Reason.BOOKED
    assert "13:30" not in why
    assert check(ask(tidy, hours, at("08:59")), at("14:00")) is Reason.HORIZON
    assert why["14:30"] is Reason.CLOSED  # it would run past closing
    assert why["23:30"] is Reason.CLOSED
    assert why["00:00"] is Reason.CLOSED


def test_notice_and_horizon_include_their_edges() -> None:
    edged = replace(HOUR, min_notice=3600, horizon=7200)
    assert times(edged, calendar(), now=at("08:30")) == ["09:30", "10:00", "10:30"]
    assert times(edged, calendar(), now=at("08:30") + 1) == ["10:00", "10:30"]
    assert times(edged, calendar(), now=at("08:30") - 1) == ["09:30", "10:00"]


def test_the_horizon_may_end_at_midnight() -> None:
    edged = replace(HOUR, horizon=86_400)
    assert times(edged, calendar(hours=((0, 1440),)), now=at("00:00") - 86_400) == ["00:00"]


def test_where_several_rules_refuse_the_first_listed_is_named() -> None:
    taken = calendar(visit("09:00", "12:00"), visit("09:00", "10:00", service=1))
    group = replace(HOUR, capacity=1)
    ahead, later = replace(group, horizon=0), at("09:00") + 1
    assert check(ask(group, taken, later), at("11:20")) is Reason.CLOSED  # before GRID
    assert check(ask(group, taken, at("12:00")), at("09:10")) is Reason.GRID  # before NOTICE
    assert check(ask(replace(ahead, min_notice=86_400), taken, later), at("10:00")) is Reason.NOTICE
    assert check(ask(ahead, taken, later), at("10:00")) is Reason.HORIZON  # before BOOKED
    full = [visit("09:00", "10:00", service=1)] * 2
    class_of_two = replace(HOUR, capacity=2)
    assert check(ask(class_of_two, calendar(*full)), at("09:00")) is Reason.FULL
    over = calendar(*full, visit("09:30", "10:30"))
    assert check(ask(class_of_two, over), at("09:00")) is Reason.BOOKED  # before FULL
    near = calendar(*full, visit("10:00", "10:30", before=15))
    assert check(ask(class_of_two, near), at("09:00")) is Reason.FULL  # before BUFFER


def test_a_group_shares_its_start_until_the_seats_are_taken() -> None:
    class_of_three = replace(HOUR, capacity=3, buffer_after=600)
    seat = visit("10:00", "11:00", after=10, service=1)
    assert times(class_of_three, calendar(seat)) == ["10:00"]
    assert times(class_of_three, calendar(seat, seat)) == ["10:00"]
    assert times(class_of_three, calendar(seat._replace(seats=2), seat)) == []
    assert refusals(class_of_three, calendar(seat, seat, seat))["10:00"] is Reason.FULL
    assert refusals(class_of_three, calendar(seat))["09:30"] is Reason.BOOKED
    assert refusals(class_of_three, calendar(seat))["09:00"] is Reason.BUFFER


def test_another_service_at_the_same_start_is_no_group() -> None:
    class_of_three = replace(HOUR, capacity=3)
    assert refusals(class_of_three, calendar(visit("10:00", "11:00")))["10:00"] is Reason.BOOKED
    assert refusals(HOUR, calendar(visit("10:00", "11:00", service=1)))["10:00"] is Reason.BOOKED


def test_time_nobody_can_join_is_booked() -> None:
    away = visit("09:00", "11:00", service=None)
    assert times(replace(HOUR, capacity=5), calendar(away)) == ["11:00"]


def test_anyone_is_offered_what_any_specialist_has_free() -> None:
    alice = calendar(visit("09:00", "11:00"), specialist=1)
    bob = calendar(visit("10:00", "12:00"), specialist=2)
    offers = merge(find_slots(ask(HOUR, each), MONDAY, MONDAY) for each in (alice, bob))
    assert [(offer.start, offer.specialists) for offer in offers] == [
        (at("09:00"), (2,)),
        (at("11:00"), (1,)),
    ]
    both = merge([SlotSearch(2, [at("09:00")]), SlotSearch(1, [at("09:00")])])
    assert [offer.specialists for offer in both] == [(2, 1)]


def test_a_month_shows_the_days_on_which_anyone_has_a_slot() -> None:
    weekdays = Calendar(1, WeeklyHours(dict.fromkeys(range(5), ((540, 720),))), [visit("09:00", "12:00")])
    saturday = Calendar(2, WeeklyHours({5: ((600, 660),)}, {date(2026, 6, 13): ()}), [])
    team = [ask(HOUR, weekdays), ask(HOUR, saturday)]
    days = days_with_slots(team, MONDAY, MONDAY + timedelta(days=13))
    assert sorted(day.day for day in days) == [2, 3, 4, 5, 6, 8, 9, 10, 11, 12]


@pytest.mark.parametrize("wrong", [{"duration": 0}, {"step": 0}, {"capacity": 0}, {"buffer_after": -1}])
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"at least 1|not negative"):
        replace(HOUR, **wrong)
