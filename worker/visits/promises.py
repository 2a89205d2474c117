"""The messages that a change of a visit promises."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import DraftRef
from shared.contracts.visits import CompleteVisit
from worker.db.models.delivery import SubjectType
from worker.notices import news
from worker.notices.promises import is_unheard_of
from worker.notices.rules import Recipient
from worker.outbox import repository as outbox
from worker.outbox import writer
from worker.outbox.message import Chat, ClaimedMessage, OutboxMessage, Promised, Subject, TimerSetting
from worker.runtime.context import RequestContext
from worker.visits.repository import UNREACHABLE, Visit
from worker.visits.rules import IN_FILES, Correction, Whereto, corrections_of, is_taken_over

CARD: Final = "booking.card"
CALENDAR: Final = "booking.calendar"
REMINDER: Final = "booking.reminder"
REFRESH: Final = "booking.refresh"
WITHDRAW: Final = "booking.withdraw_calendar"
ATTENDING: Final = "booking.attending"
CORRECTED: Final = "visits.corrected"
OVER: Final = "visits.over"
NOTED: Final = "visits.noted"
COMPLETED_AFTER: Final = timedelta(days=1)
"""Long enough for whoever looks at the day's visits in the evening, or a zone away."""

type Correcting = tuple[Visit, Visit]
"""A visit before and after it is corrected."""


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
    promise_reminders(context, visit)
    _complete_in_time(context, visit)


async def of_move(context: RequestContext, before: Visit, moved: Visit) -> None:
    """Promise what a moved visit promises; the specialist who loses it is told, too."""
    await _of_move(context, before, moved, card_of(moved, context.envelope.reply_to.message_id))


async def of_staff_move(context: RequestContext, before: Visit, moved: Visit) -> None:
    """Promise what a visit promises that staff moved: its customer is told who did, once."""
    await _of_move(context, before, moved, moved_card_of(before, moved, context.user.id))


async def _of_move(context: RequestContext, before: Visit, moved: Visit, card: OutboxMessage) -> None:
    context.void(REMINDER, about(before.id))
    context.enqueue(card)
    promise_calendar(context, moved)
    await news.tell_moved(context, before, moved)
    context.note(before.id, "moved", was=before.start.isoformat(), to=moved.start.isoformat())
    promise_reminders(context, moved)
    promise_copies(context, moved)
    _complete_in_time(context, moved)


async def of_cancellation(context: RequestContext, cancelled: Visit) -> None:
    """Promise what a cancelled visit promises."""
    context.void(REMINDER, about(cancelled.id))
    context.note(cancelled.id, "cancelled")
    promise_card(context, cancelled)
    promise_calendar(context, cancelled)
    await news.tell_cancelled(context, cancelled)
    promise_copies(context, cancelled)
    context.cancel_timer(_completion(cancelled.id))


async def of_staff_cancellation(context: RequestContext, cancelled: Visit, words: str = "") -> None:
    """Promise what a visit promises that staff cancelled: its customer is told that, or its words, once."""
    context.void(REMINDER, about(cancelled.id))
    context.note(cancelled.id, "cancelled", by="business")
    context.enqueue(card_of(cancelled, words=words))
    promise_calendar(context, cancelled)
    await news.tell_cancelled(context, cancelled)
    promise_copies(context, cancelled)
    context.cancel_timer(_completion(cancelled.id))


async def of_note(context: RequestContext, visit: Visit, undo: DraftRef | None) -> None:
    """Promise that the customer hears that a note is kept, and that every card and the specialist have it."""
    cause = context.envelope.update_id
    payload = {"message_id": context.tapped_message_id, "undo": undo and undo.model_dump()}
    context.enqueue(_to_customer(NOTED, visit, f"noted:{visit.id}:{cause}", payload))
    await news.tell_noted(context, visit, cause)
    promise_anew(context, visit)


async def of_lateness(context: RequestContext, visit: Visit) -> None:
    """Promise that whoever waits hears that the customer will be late, and that every card says so."""
    await news.tell_late(context, visit, context.envelope.update_id)
    promise_anew(context, visit, shown_in=context.tapped_message_id)


async def of_explanation(context: RequestContext, visit: Visit) -> None:
    """Promise that the staff read why the visit was cancelled, and that no card asks again."""
    await news.tell_explained(context, visit, context.envelope.update_id)
    promise_anew(context, visit)


def promise_anew(context: RequestContext, visit: Visit, shown_in: int | None = None) -> None:
    """Promise that what shows a visit says what is new of it, though its version is the one it was.

    `shown_in` is the message that the customer tapped, where the visit is to stand in it from now on.
    """
    cause, first = context.envelope.update_id, [] if shown_in is None else [shown_in]
    for message_id in dict.fromkeys([*first, *reversed(visit.copies)]):
        key = f"refresh:{visit.id}:{cause}:{message_id}"
        context.enqueue(_to_customer(REFRESH, visit, key, {"message_id": message_id}))


def of_completion(context: RequestContext, visit: Visit) -> None:
    """Promise that what shows a visit that has been says so, without a sound."""
    for message_id in reversed(visit.copies):
        key = f"over:{visit.id}:{visit.version}:{message_id}"
        context.enqueue(_to_customer(OVER, visit, key, {"message_id": message_id}))


async def of_corrections(session: AsyncSession, changes: Sequence[Correcting], now: datetime) -> None:
    """Promise what follows where the business changed visits, each as it was and as a new version.

    Whatever shows them is made anew without a sound; whoever has to hear of it is told, in one message.
    Reminders stand as they were promised; those of a visit that begins at another instant come as much later
    or earlier.
    """
    for before, after in changes:
        if after.start != before.start:
            await _retime_reminders(session, before, after)
    messages = [message for change in changes for message in _of_correction(change, now)]
    events = [
        {"booking_id": after.id, "kind": "corrected", "source": "file", "data": {}, "at": now}
        for _, after in changes
    ]
    timers = {_completion(after.id): _completing(after) for _, after in changes}
    await writer.enqueue(session, messages, now, [*events, *_untold(messages, now)], timers)


async def of_calling_off(session: AsyncSession, visits: Sequence[Visit], words: str, now: datetime) -> None:
    """Promise what visits promise that the business cancelled, with words of its own to the customers.

    Specialists who are still there hear of it; whoever runs the business has just done it.
    """
    messages: list[OutboxMessage] = []
    for visit in visits:
        tell = not await is_unheard_of(session, visit.id)
        messages += _of_calling_off(visit, words, tell=tell)
    events = [
        {"booking_id": visit.id, "kind": "cancelled", "source": "file", "data": {"words": words}, "at": now}
        for visit in visits
    ]
    timers = dict.fromkeys([_completion(visit.id) for visit in visits])
    events += _untold(messages, now)
    await writer.enqueue(session, messages, now, events, timers, map(_reminders, visits))


def _untold(messages: Sequence[OutboxMessage], now: datetime) -> list[dict[str, Any]]:
    """Note on visits that their customers could not be told, because they have no Telegram."""
    return [
        {"booking_id": each.subject.id, "kind": UNREACHABLE, "source": "delivery", "data": {}, "at": now}
        for each in messages
        if each.kind in {CARD, CORRECTED} and each.subject is not None
        if isinstance(each.destination, Chat) and not each.destination.is_anybodys
    ]


def _of_calling_off(visit: Visit, words: str, *, tell: bool) -> Iterator[OutboxMessage]:
    yield card_of(visit, words=words)
    yield from calendar_of(visit)
    if tell and visit.specialist_active and visit.specialist_telegram_id is not None:
        yield news.news_of(visit, "cancelled", visit.version).to(Recipient(visit.specialist_telegram_id))
    yield from copies_of(visit)


def _of_correction(change: Correcting, now: datetime) -> Iterator[OutboxMessage]:
    before, after = change
    payload = {"known": Whereto.of(before).stored(), "taken_over": is_taken_over(before, after)}
    corrections = corrections_of([payload], after, now)
    if corrections:
        yield _to_customer(CORRECTED, after, f"corrected:{after.id}:{after.version}", payload)
    if after.start != before.start or Correction.PLACE in corrections:
        yield from calendar_of(after)
    elif IN_FILES(after) != IN_FILES(before):
        yield _file_of(after, quiet=True)
    yield from copies_of(after)


async def _retime_reminders(session: AsyncSession, before: Visit, after: Visit) -> None:
    by, start = after.start - before.start, int(after.start.timestamp())
    await outbox.delay(session, about(after.id), REMINDER, by, start=start)


def _complete_in_time(context: RequestContext, visit: Visit) -> None:
    completing = _completing(visit)
    context.set_timer(_completion(visit.id), completing.command, completing.due_at)


def _completing(visit: Visit) -> TimerSetting:
    return TimerSetting(CompleteVisit(booking_id=visit.id), visit.end + COMPLETED_AFTER)


def _completion(booking_id: int) -> str:
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
    return _to_customer(CARD, visit, f"card:{visit.id}:{visit.version}", payload)


def moved_card_of(before: Visit, moved: Visit, by: int) -> OutboxMessage:
    """Make the promise of the card of a version that staff moved: a new message, which says who did."""
    card = card_of(moved)
    return replace(card, payload={**card.payload, "was": before.start.isoformat(), "by": by})


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
            yield _to_customer(REFRESH, visit, key, {"message_id": message_id})


def promise_calendar(context: RequestContext, visit: Visit) -> None:
    """Promise the calendar file, and after it that the message with an earlier one goes away."""
    for message in calendar_of(visit):
        context.enqueue(message)


def calendar_of(visit: Visit) -> Iterator[OutboxMessage]:
    """Make the promise of a version's calendar file, and that the message with an earlier one goes away."""
    yield _file_of(visit)
    if visit.calendar_message_id is not None:
        payload = {"message_id": visit.calendar_message_id}
        yield _to_customer(WITHDRAW, visit, f"withdraw:{visit.id}:{visit.version}", payload)


def _file_of(visit: Visit, **payload: bool) -> OutboxMessage:
    """Make the promise of a version's calendar file; a `quiet` one takes the place of an earlier one."""
    key = f"calendar:{visit.id}:{visit.version}"
    return _to_customer(CALENDAR, visit, key, {"version": visit.version, **payload})


def promise_attending(context: RequestContext, visit: Visit) -> None:
    """Promise that the reminder they tapped becomes a calm 'See you then'."""
    payload = {"message_id": context.envelope.reply_to.message_id, "version": visit.version}
    context.enqueue(_to_customer(ATTENDING, visit, f"attending:{visit.id}:{visit.version}", payload))


def promise_reminders(context: RequestContext, visit: Visit) -> None:
    """Promise the reminders that still lie ahead; each is of use until the next one, or the visit."""
    for message in reminders_of(visit, context.now):
        context.enqueue(message)


def reminders_of(visit: Visit, now: datetime) -> Iterator[OutboxMessage]:
    """Make the promises of the reminders that still lie ahead."""
    for due_at, expires_at in _reminder_times(visit):
        if due_at > now:
            due = int(due_at.timestamp())
            key = f"reminder:{visit.id}:{visit.version}:{due}"
            payload = {"version": visit.version, "due": due, "start": int(visit.start.timestamp())}
            yield _to_customer(REMINDER, visit, key, payload, due_at, expires_at)


def _reminders(visit: Visit) -> Promised:
    return Promised(REMINDER, about(visit.id))


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
