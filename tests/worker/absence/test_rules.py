"""What closes and opens, minute by minute; what is written is what the business file reads."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.absence import TimeOffKind
from shared.i18n.translator import load_translators
from worker.absence.rules import TimeOff, ends, read_time_off, read_times, starts
from worker.business.opening import Windows, join_windows
from worker.dates.rules import coming, differences, without
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.wallclock import MIDNIGHT

MONDAY = date(2026, 11, 23)
ENGLISH = load_translators().choose("en")
FURTHER = MONDAY + timedelta(days=13)


def minutes_of(windows: Windows) -> set[int]:
    return {minute for opens, closes in windows for minute in range(opens, closes)}


def windows_of(marks: set[int]) -> Windows:
    """Make windows of an even number of marks."""
    in_order = sorted(marks)
    return join_windows(zip(in_order[::2], in_order[1::2], strict=False))


marks = st.sets(st.integers(0, MIDNIGHT // 60).map(lambda hour: hour * 60), max_size=8)
windows = marks.map(windows_of)
weeks = st.dictionaries(st.integers(0, 6), windows, max_size=7)
days = st.integers(0, 13).map(lambda step: MONDAY + timedelta(days=step))
hours = st.builds(WeeklyHours, weeks, st.dictionaries(days, windows, max_size=5))
kinds = st.sampled_from([TimeOffKind.OFF, TimeOffKind.BLOCK, TimeOffKind.HOURS, TimeOffKind.USUAL])
wishes = st.builds(
    lambda how, first, length, windows: TimeOff(
        specialist_id=1, how=how, first=first, last=first + timedelta(days=length), windows=windows
    ),
    kinds,
    days,
    st.integers(0, 9),
    windows,
)


def applied(wish: TimeOff, before: WeeklyHours) -> WeeklyHours:
    exceptions = {**before.exceptions, **wish.wanted(before)}
    return WeeklyHours(before.weekly, {day: each for day, each in exceptions.items() if each is not None})


@given(windows, windows)
def test_what_is_taken_out_is_gone_and_nothing_else(open_: Windows, taken: Windows) -> None:
    assert minutes_of(without(open_, taken)) == minutes_of(open_) - minutes_of(taken)


@given(wishes, hours)
def test_a_wish_makes_of_its_days_what_it_says_and_leaves_the_others(
    wish: TimeOff, before: WeeklyHours
) -> None:
    after = applied(wish, before)
    for step in range(30):
        day = MONDAY + timedelta(days=step)
        old, new = minutes_of(before.windows(day)), minutes_of(after.windows(day))
        expected = {
            TimeOffKind.OFF: set[int](),
            TimeOffKind.BLOCK: old - minutes_of(wish.windows),
            TimeOffKind.HOURS: minutes_of(wish.windows),
            TimeOffKind.USUAL: minutes_of(before.weekly.get(day.weekday(), ())),
        }
        assert new == (expected[wish.how] if day in wish.days else old)
    assert wish.wanted(after) == {}, "a second time nothing is left to do"


@given(wishes, hours)
def test_undone_everything_is_as_before_and_what_others_changed_since_stays(
    wish: TimeOff, before: WeeklyHours
) -> None:
    after = applied(wish, before)
    changed = [day for day in wish.days if before.exceptions.get(day) != after.exceptions.get(day)]
    if not changed:
        return
    were, are = ({day: each.exceptions.get(day) for day in changed} for each in (before, after))
    undo = TimeOff.from_json(wish.undone(were, are).as_json())
    assert applied(undo, after).exceptions == before.exceptions
    elsewhere = WeeklyHours(after.weekly, {**after.exceptions, changed[0]: ((1, 2),)})
    assert applied(undo, elsewhere).windows(changed[0]) == ((1, 2),)


@given(wishes, hours)
def test_what_is_said_of_a_change_is_every_minute_of_it(wish: TimeOff, before: WeeklyHours) -> None:
    after = applied(wish, before)
    said = differences(before, after, before.exceptions.keys() | after.exceptions.keys())
    told = {
        first + timedelta(days=step): (minutes_of(each.closes), minutes_of(each.opens))
        for each in said
        for first, last in [(each.first, each.last)]
        for step in range((last - first).days + 1)
    }
    for day in wish.days:
        old, new = minutes_of(before.windows(day)), minutes_of(after.windows(day))
        assert told.get(day, (set(), set())) == (old - new, new - old)
    assert all(one.last < other.first for one, other in pairwise(said))


@given(hours)
def test_what_is_coming_is_each_date_of_its_own_once(known: WeeklyHours) -> None:
    today = MONDAY + timedelta(days=3)
    found = coming(known, today)
    listed = [
        (run.first + timedelta(days=step), run.windows)
        for run in found
        for step in range((run.last - run.first).days + 1)
    ]
    assert listed == [(day, each) for day, each in sorted(known.exceptions.items()) if day >= today]


def test_words_are_read_as_the_business_file_reads_them() -> None:
    eve, end = date(2026, 12, 24), date(2026, 12, 31)
    read = {
        "2026-12-24": (TimeOffKind.OFF, eve, eve, ()),
        "24.12. closed": (TimeOffKind.OFF, eve, eve, ()),
        "24-31 Dec 18-20": (TimeOffKind.BLOCK, eve, end, ((1080, 1200),)),
        "2026-12-24 off": (TimeOffKind.OFF, eve, eve, ()),
        " 2026-12-24 – 2026-12-31 ": (TimeOffKind.OFF, eve, end, ()),
        "2026-12-24 to 2026-12-31": (TimeOffKind.OFF, eve, end, ()),
        "2026-12-24 12:00-14:00": (TimeOffKind.BLOCK, eve, eve, ((720, 840),)),
        "2026-12-24: 9-10, 14–15": (TimeOffKind.BLOCK, eve, eve, ((540, 600), (840, 900))),
        "2026-12-24 - 2026-12-31 18-20": (TimeOffKind.BLOCK, eve, end, ((1080, 1200),)),
    }
    for text, wanted in read.items():
        found = read_time_off(ENGLISH, text, 7, MONDAY)
        assert found is not None, text
        assert (found.how, found.first, found.last, found.windows) == wanted, text
    for text in (
        "",
        "x",
        "2026-13-01",
        "2026-12-24 25-26",
        "2026-12-24 22:00-02:00",
        "24.12.20 26",
        "2026-12-24 a",
    ):
        assert read_time_off(ENGLISH, text, 7, MONDAY) is None, text
    assert read_times("closed") is None
    assert read_times("22:00-02:00") is None


@given(st.text(max_size=60))
def test_no_words_break_the_reader(text: str) -> None:
    for found in (
        read_time_off(ENGLISH, text, 1, MONDAY),
        read_time_off(ENGLISH, f"2026-12-24 {text}", 1, MONDAY),
    ):
        assert found is None or found.fits(found.first) or found.last < found.first or found.days
    read_times(text)


def test_days_are_to_come_in_order_and_not_without_end() -> None:
    def fits(first: int, last: int, how: TimeOffKind = TimeOffKind.OFF, windows: Windows = ()) -> bool:
        from_, until = MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)
        wish = TimeOff(specialist_id=1, how=how, first=from_, last=until, windows=windows)
        return wish.fits(MONDAY)

    assert fits(0, 0)
    assert fits(0, 365)
    assert not fits(-1, 0)
    assert not fits(1, 0)
    assert not fits(0, 366)
    assert not fits(2000, 2000)
    assert not fits(0, 0, TimeOffKind.BLOCK)
    assert not fits(0, 0, TimeOffKind.HOURS, ((100, 100),))
    assert not fits(0, 0, TimeOffKind.HOURS, ((0, 2**62),))


def test_times_to_choose_from_are_of_the_day() -> None:
    open_ = ((540, 780), (840, 1080))
    assert starts(TimeOffKind.BLOCK, open_, 60) == [540, 600, 660, 720, 840, 900, 960, 1020]
    assert ends(TimeOffKind.BLOCK, open_, 960, 60) == [1020, 1080]
    assert ends(TimeOffKind.BLOCK, open_, 2**62, 60) == []
    assert starts(TimeOffKind.HOURS, (), 60) == list(range(0, MIDNIGHT, 60))
    assert ends(TimeOffKind.HOURS, (), 1380, 60) == [MIDNIGHT]
