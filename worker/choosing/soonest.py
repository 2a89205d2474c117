"""The soonest times."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from shared.contracts.booking import ShowSoonest, ShowSpecialists
from shared.contracts.staff import ShowStaffCard
from worker.catalogue.replies import specialists_page
from worker.choosing.chosen import chosen_of, instant_of, load, wish_of
from worker.choosing.reopening import find_reopening
from worker.combining.replies import with_more
from worker.moving.rules import is_by_staff
from worker.runtime.context import RequestContext
from worker.scheduling import refusals, views
from worker.scheduling.engine import starts
from worker.scheduling.repository import Schedule
from worker.scheduling.soonest import OFFERED, spread
from worker.ui.reply import Reply
from worker.ui.view import Button
from worker.visits.repository import Visit

NEAR: Final = timedelta(days=13)
"""How far the soonest times are looked for at first; the whole horizon is searched only behind that."""


async def soonest_page(context: RequestContext, command: ShowSoonest, moved: Visit | None = None) -> Reply:
    """Show the soonest times; where a visit is that is being `moved` is no time to offer.

    Where the specialist does not do it any more, the others are shown who do.
    """
    taken = None if moved is None else moved.start
    schedule = await load(context, command, context.today, context.today + NEAR)
    if schedule is None:
        others = await specialists_page(context, ShowSpecialists(service_id=command.service_id))
        told = context.texts.text("Not offered any more.")
        return others if others.toast else replace(others, toast=told, alert=True)
    found = _soonest(context, schedule, context.today + NEAR, taken)
    last = refusals.last_day(schedule, context.now)
    if len(found) < OFFERED and last > context.today + NEAR:
        schedule = await load(context, command, context.today, last) or schedule
        found = _soonest(context, schedule, last, taken)
    chosen, back = chosen_of(context, command, schedule), _back_from_soonest(context, command, moved)
    if not found:
        wish = wish_of(command, context.today, last)
        opens = await find_reopening(context, command, schedule, last)
        return Reply(views.nothing_free(context.texts, chosen, last, back, wish, opens))
    page = Reply(views.soonest(context.texts, chosen, command, found, back))
    return page if command.moving is not None else await with_more(context, command, page)


def _soonest(
    context: RequestContext, schedule: Schedule, last: date, taken: datetime | None
) -> list[datetime]:
    found = (instant_of(start) for start in starts(schedule.queries(context.now), context.today, last))
    return spread((start for start in found if start != taken), context.zone)


def _back_from_soonest(context: RequestContext, command: ShowSoonest, moved: Visit | None) -> Button:
    if moved is not None and is_by_staff(moved, context.user.id):
        return Button(context.texts.text("« Back"), ShowStaffCard(booking_id=moved.id))
    if command.moving is not None:
        return views.back_to_card(context.texts, command.moving)
    return Button(
        context.texts.text("« Back"),
        ShowSpecialists(service_id=command.service_id, location_id=command.location_id, added=command.added),
    )
