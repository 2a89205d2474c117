"""Calendars made of rows: one for all services where the same was read, another where something differs."""

from types import SimpleNamespace
from typing import Any, Final

import pytest

from worker.scheduling.calendars import Busy, Calendar
from worker.scheduling.rows import Calendars

TAKEN: Final = (1000, 1900, 1000, 1600, None, 1, 1)
ROW: Final[dict[str, Any]] = {
    "specialist_id": 1,
    **{f"taken_{name}": [value] for name, value in zip(Busy._fields, TAKEN, strict=True)},
    "weekly": [[0, 540, 1080]],
    "single": None,
    "periods": None,
    "places": [[0, 5]],
    "first_place": 5,
    "over": None,
}
OTHER: Final[dict[str, Any]] = {
    **{f"taken_{name}": [7] for name in Busy._fields},
    "weekly": [[0, 540, 1140]],
    "single": [[738_000, 540, 600]],
    "periods": "[]",
    "places": [[1, 5]],
    "first_place": 6,
    "over": [400],
}


def made(calendars: Calendars, location_id: int | None = None, **changes: object) -> Calendar:
    row: Any = SimpleNamespace(**{**ROW, **changes})
    return calendars.of(row, location_id)


def test_who_does_several_services_has_one_calendar() -> None:
    calendars = Calendars()
    first = made(calendars)
    assert first == Calendar(1, first.hours, [Busy(*TAKEN)], first.workplaces)
    assert made(calendars, taken_visit_end=[1600], service_id=9) is first
    assert made(calendars, specialist_id=2) is not first
    assert made(calendars, location_id=5) is not first


@pytest.mark.parametrize("column", OTHER)
def test_whatever_was_read_differently_makes_another(column: str) -> None:
    calendars = Calendars()
    first = made(calendars)
    later = made(calendars, **{column: OTHER[column]})
    assert later is not first
    assert later == made(Calendars(), **{column: OTHER[column]})
