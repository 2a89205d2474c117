"""What a visit promises that the business changed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from worker.corrections.rules import IN_FILES, Correction, Whereto, corrections_of, is_taken_over
from worker.db.models.booking import Status
from worker.outbox import repository as outbox
from worker.outbox import writer
from worker.outbox.message import OutboxMessage
from worker.series.promises import file_of_all
from worker.visits.promises import (
    REMINDER,
    about,
    calendar_of,
    completing,
    completion,
    copies_of,
    file_of,
    freeing_of,
    to_customer,
    unconfirmed,
    untold,
)
from worker.visits.repository import Visit

CORRECTED: Final = "visits.corrected"

type Correcting = tuple[Visit, Visit]
"""A visit before and after it is corrected."""


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
    messages += _series_files(changes, now)
    events = [
        {"booking_id": after.id, "kind": "corrected", "source": "file", "data": {}, "at": now}
        for _, after in changes
    ]
    timers = {completion(after.id): completing(after) for _, after in changes}
    timers |= {
        unconfirmed(after.id): freeing_of(after, after.confirm_by)
        for _, after in changes
        if after.confirm_by is not None
    }
    await writer.enqueue(session, messages, now, [*events, *untold(messages, CORRECTED, now)], timers)


def _of_correction(change: Correcting, now: datetime) -> Iterator[OutboxMessage]:
    before, after = change
    payload = {"known": Whereto.of(before).stored(), "taken_over": is_taken_over(before, after)}
    corrections = corrections_of([payload], after, now)
    if corrections:
        yield to_customer(CORRECTED, after, f"corrected:{after.id}:{after.version}", payload)
    if _is_in_its_series_file(after):
        pass
    elif after.start != before.start or Correction.PLACE in corrections:
        yield from calendar_of(after)
    elif IN_FILES(after) != IN_FILES(before):
        yield file_of(after, quiet=True)
    yield from copies_of(after)


def _is_in_its_series_file(visit: Visit) -> bool:
    return visit.series_id is not None and visit.calendar_message_id is None


def _series_files(changes: Sequence[Correcting], now: datetime) -> Iterator[OutboxMessage]:
    """Make the promises of one file for each series of which calendars say something else than is so now."""
    series: dict[int | None, list[Visit]] = defaultdict(list)
    for before, after in changes:
        ahead = after.start > now and after.status is Status.CONFIRMED
        if _is_in_its_series_file(after) and ahead and IN_FILES(after) != IN_FILES(before):
            series[after.series_id].append(after)
    return (file_of_all(visits) for visits in series.values())


async def _retime_reminders(session: AsyncSession, before: Visit, after: Visit) -> None:
    by, start = after.start - before.start, int(after.start.timestamp())
    await outbox.delay(session, about(after.id), REMINDER, by, start=start)
