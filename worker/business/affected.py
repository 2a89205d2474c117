"""Visits that are booked already and that a changed business no longer has room for."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from worker.business.document import Document, SpecialistEntry
from worker.scheduling.hours import Interval, WeeklyHours, open_intervals

type Visit = tuple[str, str, datetime, datetime]
"""Service, specialist, beginning, end."""

ONE_DAY = timedelta(days=1)


def warnings(document: Document, visits: Iterable[Visit]) -> list[str]:
    """Say, one line each, which coming visits stay booked although the document would not offer them."""
    visits = list(visits)
    reasons = Counter(_reasons(document, visits))
    return [f"{count} coming {'visit' if count == 1 else 'visits'} {why}" for why, count in reasons.items()]


def _reasons(document: Document, visits: list[Visit]) -> Iterator[str]:
    services = {service.key for service in document.services}
    specialists = {specialist.name: specialist for specialist in document.specialists}
    opening = _opening(document, visits)
    for service, name, begins, ends in visits:
        if name not in specialists:
            yield f"with '{name}', who is no longer offered"
        elif service not in services:
            yield f"for '{service}', which is no longer offered"
        elif service not in specialists[name].services:
            yield f"for '{service}' with '{name}', who no longer does it"
        elif not _within(opening[name], begins.timestamp(), ends.timestamp()):
            yield f"with '{name}' outside the new hours"


def _opening(document: Document, visits: list[Visit]) -> dict[str, list[Interval]]:
    """Resolve the hours of whoever has visits, as far as these reach."""
    zone = ZoneInfo(document.business.timezone)
    by_name = {specialist.name: specialist for specialist in document.specialists}
    opening = {}
    for name in {name for _, name, _, _ in visits} & by_name.keys():
        own = [visit for visit in visits if visit[1] == name]
        first = min(begins for _, _, begins, _ in own).date() - ONE_DAY
        last = max(ends for _, _, _, ends in own).date() + ONE_DAY
        opening[name] = open_intervals(_hours(by_name[name]), first, last, zone)
    return opening


def _hours(specialist: SpecialistEntry) -> WeeklyHours:
    return WeeklyHours(specialist.hours, {one.date: one.hours for one in specialist.exceptions})


def _within(opening: list[Interval], begins: float, ends: float) -> bool:
    place = bisect_right(opening, begins, key=lambda interval: interval[0]) - 1
    return place >= 0 and ends <= opening[place][1]
