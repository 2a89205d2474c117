"""What may become of a wish for a time, where many wish."""

import asyncio
from itertools import count

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.worker.shop import Shop
from worker.db.outages import is_outage
from worker.placement.placement import BookingRequest, NotBooked
from worker.scheduling.rules import Reason


def taken(outcome: object) -> bool:
    return isinstance(outcome, NotBooked) and outcome.reason in {Reason.BOOKED, Reason.BUFFER, Reason.FULL}


async def blocked(shop: Shop) -> None:
    """Wait until one of the database's sessions waits for another one."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with asyncio.timeout(15):
        while True:
            async with shop.sessions() as session:
                if (await session.execute(waiting)).scalar_one():
                    return


async def persist(shop: Shop, wish: BookingRequest, customer: int) -> None:
    """Place a wish as a worker does: after an outage once more."""
    for tries in count():
        try:
            await shop.place(wish, customer)
        except DBAPIError as error:
            if not is_outage(error) or tries > 20:
                raise
        else:
            return
