"""The advisory locks in PostgreSQL, each under two numbers: its own, the same for every release, and an id.

Locks by one number and locks by two are apart in PostgreSQL.
Migrations hold 7 236 655 (worker/db/migrations/env.py).
"""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.scope import scope

BUSINESS: Final = 7_236_656
"""And the business that is changed: one file at a time, and while nobody shares it. See SHARED_BUSINESS."""
RETENTION: Final = 7_236_657
"""And the business whose rows are past their use, for each batch of them: one replica at a time."""
OFFERING: Final = 7_236_658
"""And the business in which times are kept for customers who are offered them: one replica at a time."""
SPECIALIST: Final = 1
"""And the specialist whose seats are given out."""
WAITLIST: Final = 2
"""And the business whose freed times are offered: one at a time, so that who is first in line is first."""

SHARED_BUSINESS: Final = (
    f"(SELECT pg_advisory_xact_lock_shared({BUSINESS}, CAST(:business AS integer))) AS shared_business"
)
"""SQL to join with, for whoever changes a visit or gives one its time: nobody changes the business meanwhile.

It comes before any lock on a row that a file may change, too, or each would wait for the other. What is read
behind the statement is the business as it stands.
"""


async def lock_business(session: AsyncSession) -> None:
    """Wait until nobody else changes the business, and keep others out until this transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(BUSINESS, scope(session))))
