"""No two visits that cannot both be, and none too many."""

from collections.abc import AsyncIterator

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk

_OVERLAPS = """
    WITH live AS (
        SELECT * FROM booking WHERE status IN ('pending', 'confirmed')
            OR (status = 'held' AND kept_until > :now)
    )
    SELECT a.id AS one, b.id AS other FROM live a JOIN live b ON a.id < b.id AND a.busy && b.busy
    WHERE (a.specialist_id = b.specialist_id AND (
            a.seats && b.seats OR a.service_id <> b.service_id OR lower(a.during) <> lower(b.during)))
        OR (a.units && b.units AND a.specialist_id <> b.specialist_id)
"""
_PLACES = """
    SELECT service_id, specialist_id, lower(during) AS start, count(*) AS taken, max(upper(seats)) - 1 AS last
    FROM booking WHERE status IN ('pending', 'confirmed') AND NOT upper_inf(seats) GROUP BY 1, 2, 3
"""
_OWN = """
    SELECT customer_id, count(*) AS ahead FROM booking
    WHERE status IN ('pending', 'confirmed') AND upper(during) > :now AND EXISTS (
        SELECT FROM booking_event WHERE booking_event.business_id = booking.business_id
            AND booking_id = booking.id AND kind IN ('booked', 'asked') AND actor_id = booking.customer_id
    ) GROUP BY 1
"""
_ASKING = """
    SELECT customer_id, count(*) AS open FROM booking WHERE status = 'pending' AND EXISTS (
        SELECT FROM booking_event WHERE booking_event.business_id = booking.business_id
            AND booking_id = booking.id AND kind = 'asked' AND actor_id = booking.customer_id
    ) GROUP BY 1
"""


async def check_bookings(walk: Walk) -> AsyncIterator[str]:
    """Look for overlaps, without the constraints' help, and for groups that are too large."""
    for row in await rows(walk, _OVERLAPS):
        yield f"№ {row['one']} and № {row['other']} overlap"
    most = {row["id"]: row["capacity"] for row in await rows(walk, "SELECT id, capacity FROM service")}
    for number, capacity in most.items():
        walk.most[f"places {number}"] = max(capacity, walk.most.get(f"places {number}", 0))
    for row in await rows(walk, _PLACES):
        if row["last"] > walk.most[f"places {row['service_id']}"]:
            yield f"{row['last']} places are taken of service {row['service_id']} at {row['start']}"


async def check_customers_limits(walk: Walk) -> AsyncIterator[str]:
    """Look for customers who have more ahead than the business lets them book."""
    for row in await rows(walk, "SELECT max_upcoming, max_requests FROM limits"):
        for name, value in row.items():
            walk.most[name] = max(value, walk.most.get(name, 0))
    staff = walk.staff | await walk.those_who_work_here()
    for row in await rows(walk, _OWN):
        if row["ahead"] > walk.most["max_upcoming"] and row["customer_id"] not in staff:
            yield f"customer {row['customer_id']} has booked {row['ahead']} visits ahead"
    for row in await rows(walk, _ASKING):
        if row["open"] > walk.most["max_requests"] and row["customer_id"] not in staff:
            yield f"customer {row['customer_id']} has {row['open']} requests open"
