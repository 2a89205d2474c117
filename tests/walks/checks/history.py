"""What happened to a visit is its history, and no customer changed another's."""

from collections.abc import AsyncIterator

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk

_VERSIONS = """
    SELECT booking.id, status, version, array_agg(booking_event.kind ORDER BY booking_event.id) AS kinds
    FROM booking JOIN booking_event ON booking_event.booking_id = booking.id
    WHERE status <> 'held' GROUP BY 1, 2, 3 ORDER BY 1
"""
_STRANGERS = """
    SELECT DISTINCT booking_id, booking_event.kind, actor_id, customer_id
    FROM booking_event JOIN booking ON booking.id = booking_event.booking_id
    WHERE actor_id > 0 AND actor_id <> customer_id AND customer_id <> 0
"""
_WITHOUT = """
    SELECT id, status FROM booking WHERE status <> 'held' AND NOT EXISTS (
        SELECT FROM booking_event WHERE booking_id = booking.id)
"""
RENEWING = frozenset({"moved", "cancelled", "declined", "lapsed", "accepted", "corrected"})
"""Events that make a new version of their visit."""


async def check_history(walk: Walk) -> AsyncIterator[str]:
    """Look for visits whose version their events do not account for, and for what strangers did."""
    for row in await rows(walk, _VERSIONS):
        renewed = 1 + sum(kind in RENEWING for kind in row["kinds"])
        if (
            not renewed <= row["version"] <= renewed + 1
        ):  # one that was held was a version before it was a visit
            yield f"№ {row['id']}, {row['status']}, is version {row['version']} after {row['kinds']}"
        ended = {"cancelled", "declined", "lapsed"} & set(row["kinds"])
        if (row["status"] == "cancelled") != bool(ended):
            yield f"№ {row['id']} is {row['status']} after {row['kinds']}"
    for row in await rows(walk, _WITHOUT):
        yield f"№ {row['id']}, {row['status']}, has no history"
    staff = walk.staff | await walk.those_who_work_here()
    for row in await rows(walk, _STRANGERS):
        if row["actor_id"] not in staff:
            what = f"{row['kind']!r} to № {row['booking_id']} of {row['customer_id']}"
            yield f"customer {row['actor_id']} did {what}"
