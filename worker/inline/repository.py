"""Who can be booked, by name."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.catalogue import Specialist
from worker.db.scope import scope
from worker.inline.rules import Named


async def load_specialists(session: AsyncSession) -> Sequence[Named]:
    """Load everybody who can be booked, in the business's order."""
    statement = (
        select(Specialist.id, Specialist.name)
        .where(Specialist.business_id == scope(session), Specialist.active)
        .order_by(Specialist.position, Specialist.id)
    )
    return [Named(row.id, row.name) for row in await session.execute(statement)]
