"""The messages that a change of a visit promises."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from shared.contracts.own_visits import CompleteVisit
from shared.contracts.rebooking import UpdateRebooked
from shared.contracts.reminders import FreeUnconfirmed
from worker.confirming.repository import agree
from worker.confirming.rules import deadline
from worker.db.models.booking import Status
from worker.db.models.delivery import SubjectType
from worker.notices import news
from worker.outbox.message import Chat, ClaimedMessage, OutboxMessage, Subject, TimerSetting
from worker.runtime.context import RequestContext
from worker.visits.freed import freed
from worker.visits.repository import UNREACHABLE, Visit

CARD: Final = "booking.card"
CALENDAR: Final = "booking.calendar"
REMINDER: Final = "booking.reminder"
REFRESH: Final = "booking.refresh"
WITHDRAW: Final = "booking.withdraw_calendar"
COMPLETED_AFTER: Final = timedelta(days=1)
"""Long enough for whoever looks at the day's visits in the evening, or a zone away."""


async def of_booking(context: RequestContext, visit: Visit, *, wavering: bool = False) -> None:
    """Promise what a new visit promises, and have it completed once it is over.

    Of a `wavering` customer's visit the notice comes after a while: cancelled before, nobody hears of either.
    """
    await _of_booking(context, visit, card_of(visit, context.envelope.reply_to.message_id), wavering=wavering)


async def of_staff_booking(context: RequestContext, visit: Visit) -> None:
    """Promise what a new visit promises that staff booked: its card is a new message to its customer."""
    await _of_booking(context, visit, card_of(visit), wavering=False)


async def _of_booking(context: RequestContext, visit: Visit, card: OutboxMessage, *, wavering: bool) -> None:
    context.note(visit.id, "booked")
    context.enqueue(card)
    promise_calendar(context, visit)
    await news.tell_booked(context, visit, wavering=wavering)
    await promise_to_ask(context, visit)
    complete_in_time(context, visit)


async def of_move(context: RequestContext, before: Visit, moved: Visit, *, offered: bool = False) -> None:
    """Promise what a moved visit promises; the specialist who loses it is told, too.

    To a time that the business `offered`, the customer has not moved it by themselves.
    """
    by = {"offered": True} if offered else {}
    await _of_move(context, before, moved, card_of(moved, context.envelope.reply_to.message_id), **by)


async def of_staff_move(context: RequestContext, before: Visit, moved: Visit) -> None:
    """Promise what a visit promises that staff moved: its customer is told who did, once."""
    await _of_move(context, before, moved, moved_card_of(before, moved, context.user.id))


async def _of_move(
    context: RequestContext, before: Visit, moved: Visit, card: OutboxMessage, **by: bool
) -> None:
    context.void(REMINDER, about(before.id))
    context.enqueue(card)
    promise_calendar(context, moved)
    await news.tell_moved(context, before, moved)
    context.note(before.id, "moved", was=before.start.isoformat(), to=moved.start.isoformat(), **by)
    await promise_to_ask(context, moved)
    promise_copies(context, moved)
    complete_in_time(context, moved)
    freed(context, before)
    context.timers.update(settled(before, context.now))


def promise_anew(context: RequestContext, visit: Visit, shown_in: int | None = None) -> None:
    """Promise that what shows a visit says what is new of it, though its version is the one it was.

    `shown_in` is the message that the customer tapped, where the visit is to stand in it from now on.
    """
    cause, first = context.envelope.update_id, [] if shown_in is None else [shown_in]
    for message_id in dict.fromkeys([*first, *reversed(visit.copies)]):
        key = f"refresh:{visit.id}:{cause}:{message_id}"
        context.enqueue(to_customer(REFRESH, visit, key, {"message_id": message_id}))


def untold(messages: Sequence[OutboxMessage], kind: str, now: datetime) -> list[dict[str, Any]]:
    """Note on visits that their customers could not be told by messages of a kind: they have no Telegram."""
    return [
        {"booking_id": each.subject.id, "kind": UNREACHABLE, "source": "delivery", "data": {}, "at": now}
        for each in messages
        if each.kind == kind and each.subject is not None
        if isinstance(each.destination, Chat) and not each.destination.is_anybodys
    ]


def settled(visit: Visit, now: datetime) -> dict[str, TimerSetting]:
    """Make the timer that notes that a visit nobody was there for is settled; none for any other."""
    setting = TimerSetting(UpdateRebooked(booking_id=visit.id), now)
    return {f"rebooked:{visit.id}": setting} if visit.waived else {}


def complete_in_time(context: RequestContext, visit: Visit) -> None:
    """Have a visit closed once it has been."""
    closing = completing(visit)
    context.set_timer(completion(visit.id), closing.command, closing.due_at)


def completing(visit: Visit) -> TimerSetting:
    """Make the timer that closes a visit once it has been."""
    return TimerSetting(CompleteVisit(booking_id=visit.id), visit.until + COMPLETED_AFTER)


def completion(booking_id: int) -> str:
    """Return the key of the timer that closes a visit."""
    return f"complete:{booking_id}"


def promise_card(context: RequestContext, visit: Visit) -> None:
    """Promise the customer the card, in the message they tapped."""
    context.enqueue(card_of(visit, context.envelope.reply_to.message_id))


def card_of(visit: Visit, message_id: int | None = None, words: str | None = None) -> OutboxMessage:
    """Make the promise of a version's card, in that message or a new one.

    `words` are the business's about having cancelled; without any of its own, the card says that it did.
    """
    said = {} if words is None else {"words": words}
    payload = {"message_id": message_id, "version": visit.version, **said}
    return to_customer(CARD, visit, f"card:{visit.id}:{visit.version}", payload)


def freed_card_of(visit: Visit) -> OutboxMessage:
    """Make the promise of the card of a visit that nobody confirmed: a new message, which says so."""
    card = card_of(visit)
    return replace(card, payload={**card.payload, "freed": True})


def moved_card_of(before: Visit, moved: Visit, by: int) -> OutboxMessage:
    """Make the promise of the card of a version that staff moved: a new message, which says who did."""
    card = card_of(moved)
    return replace(card, payload={**card.payload, "was": before.start.isoformat(), "by": by})


def resized_card_of(before: Visit, resized: Visit, by: int) -> OutboxMessage:
    """Make the promise of the card of a version of which staff changed the places: it says who did."""
    card = card_of(resized)
    return replace(card, payload={**card.payload, "places_were": before.places, "by": by})


def promise_copies(context: RequestContext, visit: Visit) -> None:
    """Promise that the card's other messages follow the change, the newest first.

    They come after everything else that the change promises: nobody waits for them.
    """
    own = context.user.id == visit.customer_id
    tapped = context.envelope.reply_to.message_id if own else None
    for message in copies_of(visit, but=tapped):
        context.enqueue(message)


def copies_of(visit: Visit, but: int | None = None) -> Iterator[OutboxMessage]:
    """Make the promises that a version is shown in the messages that show the visit, the newest first."""
    for message_id in reversed(visit.copies):
        if message_id != but:
            key = f"refresh:{visit.id}:{visit.version}:{message_id}"
            yield to_customer(REFRESH, visit, key, {"message_id": message_id})


def promise_calendar(context: RequestContext, visit: Visit) -> None:
    """Promise the calendar file, and after it that the message with an earlier one goes away."""
    for message in calendar_of(visit):
        context.enqueue(message)


def calendar_of(visit: Visit) -> Iterator[OutboxMessage]:
    """Make the promise of a version's calendar file, and that the message with an earlier one goes away.

    What waits for an answer has a file only where a calendar has to forget what stood there before.
    """
    if visit.status is Status.PENDING and visit.calendar_message_id is None:
        return
    yield file_of(visit)
    yield from withdrawal_of(visit)


def withdrawal_of(visit: Visit) -> Iterator[OutboxMessage]:
    """Make the promise that the message with an earlier calendar file goes away."""
    if visit.calendar_message_id is not None:
        payload = {"message_id": visit.calendar_message_id}
        yield to_customer(WITHDRAW, visit, f"withdraw:{visit.id}:{visit.version}", payload)


def file_of(visit: Visit, **payload: bool) -> OutboxMessage:
    """Make the promise of a version's calendar file; a `quiet` one takes the place of an earlier one."""
    key = f"calendar:{visit.id}:{visit.version}"
    return to_customer(CALENDAR, visit, key, {"version": visit.version, **payload})


async def promise_to_ask(context: RequestContext, visit: Visit) -> None:
    """Promise the reminders, and where the time hangs on their answer, that it is freed without one."""
    promise_reminders(context, visit)
    by = deadline(visit.start, visit.reminders, visit.confirm_until, context.now)
    if by is not None and not visit.is_by_phone:
        await agree(context.session, visit.id, by)
        freeing = freeing_of(visit, by)
        context.set_timer(unconfirmed(visit.id), freeing.command, freeing.due_at)


def freeing_of(visit: Visit, by: datetime) -> TimerSetting:
    """Make the timer that frees a visit whose customer has not said by then that they will be there."""
    return TimerSetting(FreeUnconfirmed(booking_id=visit.id), by)


def unconfirmed(booking_id: int) -> str:
    """Return the key of that timer. It finds nothing to do with a visit that is answered or off."""
    return f"unconfirmed:{booking_id}"


def promise_reminders(context: RequestContext, visit: Visit) -> None:
    """Promise the reminders that still lie ahead; each is of use until the next one, or the visit."""
    for message in reminders_of(visit, context.now):
        context.enqueue(message)


def reminders_of(visit: Visit, now: datetime) -> Iterator[OutboxMessage]:
    """Make the promises of the reminders that still lie ahead; what waits for an answer has none."""
    if visit.status is Status.PENDING:
        return
    for due_at, expires_at in _reminder_times(visit):
        if due_at > now:
            due = int(due_at.timestamp())
            key = f"reminder:{visit.id}:{visit.version}:{due}"
            payload = {"version": visit.version, "due": due, "start": int(visit.start.timestamp())}
            yield to_customer(REMINDER, visit, key, payload, due_at, expires_at)


def catch_up(claimed: ClaimedMessage, booking_id: int, message_id: int, kind: str = REFRESH) -> OutboxMessage:
    """Make the promise that a message which has just been given an older view of a visit follows it, or goes.

    One for each claimed message: it comes of a change that happened while that one was being sent, so they
    end.
    """
    return OutboxMessage(
        kind=kind,
        destination=claimed.message.destination,
        key=f"refresh:{booking_id}:after:{claimed.id}",
        subject=about(booking_id),
        payload={"message_id": message_id},
    )


def about(booking_id: int) -> Subject:
    """Name a visit as what a message is about."""
    return Subject(SubjectType.BOOKING, booking_id)


def _reminder_times(visit: Visit) -> Iterator[tuple[datetime, datetime]]:
    offsets = sorted({*visit.reminders, timedelta()}, reverse=True)
    for offset, following in pairwise(offsets):
        yield visit.start - offset, visit.start - following


def to_customer(
    kind: str,
    visit: Visit,
    key: str,
    payload: dict[str, Any],
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> OutboxMessage:
    """Make the promise of a message about a visit to its customer."""
    return OutboxMessage(
        kind=kind,
        destination=Chat(visit.customer_id),
        key=key,
        subject=about(visit.id),
        payload=payload,
        due_at=due_at,
        expires_at=expires_at,
    )
