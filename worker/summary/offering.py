"""What can be confirmed: found to be free, and held for whoever is to have it where the service says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from shared.contracts.booking import Book, Move, ShowSummary
from worker.catalogue import repository
from worker.catalogue.repository import ServiceSummary
from worker.db.models.booking import KeptFor, Status
from worker.deposit import Money
from worker.forms.form import Form
from worker.moving.rules import is_by_staff
from worker.placement import bars
from worker.placement.allocation import NewVisit
from worker.placement.fairness import first_free
from worker.placement.placement import (
    Booked,
    BookingRequest,
    NotBooked,
    foresee,
    intent_of,
    place,
)
from worker.placement.rules import Bar, Barred
from worker.runtime.context import RequestContext
from worker.scheduling import refusals
from worker.scheduling.asker import Asker
from worker.scheduling.engine import places_left
from worker.scheduling.following import load_around
from worker.scheduling.query import ChainPart
from worker.scheduling.repository import Schedule
from worker.visits.parts import VisitPart
from worker.visits.place import Place
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True)
class Offered:
    """A time that can be had, by whoever would have the visit."""

    specialist_id: int | None
    specialist: str
    location_id: int | None
    place: Place | None
    beside: Sequence[Visit]
    """The customer's other visits at that time."""
    kept_until: datetime | None = None
    """Until when it is held; None where it is not."""
    form: Form | None = None
    """What was answered, where the service asks something."""
    due: Money | None = None
    """What is paid ahead."""
    parts: Sequence[VisitPart] = ()
    """What follows."""
    most: int = 1
    """How many places of a group can be had at that time."""


async def offer(
    context: RequestContext, command: ShowSummary, service: ServiceSummary, moved: Visit | None, *, keep: bool
) -> Offered | NotBooked | Barred:
    """Find out whether the time can be had; with `keep`, hold it for as long as the service says."""
    if keep and service.hold:
        outcome = await _hold(context, command, service.hold, moved)
        if isinstance(outcome, Booked):
            return _held(outcome)
        if isinstance(outcome, Barred):
            return outcome
        # A visit that is moved by less than its own length is in the way of a hold, and so is what its
        # customer was offered, which stays kept for them.
    return await _look(context, command, moved)


async def _hold(
    context: RequestContext, command: ShowSummary, length: timedelta, moved: Visit | None
) -> Booked | NotBooked | Barred:
    new = NewVisit(
        customer_of(context, moved),
        context.business.currency if moved is None else moved.currency,
        Status.HELD,
        context.now + length,
        KeptFor.SUMMARY,
        in_place_of=None if moved is None else moved.id,
    )
    wish = wish_of(command, command.service_id, moved, anyway=True)
    return await place(context.session, wish, context.now, new, limited=_is_limited(context, moved))


def _held(outcome: Booked) -> Offered:
    visit = outcome.visit
    return Offered(
        visit.specialist_id,
        visit.specialist,
        visit.location_id,
        visit.place,
        outcome.beside,
        visit.kept_until,
        parts=visit.parts,
    )


async def _look(
    context: RequestContext, command: ShowSummary, moved: Visit | None
) -> Offered | NotBooked | Barred:
    wish = wish_of(command, command.service_id, moved)
    schedule = await load_around(
        context.session,
        (wish.service_id, *wish.added),
        command.start,
        asker_of(context, command, moved),
        specialist_id=command.specialist_id,
        location_id=command.location_id,
    )
    if schedule is None or not schedule.calendars:
        return NotBooked(None)
    reason = refusals.reason_of(schedule, command.start, context.now)
    if reason is not None:
        return NotBooked(reason)
    in_the_way = await _foresee(context, wish, schedule, moved)
    if in_the_way is not None and in_the_way.bar is not Bar.OVERLAP:
        return in_the_way
    return await _found(context, schedule, wish, () if in_the_way is None else in_the_way.visits)


async def _found(
    context: RequestContext, schedule: Schedule, wish: BookingRequest, beside: Sequence[Visit]
) -> Offered:
    query = first_free(schedule, wish.start, context.now, wish.stays_at)
    if query is None:
        return Offered(None, "", None, None, beside)
    start, doer = int(wish.start.timestamp()), query.calendar.specialist
    location_id = query.place_at(start)
    where = await repository.load_place(context.session, location_id)
    plan = None if query.then is None else query.then.plan(query, start)
    further = zip(schedule.then, (plan or ())[1:], strict=False)
    parts = [await _foreseen(context, each, part) for each, part in further]
    return Offered(doer, schedule.names[doer], location_id, where, beside, parts=parts)


async def _foreseen(context: RequestContext, schedule: Schedule, part: ChainPart) -> VisitPart:
    """Say what a part would be; nothing is written yet, so that it has no number."""
    service = await repository.load_service(context.session, part.query.service.id)
    return VisitPart(
        id=0,
        service_id=part.query.service.id,
        service=schedule.service,
        specialist_id=part.specialist,
        specialist=schedule.names[part.specialist],
        specialist_telegram_id=None,
        specialist_active=True,
        start=datetime.fromtimestamp(part.start, UTC),
        end=datetime.fromtimestamp(part.end, UTC),
        price=None if service is None else service.done_by(part.specialist).price,
    )


async def _foresee(
    context: RequestContext, wish: BookingRequest, schedule: Schedule, moved: Visit | None
) -> Barred | None:
    if moved is not None and is_by_staff(moved, context.user.id):
        return None
    limited = _is_limited(context, moved)
    intent = intent_of(wish, schedule, context.now, moved.id if moved else None, limited=limited)
    return await foresee(context.session, replace(intent, anyway=False), context.now, context.booked_for.id)


def asker_of(context: RequestContext, command: ShowSummary, moved: Visit | None) -> Asker:
    """Say for whom a summary looks at calendars."""
    customer_id = customer_of(context, moved)
    if moved is not None:
        return Asker(context.now, customer_id, moved.id)
    return Asker(context.now, customer_id, places=command.places)


async def places_to_take(context: RequestContext, command: ShowSummary) -> int:
    """Count the places of a group's session that its customer can have, with what is held for them."""
    schedule = await load_around(
        context.session,
        (command.service_id,),
        command.start,
        Asker(context.now, context.booked_for.id),
        specialist_id=command.specialist_id,
        location_id=command.location_id,
    )
    queries = [] if schedule is None else schedule.queries(context.now)
    return places_left(queries, int(command.start.timestamp())) or 0


def _is_limited(context: RequestContext, moved: Visit | None) -> bool:
    by_staff = moved is not None and is_by_staff(moved, context.user.id)
    return bars.is_limited(context) and not by_staff


def customer_of(context: RequestContext, moved: Visit | None) -> int:
    """Return whose visit it is, or is to be."""
    return context.booked_for.id if moved is None else moved.customer_id


def wish_of(
    command: ShowSummary | Book | Move, service_id: int, moved: Visit | None = None, *, anyway: bool = False
) -> BookingRequest:
    """Make the wish for what a command names; a visit that is moved stays at its place where it can."""
    added: Sequence[int] = [each.service_id for each in moved.parts] if moved else ()
    if isinstance(command, ShowSummary | Book) and command.added is not None:
        added = command.added.ids
    return BookingRequest(
        service_id,
        command.specialist_id,
        command.start,
        command.location_id,
        stays_at=moved.location_id if moved else None,
        anyway=command.anyway or anyway,
        added=added,
        places=None if moved or isinstance(command, Move) else command.places,
    )
