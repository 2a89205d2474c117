"""What holds for any rule, calendar, zone and date."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.worker.scheduling.cases import Case, around, cases, taken
from tests.worker.scheduling.reference import is_open, open_starts, overlap, shares, verdict
from worker.scheduling.agenda import Calendar
from worker.scheduling.engine import SlotSearch, check, days_with_slots, find_slots
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.rule import Reason
from worker.scheduling.wallclock import day_of, instant, local


def search(case: Case, *, explain: bool = False) -> SlotSearch:
    return find_slots(case.rule, case.calendar, case.first, case.last, case.zone, case.now, explain=explain)


def dates(case: Case) -> list[date]:
    return [case.first + timedelta(days=number) for number in range((case.last - case.first).days + 1)]


def with_hours(case: Case, hours: WeeklyHours) -> Case:
    return replace(case, calendar=replace(case.calendar, hours=hours))


@settings(max_examples=120)
@given(cases())
def test_a_slow_and_obvious_search_finds_the_same(case: Case) -> None:
    starts = open_starts(case.calendar.hours, case.first, case.last, case.zone, case.rule)
    expected = {start: verdict(case.rule, case.calendar, start, case.now) for start in starts}
    explained = search(case, explain=True)
    refused = {start: reason for start, reason in explained.refused if reason is not Reason.CLOSED}
    assert list(explained.slots) == [start for start, reason in expected.items() if reason is None]
    assert refused == {start: reason for start, reason in expected.items() if reason is not None}
    for reason in set(expected.values()):
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
    begin, end = instant(case.first, 0, case.zone), instant(case.last, 1440, case.zone)
    assert all(begin <= start < end for start in every)
    edges = [begin - case.rule.step, *sorted(every), end + case.rule.step]
    longest = max(after - before for before, after in pairwise(edges))
    assert begin == end or longest <= 2 * case.rule.step


@given(cases())
def test_every_slot_lies_within_open_hours_on_the_wall_clock(case: Case) -> None:
    for start in search(case).slots:
        for moment in (start, start + case.rule.duration - 60):
            clock = local(moment, case.zone)
            again = clock.fold == 1  # an hour read twice belongs to whatever was open before it
            assert again or is_open(case.calendar.hours, clock.replace(tzinfo=None))


@given(cases())
def test_no_slot_s_busy_range_overlaps_a_taken_one(case: Case) -> None:
    rule = case.rule
    for start in search(case).slots:
        begin, end = start - rule.buffer_before, start + rule.duration + rule.buffer_after
        for other in case.calendar.busy:
            joined = shares(rule, other, start)
            assert joined or not overlap(begin, end, other.busy_start, other.busy_end)


@given(cases(), st.data())
def test_a_start_may_be_booked_exactly_if_it_is_listed(case: Case, data: st.DataObject) -> None:
    explained = search(case, explain=True)
    for start in explained.slots:
        assert check(case.rule, case.calendar, start, case.zone, case.now) is None
    for start, reason in explained.refused:
        assert check(case.rule, case.calendar, start, case.zone, case.now) is reason
    begin, end = instant(case.first, 0, case.zone), instant(case.last, 1440, case.zone)
    start = data.draw(st.integers(begin, max(begin, end - 1)))
    verdict = check(case.rule, case.calendar, start, case.zone, case.now)
    day = day_of(start, case.zone)
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
def test_the_month_marks_the_days_that_have_slots(case: Case, data: st.DataObject) -> None:
    more = data.draw(st.lists(taken(case.rule, around(case)), min_size=1, max_size=4))
    team = [Calendar(1, case.calendar.hours, more), case.calendar]
    marked = days_with_slots(case.rule, team, case.first, case.last, case.zone, case.now)
    found = [
        search(replace(case, calendar=each, first=day, last=day)) for each in team for day in dates(case)
    ]
    assert marked == {day for each, day in zip(found, dates(case) * 2, strict=True) if each.slots}


@given(cases(), st.data())
def test_another_booking_never_opens_a_slot(case: Case, data: st.DataObject) -> None:
    one = data.draw(taken(case.rule, around(case)))
    fuller = replace(case, calendar=replace(case.calendar, busy=[one, *case.calendar.busy]))
    assert set(search(fuller).slots) <= set(search(case).slots)


@given(cases(), st.data())
def test_asking_for_less_never_closes_a_slot(case: Case, data: st.DataObject) -> None:
    fewer = st.integers(0, 3)
    rule = replace(
        case.rule,
        duration=case.rule.duration - 60 * data.draw(st.integers(0, case.rule.duration // 60 - 1)),
        buffer_before=case.rule.buffer_before // (1 + data.draw(fewer)),
        buffer_after=case.rule.buffer_after // (1 + data.draw(fewer)),
        min_notice=case.rule.min_notice // (1 + data.draw(fewer)),
        horizon=case.rule.horizon * (1 + data.draw(fewer)),
    )
    assert set(search(case).slots) <= set(search(replace(case, rule=rule)).slots)


@given(cases(), st.integers(2, 4))
def test_a_coarser_grid_is_a_part_of_the_finer(case: Case, times: int) -> None:
    coarse = replace(case, rule=replace(case.rule, step=case.rule.step * times))
    assert set(search(coarse).slots) <= set(search(case).slots)


@given(cases(), st.data())
def test_closing_later_never_closes_a_slot(case: Case, data: st.DataObject) -> None:
    """Short of the next window and of midnight: what touches becomes one opening with one grid."""
    hours = case.calendar.hours
    longer: dict[date, tuple[tuple[int, int], ...]] = dict(hours.exceptions)
    for day in dates(case):
        windows = list(hours.windows(day))
        if windows and windows[-1][1] < 1439:
            opens, closes = windows.pop()
            longer[day] = (*windows, (opens, data.draw(st.integers(closes, 1439))))
    later = with_hours(case, WeeklyHours(hours.weekly, longer))
    assert set(search(case).slots) <= set(search(later).slots)


@given(cases(), st.data())
def test_notice_and_horizon_are_exact(case: Case, data: st.DataObject) -> None:
    endless = replace(case, rule=replace(case.rule, min_notice=0, horizon=10**10), now=0)
    starts = search(endless).slots
    if not starts:
        return
    start = data.draw(st.sampled_from(starts))
    rule, calendar, zone = case.rule, case.calendar, case.zone
    assert check(rule, calendar, start, zone, start - rule.min_notice) is None
    assert check(rule, calendar, start, zone, start - rule.min_notice + 1) is Reason.NOTICE
    assert check(rule, calendar, start, zone, start - rule.horizon) is None
    assert check(rule, calendar, start, zone, start - rule.horizon - 1) is Reason.HORIZON


@given(cases())
def test_slots_survive_being_written_down(case: Case) -> None:
    for start in search(case).slots:
        assert datetime.fromisoformat(local(start, case.zone).isoformat()).timestamp() == start


@given(cases(), st.integers(0, 1439))
def test_opening_time_is_the_first_candidate_where_the_clock_shows_it(case: Case, opens: int) -> None:
    hours = WeeklyHours(dict.fromkeys(range(7), ((opens, 1440),)))
    alone = Calendar(0, hours, ())
    rule = replace(case.rule, duration=60, min_notice=0, horizon=10**10)
    for day in dates(case):
        slots = find_slots(rule, alone, day, day, case.zone, 0).slots
        wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=opens)
        clock = local(instant(day, opens, case.zone), case.zone).replace(tzinfo=None)
        if clock == wanted:
            assert slots[0] == instant(day, opens, case.zone)
