"""The messages that a change of a visit promises."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from worker.booking.details import Visit
from worker.db.models.delivery import SubjectType
from worker.outbox import repository as outbox
from worker.outbox.message import Chat, ClaimedMessage, OutboxMessage, Subject
from worker.runtime.context import RequestContext

CARD: Final = "booking.card"
CALENDAR: Final = "booking.calendar"
REMINDER: Final = "booking.reminder"
REFRESH: Final = "booking.refresh"
WITHDRAW: Final = "booking.withdraw_calendar"
ATTENDING: Final = "booking.attending"
NOTICE: Final = "staff.notice"


def promise_card(context: RequestContext, visit: Visit) -> None:
    """Promise the customer the card, in the message they tapped."""
    payload = {"message_id": context.envelope.reply_to.message_id, "version": visit.version}
    context.enqueue(_to_customer(CARD, visit, f"card:{visit.id}:{visit.version}", payload))


def promise_copies(context: RequestContext, visit: Visit) -> None:
    """Promise that the card's other messages follow the change, the newest first.

    They come after everything else that the change promises: nobody waits for them.
    """
    tapped = context.envelope.reply_to.message_id
    for message_id in reversed(visit.copies):
        if message_id != tapped:
            key = f"refresh:{visit.id}:{visit.version}:{message_id}"
            context.enqueue(_to_customer(REFRESH, visit, key, {"message_id": message_id}))


def promise_calendar(context: RequestContext, visit: Visit) -> None:
    """Promise the calendar file, and after it that an earlier one goes away."""
    key = f"calendar:{visit.id}:{visit.version}"
    context.enqueue(_to_customer(CALENDAR, visit, key, {"version": visit.version}))
    promise_withdrawal(context, visit)


def promise_withdrawal(context: RequestContext, visit: Visit) -> None:
    """Promise that the calendar file of an earlier version goes away, where there is one."""
    if visit.calendar_message_id is None:
        return
    payload = {"message_id": visit.calendar_message_id}
    context.enqueue(_to_customer(WITHDRAW, visit, f"withdraw:{visit.id}:{visit.version}", payload))


def promise_attending(context: RequestContext, visit: Visit) -> None:
    """Promise that the reminder they tapped becomes a calm 'See you then'."""
    payload = {"message_id": context.envelope.reply_to.message_id, "version": visit.version}
    context.enqueue(_to_customer(ATTENDING, visit, f"attending:{visit.id}:{visit.version}", payload))


def promise_notice(context: RequestContext, visit: Visit, what: str, was: datetime | None = None) -> None:
    """Promise the specialist a word about it, if they use the bot."""
    chat_id = visit.specialist_telegram_id
    if chat_id is None or chat_id == context.user.id:
        return
    message = OutboxMessage(
        kind=NOTICE,
        destination=Chat(chat_id),
        key=f"notice:{what}:{visit.id}:{visit.version}",
        subject=about(visit.id),
        payload={"what": what, "at": visit.start.isoformat(), "was": was.isoformat() if was else None},
    )
    context.enqueue(message)


def promise_reminders(context: RequestContext, visit: Visit) -> None:
    """Promise the reminders that still lie ahead; each is of use until the next one, or the visit."""
    for due_at, expires_at in _reminder_times(visit):
        if due_at > context.now:
            due = int(due_at.timestamp())
            key = f"reminder:{visit.id}:{visit.version}:{due}"
            payload = {"version": visit.version, "due": due}
            context.enqueue(_to_customer(REMINDER, visit, key, payload, due_at, expires_at))


async def void_reminders(session: AsyncSession, booking_id: int) -> None:
    """Take back the reminders of a visit that moved or will not be."""
    await outbox.void(session, about(booking_id), REMINDER)


def catch_up(claimed: ClaimedMessage, booking_id: int, message_id: int) -> OutboxMessage:
    """Make the promise that a message follows the visit which has just been given an older view of it.

    One for each claimed message: it comes of a change that happened while that one was being sent, so they
    end.
    """
    return OutboxMessage(
        kind=REFRESH,
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


def _to_customer(
    kind: str,
    visit: Visit,
    key: str,
    payload: dict[str, Any],
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> OutboxMessage:
    return OutboxMessage(
        kind=kind,
        destination=Chat(visit.customer_id),
        key=key,
        subject=about(visit.id),
        payload=payload,
        due_at=due_at,
        expires_at=expires_at,
    )
