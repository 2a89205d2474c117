"""What happened to visits and to the business, as it is kept."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import batched
from typing import Any, Final, Self

from sqlalchemy import ColumnElement, Row, and_, any_, exists, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.history import HistoryPart
from shared.envelope import NOBODY
from worker.db.models.booking import Booking, BookingEvent
from worker.db.models.history import BusinessEvent
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.staff.replies import VisitEvent
from worker.staff.repository import load_newest_events
from worker.ui.names import shown_name

ABOUT_PEOPLE: Final = ("blocked", "unblocked", "reasoned", "staff_noted", "phoned")
"""What staff notes of a customer, beside the visit at which they did."""
PART: Final = 250
"""Events that are loaded at a time where all are."""
ALL_VISITS: Final = BookingEvent.id.is_not(None)
NO_VISITS: Final = BookingEvent.id.is_(None)
ALL_SHOP: Final = BusinessEvent.id.is_not(None)
NO_SHOP: Final = BusinessEvent.id.is_(None)


@dataclass(frozen=True, slots=True)
class ShopEvent:
    """Something that happened to the business."""

    id: int
    kind: str
    section: str
    number: int | None
    name: str
    """What the entry was called then."""
    at: datetime
    actor_id: int | None
    actor: str
    """The name of who did it, as it shows; empty where none does."""
    source: str
    command: str
    data: Mapping[str, Any]
    """What became different; nothing once somebody whom it named is forgotten."""
    people: Mapping[int, str]
    """Whom `data` names, with the names that are known."""


type HistoryEvent = VisitEvent | ShopEvent
type Chosen = Row[Any, Any]
"""What an event is about (`visit` or `shop`), and its id."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events of visits, and which of the business."""

    visits: ColumnElement[bool]
    shop: ColumnElement[bool]

    @classmethod
    def part(cls, part: str) -> Self:
        """Return what a part of the history holds, all of it for what is no part."""
        match part:
            case HistoryPart.VISITS:
                return cls(ALL_VISITS, NO_SHOP)
            case HistoryPart.SHOP:
                return cls(NO_VISITS, ALL_SHOP)
            case HistoryPart.PEOPLE:
                named = BusinessEvent.people.is_not(None)
                about = or_(named, BusinessEvent.section.in_(("roles", "invitations")))
                return cls(BookingEvent.kind.in_(ABOUT_PEOPLE), about)
        return cls(ALL_VISITS, ALL_SHOP)

    @classmethod
    def visit(cls, booking_id: int) -> Self:
        """Return what happened to a visit."""
        return cls(BookingEvent.booking_id == booking_id, NO_SHOP)

    @classmethod
    def entry(cls, section: str, number: int) -> Self:
        """Return what happened to an entry, or to what there is one of."""
        row = BusinessEvent.number == number if number else BusinessEvent.number.is_(None)
        return cls(NO_VISITS, and_(BusinessEvent.section == section, row))

    @classmethod
    def called(cls, session: AsyncSession, words: str) -> Self:
        """Return what people did whose names hold these words, and what happened to them or so called."""
        whole = func.concat_ws(" ", Person.first_name, Person.last_name, Person.username)
        is_called = whole.icontains(words, autoescape=True)
        people = select(Person.id).where(Person.business_id == scope(session), Person.id != NOBODY, is_called)
        named = exists(people.where(Person.id == any_(BusinessEvent.people)))
        return cls(
            or_(BookingEvent.actor_id.in_(people), Booking.customer_id.in_(people)),
            or_(
                BusinessEvent.actor_id.in_(people),
                named,
                BusinessEvent.name.icontains(words, autoescape=True),
            ),
        )


async def load_page(
    session: AsyncSession, wanted: Wanted, size: int, number: int = 0
) -> tuple[Sequence[HistoryEvent], bool]:
    """Load a page of what happened, the newest first, and tell whether there is more behind it."""
    found = await _load(session, await _choose(session, wanted, size + 1, number * size))
    return found[:size], len(found) > size


async def load_all(session: AsyncSession, wanted: Wanted, most: int) -> AsyncIterator[Sequence[HistoryEvent]]:
    """Load the newest of what happened, a part after the other, from which none is missing or there twice."""
    chosen = await _choose(session, wanted, most, 0)
    for part in batched(chosen, PART):
        yield await _load(session, part)


async def _load(session: AsyncSession, chosen: Sequence[Chosen]) -> Sequence[HistoryEvent]:
    visits, shop = ([each.id for each in chosen if each.about == about] for about in ("visit", "shop"))
    of_visits = await load_newest_events(session, BookingEvent.id.in_(visits), most=len(chosen))
    of_shop = await _load_shop(session, BusinessEvent.id.in_(shop), len(chosen))
    return list(_in_order(of_visits, of_shop))


async def _choose(session: AsyncSession, wanted: Wanted, size: int, skipped: int) -> Sequence[Chosen]:
    """Choose the newest events of both kinds, by their ids."""
    visits = (
        select(literal("visit").label("about"), BookingEvent.id, BookingEvent.at)
        .join(
            Booking,
            and_(Booking.business_id == BookingEvent.business_id, Booking.id == BookingEvent.booking_id),
        )
        .where(BookingEvent.business_id == scope(session), wanted.visits)
        .order_by(BookingEvent.id.desc())
        .limit(skipped + size)
    )
    shop = (
        select(literal("shop").label("about"), BusinessEvent.id, BusinessEvent.at)
        .where(BusinessEvent.business_id == scope(session), wanted.shop)
        .order_by(BusinessEvent.id.desc())
        .limit(skipped + size)
    )
    both = union_all(visits.subquery().select(), shop.subquery().select()).subquery()
    newest = select(both.c.about, both.c.id).order_by(both.c.at.desc(), both.c.id.desc())
    return (await session.execute(newest.offset(skipped).limit(size))).all()


async def _load_shop(session: AsyncSession, which: ColumnElement[bool], most: int) -> list[ShopEvent]:
    event = BusinessEvent
    statement = (
        select(event, Person.first_name, Person.last_name, Person.username)
        .outerjoin(Person, and_(Person.business_id == event.business_id, Person.id == event.actor_id))
        .where(event.business_id == scope(session), which)
        .order_by(event.id.desc())
        .limit(most)
    )
    rows = (await session.execute(statement)).all()
    names = await _names(session, {person for row in rows for person in row[0].people or ()})
    return [_event(each, shown_name(name), names) for each, *name in rows]


def _event(row: BusinessEvent, actor: str, names: Mapping[int, str]) -> ShopEvent:
    people = {person: names.get(person, "") for person in row.people or ()}
    where = (row.id, row.kind, row.section, row.number, row.name, row.at)
    return ShopEvent(*where, row.actor_id, actor, row.source, row.command, row.data, people)


async def _names(session: AsyncSession, people: set[int]) -> Mapping[int, str]:
    if not people:
        return {}
    name = (Person.first_name, Person.last_name, Person.username)
    known = select(Person.id, *name).where(Person.business_id == scope(session), Person.id.in_(people))
    return {person: shown_name(name) for person, *name in await session.execute(known)}


def _in_order(visits: Sequence[VisitEvent], shop: Sequence[ShopEvent]) -> Iterator[HistoryEvent]:
    return merge(visits, shop, key=lambda each: each.at, reverse=True)
