"""What holds for any rule, calendar, zone and date."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.worker.scheduling.cases import Case, around, cases, taken, with_busy
from tests.worker.scheduling.reference import Windows, is_open, overlap, shares, verdict, walk
from worker.scheduling.calendars import Calendar
from worker.scheduling.engine import (
    SlotSearch,
    check,
    days_with_slots,
    find_slots,
    nearest,
    starts,
    why_closed,
)
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.rules import Reason, SlotQuery
from worker.scheduling.wallclock import day_of, instant, local


def search(case: Case, *, explain: bool = False) -> SlotSearch:
    return find_slots(case.query, case.first, case.last, explain=explain)


def dates(case: Case) -> list[date]:
    return [case.first + timedelta(days=number) for number in range((case.last - case.first).days + 1)]


def with_hours(query: SlotQuery, hours: WeeklyHours) -> SlotQuery:
    return replace(query, calendar=replace(query.calendar, hours=hours))


def span(case: Case) -> tuple[int, int]:
    """Return the first instant of the case's dates and the first behind them."""
    return instant(case.first, 0, case.query.zone), instant(case.last, 1440, case.query.zone)


@settings(max_examples=200)
@given(cases())
def test_a_slow_and_obvious_search_finds_the_same(case: Case) -> None:
    walked = walk(case.query, case.first, case.last)
    expected = {start: verdict(walked, start) for start in sorted(walked.steps)}
    explained = search(case, explain=True)
    assert list(explained.slots) == [start for start, reason in expected.items() if reason is None]
    shut = {start for start, reason in explained.refused if reason is Reason.CLOSED}
    assert {verdict(walked, start) for start in shut} <= {Reason.CLOSED}
    refused = {start: reason for start, reason in explained.refused if start not in shut}
    open_to = {start: reason for start, reason in expected.items() if reason is not Reason.CLOSED}
    assert refused == {start: reason for start, reason in open_to.items() if reason is not None}
    for reason in set(open_to.values()):
        event(f"{reason}")


@given(cases())
def test_slots_and_refusals_share_out_the_candidates(case: Case) -> None:
    explained = search(case, explain=True)
    assert list(explained.slots) == list(search(case).slots)
    refused = [refusal.start for refusal in explained.refused]
    every = [*explained.slots, *refused]
    assert len(set(every)) == len(every)
    assert refused == sorted(refused)
    assert list(explained.slots) == sorted(explained.slots)
    begin, end = span(case)
    assert all(begin <= start < end for start in every)
    step = case.query.service.step
    edges = [begin - step, *sorted(every), end + step]
    longest = max(after - before for before, after in pairwise(edges))
    assert begin == end or longest <= 2 * step


@given(cases())
def test_every_slot_lies_within_open_hours_on_the_wall_clock(case: Case) -> None:
    windows = Windows(case.query.calendar.hours)
    for start in search(case).slots:
        for moment in (start, start + case.query.service.duration - 60):
            clock = local(moment, case.query.zone)
            again = clock.fold == 1  # an hour read twice belongs to whatever was open before it
            assert again or is_open(windows, clock.replace(tzinfo=None))


@given(cases())
def test_no_slot_s_busy_range_overlaps_a_taken_one(case: Case) -> None:
    service = case.query.service
    for start in search(case).slots:
        begin, end = start - service.buffer_before, start + service.duration + service.buffer_after
        for other in case.query.calendar.busy:
            joined = shares(service, other, start)
            assert joined or not overlap(begin, end, other.busy_start, other.busy_end)


@given(cases(), st.data())
def test_a_start_may_be_booked_exactly_if_it_is_listed(case: Case, data: st.DataObject) -> None:
    explained = search(case, explain=True)
    for start in explained.slots:
        assert check(case.query, start) is None
    for start, reason in explained.refused:
        assert check(case.query, start) is reason
    begin, end = span(case)
    start = data.draw(st.integers(begin, max(begin, end - 1)))
    verdict = check(case.query, start)
    day = day_of(start, case.query.zone)
    assert (verdict is None) == (start in search(replace(case, first=day, last=day)).slots)
    listed = {*explained.slots, *(refusal.start for refusal in explained.refused)}
    if begin <= start < end and start not in listed:
        assert verdict in {Reason.GRID, Reason.CLOSED}


@given(cases())
def test_a_range_is_the_sum_of_its_days(case: Case) -> None:
    for explain in (False, True):
        whole = search(case, explain=explain)
        parts = [search(replace(case, first=day, last=day), explain=explain) for day in dates(case)]
        assert list(whole.slots) == [start for part in parts for start in part.slots]
        assert list(whole.refused) == [refusal for part in parts for refusal in part.refused]


@given(cases(), st.data())
def test_a_day_is_marked_where_anyone_has_a_slot(case: Case, data: st.DataObject) -> None:
    more = data.draw(st.lists(taken(case.query.service, around(case)), min_size=1, max_size=4))
    other = replace(case.query, calendar=Calendar(1, case.query.calendar.hours, more))
    team = [other, case.query]
    marked = days_with_slots(team, case.first, case.last)
    found = [find_slots(each, day, day) for each in team for day in dates(case)]
    assert marked == {day for each, day in zip(found, dates(case) * 2, strict=True) if each.slots}
    together = sorted({start for each in found for start in each.slots})
    assert list(starts(team, case.first, case.last)) == together


@given(cases(), st.data())
def test_another_booking_never_opens_a_slot(case: Case, data: st.DataObject) -> None:
    one = data.draw(taken(case.query.service, around(case)))
    fuller = replace(case, query=with_busy(case.query, one))
    assert set(search(fuller).slots) <= set(search(case).slots)


@given(cases(), st.data())
def test_asking_for_less_never_closes_a_slot(case: Case, data: st.DataObject) -> None:
    fewer = st.integers(0, 3)
    asked = case.query.service
    less = replace(
        asked,
        duration=asked.duration - 60 * data.draw(st.integers(0, asked.duration // 60 - 1)),
        buffer_before=asked.buffer_before // (1 + data.draw(fewer)),
        buffer_after=asked.buffer_after // (1 + data.draw(fewer)),
        min_notice=asked.min_notice // (1 + data.draw(fewer)),
        horizon=asked.horizon * (1 + data.draw(fewer)),
    )
    easier = replace(case, query=replace(case.query, service=less))
    assert set(search(case).slots) <= set(search(easier).slots)


@given(cases(), st.integers(2, 4))
def test_a_coarser_grid_is_a_part_of_the_finer(case: Case, times: int) -> None:
    service = case.query.service
    coarse = replace(case, query=replace(case.query, service=replace(service, step=service.step * times)))
    assert set(search(coarse).slots) <= set(search(case).slots)


@given(cases(), st.data())
def test_closing_later_never_closes_a_slot(case: Case, data: st.DataObject) -> None:
    """Short of the next window and of midnight: what touches becomes one opening with one grid."""
    hours = case.query.calendar.hours
    longer: dict[date, tuple[tuple[int, int], ...]] = dict(hours.exceptions)
    for day in dates(case):
        windows = list(hours.windows(day))
        if windows and windows[-1][1] < 1439:
            opens, closes = windows.pop()
            longer[day] = (*windows, (opens, data.draw(st.integers(closes, 1439))))
    later = replace(case, query=with_hours(case.query, WeeklyHours(hours.weekly, longer, hours.periods)))
    assert set(search(case).slots) <= set(search(later).slots)


@given(cases(), st.data())
def test_notice_and_horizon_are_exact(case: Case, data: st.DataObject) -> None:
    query, asked = case.query, case.query.service
    endless = replace(query, service=replace(asked, min_notice=0, horizon=10**10), now=0)
    starts = find_slots(endless, case.first, case.last).slots
    if not starts:
        return
    start = data.draw(st.sampled_from(starts))
    assert check(replace(query, now=start - asked.min_notice), start) is None
    assert check(replace(query, now=start - asked.min_notice + 1), start) is Reason.NOTICE
    assert check(replace(query, now=start - asked.horizon), start) is None
    assert check(replace(query, now=start - asked.horizon - 1), start) is Reason.HORIZON


@given(cases())
def test_slots_survive_being_written_down(case: Case) -> None:
    for start in search(case).slots:
        assert datetime.fromisoformat(local(start, case.query.zone).isoformat()).timestamp() == start


@given(cases(), st.integers(0, 1439))
def test_opening_time_is_the_first_candidate_where_the_clock_shows_it(case: Case, opens: int) -> None:
    hours = WeeklyHours(dict.fromkeys(range(7), ((opens, 1440),)))
    service = replace(case.query.service, duration=60, min_notice=0, horizon=10**10)
    alone = SlotQuery(service=service, calendar=Calendar(0, hours, ()), zone=case.query.zone, now=0)
    zone = alone.zone
    for day in dates(case):
        slots = find_slots(alone, day, day).slots
        wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=opens)
        clock = local(instant(day, opens, zone), zone).replace(tzinfo=None)
        if clock == wanted:
            assert slots[0] == instant(day, opens, zone)


@given(cases(), st.data())
def test_a_day_without_slots_says_why(case: Case, data: st.DataObject) -> None:
    """The reason is that of the start that came nearest, of whoever came nearest."""
    more = data.draw(st.lists(taken(case.query.service, around(case)), min_size=1, max_size=4))
    team = [replace(case.query, calendar=Calendar(1, case.query.calendar.hours, more)), case.query]
    for day in dates(case):
        found = [find_slots(each, day, day, explain=True) for each in team]
        reasons = [refusal.reason for each in found for refusal in each.refused]
        why = None if any(each.slots for each in found) else nearest(reasons) or Reason.CLOSED
        assert why_closed(team, day) is why
