"""Opening hours as shops paste them: understood, or refused with the word and what to write instead."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.business.documents import cursor, reread, weeks
from worker.business.document import SpecialistEntry
from worker.business.fields import FieldType
from worker.business.opening import Week, format_windows, parse_opening_hours
from worker.business.problems import UnfitError

WEEK: FieldType[Week] = SpecialistEntry.specs["hours"].type
NINE_TO_SIX = ((540, 1080),)
OSM_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def days(first: int, last: int, *windows: tuple[int, int]) -> Week:
    return dict.fromkeys(range(first, last + 1), windows)


UNDERSTOOD = [
    (
        "Tu-Fr 09:00-13:00,13:40-18:00; Sa 09:00-14:00",
        {**days(1, 4, (540, 780), (820, 1080)), 5: ((540, 840),)},
    ),
    ("Fr,Sa 22:00-02:00", {4: ((1320, 1440),), 5: ((0, 120), (1320, 1440)), 6: ((0, 120),)}),
    ("24/7", days(0, 6, (0, 1440))),
    ("Mo-Su 00:00-24:00", days(0, 6, (0, 1440))),
    ("Mo,We 9-18", {0: NINE_TO_SIX, 2: NINE_TO_SIX}),
    ("Fr-Mo 10:00-16:00", dict.fromkeys((0, 4, 5, 6), ((600, 960),))),
    ("09:00-18:00", days(0, 6, *NINE_TO_SIX)),
    ("Mo-Su 9-18; We off", dict.fromkeys((0, 1, 3, 4, 5, 6), NINE_TO_SIX)),
    ("Mo-Sa 9-18; Sa 10-14", {**days(0, 4, *NINE_TO_SIX), 5: ((600, 840),)}),
    ("Mo 9-12, Mo 14-18, Tu 9-18;", {0: ((540, 720), (840, 1080)), 1: NINE_TO_SIX}),
    ("monday - friday: 9.00–18.00; sunday closed", days(0, 4, *NINE_TO_SIX)),
    ("Su 20:00-00:00", {6: ((1200, 1440),)}),
    ("Su 20:00-01:00", {0: ((0, 60),), 6: ((1200, 1440),)}),
]
REFUSED = [
    ("Mo-Fr 09:00-18:00; PH off", "'PH off' means holidays"),
    ("Mo-Su,PH 09:00-18:00", "'PH' means holidays"),
    ("SH Mo-Fr 09:00-18:00", "'SH' means holidays"),
    ("Apr-Sep Mo-Sa 10:00-20:00; Oct-Mar Mo-Sa 10:00-18:00", "'apr-sep' is not in every week"),
    ("week 1-53/2 Mo 09:00-12:00", "'week 1-53/2' is not in every week"),
    ("We[1] 14:00-18:00", r"'we\[1\]' is not in every week"),
    ("Mo-Fr 09:00-18:00; 2026 Dec 24-2027 Jan 02 off", "'2026' is not in every week"),
    ("Mo-Fr sunrise-sunset", "'sunrise' is not in every week"),
    ("Mo-Fr", "'mo-fr' is not opening hours"),
    ("Mo-Fr 09:00+", "is not opening hours"),
    ("Mo 9-18 || by appointment", "is not opening hours"),
    ("Di-Fr 9-18", "'di-fr' is not a weekday"),
    ("Mo 9-18, Mo 17-20", "'17:00-20:00' overlaps '09:00-18:00'"),
    ("Mo 22-2; Tu 1-3", "'01:00-03:00' overlaps '00:00-02:00'"),
    ("Mo " * 200, "600 characters|599 characters"),
]


@pytest.mark.parametrize(("text", "week"), UNDERSTOOD)
def test_what_is_the_same_every_week_is_understood(text: str, week: Week) -> None:
    assert parse_opening_hours(text) == week
    assert WEEK.read(cursor(f"'{text}'")) == week
    assert reread(WEEK, week) == week


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_is_not_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(UnfitError, match=said):
        parse_opening_hours(text)


@given(weeks)
def test_a_week_in_the_words_of_openstreetmap_is_that_week(week: Week) -> None:
    rules = [f"{OSM_DAYS[day]} {','.join(format_windows(windows))}" for day, windows in week.items()]
    assert parse_opening_hours("; ".join(rules) or "off") == week


@given(st.text("MoTuWeFrPH 0129:.-–,;/[]+ofcla" + "\u200b\n", max_size=40) | st.text(max_size=20))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        week = parse_opening_hours(text)
    except UnfitError:
        return
    for windows in week.values():
        assert all(0 <= opens < closes <= 1440 for opens, closes in windows)
        assert all(one[1] < other[0] for one, other in pairwise(windows))


@pytest.mark.parametrize(
    ("written", "week"),
    [
        ('{Mo-Fr: ["9-18"], saturday: ["09:00-00:00"]}', {**days(0, 4, *NINE_TO_SIX), 5: ((540, 1440),)}),
        ("{fri: 22:00-02:00, sun: closed}", {4: ((1320, 1440),), 5: ((0, 120),)}),
        ('{sun: ["23-1"], mon: ["1-3"]}', {0: ((0, 180),), 6: ((1380, 1440),)}),
        ("{mon: '9-12, 14-18'}", {0: ((540, 720), (840, 1080))}),
    ],
)
def test_times_by_weekday_are_understood_as_people_write_them(written: str, week: Week) -> None:
    assert WEEK.read(cursor(written)) == week
