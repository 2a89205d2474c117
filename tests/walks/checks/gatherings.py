"""Who books together is booked with the others or not at all; no place is kept for longer than was said."""

from collections.abc import AsyncIterator

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk

_PLACES = """
    SELECT gathering.id, gathering.state, gathering.deadline, place.place, place.customer_id, booking.status,
        booking.kept_for, booking.customer_id AS whose, timer.due_at
    FROM gathering JOIN gathering_place AS place ON place.gathering_id = gathering.id
    LEFT JOIN booking ON booking.id = place.booking_id
    LEFT JOIN timer ON timer.key = 'gathering:' || gathering.id ORDER BY gathering.id, place.place
"""
_STRAY = """
    SELECT booking.id FROM booking WHERE status = 'held' AND kept_for = 'gathering' AND NOT EXISTS (
        SELECT FROM gathering_place AS place JOIN gathering ON gathering.id = place.gathering_id
        WHERE place.booking_id = booking.id AND gathering.state = 'open'
    )
"""


async def check_gatherings(walk: Walk) -> AsyncIterator[str]:
    """Look for places that are kept for nothing, and for people who are booked without the others."""
    now = walk.stage.shop.clock.now()
    for row in await rows(walk, _PLACES):
        what = f"place {row['place']} of booking together {row['id']}, {row['state']},"
        held = (row["status"], row["kept_for"]) == ("held", "gathering")
        if row["state"] == "open":
            if not held or row["whose"] != (row["customer_id"] or 0):
                yield f"{what} of {row['customer_id']} is {row['status']} of {row['whose']}"
            if row["deadline"] <= now or row["due_at"] != row["deadline"]:
                yield f"{what} ends at {row['deadline']}, its timer rings at {row['due_at']}"
        elif row["state"] == "booked" and row["customer_id"] and row["status"] in {None, "held"}:
            yield f"{what} of {row['customer_id']} is {row['status']}"
        elif held:
            yield f"{what} is still held"
    for row in await rows(walk, _STRAY):
        yield f"№ {row['id']} is held for no booking together"
