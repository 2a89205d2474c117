"""What customers said of visits, and what services and the business want after one, as it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from worker.aftercare.rules import RatingReader
from worker.db.engine import AnyRow
from worker.db.models.booking import Booking, Status
from worker.db.models.catalogue import Business, Service, Specialist
from worker.db.models.people import Person, Preference
from worker.db.scope import scope
from worker.ui.names import shown_name


@dataclass(frozen=True, slots=True)
class AfterVisit:
    """What is wanted after a visit of a service, and whether its customer may be written to."""

    ratings: RatingReader
    again_after: timedelta | None
    willing: bool
    """Whether the customer can be written to, wants to be, and may book by themselves."""
    rated: bool
    """Whether they have said how it was."""
    came_again: bool
    """Whether they have a later visit of that service, or had one since."""
    paused: bool
    """Whether the business has paused bookings."""


@dataclass(frozen=True, slots=True)
class Rating:
    """What a customer said of a visit."""

    booking_id: int
    start: datetime
    specialist: str
    customer: str
    """Their name as it shows; empty where none does."""
    stars: int
    words: str | None


@dataclass(frozen=True, slots=True)
class Average:
    """What customers say of a specialist."""

    specialist: str
    count: int
    stars: float


async def load_after(session: AsyncSession, booking_id: int) -> AfterVisit | None:
    """Load what is wanted after a visit; None where it is gone."""
    row = (await session.execute(_after(session, booking_id))).one_or_none()
    if row is None:
        return None
    ratings, again_after, *rest = row
    return AfterVisit(
        RatingReader(ratings), None if again_after is None else timedelta(minutes=again_after), *rest
    )


def _came_again() -> ColumnElement[bool]:
    """Tell a visit whose customer has a later one of its service, or had one since."""
    later = aliased(Booking)
    return exists().where(
        later.business_id == Booking.business_id,
        later.customer_id == Booking.customer_id,
        later.service_id == Booking.service_id,
        later.id != Booking.id,
        later.status.not_in((Status.CANCELLED, Status.HELD)),
        func.lower(later.during) > func.lower(Booking.during),
    )


def _after(session: AsyncSession, booking_id: int) -> Select[str, int | None, bool, bool, bool, bool]:
    willing = and_(
        Person.reachable,
        Person.blocked_at.is_(None),
        func.coalesce(Preference.after_visits, True),
    )
    return (
        select(
            Business.ratings,
            Service.again_after,
            willing,
            Booking.rating.is_not(None),
            _came_again(),
            Business.paused,
        )
        .join(Business, Business.id == Booking.business_id)
        .join(Service, and_(Service.business_id == Booking.business_id, Service.id == Booking.service_id))
        .join(Person, and_(Person.business_id == Booking.business_id, Person.id == Booking.customer_id))
        .outerjoin(
            Preference,
            and_(Preference.business_id == Person.business_id, Preference.person_id == Person.id),
        )
        .where(Booking.business_id == scope(session), Booking.id == booking_id)
    )


async def rate(session: AsyncSession, booking_id: int, stars: int) -> bool:
    """Keep how many stars a visit gets, the first time; False where it has some already."""
    own = (Booking.business_id == scope(session), Booking.id == booking_id, Booking.rating.is_(None))
    written = update(Booking).where(*own).values(rating=stars).returning(Booking.id)
    return await session.scalar(written) is not None


async def write_words(session: AsyncSession, booking_id: int, words: str) -> bool:
    """Keep what a customer says of a visit that they rated, the first time; False where they have."""
    own = (
        Booking.business_id == scope(session),
        Booking.id == booking_id,
        Booking.rating.is_not(None),
        Booking.rating_words.is_(None),
    )
    written = update(Booking).where(*own).values(rating_words=words).returning(Booking.id)
    return await session.scalar(written) is not None


async def load_rating(session: AsyncSession, booking_id: int) -> Rating | None:
    """Load what a customer said of a visit; None where they have not."""
    found = await _load(session, 1, Booking.id == booking_id)
    return found[0] if found else None


async def load_latest(session: AsyncSession, limit: int) -> list[Rating]:
    """Load the latest ratings, the newest visit first."""
    return await _load(session, limit)


async def load_averages(session: AsyncSession) -> list[Average]:
    """Load what customers say of each specialist who has ratings, the business's order."""
    statement = (
        select(Specialist.name, func.count(), func.avg(Booking.rating))
        .join(
            Specialist,
            and_(Specialist.business_id == Booking.business_id, Specialist.id == Booking.specialist_id),
        )
        .where(Booking.business_id == scope(session), Booking.rating.is_not(None))
        .group_by(Specialist.id, Specialist.name, Specialist.position)
        .order_by(Specialist.position, Specialist.id)
    )
    return [Average(name, count, float(stars)) for name, count, stars in await session.execute(statement)]


async def _load(session: AsyncSession, limit: int, *which: ColumnElement[bool]) -> list[Rating]:
    start = func.lower(Booking.during)
    name = (Person.first_name, Person.last_name, Person.username)
    statement = (
        select(Booking.id, start, Specialist.name, *name, Booking.rating, Booking.rating_words)
        .join(
            Specialist,
            and_(Specialist.business_id == Booking.business_id, Specialist.id == Booking.specialist_id),
        )
        .join(Person, and_(Person.business_id == Booking.business_id, Person.id == Booking.customer_id))
        .where(Booking.business_id == scope(session), Booking.rating.is_not(None), *which)
        .order_by(start.desc(), Booking.id.desc())
        .limit(limit)
    )
    rows: Sequence[AnyRow] = (await session.execute(statement)).all()
    return [_rating(*row) for row in rows]


def _rating(  # noqa: PLR0913, PLR0917 - the columns of a row
    booking_id: int,
    start: datetime,
    specialist: str,
    first: str,
    last: str | None,
    username: str | None,
    stars: int,
    words: str | None,
) -> Rating:
    return Rating(booking_id, start, specialist, shown_name((first, last, username)), stars, words)
