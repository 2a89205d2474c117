"""Wishes as they are kept, in the order of the line, and what came of each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    TextualSelect,
    and_,
    bindparam,
    column,
    insert,
    or_,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import AnyRow, fetch
from worker.db.models.catalogue import SHOWN_SERVICE
from worker.db.models.waitlist import WaitlistEntry
from worker.db.scope import BUSINESS_ID, scope
from worker.retention.repository import remove
from worker.scheduling.parts import EVENING_HOUR, NOON_HOUR
from worker.ui.names import joined, shown_name
from worker.wishes.columns import ADDED_NAMES, BOOKED, OFFERED, does_some
from worker.wishes.rules import FreedTime, OfferedBefore, Passed, WishedTimes, is_over, wants

_INSTANT: Final = DateTime(timezone=True)
_SELECTED: Final = {
    "id": "entry.id",
    "customer_id": "entry.customer_id",
    "first_name": "person.first_name",
    "last_name": "person.last_name",
    "username": "person.username",
    "service_id": "entry.service_id",
    "service": SHOWN_SERVICE,
    "added": "entry.added",
    "added_names": ADDED_NAMES,
    "specialist": "specialist.name",
    "location_id": "entry.location_id",
    "booking_id": "entry.booking_id",
    "specialist_id": "entry.specialist_id",
    "first_day": "entry.first_day",
    "last_day": "entry.last_day",
    "part": "entry.part",
    "until": "entry.until",
    "before": "lower(moving.during)",
    "places": "coalesce(upper(moving.seats) - lower(moving.seats), entry.places)",
    "most_places": "least(service.max_places, service.capacity)",
    "made_at": "entry.made_at",
    "kept": "entry.kept",
    "in_reach": "person.reachable AND person.blocked_at IS NULL",
    "passed_at": "entry.passed_at",
    "passed_why": "entry.passed_why",
    "passed_start": "entry.passed_start",
    "booked": BOOKED,
    "offered": OFFERED,
}
_FROM: Final = """
    FROM waitlist_entry AS entry
    JOIN person ON person.business_id = entry.business_id AND person.id = entry.customer_id
    JOIN service ON service.business_id = entry.business_id AND service.id = entry.service_id
    LEFT JOIN specialist ON specialist.business_id = entry.business_id AND specialist.id = entry.specialist_id
    LEFT JOIN booking AS moving ON moving.business_id = entry.business_id AND moving.id = entry.booking_id
    WHERE entry.business_id = :business AND entry.ended_at IS NULL
        AND (entry.booking_id IS NULL OR moving.status = 'confirmed' AND lower(moving.during) > :now)
"""


def selecting(conditions: str, **types: Any) -> TextualSelect:  # noqa: ANN401 - SQLAlchemy's types
    """Make the statement that reads the wishes in line which meet some conditions: see `as_wish`."""
    listed = ", ".join(f"{sql} AS {name}" for name, sql in _SELECTED.items())
    parameters = (bindparam(name, type_=each) for name, each in {"now": _INSTANT, **types}.items())
    statement = f"SELECT {listed} {_FROM} AND {conditions}"
    return text(statement).bindparams(BUSINESS_ID, *parameters).columns(*map(column, _SELECTED))


_OWN: Final = selecting("entry.customer_id = :customer_id ORDER BY entry.id", customer_id=BigInteger)
_ONE: Final = selecting("entry.id = :id", id=BigInteger)
_ONE_LOCKED: Final = selecting("entry.id = :id FOR UPDATE OF entry", id=BigInteger)
_FOR_FREED_SQL: Final = """entry.first_day <= :last
    AND (
        entry.added = '{}' AND entry.last_day >= :first
        AND (entry.specialist_id IS NULL OR entry.specialist_id = :specialist_id)
        AND EXISTS (
            SELECT FROM specialist_service WHERE specialist_service.business_id = :business
                AND specialist_service.specialist_id = :specialist_id
                AND specialist_service.service_id = entry.service_id
                AND (entry.part = 0 OR entry.part BETWEEN width_bucket(
                    :minute - coalesce(specialist_service.duration, service.duration),
                    CAST(:parts_begin AS int[])
                ) + 1 AND :last_part)
        )
        AND entry.service_id <> ALL(:barren)
        OR entry.added <> '{}' AND entry.last_day >= :first - 1 AND does_some
    )
    AND NOT EXISTS (
        SELECT FROM waitlist_offer AS open WHERE open.business_id = :business
            AND open.customer_id = entry.customer_id AND open.state = 'open'
    )
    AND NOT EXISTS (
        SELECT FROM waitlist_offer AS before WHERE before.business_id = :business
            AND before.customer_id = entry.customer_id AND before.service_id = entry.service_id
            AND before.added = entry.added
            AND coalesce(before.freed_specialist_id, before.specialist_id) = :specialist_id
            AND before.freed_from = :begin AND before.freed_until = :end
    )
    AND person.reachable AND person.blocked_at IS NULL
    AND (entry.until IS NULL OR entry.until >= :today)
    AND (moving.id IS NULL OR lower(moving.during) > :begin)
    AND (CAST(:after AS bigint) IS NULL OR (entry.ranked_at, entry.id) > (
        SELECT reached.ranked_at, reached.id FROM waitlist_entry AS reached
        WHERE reached.business_id = :business AND reached.id = :after
    ))
    ORDER BY entry.ranked_at, entry.id LIMIT :most"""
_FOR_FREED: Final = selecting(
    _FOR_FREED_SQL.replace("does_some", does_some(":specialist_id")),
    specialist_id=BigInteger,
    first=Date,
    last=Date,
    begin=_INSTANT,
    end=_INSTANT,
    today=Date,
    minute=Integer,
    parts_begin=ARRAY(Integer),
    barren=ARRAY(BigInteger),
    last_part=Integer,
    after=BigInteger,
    most=BigInteger,
)


type Taken = frozenset[tuple[int, int]]
"""Starts (Unix seconds) with the specialists they are with."""
_PARTS_BEGIN: Final = [NOON_HOUR * 60, EVENING_HOUR * 60]
"""The minutes of the day at which its second part begins, and its third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish(WishedTimes):
    """A wish that stands in line, with what is said of it."""

    id: int
    customer_id: int
    first_name: str
    last_name: str | None
    username: str | None
    service_id: int
    service: str
    """All that is wished for, by name."""
    added: Sequence[int]
    """The services that are to follow in the same visit, in their order."""
    specialist: str | None
    """Whom it names; None takes anyone."""
    location_id: int | None
    booking_id: int | None
    """The visit that would move there; None wishes for one more."""
    made_at: datetime
    kept: bool
    """Whether it is wished for though such a visit has been booked since."""
    in_reach: bool
    """Whether they can be written to, and need not call."""
    passed_at: datetime | None
    passed_why: Passed | None
    passed_start: datetime | None
    booked: Taken
    """What its customer has booked of the service since."""
    offered: Sequence[OfferedBefore]
    """What they were offered before of what is still to come."""
    most_places: int = 1
    """How many places its customer may book at once."""

    @property
    def customer(self) -> str:
        """Its customer's name as it shows; empty where none does."""
        return shown_name([self.first_name, self.last_name, self.username])

    @property
    def customer_username(self) -> str | None:
        """Its customer's name at Telegram, without the @."""
        return self.username

    def rests(self, zone: ZoneInfo) -> bool:
        """Tell whether its customer has since booked what is wished for, and has not said to keep it."""
        return any(wants(self, datetime.fromtimestamp(start, UTC), who, zone) for start, who in self.booked)


def as_wish(row: AnyRow) -> Wish:
    """Make a wish of a row of such a statement."""
    values: dict[str, Any] = dict(zip(_SELECTED, row, strict=True))
    values["service"] = joined([values["service"], *values.pop("added_names")])
    values["added"] = tuple(values["added"])
    values["passed_why"] = values["passed_why"] and Passed(values["passed_why"])
    values["booked"] = frozenset((start, specialist) for start, specialist in values["booked"])
    values["offered"] = [
        OfferedBefore(specialist, freed, *(datetime.fromtimestamp(each, UTC) for each in instants))
        for specialist, freed, *instants in values["offered"]
    ]
    return Wish(**values)


async def load_own_wishes(session: AsyncSession, customer_id: int, now: datetime, today: date) -> list[Wish]:
    """Load what a customer wishes for, in the order in which they did; what is over is left out."""
    rows = await fetch(session, _OWN, {"customer_id": customer_id, "now": now})
    return [wish for wish in map(as_wish, rows) if not is_over(wish, today)]


async def load_wish(
    session: AsyncSession, entry_id: int, now: datetime, *, lock: bool = False
) -> Wish | None:
    """Load a wish that has not ended; with `lock`, nobody else changes it before this transaction ends."""
    rows = await fetch(session, _ONE_LOCKED if lock else _ONE, {"id": entry_id, "now": now})
    return as_wish(rows[0]) if rows else None


async def load_line(
    session: AsyncSession, freed: FreedTime, now: datetime, today: date, most: int, after: int | None = None
) -> list[Wish]:
    """Load so many of those who may be offered a part of a stretch, in their order, behind a wish.

    Left out is whoever has an offer open, was offered of that very stretch, is out of reach or has to call.
    """
    bounds = {"parts_begin": _PARTS_BEGIN, "barren": sorted(freed.barren), "most": most, "after": after}
    values = {**asdict(freed), **bounds, "now": now, "today": today}
    return [as_wish(row) for row in await fetch(session, _FOR_FREED, values)]


def _is(session: AsyncSession, entry_id: int) -> ColumnElement[bool]:
    return and_(WaitlistEntry.business_id == scope(session), WaitlistEntry.id == entry_id)


async def add_wish(session: AsyncSession, values: Mapping[str, Any], now: datetime) -> int:
    """Put a wish at the end of the line; return its number."""
    row = {"business_id": scope(session), "made_at": now, "ranked_at": now, **values}
    statement = insert(WaitlistEntry).values(row).returning(WaitlistEntry.id)
    return int((await session.execute(statement)).scalar_one())


async def change_wish(
    session: AsyncSession, entry_id: int, times: WishedTimes, ranked_at: datetime | None
) -> None:
    """Write what is wished for now; with `ranked_at`, it goes to the end of the line."""
    again = {} if ranked_at is None else {"ranked_at": ranked_at}
    names = ("specialist_id", "first_day", "last_day", "part", "until", "places")
    values = {name: getattr(times, name) for name in names}
    await session.execute(update(WaitlistEntry).where(_is(session, entry_id)).values({**values, **again}))


async def end_wish(session: AsyncSession, entry_id: int, outcome: str, now: datetime) -> bool:
    """End a wish; it never comes back. Tells whether it had not ended before."""
    ending = update(WaitlistEntry).where(_is(session, entry_id), WaitlistEntry.ended_at.is_(None))
    ended = ending.values(ended_at=now, outcome=outcome).returning(WaitlistEntry.id)
    return await session.scalar(ended) is not None


async def keep_wish(session: AsyncSession, entry_id: int) -> None:
    """Note that it is wished for though such a visit has been booked."""
    await session.execute(update(WaitlistEntry).where(_is(session, entry_id)).values(kept=True))


async def note_passed(
    session: AsyncSession, entry_ids: Sequence[int], why: Passed, start: datetime, now: datetime
) -> None:
    """Note on wishes why they were passed over for a time."""
    theirs = and_(WaitlistEntry.business_id == scope(session), WaitlistEntry.id.in_(entry_ids))
    values = {"passed_at": now, "passed_why": why, "passed_start": start}
    await session.execute(update(WaitlistEntry).where(theirs).values(values))


async def remove_wishes(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove wishes that ended, or whose last day was, before an instant; their offers go with them."""
    over = or_(WaitlistEntry.ended_at < before, WaitlistEntry.last_day < before.date())
    return await remove(session, WaitlistEntry.id, limit, over)
