"""The word about time off, for whoever has to know and has not done it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from worker.absence.repository import CalendarOwner
from worker.dates.rules import HoursChange
from worker.notices.repository import load_desk
from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext

TIME_OFF_NOTICE: Final = "absence.notice"


async def promise_word(context: RequestContext, owner: CalendarOwner, changes: Sequence[HoursChange]) -> None:
    """Promise the specialist word of what somebody else has done, else those who manage."""
    by, own = context.user.id, owner.telegram_id
    told: Sequence[int] = [own] if own is not None else []
    if own is None or own == by:
        told = (await load_desk(context.session, owner.id, context.settings.admin_ids)).managers
    for chat_id in told:
        if chat_id != by:
            context.enqueue(_word(context, owner, changes, chat_id))


def _word(
    context: RequestContext, owner: CalendarOwner, changes: Sequence[HoursChange], chat_id: int
) -> OutboxMessage:
    return OutboxMessage(
        kind=TIME_OFF_NOTICE,
        destination=Chat(chat_id),
        key=f"time_off:{context.envelope.update_id}:{chat_id}",
        payload={
            "specialist_id": owner.id,
            "by": context.user.id,
            "changes": [_written(each) for each in changes],
        },
    )


def _written(change: HoursChange) -> Mapping[str, Any]:
    return {
        "first": change.first.isoformat(),
        "last": change.last.isoformat(),
        "closes": [list(each) for each in change.closes],
        "opens": [list(each) for each in change.opens],
    }
