"""What has been chosen so far, and the schedule that it is about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from shared.contracts.booking import ShowDay, ShowMonth, ShowSoonest
from shared.contracts.waitlist import JoinWaitlist
from shared.i18n.translator import Html
from worker.parts.repository import load_added
from worker.runtime.context import RequestContext
from worker.scheduling.asker import Asker
from worker.scheduling.engine import places_left
from worker.scheduling.following import load_schedule
from worker.scheduling.repository import Schedule
from worker.scheduling.views import Chosen
from worker.ui.phrases import place_line, visit_line

type Choosing = ShowSoonest | ShowMonth | ShowDay


async def load(context: RequestContext, command: Choosing, first: date, last: date) -> Schedule | None:
    """Load the schedule of what has been chosen; None where nobody does it any more."""
    moving = command.moving.booking_id if command.moving else None
    schedule = await load_schedule(
        context.session,
        (command.service_id, *await _added(context, command)),
        first,
        last,
        Asker(context.now, context.booked_for.id, moving),
        specialist_id=command.specialist_id,
        location_id=command.location_id,
    )
    return schedule if schedule is not None and schedule.calendars else None


async def _added(context: RequestContext, command: Choosing) -> Sequence[int]:
    """Return the services that are to follow: those of a visit that is moved are what they were."""
    if command.moving is not None:
        return await load_added(context.session, command.moving.booking_id)
    return () if command.added is None else command.added.ids


def instant_of(start: int) -> datetime:
    """Return the instant of a start (Unix seconds)."""
    return datetime.fromtimestamp(start, UTC)


def wish_of(command: Choosing, first: date, last: date) -> JoinWaitlist | None:
    """Make the command that wishes for a time of what has been chosen, on one of the days.

    None where a visit is moved, or staff book for somebody: they wish for nothing themselves.
    """
    if command.moving is not None or command.customer is not None:
        return None
    return JoinWaitlist(
        service_id=command.service_id,
        specialist_id=command.specialist_id,
        first_day=first,
        last_day=last,
        location_id=command.location_id,
        added=command.added,
    )


def chosen_of(context: RequestContext, command: Choosing, schedule: Schedule) -> Chosen:
    """Say what has been chosen so far."""
    queries = schedule.queries(context.now)

    def left(start: datetime) -> int | None:
        return places_left(queries, int(start.timestamp()))

    return Chosen(_title(context, command, schedule), context.zone, context.today, left)


def _title(context: RequestContext, command: Choosing, schedule: Schedule) -> Html:
    texts = context.texts
    anyone = texts.text("anyone who is free")
    who = anyone if command.specialist_id is None else schedule.names[command.specialist_id]
    if command.moving is None:
        title = visit_line(texts, schedule.services_named, who)
    else:
        title = texts.html(
            "<b>Move: {service}</b>, {specialist}", service=schedule.services_named, specialist=who
        )
    there = [] if schedule.place is None else [place_line(texts, schedule.place)]
    return Html("\n".join([title, *there]))
