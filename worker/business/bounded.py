"""Coming visits that a service's or a resource's changed hours no longer hold."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.i18n.marking import text_noop
from worker.business.document import ResourceEntry, ServiceEntry
from worker.business.hits import Hit, Prospect, because
from worker.business.stored import ComingVisit
from worker.scheduling.hours import WeeklyHours, is_open, open_intervals
from worker.scheduling.resources import NUMBERS_EACH

A_DAY: Final = timedelta(days=1)


def find_hits(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits that are outside of hours from now on, and were not until now."""
    for visit in prospect.visits:
        if _leaves(prospect, visit, ServiceEntry, visit.service_number):
            text = text_noop("for '{service}' outside the hours in which it is offered")
            yield Hit(visit, because(text, service=visit.service))
        for number in {unit // NUMBERS_EACH for unit in visit.units}:
            if _leaves(prospect, visit, ResourceEntry, number):
                name = prospect.after_of(ResourceEntry, number).key
                text = text_noop("for '{service}' while '{resource}' cannot be used")
                yield Hit(visit, because(text, service=visit.service, resource=name))


def _leaves(
    prospect: Prospect, visit: ComingVisit, kind: type[ServiceEntry | ResourceEntry], number: int
) -> bool:
    before, after = prospect.before_of(kind, number), prospect.after_of(kind, number)
    if before is None or after is None or before.opening == after.opening:
        return False
    zone = ZoneInfo(prospect.after.business.timezone)
    return _within(before.opening, visit, zone) and not _within(after.opening, visit, zone)


def _within(hours: WeeklyHours | None, visit: ComingVisit, zone: ZoneInfo) -> bool:
    if hours is None:
        return True
    opened = open_intervals(hours, visit.begins.date() - A_DAY, visit.ends.date() + A_DAY, zone)
    return is_open(opened, visit.begins, visit.ends)
