"""What booking changes write beside the booking's own row."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from shared.models.booking import BookingEvent
from shared.models.delivery import Outbox
from worker.booking.details import Details
from worker.context import Context
from worker.delivery import outbox

CARD, CALENDAR, REMINDER, NOTICE = "booking.card", "booking.calendar", "booking.reminder", "staff.notice"
REFRESH, WITHDRAW = "booking.refresh", "booking.withdraw_calendar"
ATTENDING = "booking.attending"


def record(context: Context, booking_id: int, kind: str, **data: Any) -> None:  # noqa: ANN401 - JSON
    """Note who did what to a booking."""
    context.session.add(
        BookingEvent(
            booking_id=booking_id,
            kind=kind,
            actor_id=context.person.id,
            source="chat",
            data=data,
            at=context.now,
        )
    )


def promise_card(context: Context, details: Details) -> None:
    """Promise the customer the card, in the message they tapped."""
    tapped = context.envelope.reply_to.message_id
    payload = {"message_id": tapped, "version": details.version}
    context.promise(
        CARD,
        details.customer_id,
        f"card:{details.id}:{details.version}",
        booking_id=details.id,
        payload=payload,
    )


def promise_copies(context: Context, details: Details) -> None:
    """Promise that the card's other messages follow the change, the newest first.

    They come after everything else that the change promises: nobody waits for them.
    """
    tapped = context.envelope.reply_to.message_id
    for message_id in reversed(details.copies):
        if message_id != tapped:
            context.promise(
                REFRESH,
                details.customer_id,
                f"refresh:{details.id}:{details.version}:{message_id}",
                booking_id=details.id,
                payload={"message_id": message_id},
            )


def promise_calendar(context: Context, details: Details) -> None:
    """Promise the calendar file, and after it that an earlier one goes away."""
    context.promise(
        CALENDAR,
        details.customer_id,
        f"calendar:{details.id}:{details.version}",
        booking_id=details.id,
        payload={"version": details.version},
    )
    promise_withdrawal(context, details)


def promise_withdrawal(context: Context, details: Details) -> None:
    """Promise that the calendar file of an earlier version goes away, where there is one."""
    if details.calendar_message_id is None:
        return
    context.promise(
        WITHDRAW,
        details.customer_id,
        f"withdraw:{details.id}:{details.version}",
        booking_id=details.id,
        payload={"message_id": details.calendar_message_id},
    )


def promise_notice(context: Context, details: Details, what: str, was: datetime | None = None) -> None:
    """Promise the specialist a word about it, if they use the bot."""
    chat_id = details.specialist_telegram_id
    if chat_id is None or chat_id == context.person.id:
        return
    context.promise(
        NOTICE,
        chat_id,
        f"notice:{what}:{details.id}:{details.version}",
        booking_id=details.id,
        payload={
            "what": what,
            "at": details.start.isoformat(),
            "was": was.isoformat() if was else None,
        },
    )


def schedule_reminders(context: Context, details: Details) -> None:
    """Promise the reminders that still lie ahead; each is of use until the next one, or the visit."""
    for due_at, expires_at in _reminder_times(details):
        if due_at > context.now:
            context.schedule(
                REMINDER,
                details.customer_id,
                f"reminder:{details.id}:{details.version}:{int(due_at.timestamp())}",
                booking_id=details.id,
                due_at=due_at,
                expires_at=expires_at,
                payload={"version": details.version, "due": int(due_at.timestamp())},
            )


def _reminder_times(details: Details) -> Iterator[tuple[datetime, datetime]]:
    offsets = sorted({*details.reminders, timedelta()}, reverse=True)
    for offset, following in pairwise(offsets):
        yield details.start - offset, details.start - following


async def void_reminders(session: AsyncSession, booking_id: int) -> None:
    """Take back the reminders of a visit that moved or will not be."""
    await outbox.void_for_booking(session, booking_id, REMINDER)


def promise_attending(context: Context, details: Details) -> None:
    """Promise that the reminder they tapped becomes a calm 'See you then'."""
    context.promise(
        ATTENDING,
        details.customer_id,
        f"attending:{details.id}:{details.version}",
        booking_id=details.id,
        payload={"message_id": context.envelope.reply_to.message_id, "version": details.version},
    )


async def promise_catch_up(
    session: AsyncSession, row: Outbox, booking_id: int, message_id: int, now: datetime
) -> None:
    """Promise that a message which has just been given an older view follows the booking.

    One promise a row: each comes of a change that happened while its row was being sent, so they end.
    """
    refresh = Outbox(
        kind=REFRESH,
        chat_id=row.chat_id,
        booking_id=booking_id,
        payload={"message_id": message_id},
        dedupe_key=f"refresh:{booking_id}:after:{row.id}",
        due_at=now,
    )
    await outbox.add(session, refresh)
