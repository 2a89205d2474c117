"""What booking changes write beside the booking's own row."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from worker.booking.details import Visit
from worker.db.models.delivery import Outbox
from worker.outbox import repository as outbox
from worker.outbox.repository import Promise
from worker.runtime.context import RequestContext

CARD, CALENDAR, REMINDER, NOTICE = "booking.card", "booking.calendar", "booking.reminder", "staff.notice"
REFRESH, WITHDRAW = "booking.refresh", "booking.withdraw_calendar"
ATTENDING = "booking.attending"


def record(context: RequestContext, booking_id: int, kind: str, **data: Any) -> None:  # noqa: ANN401 - JSON
    """Note who did what to a booking."""
    context.note(booking_id, kind, data)


def promise_card(context: RequestContext, visit: Visit) -> None:
    """Promise the customer the card, in the message they tapped."""
    tapped = context.envelope.reply_to.message_id
    payload = {"message_id": tapped, "version": visit.version}
    context.promise(
        CARD,
        visit.customer_id,
        f"card:{visit.id}:{visit.version}",
        booking_id=visit.id,
        payload=payload,
    )


def promise_copies(context: RequestContext, visit: Visit) -> None:
    """Promise that the card's other messages follow the change, the newest first.

    They come after everything else that the change promises: nobody waits for them.
    """
    tapped = context.envelope.reply_to.message_id
    for message_id in reversed(visit.copies):
        if message_id != tapped:
            context.promise(
                REFRESH,
                visit.customer_id,
                f"refresh:{visit.id}:{visit.version}:{message_id}",
                booking_id=visit.id,
                payload={"message_id": message_id},
            )


def promise_calendar(context: RequestContext, visit: Visit) -> None:
    """Promise the calendar file, and after it that an earlier one goes away."""
    context.promise(
        CALENDAR,
        visit.customer_id,
        f"calendar:{visit.id}:{visit.version}",
        booking_id=visit.id,
        payload={"version": visit.version},
    )
    promise_withdrawal(context, visit)


def promise_withdrawal(context: RequestContext, visit: Visit) -> None:
    """Promise that the calendar file of an earlier version goes away, where there is one."""
    if visit.calendar_message_id is None:
        return
    context.promise(
        WITHDRAW,
        visit.customer_id,
        f"withdraw:{visit.id}:{visit.version}",
        booking_id=visit.id,
        payload={"message_id": visit.calendar_message_id},
    )


def promise_notice(context: RequestContext, visit: Visit, what: str, was: datetime | None = None) -> None:
    """Promise the specialist a word about it, if they use the bot."""
    chat_id = visit.specialist_telegram_id
    if chat_id is None or chat_id == context.user.id:
        return
    context.promise(
        NOTICE,
        chat_id,
        f"notice:{what}:{visit.id}:{visit.version}",
        booking_id=visit.id,
        payload={
            "what": what,
            "at": visit.start.isoformat(),
            "was": was.isoformat() if was else None,
        },
    )


def schedule_reminders(context: RequestContext, visit: Visit) -> None:
    """Promise the reminders that still lie ahead; each is of use until the next one, or the visit."""
    for due_at, expires_at in _reminder_times(visit):
        if due_at > context.now:
            context.schedule(
                REMINDER,
                visit.customer_id,
                f"reminder:{visit.id}:{visit.version}:{int(due_at.timestamp())}",
                booking_id=visit.id,
                due_at=due_at,
                expires_at=expires_at,
                payload={"version": visit.version, "due": int(due_at.timestamp())},
            )


def _reminder_times(visit: Visit) -> Iterator[tuple[datetime, datetime]]:
    offsets = sorted({*visit.reminders, timedelta()}, reverse=True)
    for offset, following in pairwise(offsets):
        yield visit.start - offset, visit.start - following


async def void_reminders(session: AsyncSession, booking_id: int) -> None:
    """Take back the reminders of a visit that moved or will not be."""
    await outbox.void_for_booking(session, booking_id, REMINDER)


def promise_attending(context: RequestContext, visit: Visit) -> None:
    """Promise that the reminder they tapped becomes a calm 'See you then'."""
    context.promise(
        ATTENDING,
        visit.customer_id,
        f"attending:{visit.id}:{visit.version}",
        booking_id=visit.id,
        payload={"message_id": context.envelope.reply_to.message_id, "version": visit.version},
    )


async def promise_catch_up(
    session: AsyncSession, row: Promise, booking_id: int, message_id: int, now: datetime
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
