"""What is free in a stretch of a specialist's time, and the line that may be offered a part of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from worker.offers.stretch import FreedStretch
from worker.offers.together import starts_of_several
from worker.scheduling.asker import Asker
from worker.scheduling.engine import find_slots
from worker.scheduling.following import load_schedule
from worker.scheduling.parts import DayPart, part_of
from worker.scheduling.repository import Schedule
from worker.wishes import repository as wishes
from worker.wishes.repository import Wish
from worker.wishes.rules import FreedTime, taking

AN_HOUR: Final = 60
ONE_DAY: Final = timedelta(days=1)
"""What begins late in the evening may go on in a stretch behind midnight."""
FEW: Final = 20
"""So many of the line are looked at first."""


class Viewpoint(Protocol):
    """Whence the line is looked at: the transaction, the time, and the business's clock."""

    @property
    def session(self) -> AsyncSession:
        """The transaction."""
        ...

    @property
    def now(self) -> datetime:
        """The present instant."""
        ...

    @property
    def zone(self) -> ZoneInfo:
        """The business's time zone."""
        ...

    @property
    def today(self) -> date:
        """The date by the business's clock."""
        ...


class _Sought(NamedTuple):
    """What is looked up at once for all who wish for it."""

    services: tuple[int, ...]
    """Of a visit of several in their order."""
    location_id: int | None
    places: int
    specialist_id: int | None
    """Whom a wish for several names; of one service it is whose stretch is free."""


@dataclass(slots=True)
class FreeStarts:
    """The starts that are free in a stretch, by what is sought; each looked up once.

    Of several services they are those from which all can be had, a part of it in the stretch.
    """

    view: Viewpoint
    freed: FreedStretch
    first: date
    last: date
    _found: dict[_Sought, tuple[Schedule | None, Sequence[datetime]]] = field(default_factory=dict)

    async def of(self, wish: Wish) -> tuple[Schedule | None, Sequence[datetime]]:
        """Return the schedule of what is wished for, and its free starts that take a part of the stretch."""
        who = wish.specialist_id if wish.added else self.freed.specialist_id
        sought = _Sought((wish.service_id, *wish.added), wish.location_id, wish.places, who)
        if sought not in self._found:
            self._found[sought] = await self._load(sought)
        return self._found[sought]

    @property
    def barren(self) -> list[int]:
        """The services of which nothing is free, at whichever place, for however many."""
        anywhere = [
            (sought.services, starts)
            for sought, (_, starts) in self._found.items()
            if (sought.location_id, sought.places) == (None, 1)
        ]
        return [services[0] for services, starts in anywhere if len(services) == 1 and not starts]

    async def _load(self, sought: _Sought) -> tuple[Schedule | None, Sequence[datetime]]:
        freed, now = self.freed, self.view.now
        several = len(sought.services) > 1
        schedule = await load_schedule(
            self.view.session,
            sought.services,
            self.first - ONE_DAY if several else self.first,
            self.last,
            Asker(now, places=sought.places),
            specialist_id=sought.specialist_id,
            location_id=sought.location_id,
        )
        queries = [] if schedule is None else schedule.queries(now)
        if schedule is None or not queries:
            return None, []
        if several:
            return schedule, starts_of_several(queries, freed, self.first - ONE_DAY, self.last)
        found = find_slots(queries[0], self.first, self.last).slots
        starts = [datetime.fromtimestamp(start, UTC) for start in found]
        length = timedelta(seconds=queries[0].service.duration)
        return schedule, taking(starts, length, freed.begin, freed.end)


def asked_of_line(freed: FreedStretch, zone: ZoneInfo) -> FreedTime:
    """Say what the line is asked for where a stretch is free."""
    begin, end = freed.begin.astimezone(zone), freed.end.astimezone(zone)
    one_day = begin.date() == end.date()
    return FreedTime(
        specialist_id=freed.specialist_id,
        begin=freed.begin,
        end=freed.end,
        first=begin.date(),
        last=end.date(),
        minute=begin.hour * AN_HOUR + begin.minute if one_day else 0,
        last_part=part_of(freed.end, zone) if one_day else DayPart.EVENING,
    )


async def in_line(view: Viewpoint, freed: FreedTime, free: FreeStarts) -> AsyncIterator[Wish]:
    """Yield those who may be offered a part of a stretch, in order; each batch is twice the one before."""
    after, most = None, FEW
    while True:
        asked = replace(freed, barren=free.barren)
        batch = await wishes.load_line(view.session, asked, view.now, view.today, most, after)
        for wish in batch:
            yield wish
        if len(batch) < most:
            return
        after, most = batch[-1].id, most * 2
