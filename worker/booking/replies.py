"""Answers that show days and times to choose from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from shared.contracts.booking import (
    ShowDay,
    ShowMonth,
    ShowServices,
    ShowSoonest,
    ShowSpecialists,
    ShowSummary,
)
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html
from worker.booking import repository
from worker.booking import views as booking_views
from worker.booking.rules import has_passed, weeks_of
from worker.moving.rules import is_by_staff
from worker.runtime.context import RequestContext
from worker.scheduling import refusals, views
from worker.scheduling.engine import days_with_slots, starts, why_closed
from worker.scheduling.parts import DayPart, fold, part_of
from worker.scheduling.repository import Schedule, load_schedule
from worker.scheduling.rules import Reason
from worker.scheduling.soonest import OFFERED, spread
from worker.scheduling.views import Chosen, WeeksPage
from worker.scheduling.weeks import Weeks, nearest_free
from worker.ui.buttons import menu
from worker.ui.phrases import place_line, visit_line
from worker.ui.reply import Reply
from worker.ui.view import Button, View
from worker.visits.repository import Visit

NEAR: Final = timedelta(days=13)
"""How far the soonest times are looked for at first; the whole horizon is searched only behind that."""

type Choosing = ShowSoonest | ShowMonth | ShowDay


async def specialists_page(context: RequestContext, command: ShowSpecialists) -> Reply:
    """Show who does a service; before that where, if they work at more than one place."""
    service = await repository.load_service(context.session, command.service_id)
    specialists = await repository.load_specialists(context.session, command.service_id)
    places = {place for each in specialists for place in each.places}
    if service is not None and command.location_id is None and len(places) > 1:
        choices = await repository.load_places(context.session, places)
        return Reply(booking_views.places(context.texts, service, choices, command))
    there = [each for each in specialists if command.location_id in {None, *each.places}]
    if service is None or not there:
        return not_offered(context)
    return Reply(booking_views.specialists(context.texts, context.business, service, there, command))


async def soonest_page(context: RequestContext, command: ShowSoonest, moved: Visit | None = None) -> Reply:
    """Show the soonest times; where a visit is that is being `moved` is no time to offer.

    Where the specialist does not do it any more, the others are shown who do.
    """
    taken = None if moved is None else moved.start
    schedule = await _load(context, command, _today(context), _today(context) + NEAR)
    if schedule is None:
        others = await specialists_page(context, ShowSpecialists(service_id=command.service_id))
        return replace(others, toast=context.texts.text("Not offered any more."))
    found = _soonest(context, schedule, _today(context) + NEAR, taken)
    last = refusals.last_day(schedule, context.now)
    if len(found) < OFFERED and last > _today(context) + NEAR:
        schedule = await _load(context, command, _today(context), last) or schedule
        found = _soonest(context, schedule, last, taken)
    chosen, back = _chosen(context, command, schedule), _back_from_soonest(context, command, moved)
    if not found:
        return Reply(views.nothing_free(context.texts, chosen, last, back))
    return Reply(views.soonest(context.texts, chosen, command, found, back))


def _soonest(
    context: RequestContext, schedule: Schedule, last: date, taken: datetime | None
) -> list[datetime]:
    found = (_instant(start) for start in starts(schedule.queries(context.now), _today(context), last))
    return spread((start for start in found if start != taken), context.zone)


async def weeks_reply(context: RequestContext, command: ShowMonth) -> Reply:
    """Show weeks to choose a day in; those that have passed or are too far ahead say so, and no more."""
    if has_passed(command, _today(context)):
        return Reply(toast=context.texts.text("Those days have passed"))
    return await weeks_page(context, command)


async def weeks_page(context: RequestContext, command: ShowMonth) -> Reply:
    """Show the weeks asked for, or the next that have a free day; where none has, say until when.

    The weeks asked for are loaded alone; all that can be booked is loaded only where they have nothing.
    """
    today = _today(context)
    wanted = weeks_of(command, today)
    schedule = await _load(context, command, max(wanted.first, today), wanted.last)
    if schedule is None:
        return not_offered(context)
    last = refusals.last_day(schedule, context.now)
    if wanted.first > last:
        return Reply(toast=refusals.bookable_until(context.texts, schedule, context.now))
    free = _free_days(context, schedule, wanted)
    if free:
        return Reply(_weeks_view(context, command, schedule, WeeksPage(command, wanted, free, last)))
    everything = await _load(context, command, today, last)
    return _other_weeks(context, command, everything or schedule, wanted)


def _weeks_view(context: RequestContext, command: ShowMonth, schedule: Schedule, page: WeeksPage) -> View:
    chosen, back = _chosen(context, command, schedule), _back_from_weeks(context, command)
    return views.weeks(context.texts, chosen, page, back)


def _other_weeks(context: RequestContext, command: ShowMonth, schedule: Schedule, wanted: Weeks) -> Reply:
    """Show the weeks with the free day that is next to those without any, and say where it had to turn."""
    last = refusals.last_day(schedule, context.now)
    queries, today = schedule.queries(context.now), _today(context)
    day = nearest_free(queries, wanted, today, last, earlier=command.before is not None)
    if day is None:
        chosen, back = _chosen(context, command, schedule), _back_from_weeks(context, command)
        return Reply(views.nothing_free(context.texts, chosen, last, back))
    shown = Weeks.of(day, today)
    page = WeeksPage(command, shown, _free_days(context, schedule, shown), last)
    toast = _turned_back(context, command, shown, wanted)
    return Reply(_weeks_view(context, command, schedule, page), toast=toast)


def _turned_back(context: RequestContext, command: ShowMonth, shown: Weeks, wanted: Weeks) -> str | None:
    """Say that there was nothing where the person turned to."""
    if command.before is not None and shown.first > wanted.first:
        return context.texts.text("No earlier day has a free time")
    if command.month is not None and shown.first < wanted.first:
        return context.texts.text("No later day has a free time")
    return None


async def day_page(context: RequestContext, command: ShowDay) -> Reply:
    """Show a day's free times; a day without any says why, and what is shown stays.

    Whoever came by a link has nothing that could stay: they are shown other days.
    """
    schedule = await _load(context, command, command.day, command.day)
    if schedule is None:
        return not_offered(context)
    found = _starts(context, schedule, command.day)
    reason = None if found else why_closed(schedule.queries(context.now), command.day)
    if reason is not None:
        inquiry = refusals.Inquiry(schedule, command.specialist_id, command.day, context.now)
        why = refusals.explain_day(context.texts, inquiry, reason)
        if context.tapped_message_id is not None:
            return Reply(toast=why)
        last = refusals.last_day(schedule, context.now)
        return replace(await weeks_page(context, _weeks_of(context, command, last)), toast=why, alert=True)
    return _day_reply(context, command, schedule, found)


async def offer_others(context: RequestContext, asked: ShowSummary, reason: Reason) -> Reply:
    """Say why the time cannot be had and show others: the day's, or other days where it has none."""
    return await other_times(context, day_of(context, asked), asked.start, reason)


def day_of(context: RequestContext, asked: ShowSummary) -> ShowDay:
    """Make the command that shows the times of the day that a start is in."""
    return ShowDay(
        service_id=asked.service_id,
        specialist_id=asked.specialist_id,
        day=asked.start.astimezone(context.zone).date(),
        moving=asked.moving,
        location_id=asked.location_id,
    )


async def other_times(context: RequestContext, asked: ShowDay, start: datetime, reason: Reason) -> Reply:
    """Say why a time cannot be had, and show the day's others; other days where this one has none."""
    schedule = await _load(context, asked, asked.day, asked.day)
    if schedule is None:
        return not_offered(context)
    found = _starts(context, schedule, asked.day)
    others = (
        _day_reply(context, _near(context, asked, found, start), schedule, found)
        if found
        else await weeks_page(context, _weeks_of(context, asked, refusals.last_day(schedule, context.now)))
    )
    inquiry = refusals.Inquiry(schedule, asked.specialist_id, asked.day, context.now)
    toast = refusals.explain(context.texts, inquiry, start, reason)
    return replace(others, toast=toast, alert=True)


def near(context: RequestContext, schedule: Schedule, asked: ShowDay, start: datetime) -> ShowDay:
    """Make the command that shows those of a day's times among which a start is, or would be."""
    return _near(context, asked, _starts(context, schedule, asked.day), start)


def _near(context: RequestContext, asked: ShowDay, found: Sequence[datetime], start: datetime) -> ShowDay:
    held, part = fold(found, context.zone), part_of(start, context.zone)
    shown = held.get(part, found if not held else [])
    return asked.model_copy(
        update={"part": int(part) if part in held else 0, "page": views.page_of(shown, start)}
    )


def _day_reply(
    context: RequestContext, command: ShowDay, schedule: Schedule, found: Sequence[datetime]
) -> Reply:
    """Show the times, folded where they are many; a part that has none any more shows the whole day."""
    texts, chosen = context.texts, _chosen(context, command, schedule)
    back = Button(texts.text("« Back"), _weeks_of(context, command))
    held = fold(found, context.zone)
    part = held.get(DayPart(command.part)) if command.part in DayPart else None
    if part:
        whole = command.model_copy(update={"part": 0, "page": 0})
        return Reply(views.day(texts, chosen, command, part, Button(texts.text("« Back"), whole)))
    if held:
        return Reply(views.parts(texts, chosen, command, held, back))
    return Reply(views.day(texts, chosen, command.model_copy(update={"part": 0}), found, back))


def not_offered(context: RequestContext) -> Reply:
    """Explain a button whose service or specialist is gone, and lead back to what there is."""
    texts = context.texts
    again = Button(texts.text("Book a visit"), ShowServices())
    view = View(texts.html("This is not offered any more. Please choose again."), [[again], [menu(texts)]])
    return Reply(view, toast=texts.text("Not offered any more."))


async def _load(context: RequestContext, command: Choosing, first: date, last: date) -> Schedule | None:
    schedule = await load_schedule(
        context.session,
        command.service_id,
        first,
        last,
        specialist_id=command.specialist_id,
        location_id=command.location_id,
        ignoring=command.moving.booking_id if command.moving else None,
    )
    return schedule if schedule is not None and schedule.calendars else None


def _today(context: RequestContext) -> date:
    return context.now.astimezone(context.zone).date()


def _free_days(context: RequestContext, schedule: Schedule, weeks: Weeks) -> set[date]:
    """Return the free days of some weeks, as far as they can be booked at all."""
    last = min(weeks.last, refusals.last_day(schedule, context.now))
    return days_with_slots(schedule.queries(context.now), max(weeks.first, _today(context)), last)


def _starts(context: RequestContext, schedule: Schedule, day: date) -> list[datetime]:
    return [_instant(start) for start in starts(schedule.queries(context.now), day, day)]


def _instant(start: int) -> datetime:
    return datetime.fromtimestamp(start, UTC)


def _chosen(context: RequestContext, command: Choosing, schedule: Schedule) -> Chosen:
    return Chosen(_title(context, command, schedule), context.zone, _today(context))


def _title(context: RequestContext, command: Choosing, schedule: Schedule) -> Html:
    texts = context.texts
    anyone = texts.text("anyone who is free")
    who = anyone if command.specialist_id is None else schedule.names[command.specialist_id]
    if command.moving is None:
        title = visit_line(texts, schedule.service, who)
    else:
        title = texts.html("<b>Move: {service}</b>, {specialist}", service=schedule.service, specialist=who)
    there = [] if schedule.place is None else [place_line(texts, schedule.place)]
    return Html("\n".join([title, *there]))


def _back_from_soonest(context: RequestContext, command: ShowSoonest, moved: Visit | None) -> Button:
    if moved is not None and is_by_staff(moved, context.user.id):
        return Button(context.texts.text("« Back"), ShowStaffCard(booking_id=moved.id))
    if command.moving is not None:
        return views.back_to_card(context.texts, command.moving)
    return Button(
        context.texts.text("« Back"),
        ShowSpecialists(service_id=command.service_id, location_id=command.location_id),
    )


def _back_from_weeks(context: RequestContext, command: ShowMonth) -> Button:
    return Button(context.texts.text("« Back"), soonest_of(command))


def soonest_of(command: ShowMonth | ShowSummary) -> ShowSoonest:
    """Make the command that shows the soonest times of what has been chosen."""
    return ShowSoonest(
        service_id=command.service_id,
        specialist_id=command.specialist_id,
        moving=command.moving,
        location_id=command.location_id,
    )


def _weeks_of(context: RequestContext, command: ShowDay, last: date | None = None) -> ShowMonth:
    """Make the command that shows the weeks of a day, or of the day next to it that can be booked."""
    day = max(command.day, _today(context))
    return ShowMonth(
        service_id=command.service_id,
        specialist_id=command.specialist_id,
        month=day if last is None else min(day, last),
        moving=command.moving,
        location_id=command.location_id,
    )
