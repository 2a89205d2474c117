"""What can be booked and with whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Self

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Row,
    Subquery,
    Text,
    and_,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.base import Amounts
from worker.db.models.booking import Booking, Mark, Status
from worker.db.models.catalogue import (
    SHOWN_SERVICE,
    Location,
    Service,
    Specialist,
    SpecialistLocation,
    SpecialistService,
)
from worker.db.scope import scope
from worker.deposit import Deposit, DepositTerms, Payer
from worker.price import Price
from worker.visits.place import Place


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """A service as customers see it."""

    id: int
    name: str
    """What people read: with the category where another service has that name."""
    duration: timedelta
    price: Price | None
    cancel_until: timedelta
    move_until: timedelta
    hold: timedelta = timedelta()
    """For how long the time is kept for who looks at the summary; none where it is not."""
    approval: bool = False
    """Whether it waits for an answer."""
    approval_regulars: bool = False
    """Whether that of who has been here before does not."""
    category: str = ""
    """What it is found under; nothing where the business has no categories."""
    had: bool = False
    """Whether the customer had it before."""
    longest: timedelta | None = None
    """How long it takes with whoever takes longest, where that is longer than `duration`."""
    with_each: Mapping[int, "Terms"] = field(default_factory=dict)
    """How long it takes and what it costs with each specialist, by id."""
    reminders: Sequence[timedelta] = ()
    """How long before a visit its customer is reminded."""
    confirm_until: timedelta | None = None
    """How long before a visit its customer has to have said that they will be there; None: need not."""
    had_with: "SpecialistName | None" = None
    """With whom the customer had it last, where they still do it."""
    deposit: DepositTerms | None = None
    """What is paid ahead to book it."""
    most_places: int = 1
    """How many places of a group a customer may book at once."""
    gatherable: bool = False
    """Whether friends can book it together: a group's, where each is booked by a tap alone."""

    def done_by(self, specialist_id: int | None) -> Self:
        """Return the service as one specialist does it."""
        terms = None if specialist_id is None else self.with_each.get(specialist_id)
        if terms is None:
            return self
        return replace(self, duration=terms.duration, longest=None, price=terms.price)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a service is with one specialist."""

    duration: timedelta
    price: Price | None


@dataclass(frozen=True, slots=True)
class SpecialistName:
    """A specialist by name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class SpecialistSummary:
    """A specialist as customers see them."""

    id: int
    name: str
    places: Sequence[int]
    """Ids of where they work."""


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place to choose."""

    id: int
    name: str
    address: str


type Doer = Row[int, int, int | None, Amounts | None]
"""A service's and a specialist's id, and what is the specialist's own about it: minutes, price."""

_SHOWN: Final[ColumnElement[str]] = literal_column(SHOWN_SERVICE, Text)
_DOES: Final = and_(
    Specialist.business_id == SpecialistService.business_id, Specialist.id == SpecialistService.specialist_id
)


async def load_services(
    session: AsyncSession, customer_id: int, specialist_id: int | None = None
) -> list[ServiceSummary]:
    """Load the services that someone does, in the business's order behind what the customer had last."""
    had = _had_before(scope(session), customer_id)
    statement = (
        select(Service, _SHOWN, had.c.until.is_not(None), Specialist.id, Specialist.name)
        .outerjoin(had, had.c.service_id == Service.id)
        .outerjoin(
            Specialist, and_(Specialist.business_id == scope(session), Specialist.id == had.c.last_with)
        )
        .where(Service.business_id == scope(session), Service.active)
        .order_by(had.c.until.desc().nulls_last(), Service.position, Service.id)
    )
    rows = (await session.execute(statement)).all()
    done = await _load_doers(session, [row[0].id for row in rows], specialist_id)
    found = [
        (_summary(service, shown, done[service.id], had=before), SpecialistName(last, name))
        for service, shown, before, last, name in rows
        if done[service.id]
    ]
    return [replace(each, had_with=last) if last.id in each.with_each else each for each, last in found]


def _had_before(business_id: int, customer_id: int) -> Subquery:
    """Say in SQL until when the customer last had each service, and with whom."""
    until = func.upper(Booking.during)
    last_with = func.array_agg(
        aggregate_order_by(Booking.specialist_id, until.desc()), type_=ARRAY(BigInteger)
    )
    return (
        select(Booking.service_id, func.max(until).label("until"), last_with[1].label("last_with"))
        .where(
            Booking.business_id == business_id,
            Booking.customer_id == customer_id,
            Booking.status.in_((Status.CONFIRMED, Status.DONE)),
            Booking.outcome.is_distinct_from(Mark.NO_SHOW),
        )
        .group_by(Booking.service_id)
        .subquery()
    )


async def load_service(session: AsyncSession, service_id: int) -> ServiceSummary | None:
    """Load one service; None where nobody does it any more."""
    own = (Service.business_id == scope(session), Service.id == service_id, Service.active)
    row = (await session.execute(select(Service, _SHOWN).where(*own))).one_or_none()
    done = await _load_doers(session, [service_id])
    return None if row is None or not done[service_id] else _summary(*row, done[service_id])


async def _load_doers(
    session: AsyncSession, services: Collection[int], specialist_id: int | None = None
) -> defaultdict[int, list[Doer]]:
    """Load by service who does it, or whether one specialist does."""
    statement = (
        select(
            SpecialistService.service_id,
            SpecialistService.specialist_id,
            SpecialistService.duration,
            SpecialistService.price,
        )
        .join(Specialist, _DOES)
        .where(
            SpecialistService.business_id == scope(session),
            SpecialistService.service_id.in_(services),
            Specialist.active,
            true() if specialist_id is None else Specialist.id == specialist_id,
        )
    )
    found: defaultdict[int, list[Doer]] = defaultdict(list)
    for row in await session.execute(statement):
        found[row.service_id].append(row)
    return found


async def load_specialists(session: AsyncSession, service_id: int) -> list[SpecialistSummary]:
    """Load the specialists who do a service, in the business's order."""
    statement = (
        select(Specialist.id, Specialist.name, _places(session))
        .join(SpecialistService, _DOES)
        .where(
            Specialist.business_id == scope(session),
            SpecialistService.service_id == service_id,
            Specialist.active,
        )
        .order_by(Specialist.position, Specialist.id)
    )
    return [
        SpecialistSummary(row.id, row.name, [place for place in row.places if place is not None])
        for row in await session.execute(statement)
    ]


def _places(session: AsyncSession) -> ColumnElement[list[int | None]]:
    """Yield the ids of where a specialist works: the business's first place where the file does not say."""
    own = (
        select(func.array_agg(Location.id))
        .join(
            SpecialistLocation,
            and_(
                SpecialistLocation.business_id == Location.business_id,
                SpecialistLocation.location_id == Location.id,
            ),
        )
        .where(
            Location.business_id == scope(session),
            Location.active,
            SpecialistLocation.specialist_id == Specialist.id,
        )
    )
    first = (
        select(Location.id)
        .where(Location.business_id == scope(session), Location.active)
        .order_by(Location.position, Location.id)
        .limit(1)
    )
    return func.coalesce(own.scalar_subquery(), array([first.scalar_subquery()])).label("places")


async def load_places(session: AsyncSession, ids: Collection[int]) -> list[PlaceChoice]:
    """Load places to choose from, in the business's order."""
    choices = select(Location.id, Location.name, Location.address).order_by(Location.position, Location.id)
    own = (Location.business_id == scope(session), Location.id.in_(ids))
    return [PlaceChoice(*row) for row in await session.execute(choices.where(*own))]


async def load_place(session: AsyncSession, location_id: int | None) -> Place | None:
    """Load a place; None of none."""
    columns = select(Location.name, Location.address, Location.latitude, Location.longitude)
    own = (Location.business_id == scope(session), Location.id == location_id)
    row = (await session.execute(columns.where(*own))).one_or_none()
    return None if row is None else Place(*row)


def _summary(service: Service, shown: str, doers: Sequence[Doer], *, had: bool = False) -> ServiceSummary:
    terms = {each.specialist_id: _terms(service, each) for each in doers}
    lengths = [each.duration for each in terms.values()]
    return ServiceSummary(
        service.id,
        shown,
        min(lengths),
        Price.spanning([each.price for each in terms.values()]),
        timedelta(minutes=service.cancel_until),
        timedelta(minutes=service.cancel_until if service.move_until is None else service.move_until),
        timedelta(minutes=service.hold),
        service.approval,
        service.approval_regulars,
        service.category,
        had,
        max(lengths) if len(set(lengths)) > 1 else None,
        terms,
        [timedelta(minutes=each) for each in service.reminders],
        None if service.confirm_until is None else timedelta(minutes=service.confirm_until),
        deposit=_deposit(service),
        most_places=min(service.max_places, service.capacity),
        gatherable=service.capacity > 1 and not service.approval and service.deposit is None,
    )


def _deposit(service: Service) -> DepositTerms | None:
    if (asked := Deposit.of(service.deposit)) is None:
        return None
    notice = timedelta(minutes=service.min_notice)
    return DepositTerms(asked, Payer(service.deposit_for), service.keep_deposit, notice)


def _terms(service: Service, own: Doer) -> Terms:
    minutes, price = own.duration or service.duration, service.price if own.price is None else own.price
    return Terms(timedelta(minutes=minutes), Price.of(price))
