"""Every hold ends in time."""

from collections.abc import AsyncIterator
from datetime import timedelta

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk

_HELD = """
    SELECT booking.id, customer_id, kept_for, kept_until, lower(during) AS start, min_notice
    FROM booking JOIN service ON service.id = booking.service_id
    WHERE status = 'held' AND kept_for <> 'part' ORDER BY booking.id
"""
_LOOKING = """
    SELECT customer_id, count(*) AS times FROM booking
    WHERE status = 'held' AND kept_for = 'summary' AND kept_until > :now AND customer_id > 0
    GROUP BY 1 HAVING count(*) > 2
"""
_LEFT_OVER = """
    SELECT count(*) FROM booking WHERE status NOT IN ('held', 'pending') AND kept_until IS NOT NULL
"""


async def check_holds(walk: Walk) -> AsyncIterator[str]:
    """Look for holds that outlive what they are for."""
    now = walk.stage.shop.clock.now()
    for row in await rows(walk, _HELD):
        what = f"hold {row['id']} of {row['customer_id']} for {row['kept_for']}"
        if row["kept_for"] != "summary" and row["kept_until"] <= now:
            yield f"{what} is over since {row['kept_until']} and is still there"
        notice = 0 if row["kept_for"] == "payment" else row["min_notice"]
        if row["kept_until"] > row["start"] - timedelta(minutes=notice):
            yield f"{what} lasts until {row['kept_until']}, its visit begins at {row['start']}"
    for row in await rows(walk, _LOOKING):
        yield f"customer {row['customer_id']} holds {row['times']} times"
    for row in await rows(walk, _LEFT_OVER):
        if row["count"]:
            yield f"{row['count']} visits that are no hold are kept until an instant"
