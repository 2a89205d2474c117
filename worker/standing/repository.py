"""What the database says of a customer; the lock under which visits are given to them."""

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, DateTime, TextualSelect, bindparam, column, text
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db import locks
from worker.db.engine import fetch
from worker.db.scope import BUSINESS_ID
from worker.placement.rules import LATELY, Allowance, Standing

_INSTANT: Final = DateTime(timezone=True)
_STANDING: Final = """
    SELECT person.blocked_at IS NOT NULL AS blocked, limits.max_upcoming, limits.max_cancelled,
        limits.max_requests,
        (SELECT count(*) FROM booking_event WHERE booking_event.business_id = :business
            AND booking_event.actor_id = person.id AND booking_event.kind = 'cancelled'
            AND booking_event.at > :since)
        + (SELECT count(*) FROM payment WHERE payment.business_id = :business
            AND payment.person_id = person.id AND payment.state = 'lapsed'
            AND payment.booking_id IS NOT NULL AND payment.pay_by > :since) AS cancelled,
        (SELECT count(*) FROM booking_event WHERE booking_event.business_id = :business
            AND booking_event.actor_id = person.id AND booking_event.kind IN ('moved', 'asked')
            AND booking_event.at > :since) AS moved
    FROM {business} person LEFT JOIN limits ON limits.business_id = person.business_id
    WHERE person.business_id = :business AND person.id = :customer_id
"""


def _standing(sql: str) -> TextualSelect:
    parameters = (bindparam("customer_id", type_=BigInteger), bindparam("since", type_=_INSTANT))
    names = ("blocked", "max_upcoming", "max_cancelled", "max_requests", "cancelled", "moved")
    return text(sql).bindparams(BUSINESS_ID, *parameters).columns(*map(column, names))


_SEEN: Final = _standing(_STANDING.format(business=""))
# Not FOR UPDATE: rows that name the person may be written meanwhile.
_LOCKED: Final = _standing(
    f"{_STANDING.format(business=f'{locks.SHARED_BUSINESS} CROSS JOIN')} FOR NO KEY UPDATE OF person"
)


async def load_standing(
    session: AsyncSession, customer_id: int, now: datetime, *, lock: bool = False
) -> Standing:
    """Load what is known of a customer.

    With `lock`, nobody else gives them a visit before this transaction ends, and nobody changes the business.
    Who had to wait for it may count a cancellation too few; the customer's visits are read after it.
    """
    values = {"customer_id": customer_id, "since": now - LATELY}
    for blocked, *limits, cancelled, moved in await fetch(session, _LOCKED if lock else _SEEN, values):
        allowance = Allowance() if None in limits else Allowance(*limits)
        return Standing(blocked, cancelled, allowance, moved)
    return Standing()
