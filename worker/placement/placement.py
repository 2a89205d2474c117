"""Placing a visit: the slot engine says who may take a start, the database's constraints say who got it.

A specialist who was taken in between makes room for the next who is free. Whoever places visits of the same
customer does so one after the other, so that what counts those visits counts all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Awaited
from worker.placement import repository
from worker.placement.allocation import Agreement, Allocation, NewVisit, Room, room_for
from worker.placement.fairness import by_fairness
from worker.placement.giving_way import settle_offered
from worker.placement.rules import (
    Barred,
    Intent,
    Standing,
    barred,
    displaced,
    overlaps,
    too_many_requests,
)
from worker.placement.together import write_together
from worker.scheduling.allotting import allot
from worker.scheduling.asker import Asker
from worker.scheduling.chains import busy_from
from worker.scheduling.engine import check, nearest, needs_lock
from worker.scheduling.following import load_around
from worker.scheduling.overriding import refusals_beside, room_around
from worker.scheduling.query import Following
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import Reason, SlotQuery
from worker.scheduling.seats import free_seats
from worker.standing.repository import load_standing
from worker.visits.repository import Visit, load_ahead


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """A visit that someone wants: at this start, with this specialist or with anyone."""

    service_id: int
    specialist_id: int | None
    start: datetime
    location_id: int | None = None
    """The place that it has to be at; None is wherever its specialist works then."""
    stays_at: int | None = None
    """The place at which it stays if its specialist works there then: where a moved visit is."""
    anyway: bool = False
    """Whether it is wanted though the customer has another visit then."""
    asks: bool = False
    """Whether a visit that is moved there has to be agreed on again where its service says so."""
    proposed: bool = False
    """Whether the time is proposed to whoever asked for another one: they answer, nobody else does."""
    added: Sequence[int] = ()
    """The services that follow in the same visit, in their order; a visit that is moved keeps its own."""
    places: int | None = None
    """How many places of a group it takes; None is as many as what moves has, else one."""
    against: frozenset[Reason] = frozenset()
    """The rules that staff override, each by its name; no constraint of the database is one of them."""


@dataclass(frozen=True, slots=True)
class Booked:
    """The visit has its time; this transaction only has to be committed."""

    visit: Visit
    standing: Standing
    beside: Sequence[Visit] = ()
    """The customer's other visits at that time."""


@dataclass(frozen=True, slots=True)
class NotBooked:
    """The visit cannot be; `reason` is None where nobody does the service any more."""

    reason: Reason | None


async def place(
    session: AsyncSession,
    request: BookingRequest,
    now: datetime,
    what: NewVisit | Visit,
    *,
    limited: bool = True,
) -> Booked | NotBooked | Barred:
    """Write a booking at the time of `request`: a new one, or move a visit there.

    A refusal writes nothing, but holds that are over may be gone. The customer stays locked until the
    transaction ends; `limited` says whether the limits of those who book for themselves hold.
    """
    standing = await load_standing(session, what.customer_id, now, lock=True)
    request = _with_its_parts(request, what)
    if (schedule := await _load_with_lock(session, request, _asker(what, request, now))) is None:
        return NotBooked(None)
    own = await load_ahead(session, what.customer_id, now) if what.customer_id else ()
    intent = intent_of(request, schedule, now, _id_of(what), limited=limited)
    if in_the_way := barred(intent, standing, own):
        return in_the_way
    room = room_for(what, displaced(request.service_id, own), now)
    visit = await _with_whoever_is_free(session, Placing(request, what, room), schedule)
    if isinstance(visit, NotBooked):
        return visit
    if isinstance(what, NewVisit) and (too_many := too_many_requests(visit, standing, own)):
        await repository.take_back(session, visit.id)
        return too_many
    await settle_offered(session, room, own)
    return Booked(visit, standing, overlaps(intent, own))


async def foresee(session: AsyncSession, intent: Intent, now: datetime, customer_id: int) -> Barred | None:
    """Tell what stands in a customer's way now; it is asked again when the visit is placed."""
    standing = await load_standing(session, customer_id, now)
    return barred(intent, standing, await load_ahead(session, customer_id, now))


async def shift(session: AsyncSession, booking_id: int, by: timedelta) -> Visit | None:
    """Write that a visit is so much later, because the business's clock was wrong; None where it cannot be.

    It keeps its specialist, its seats, its length and its pauses, and only the database's constraints are
    asked: what the clock of the wall says of it is what it said before.
    """
    return await repository.shift(session, booking_id, by)


def intent_of(
    request: BookingRequest, schedule: Schedule, now: datetime, moving: int | None, *, limited: bool
) -> Intent:
    """Say which stretch of the customer's time a request is for."""
    end = request.start + timedelta(seconds=sum(each.longest for each in (schedule, *schedule.then)))
    paused = schedule.pause.holds(now, schedule.zone)
    return Intent(request.service_id, request.start, end, moving, request.anyway, limited, paused)


def _with_its_parts(request: BookingRequest, what: NewVisit | Visit) -> BookingRequest:
    if isinstance(what, NewVisit):
        return request
    return replace(request, added=[each.service_id for each in what.parts])


async def _load_with_lock(session: AsyncSession, request: BookingRequest, asker: Asker) -> Schedule | None:
    """Load who may do it; of several services so that nobody else books several with one of them meanwhile.

    All who do so lock in the same order, so that no two wait for each other.
    """
    schedule = await _load(session, request, asker, request.specialist_id)
    if schedule is None or not schedule.then:
        return schedule
    calendars = (calendar for each in (schedule, *schedule.then) for calendar in each.calendars)
    for number in sorted({calendar.specialist for calendar in calendars}):
        await repository.lock_specialist(session, number)
    return await _load(session, request, asker, request.specialist_id)


@dataclass(frozen=True, slots=True)
class Placing:
    """What is to be written where, and which holds give way to it."""

    request: BookingRequest
    what: NewVisit | Visit
    room: Room

    @property
    def start(self) -> int:
        """When it begins, in Unix seconds."""
        return int(self.request.start.timestamp())


async def _with_whoever_is_free(
    session: AsyncSession, wanted: Placing, schedule: Schedule
) -> Visit | NotBooked:
    reasons: list[Reason] = []
    for query in by_fairness(schedule, wanted.request.start, wanted.room.now, wanted.request.stays_at):
        visit = await _try(session, wanted, query)
        if isinstance(visit, Visit):
            return visit
        reasons += [visit] if visit else []
    return NotBooked(nearest(reasons))


def _asker(what: NewVisit | Visit, request: BookingRequest, now: datetime) -> Asker:
    """Say for whom calendars are looked at; what is held for nobody takes everybody's time, nobody's, too."""
    return Asker(now, what.customer_id or None, _id_of(what), request.places)


def _id_of(what: NewVisit | Visit) -> int | None:
    return what.id if isinstance(what, Visit) else what.in_place_of


async def _try(session: AsyncSession, wanted: Placing, query: SlotQuery) -> Visit | Reason | None:
    """Write the visit with one specialist, or say why not; None where the service is no longer offered.

    A count that two people can break together is checked again under the specialist's lock. Whoever finds
    the unit of a resource taken meanwhile tries another one, as long as there is one.
    """
    reason, who = _refusal(query, wanted), query.calendar.specialist
    if reason is None and needs_lock(query):
        await repository.lock_specialist(session, who)
        fresh = await _loaded(session, wanted, who)
        if fresh is None:
            return None
        query, reason = fresh, _refusal(fresh, wanted)
    again = query.needs or query.then
    for _ in range(1 + sum(each.count for each in query.needs) + len(wanted.request.added)):
        visit = reason or await _write(session, wanted, query)
        fresh = await _loaded(session, wanted, who) if visit is None and again else None
        if fresh is None:
            return visit or Reason.BOOKED
        query, reason = fresh, _refusal(fresh, wanted)
    return reason or Reason.RESOURCE


def _refusal(query: SlotQuery, wanted: Placing) -> Reason | None:
    """Return the first rule that refuses the start; those that staff override do not."""
    named = wanted.request.against
    if not named:
        return check(query, wanted.start)
    return next(iter(refusals_beside(query, wanted.start, named)), None)


async def _loaded(session: AsyncSession, wanted: Placing, specialist_id: int) -> SlotQuery | None:
    """Load a specialist's calendar as it is now, and who has what the service needs."""
    asker = _asker(wanted.what, wanted.request, wanted.room.now)
    schedule = await _load(session, wanted.request, asker, specialist_id)
    return next(iter(schedule.queries(asker.now, wanted.request.stays_at)), None) if schedule else None


async def _load(
    session: AsyncSession, request: BookingRequest, asker: Asker, specialist_id: int | None
) -> Schedule | None:
    return await load_around(
        session,
        (request.service_id, *request.added),
        request.start,
        asker,
        specialist_id=specialist_id,
        location_id=request.location_id,
    )


async def _write(session: AsyncSession, wanted: Placing, query: SlotQuery) -> Visit | None:
    """Write the row; None where the database refuses it because someone was faster."""
    if query.then is not None:
        return await _write_together(session, wanted, query, query.then)
    allocation, what = allocation_of(wanted.request, query), wanted.what
    if isinstance(what, Visit):
        return await repository.move(session, what.id, allocation, wanted.room, _agreement(wanted.request))
    return await repository.insert(session, what, allocation, wanted.room)


def _agreement(request: BookingRequest) -> Agreement:
    return Agreement(request.asks, Awaited.CUSTOMER if request.proposed else None)


async def _write_together(
    session: AsyncSession, wanted: Placing, query: SlotQuery, then: Following
) -> Visit | None:
    plan = then.plan(query, wanted.start)
    if plan is None:
        return None
    taking = [allocation_of(wanted.request, query)]
    for number, part in enumerate(plan[1:], start=1):
        start = datetime.fromtimestamp(part.start, UTC)
        about = BookingRequest(part.query.service.id, part.specialist, start)
        busy_start = datetime.fromtimestamp(busy_from(part, plan[:number]), UTC)
        taking.append(replace(allocation_of(about, part.query), busy_start=busy_start))
    return await write_together(session, wanted.what, taking, wanted.room, _agreement(wanted.request))


def allocation_of(request: BookingRequest, query: SlotQuery) -> Allocation:
    """Return what the visit takes of its specialist: the whole person, or a group's lowest free seats.

    Its place is where the specialist works on the weekday on which it begins.
    """
    policy, start, instant = query.service, request.start, int(request.start.timestamp())
    end = start + timedelta(seconds=policy.duration)
    before, after = room_around(query, instant, yields_buffers=Reason.BUFFER in request.against)
    return Allocation(
        service_id=request.service_id,
        specialist_id=query.calendar.specialist,
        location_id=query.place_at(instant),
        seats=None if policy.capacity == 1 else free_seats(query, instant),
        units=allot(query, instant),
        start=start,
        end=end,
        busy_start=start - timedelta(seconds=before),
        busy_end=end + timedelta(seconds=after),
        latest=start - timedelta(seconds=policy.min_notice),
        outside=Reason.CLOSED in request.against,
    )
