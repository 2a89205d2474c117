"""Two businesses in one database, with equal names, one shared customer and one shared specialist."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from tests.kit.engines import engine_to
from tests.kit.scoping import SCOPED
from tests.worker.shop import FILE, open_shop
from tests.worker.stage import Stage, on_stage
from worker.db.engine import make_sessions
from worker.db.models.base import Base

SALON, HER_OWNER = 2, 1100
"""The second business, and whom it belongs to."""
FILES = {
    1: FILE,
    SALON: FILE.replace(b"Barber & Co", b"Salon & Co").replace(b"owner: [1000]", b"owner: [1100]"),
}


@dataclass(frozen=True)
class Two:
    """Both businesses, each with its own bot, worker and clock."""

    barber: Stage
    salon: Stage

    async def rows(self, of: Stage) -> Mapping[str, Sequence[Row[Any]]]:
        """Return all that the database holds of a business."""
        found = {}
        async with of.shop.sessions() as session:
            for name, column in SCOPED.items():
                table = Base.metadata.tables[name]
                own = select(table).where(table.c[column] == of.shop.business_id)
                found[name] = (await session.execute(own.order_by(*table.primary_key))).all()
        return found


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Two]:
    """Open both in an empty database."""
    async with engine_to(database_url) as engine, AsyncExitStack() as stack:
        shops = [await open_shop(make_sessions(engine, number), file) for number, file in FILES.items()]
        barber, salon = [await stack.enter_async_context(on_stage(shop)) for shop in shops]
        yield Two(barber, salon)
