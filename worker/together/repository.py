"""Bookings together as they are kept, and their places."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, column, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.catalogue import SHOWN_SERVICE
from worker.db.models.gathering import Gathering, GatheringPlace
from worker.db.scope import BUSINESS_ID, scope
from worker.retention.repository import remove
from worker.together.rules import GatheringState
from worker.ui.names import shown_name
from worker.visits.place import Place
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """One of the places: whose it is, if anybody's, and the hold or visit that it is."""

    place: int
    customer_id: int | None
    customer: str
    """Their name as it shows."""
    booking_id: int
    message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringData:
    """A booking together, with all that is said of it. Instants are UTC."""

    id: int
    organizer_id: int
    organizer: str
    """Their name as it shows; empty where none does, or where they were forgotten."""
    service_id: int
    service: str
    specialist_id: int
    specialist: str
    location_id: int | None
    where: Place | None
    start: datetime
    until: datetime
    deadline: datetime
    state: GatheringState
    version: int
    timezone: str
    places: Sequence[KeptPlace] = ()

    @property
    def joined(self) -> Sequence[KeptPlace]:
        """The places of those who have joined, the organizer's first."""
        return [each for each in self.places if each.customer_id is not None]

    @property
    def free(self) -> Sequence[KeptPlace]:
        """The places that nobody has taken yet."""
        return [each for each in self.places if each.customer_id is None]

    @property
    def people(self) -> Sequence[int]:
        """Who has joined."""
        return [each.customer_id for each in self.places if each.customer_id is not None]

    def is_open(self, now: datetime) -> bool:
        """Tell whether somebody may still join or leave."""
        return self.state is GatheringState.OPEN and now < self.deadline and self.organizer_id in self.people

    def of(self, person_id: int) -> KeptPlace | None:
        """Return somebody's place; None of who has not joined."""
        return next((each for each in self.places if each.customer_id == person_id), None)


_NAMES: Final = (
    *("id", "organizer_id", "organizer", "service_id", "service", "specialist_id", "specialist"),
    *("location_id", "where", "start", "until", "deadline", "state", "version", "timezone"),
)
_ONE: Final = """
    SELECT gathering.id, gathering.organizer_id, ARRAY[person.first_name, person.last_name, person.username],
        gathering.service_id, {service}, gathering.specialist_id, specialist.name,
        gathering.location_id, CASE WHEN location.id IS NOT NULL THEN ARRAY[location.name, location.address,
            location.latitude::text, location.longitude::text] END,
        gathering.start, gathering.until, gathering.deadline, gathering.state, gathering.version,
        business.timezone
    FROM gathering
    JOIN business ON business.id = gathering.business_id
    JOIN person ON person.business_id = gathering.business_id AND person.id = gathering.organizer_id
    JOIN service ON service.business_id = gathering.business_id AND service.id = gathering.service_id
    JOIN specialist ON specialist.business_id = gathering.business_id
        AND specialist.id = gathering.specialist_id
    LEFT JOIN location ON location.business_id = gathering.business_id AND location.id = gathering.location_id
    WHERE gathering.business_id = :business AND gathering.id = :id {lock}
"""
_SEEN, _LOCKED = (
    text(_ONE.format(service=SHOWN_SERVICE, lock=lock))
    .bindparams(BUSINESS_ID, bindparam("id", type_=BigInteger))
    .columns(*map(column, _NAMES))
    for lock in ("", "FOR UPDATE OF gathering")
)
_PLACES: Final = (
    text(
        """
    SELECT gathering_place.place, gathering_place.customer_id,
        ARRAY[person.first_name, person.last_name, person.username], gathering_place.booking_id,
        gathering_place.message_id
    FROM gathering_place LEFT JOIN person ON person.business_id = gathering_place.business_id
        AND person.id = gathering_place.customer_id
    WHERE gathering_place.business_id = :business AND gathering_place.gathering_id = :id
    ORDER BY gathering_place.joined_at, gathering_place.place
    """
    )
    .bindparams(BUSINESS_ID, bindparam("id", type_=BigInteger))
    .columns(*map(column, ("place", "customer_id", "customer", "booking_id", "message_id")))
)


async def load_gathering(
    session: AsyncSession, gathering_id: int, *, lock: bool = False
) -> GatheringData | None:
    """Load a booking together; with `lock`, nobody else joins, leaves or ends it meanwhile.

    Its places are read behind the lock.
    """
    found = await fetch(session, _LOCKED if lock else _SEEN, {"id": gathering_id})
    if not found:
        return None
    places = [
        KeptPlace(place, customer_id, shown_name(name), booking_id, message_id)
        for place, customer_id, name, booking_id, message_id in await fetch(
            session, _PLACES, {"id": gathering_id}
        )
    ]
    values = dict(zip(_NAMES, found[0], strict=True))
    values |= {"organizer": shown_name(values["organizer"]), "where": Place.of(values["where"])}
    return GatheringData(**{**values, "state": GatheringState(values["state"]), "places": places})


def _is(session: AsyncSession, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Gathering.business_id == scope(session), *which)


def _place(session: AsyncSession, gathering_id: int, place: int) -> ColumnElement[bool]:
    return and_(
        GatheringPlace.business_id == scope(session),
        GatheringPlace.gathering_id == gathering_id,
        GatheringPlace.place == place,
    )


def name_of(first_name: str, last_name: str | None, username: str | None) -> str:
    """Return what somebody is called, as it shows."""
    return shown_name((first_name, last_name, username))


def business_of(session: AsyncSession) -> int:
    """Return the business whose bookings a session sees."""
    return scope(session)


async def load_joined(session: AsyncSession, person_id: int, now: datetime) -> list[GatheringData]:
    """Load the bookings together under way that somebody has joined, the first to end first."""
    whose = and_(
        GatheringPlace.business_id == Gathering.business_id, GatheringPlace.gathering_id == Gathering.id
    )
    under_way = _is(session, Gathering.state == GatheringState.OPEN, Gathering.deadline > now)
    statement = select(Gathering.id).join(GatheringPlace, whose)
    found = statement.where(under_way, GatheringPlace.customer_id == person_id).order_by(Gathering.deadline)
    numbers = (await session.scalars(found)).all()
    loaded = [await load_gathering(session, each) for each in numbers]
    return [each for each in loaded if each is not None]


async def load_begun(session: AsyncSession, organizer_id: int) -> int | None:
    """Return the booking together that somebody has under way; None where they have none."""
    own = _is(session, Gathering.organizer_id == organizer_id, Gathering.state == GatheringState.OPEN)
    return await session.scalar(select(Gathering.id).where(own))


async def count_in_vain(session: AsyncSession, organizer_id: int, since: datetime) -> int:
    """Count how often somebody kept places for friends since then of whom nobody was booked."""
    own = _is(session, Gathering.organizer_id == organizer_id, Gathering.made_at > since)
    in_vain = Gathering.state.in_((GatheringState.CALLED_OFF, GatheringState.LAPSED))
    return await session.scalar(select(func.count()).where(own, in_vain)) or 0


async def add_gathering(
    session: AsyncSession, held: Sequence[Visit], message_id: int | None, now: datetime
) -> int:
    """Keep a booking together of what is held: the first place is its organizer's. Returns its number."""
    first = held[0]
    values: dict[str, Any] = {
        "organizer_id": first.customer_id,
        "service_id": first.service_id,
        "specialist_id": first.specialist_id,
        "location_id": first.location_id,
        "start": first.start,
        "until": first.end,
        "deadline": first.kept_until,
        "made_at": now,
    }
    adding = insert(Gathering).values(business_id=scope(session), **values).returning(Gathering.id)
    number = int((await session.execute(adding)).scalar_one())
    own = {"business_id": scope(session), "gathering_id": number}
    free: dict[str, Any] = {"customer_id": None, "joined_at": None, "message_id": None}
    taken = {"customer_id": first.customer_id, "joined_at": now, "message_id": message_id}
    rows = [
        {**own, "place": place, "booking_id": each.id, **(taken if each is first else free)}
        for place, each in enumerate(held, start=1)
    ]
    await session.execute(insert(GatheringPlace).values(rows))
    return number


async def take_place(
    session: AsyncSession, gathering: GatheringData, place: KeptPlace, now: datetime
) -> GatheringData:
    """Write that somebody has joined, in a place that was free; return how it stands then."""
    taken = {"customer_id": place.customer_id, "booking_id": place.booking_id, "joined_at": now}
    changed = update(GatheringPlace).where(_place(session, gathering.id, place.place))
    await session.execute(changed.values(message_id=place.message_id, **taken))
    others = [each for each in gathering.places if each.place != place.place]
    joined = [each for each in others if each.customer_id is not None]
    free = [each for each in others if each.customer_id is None]
    return await _renewed(session, replace(gathering, places=[*joined, place, *free]))


async def free_place(session: AsyncSession, gathering: GatheringData, place: KeptPlace) -> GatheringData:
    """Write that somebody is not with the others any more; return how it stands then."""
    nobodys: dict[str, Any] = {"customer_id": None, "joined_at": None, "message_id": None}
    changed = update(GatheringPlace).where(_place(session, gathering.id, place.place))
    await session.execute(changed.values(**nobodys))
    free = replace(place, customer_id=None, customer="", message_id=None)
    others = [each for each in gathering.places if each.place != place.place]
    return await _renewed(session, replace(gathering, places=[*others, free]))


async def _renewed(session: AsyncSession, gathering: GatheringData) -> GatheringData:
    version = gathering.version + 1
    own = _is(session, Gathering.id == gathering.id)
    await session.execute(update(Gathering).where(own).values(version=version))
    return replace(gathering, version=version)


async def settle(
    session: AsyncSession, gathering: GatheringData, state: GatheringState, now: datetime
) -> GatheringData:
    """Write what came of it; return how it stands then."""
    version, own = gathering.version + 1, _is(session, Gathering.id == gathering.id)
    await session.execute(update(Gathering).where(own).values(state=state, version=version, settled_at=now))
    return replace(gathering, state=state, version=version)


async def note_message(
    session: AsyncSession, gathering_id: int, person_id: int, message_id: int
) -> int | None:
    """Note which message shows it to somebody; return its version, None to who has left."""
    own = and_(
        GatheringPlace.business_id == scope(session),
        GatheringPlace.gathering_id == gathering_id,
        GatheringPlace.customer_id == person_id,
    )
    noted = update(GatheringPlace).where(own).values(message_id=message_id)
    if (await session.execute(noted.returning(GatheringPlace.place))).one_or_none() is None:
        return None
    return await session.scalar(select(Gathering.version).where(_is(session, Gathering.id == gathering_id)))


async def lock_of(session: AsyncSession, person_id: int) -> Sequence[int]:
    """Lock what somebody has joined or begun and is under way; return what they began.

    Whoever changes the person behind it waits for no one who joins meanwhile.
    """
    theirs = select(GatheringPlace.gathering_id).where(
        GatheringPlace.business_id == scope(session), GatheringPlace.customer_id == person_id
    )
    under_way = _is(session, Gathering.state == GatheringState.OPEN, Gathering.id.in_(theirs))
    statement = select(Gathering.id, Gathering.organizer_id).where(under_way).order_by(Gathering.id)
    rows = await session.execute(statement.with_for_update())
    return [number for number, organizer_id in rows if organizer_id == person_id]


async def remove_gatherings(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove what had ended before an instant, or should have."""
    return await remove(
        session, Gathering.id, limit, func.coalesce(Gathering.settled_at, Gathering.deadline) < before
    )
