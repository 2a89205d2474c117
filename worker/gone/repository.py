"""Where a restore has left its gap."""

from typing import Final

from sqlalchemy import BigInteger, bindparam, column, text
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.scope import BUSINESS_ID

GAP: Final = 1000
"""How many numbers a restore passes over after the last that was given: compose.backup.restoring."""
_WAS_LOST: Final = (
    text(
        """
    SELECT :number BETWEEN 1 AND last_value AND coalesce((
            SELECT min(id) FROM booking WHERE business_id = :business AND id >= :number
        ), last_value + 1) - coalesce((
            SELECT max(id) FROM booking WHERE business_id = :business AND id <= :number
        ), 0) > :gap AS lost
    FROM booking_id_seq
    """
    )
    .bindparams(BUSINESS_ID, bindparam("number", type_=BigInteger), bindparam("gap", type_=BigInteger))
    .columns(column("lost"))
)


async def was_lost(session: AsyncSession, number: int) -> bool:
    """Tell whether a visit's number is in the gap of a restore: nobody has it, or any beside it.

    So a number of somebody else's visit is never told from one that was not given.
    """
    [[lost]] = await fetch(session, _WAS_LOST, {"number": number, "gap": GAP})
    return bool(lost)
