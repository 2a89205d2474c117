"""What its customer was offered gives way to a visit that gets its time by another way."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from worker.outbox import writer
from worker.placement.allocation import Room
from worker.placement.rules import is_offered
from worker.visits.freed import given_way
from worker.visits.repository import Visit


async def settle_offered(session: AsyncSession, room: Room, own: Sequence[Visit]) -> None:
    """Have what a customer was offered looked at again once their visit has its time.

    `own` are their visits and what was held for them before. Who only looks at a time keeps the offer.
    """
    if is_offered(own) and not room.only_seen:
        await writer.enqueue(session, [], room.now, timers=given_way(room.customer_id, room.now))
