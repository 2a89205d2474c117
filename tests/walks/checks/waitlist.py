"""Each freed time is offered to one person at a time, and is held for them."""

from collections.abc import AsyncIterator

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk

_OFFERS = """
    SELECT offer.id, offer.customer_id, offer.state, offer.deadline, offer.start, offer.specialist_id,
        entry.ended_at, booking.id AS booking, booking.status, booking.kept_for, booking.kept_until,
        booking.customer_id AS whose, timer.due_at
    FROM waitlist_offer offer JOIN waitlist_entry entry ON entry.id = offer.entry_id
    LEFT JOIN booking ON booking.id = offer.booking_id
    LEFT JOIN timer ON timer.key = 'offer:' || offer.id ORDER BY offer.id
"""
_TWICE = """
    SELECT customer_id, count(*) FROM waitlist_offer WHERE state = 'open' GROUP BY 1 HAVING count(*) > 1
"""


async def check_waitlist(walk: Walk) -> AsyncIterator[str]:
    """Look for offers that are not kept, are kept for nobody, or were taken twice."""
    now = walk.stage.shop.clock.now()
    for row in await rows(walk, _OFFERS):
        what = f"offer {row['id']} to {row['customer_id']}, {row['state']},"
        held = row["status"] == "held"
        if row["state"] == "open":
            if not held or row["kept_for"] != "offer" or row["whose"] != row["customer_id"]:
                yield f"{what} holds nothing: № {row['booking']} is {row['status']}"
            if row["deadline"] <= now or row["due_at"] != row["deadline"]:
                yield f"{what} ends at {row['deadline']}, its timer rings at {row['due_at']}"
            if row["ended_at"] is not None:
                yield f"{what} is of a wish that has ended"
        elif held and row["kept_until"] > now:
            yield f"{what} still holds № {row['booking']}"
    for row in await rows(walk, _TWICE):
        yield f"customer {row['customer_id']} has two offers"
