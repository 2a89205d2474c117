"""The evening summary: when it comes, and its promise."""

from datetime import timedelta
from typing import Final

from shared.contracts.preferences import SendEvening
from worker.outbox.message import Chat, OutboxMessage
from worker.preferences.rules import next_at
from worker.runtime.context import RequestContext

EVENING: Final = "preferences.evening"
OF_USE: Final = timedelta(hours=6)
"""So late the summary of the next day still comes."""


def set_evening(context: RequestContext, person_id: int, minute: int | None) -> None:
    """Have somebody's next evening summary come, or none any more."""
    key = f"evening:{person_id}"
    if minute is None:
        context.cancel_timer(key)
        return
    context.set_timer(key, SendEvening(person_id=person_id), next_at(context.now, [minute], context.zone))


def of_evening(context: RequestContext, person_id: int) -> None:
    """Promise the next day's visits to somebody, once a day."""
    tomorrow = context.today + timedelta(days=1)
    context.enqueue(
        OutboxMessage(
            kind=EVENING,
            destination=Chat(person_id),
            key=f"evening:{person_id}:{tomorrow.isoformat()}",
            payload={"day": tomorrow.isoformat()},
            due_at=context.now,
            expires_at=context.now + OF_USE,
        )
    )
