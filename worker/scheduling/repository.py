"""What the slot engine needs, read from PostgreSQL in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, bindparam, column, text
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import AnyRow, fetch
from worker.db.models.booking import IS_LIVE
from worker.db.models.catalogue import SHOWN_SERVICE
from worker.pause import NO_PAUSE, Pause
from worker.scheduling import needs
from worker.scheduling.asker import Asker
from worker.scheduling.bounds import Bounds
from worker.scheduling.calendars import Calendar
from worker.scheduling.chains import Chain
from worker.scheduling.combinable import COMBINABLE
from worker.scheduling.periods import read_of
from worker.scheduling.resources import NeededResource
from worker.scheduling.rows import BUSY, Calendars, is_at
from worker.scheduling.rules import Seconds, ServicePolicy, SlotQuery, SpecialistPolicy
from worker.scheduling.wallclock import MINUTE
from worker.ui.names import joined

ONE_DAY = timedelta(days=1)
LENGTHS: Final = (Seconds, Seconds | None)


def _figures(policy: type[ServicePolicy | SpecialistPolicy], table: str) -> dict[str, str]:
    """Say where each figure of a policy is read: in the column of its name, minutes as seconds."""
    return {
        each.name: f"{table}.{each.name}" + (f" * {MINUTE}" if each.type in LENGTHS else "")
        for each in fields(policy)
    }


LIMITED: Final = ", ".join(
    f"specialist.{each.name}" for each in fields(SpecialistPolicy) if each.type == int | None
)
"""What may be a limit of a specialist's visits: of whoever has none, no rule asks for what is over."""
_SERVICE: Final = _figures(ServicePolicy, "service")
_SPECIALIST: Final = _figures(SpecialistPolicy, "specialist")
_SELECTED: Final = {
    **{f"service_{name}": read for name, read in _SERVICE.items()},
    **{f"specialist_{name}": read for name, read in _SPECIALIST.items()},
    "service_name": SHOWN_SERVICE,
    "own_duration": f"coalesce(specialist_service.duration, service.duration) * {MINUTE}",
    "timezone": "business.timezone",
    "paused": "business.paused",
    "paused_until": "business.paused_until",
    "pause_text": "business.pause_text",
    "specialist_id": "specialist.id",
    "specialist_name": "specialist.name",
    "weekly": "weekly.windows",
    "single": "single.windows",
    "periods": read_of("specialist"),
    "places": "places.days",
    "first_place": "first_place.id",
    "combinable": COMBINABLE,
    "place": "(SELECT name FROM location WHERE business_id = :business AND id = CAST(:place AS bigint))",
    **{f"taken_{name}": f"taken.{name}" for name in BUSY},
    "moved_places": (
        "(SELECT upper(seats) - lower(seats) FROM booking"
        " WHERE business_id = :business AND id = CAST(:ignoring AS bigint))"
    ),
    "over": "over.starts",
    **needs.SELECTED,
}
"""Each column of a row of the answer, and where it is read."""


def _listed(selected: Mapping[str, str], form: str = "{read}") -> str:
    return ", ".join(f"{form.format(read=read)} AS {name}" for name, read in selected.items())


# Everything is read with a day to spare on both sides, so that no question of zones arises here, and as
# far as a visit that starts on the last date can reach. Bookings come through the overlap constraint's index.
_SQL: Final = """
SELECT {selected}
FROM service
JOIN business ON business.id = service.business_id
LEFT JOIN (
    specialist JOIN specialist_service
    ON specialist_service.business_id = specialist.business_id
    AND specialist_service.specialist_id = specialist.id AND specialist.active
    AND (CAST(:specialist_id AS bigint) IS NULL OR specialist.id = :specialist_id)
) ON specialist_service.business_id = service.business_id AND specialist_service.service_id = service.id
CROSS JOIN LATERAL (
    SELECT CAST(:first AS date) - 1 - whole_weeks.days AS first,
           CAST(:last AS date) + 3 + whole_weeks.days
               + CAST((longest.minutes + buffer_after) / 1440 AS integer) AS last
    FROM (SELECT greatest(service.duration, specialist_service.duration) AS minutes) AS longest,
        (SELECT CASE WHEN specialist.max_per_week IS NULL THEN 0 ELSE 6 END AS days) AS whole_weeks
) AS dates
LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[weekday, lower(span), upper(span)]) AS windows
    FROM working_hours CROSS JOIN LATERAL unnest(minutes) AS span
    WHERE working_hours.business_id = :business AND working_hours.specialist_id = specialist.id
) AS weekly ON true
LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[day - DATE '0001-01-01' + 1, lower(span), upper(span)]) AS windows
    FROM schedule_exception LEFT JOIN LATERAL unnest(minutes) AS span ON true
    WHERE schedule_exception.business_id = :business
      AND schedule_exception.specialist_id = specialist.id AND day BETWEEN dates.first AND dates.last
) AS single ON true
LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[day, location.id] ORDER BY location.position, location.id) AS days
    FROM specialist_location
    JOIN location ON location.business_id = specialist_location.business_id
        AND location.id = specialist_location.location_id AND location.active
    CROSS JOIN LATERAL unnest(weekdays) AS day
    WHERE specialist_location.business_id = :business AND specialist_location.specialist_id = specialist.id
) AS places ON true
LEFT JOIN (
    SELECT id FROM location WHERE business_id = :business AND active ORDER BY position, id LIMIT 1
) AS first_place ON true
LEFT JOIN LATERAL (
    SELECT {busy}
    FROM booking
    WHERE booking.business_id = :business AND booking.specialist_id = specialist.id AND {is_live}
      AND busy && tstzrange(
          CAST(dates.first AS timestamp) AT TIME ZONE 'UTC' - buffer_before * interval '1 minute',
          CAST(dates.last AS timestamp) AT TIME ZONE 'UTC'
      )
      AND {takes_time}
) AS taken ON true
LEFT JOIN LATERAL (
    SELECT array_agg(CAST(floor(date_part('epoch', lower(during))) AS bigint)) AS starts
    FROM booking
    WHERE coalesce({limited}) IS NOT NULL
      AND booking.business_id = :business AND booking.specialist_id = specialist.id
      AND status IN ('done', 'no_show')
      AND lower(during) >= CAST(dates.first AS timestamp) AT TIME ZONE 'UTC'
      AND lower(during) < CAST(dates.last AS timestamp) AT TIME ZONE 'UTC'
) AS over ON true
WHERE service.business_id = :business AND service.id = :service_id AND service.active
ORDER BY specialist.position, specialist.id
"""
_SCHEDULE: Final = (
    text(
        _SQL.format(
            selected=_listed(_SELECTED),
            busy=_listed(BUSY, "array_agg({read})"),
            limited=LIMITED,
            is_live=IS_LIVE,  # the very predicate of the constraint's index
            takes_time=needs.TAKES_TIME,
        )
    )
    .bindparams(bindparam("now", type_=DateTime(timezone=True)))
    .columns(*map(column, _SELECTED))
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A service and the calendars of those who do it, in the business's order."""

    service: str
    policy: ServicePolicy
    zone: ZoneInfo
    calendars: Sequence[Calendar]
    names: Mapping[int, str]
    """The specialists' names by id."""
    policies: Mapping[int, SpecialistPolicy]
    """What each specialist asks of a slot, by id."""
    services: Mapping[int, ServicePolicy]
    """The service as each specialist does it, by id."""
    place: str | None = None
    """The name of the place that was chosen, where there is a choice."""
    pause: Pause = NO_PAUSE
    """The business's, which binds customers alone."""
    offered: Bounds | None = None
    """The service's own hours, where it has any."""
    needs: Sequence[NeededResource] = ()
    """What the service needs beside a specialist."""
    location_id: int | None = None
    """The place that was chosen."""
    places: int = 1
    """How many places of a group are wanted."""
    combinable: bool = True
    """Whether others may follow the service in one visit, and it them."""
    then: Sequence["Schedule"] = ()
    """What is to follow it, in its order."""

    @property
    def services_named(self) -> str:
        """What is booked, by name."""
        return joined([self.service, *(each.service for each in self.then)])

    @property
    def longest(self) -> int:
        """How long a visit may take, in seconds: with some specialists longer than with others."""
        return max((each.duration for each in self.services.values()), default=self.policy.duration)

    def queries(self, now: datetime, stays_at: int | None = None) -> list[SlotQuery]:
        """Ask for the service with each specialist, in the order of the calendars.

        `stays_at` is the place at which the visit is if its specialist works there then.
        """
        moment = int(now.timestamp())
        then = Chain([each.queries(now, stays_at) for each in self.then]) if self.then else None
        return [
            SlotQuery(
                service=self.services[calendar.specialist],
                specialist=self.policies[calendar.specialist],
                calendar=calendar,
                zone=self.zone,
                now=moment,
                offered=self.offered,
                needs=self.needs,
                wanted=self.location_id or stays_at,
                then=then,
                places=self.places,
            )
            for calendar in self.calendars
        ]


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads what decides about services, each by itself, from a date of the business to another.

    Both are included. `location_id` narrows it to the days on which specialists work at one place.
    Who does several of the services has one calendar of them all, where the same was read of it.
    """

    session: AsyncSession
    first: date
    last: date
    asker: Asker
    location_id: int | None = None
    _calendars: Calendars = field(default_factory=Calendars, init=False, repr=False, compare=False)

    async def load(self, service_id: int, specialist_id: int | None = None) -> Schedule | None:
        """Load a service; `specialist_id` narrows it to one specialist.

        None where no such service can be booked; no calendars where no such specialist does it, or none at
        that place.
        """
        asked = {
            "service_id": service_id,
            "specialist_id": specialist_id,
            "place": self.location_id,
            "ignoring": self.asker.moving,
            "now": self.asker.now,
            "customer_id": self.asker.customer_id,
            "first": self.first,
            "last": self.last,
        }
        rows = await fetch(self.session, _SCHEDULE, asked)
        return _schedule(rows, self.location_id, self.asker.places, self._calendars)


def days_around(start: datetime) -> tuple[date, date]:
    """Return the first and the last date that may be that of a start, whatever the zone."""
    day = start.astimezone(UTC).date()
    return day - ONE_DAY, day + ONE_DAY


def _schedule(
    rows: Sequence[AnyRow], location_id: int | None, places: int | None, calendars: Calendars
) -> Schedule | None:
    if not rows:
        return None
    service = rows[0]
    doers = [row for row in rows if row.specialist_id is not None and is_at(row, location_id)]
    policy = ServicePolicy(**{name: getattr(service, f"service_{name}") for name in _SERVICE})
    return Schedule(
        service=service.service_name,
        policy=policy,
        zone=ZoneInfo(service.timezone),
        calendars=[calendars.of(row, location_id) for row in doers],
        names={row.specialist_id: row.specialist_name for row in doers},
        policies={
            row.specialist_id: SpecialistPolicy(
                **{name: getattr(row, f"specialist_{name}") for name in _SPECIALIST}
            )
            for row in doers
        },
        services={row.specialist_id: replace(policy, duration=row.own_duration) for row in doers},
        place=service.place,
        pause=Pause(service.paused, service.paused_until, service.pause_text),
        offered=needs.bounds(service.offered, service.offered_in_periods),
        needs=needs.resources(service.needs, service.uses),
        location_id=location_id,
        combinable=service.combinable,
        places=places or service.moved_places or 1,
    )
