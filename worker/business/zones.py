"""Coming visits when the business's zone is corrected: their clock time stays, or their instant."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.i18n.marking import text_noop
from worker.business.hits import Hit, Prospect, because
from worker.business.stored import ComingVisit
from worker.scheduling.wallclock import instant


class Constant(StrEnum):
    """What stays of a visit when the zone is corrected."""

    CLOCK = "clock"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Retiming:
    """A visit that has not begun and of which the new zone's clock says another time."""

    visit: ComingVisit
    by: timedelta
    """So much later it is, if its clock time stays."""

    @property
    def shifted(self) -> ComingVisit:
        """The visit as it is then."""
        return replace(self.visit, begins=self.visit.begins + self.by, ends=self.visit.ends + self.by)


def find_retimings(prospect: Prospect) -> Iterator[Retiming]:
    """Find the visits whose clock time or instant changes with the zone."""
    before = prospect.stored.document
    if before is None or before.business.timezone == prospect.after.business.timezone:
        return
    old, new = ZoneInfo(before.business.timezone), ZoneInfo(prospect.after.business.timezone)
    for visit in prospect.visits:
        by = _same_clock(visit.begins, old, new) - visit.begins
        if by and visit.begins > prospect.now:
            yield Retiming(visit, by)


def hit_of(retiming: Retiming, zone: ZoneInfo, constant: Constant | None) -> Hit:
    """Say what the zone does to a visit."""
    minutes = int(retiming.by.total_seconds()) // 60
    length = f"{abs(minutes) // 60}:{abs(minutes) % 60:02} h"
    if constant is Constant.CLOCK:
        later = text_noop("whose clock time stays, {length} later than until now")
        earlier = text_noop("whose clock time stays, {length} earlier than until now")
        return Hit(retiming.shifted, because(later if minutes > 0 else earlier, length=length))
    later = text_noop("whose clock time is {length} later in {zone}")
    earlier = text_noop("whose clock time is {length} earlier in {zone}")
    return Hit(retiming.visit, because(earlier if minutes > 0 else later, length=length, zone=zone.key))


def _same_clock(begins: datetime, old: ZoneInfo, new: ZoneInfo) -> datetime:
    clock = begins.astimezone(old)
    moment = instant(clock.date(), clock.hour * 60 + clock.minute, new)
    return datetime.fromtimestamp(moment, begins.tzinfo)
