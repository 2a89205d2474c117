"""Promises that those are told whose visits a restore has lost."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.delivery import SubjectType
from worker.lost.rules import KnownVisit, Loss, judge
from worker.outbox import writer
from worker.outbox.message import Chat, OutboxMessage, Subject
from worker.people.repository import load_managers
from worker.visits import repository as visits

LOST: Final = "lost.visit"
TOLD: Final = "lost.told"


async def find_losses(
    session: AsyncSession, known: Iterable[KnownVisit], business_id: int, now: datetime
) -> list[tuple[KnownVisit, Loss]]:
    """Compare what customers of this business believe with what stands; return what they have to hear."""
    ours = {(each.number, each.start, each.live): each for each in known if each.business_id == business_id}
    numbers = sorted({each.number for each in ours.values()})
    standing = {visit.id: visit for visit in await visits.load_several(session, numbers)}
    judged = ((each, judge(each, standing.get(each.number), now)) for each in ours.values())
    return [(each, loss) for each, loss in judged if loss is not None]


async def promise_words(
    session: AsyncSession, losses: Sequence[KnownVisit], now: datetime, by_settings: Collection[int]
) -> int:
    """Promise each customer word, once, and those who manage their number; return how many were promised.

    `by_settings` are those whom ADMIN_IDS makes owners.
    """
    messages = [_word(known) for known in losses]
    new = await writer.enqueue(session, messages, now)
    told = [known for known, message in zip(losses, messages, strict=True) if message.key in new]
    if told:
        managers = await load_managers(session, by_settings)
        await writer.enqueue(session, [_count(told, manager) for manager in managers], now)
    return len(told)


def _word(known: KnownVisit) -> OutboxMessage:
    return OutboxMessage(
        kind=LOST,
        destination=Chat(known.customer_id),
        key=f"lost:{known.number}:{known.start.timestamp():.0f}:{'live' if known.live else 'cancelled'}",
        subject=Subject(SubjectType.BOOKING, known.number),
        payload=known.model_dump(mode="json"),
    )


def _count(told: Sequence[KnownVisit], manager: int) -> OutboxMessage:
    which = ",".join(sorted(_word(known).key for known in told))
    return OutboxMessage(
        kind=TOLD,
        destination=Chat(manager),
        key=f"told:{blake2b(which.encode(), digest_size=8).hexdigest()}:{manager}",
        payload={"visits": len(told), "people": len({known.customer_id for known in told})},
    )
