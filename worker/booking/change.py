"""Looking at, moving and cancelling one's own visits."""

from dataclasses import replace

from shared.contracts.booking import Move, ShowMonth, ShowSummary, StartMove
from shared.contracts.visits import AskCancel, Cancel, ShowBooking, ShowBookings
from worker.booking import repository, views
from worker.booking.browse import month_page, no_such_visit, not_offered
from worker.booking.card import card_reply
from worker.booking.choose import offer_others
from worker.booking.details import Details, Visit, load_own, load_upcoming
from worker.booking.placement import Refused, Wish, place
from worker.db.models.booking import Status
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits import promises


async def show_bookings(context: RequestContext, command: ShowBookings) -> Reply:
    """Show what is coming."""
    bookings = await load_upcoming(context.session, context.user.id, context.now)
    return Reply(views.upcoming(context.texts, bookings, command, context.zone))


async def show_booking(context: RequestContext, command: ShowBooking) -> Reply:
    """Show one's booking as it stands."""
    details = await _own(context, command.booking_id)
    return no_such_visit(context) if details is None else card_reply(context, details)


async def start_move(context: RequestContext, command: StartMove) -> Reply:
    """Show the days to move a visit to, with the same specialist."""
    details = await _own(context, command.moving.booking_id)
    problem = _problem(context, details, command.moving.version)
    if details is None or problem is not None:
        return problem or no_such_visit(context)
    asked = ShowMonth(
        service_id=details.service_id, specialist_id=details.specialist_id, moving=command.moving
    )
    return await month_page(context, asked)


async def move(context: RequestContext, command: Move) -> Reply:
    """Move the visit, or say why not and offer the day's other times.

    A second tap on 'Confirm' finds the visit where the first one moved it.
    """
    details = await _own(context, command.moving.booking_id, lock=True)
    if details is not None and _is_there(details, command):
        return card_reply(context, details, toast=context.texts.text("Moved already."))
    problem = _problem(context, details, command.moving.version)
    if details is None or problem is not None:
        return problem or no_such_visit(context)
    if _stays(details, command):
        return card_reply(context, details, toast=context.texts.text("The visit is at that time already."))
    wish = Wish(details.service_id, command.specialist_id, command.start)
    outcome = await place(context.session, wish, context.now, details.id)
    if isinstance(outcome, Refused):
        return await _refuse_move(context, command, details, outcome)
    await _promise_move(context, details, outcome.visit)
    return Reply(toast=context.texts.text("Moved!"), changed=True, outcome="moved")


async def ask_cancel(context: RequestContext, command: AskCancel) -> Reply:
    """Ask before cancelling."""
    details = await _own(context, command.booking_id)
    problem = _problem(context, details, command.version)
    if details is None or problem is not None:
        return problem or no_such_visit(context)
    return Reply(views.cancel_question(context.texts, details))


async def cancel(context: RequestContext, command: Cancel) -> Reply:
    """Cancel the visit; its time is free for others at once."""
    details = await _own(context, command.booking_id, lock=True)
    problem = _problem(context, details, command.version)
    if details is None or problem is not None:
        return problem or no_such_visit(context)
    await repository.cancel(context.session, details)
    cancelled = replace(details, version=details.version + 1)
    await promises.void_reminders(context.session, details.id)
    context.note(details.id, "cancelled")
    promises.promise_card(context, cancelled)
    promises.promise_withdrawal(context, cancelled)
    promises.promise_notice(context, cancelled, "cancelled")
    promises.promise_copies(context, cancelled)
    return Reply(toast=context.texts.text("Cancelled."), changed=True, outcome="cancelled")


async def _own(context: RequestContext, booking_id: int, *, lock: bool = False) -> Details | None:
    return await load_own(context.session, booking_id, context.user.id, lock=lock)


async def find_own_locked(context: RequestContext, booking_id: int) -> Details | None:
    """Load the customer's own visit; nobody else changes it before this transaction ends."""
    return await _own(context, booking_id, lock=True)


def gone_or_stale(context: RequestContext, details: Details | None, version: int) -> Reply | None:
    """Say that the visit is not theirs, is off, or has changed since, if so."""
    if details is None:
        return no_such_visit(context)
    texts = context.texts
    if details.status is Status.CANCELLED:
        off = texts.text("This visit is cancelled already.")
        return card_reply(context, details, toast=off, alert=True, outcome="stale")
    if not details.is_live:
        over = texts.text("This visit is over.")
        return card_reply(context, details, toast=over, alert=True, outcome="stale")
    if details.version != version:
        stale = texts.text("This visit has changed since. Here is how it stands now.")
        return card_reply(context, details, toast=stale, alert=True, outcome="stale")
    return None


def _is_there(details: Details, command: Move) -> bool:
    """Tell whether just this move has happened already."""
    return details.is_live and details.version == command.moving.version + 1 and _stays(details, command)


def _stays(details: Details, command: Move) -> bool:
    """Tell whether the visit is where the move would bring it."""
    return details.start == command.start and command.specialist_id in {None, details.specialist_id}


def _problem(context: RequestContext, details: Details | None, version: int) -> Reply | None:
    """Say why the customer may not change the visit now, if so."""
    problem = gone_or_stale(context, details, version)
    if problem is None and details is not None and details.change_until <= context.now:
        return card_reply(context, details, toast=_too_late(context, details), alert=True, outcome="too_late")
    return problem


def _too_late(context: RequestContext, details: Details) -> str:
    last = details.change_until.astimezone(context.zone)
    return context.texts.text(
        "It is too late to change this visit here: that was possible until {day}, {time}. Please contact us.",
        day=context.texts.short_day(last.date()),
        time=context.texts.time(last),
    )


async def _refuse_move(context: RequestContext, command: Move, details: Details, refused: Refused) -> Reply:
    if refused.reason is None:
        return not_offered(context)
    asked = ShowSummary(
        service_id=details.service_id,
        specialist_id=command.specialist_id,
        start=command.start,
        moving=command.moving,
    )
    return replace(await offer_others(context, asked, refused.reason), outcome="conflict")


async def _promise_move(context: RequestContext, before: Details, moved: Visit) -> None:
    await promises.void_reminders(context.session, before.id)
    context.note(before.id, "moved", was=before.start.isoformat(), to=moved.start.isoformat())
    promises.promise_card(context, moved)
    promises.promise_calendar(context, moved)
    if moved.specialist_id == before.specialist_id:
        promises.promise_notice(context, moved, "moved", was=before.start)
    else:
        promises.promise_notice(context, before, "cancelled")
        promises.promise_notice(context, moved, "booked")
    promises.promise_reminders(context, moved)
    promises.promise_copies(context, moved)
