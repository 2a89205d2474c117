"""Requests wait for an answer until an instant, and promise nothing before."""

from collections.abc import AsyncIterator

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk

_WAITING = """
    SELECT booking.id, kept_until, lower(during) AS start, timer.due_at,
        (SELECT count(*) FROM outbox WHERE subject_id = booking.id AND state = 'pending'
            AND outbox.kind IN ('booking.reminder', 'booking.calendar')) AS promised
    FROM booking LEFT JOIN timer ON timer.key = 'lapse:' || booking.id
    WHERE status = 'pending' ORDER BY booking.id
"""


async def check_requests(walk: Walk) -> AsyncIterator[str]:
    """Look for requests that nobody ends, and for what they promise too early."""
    now = walk.stage.shop.clock.now()
    for row in await rows(walk, _WAITING):
        what = f"request № {row['id']}"
        if row["kept_until"] is None or row["kept_until"] <= now:
            yield f"{what} waits although it was over at {row['kept_until']}"
        elif row["due_at"] != row["kept_until"]:
            yield f"{what} lapses at {row['kept_until']}, its timer rings at {row['due_at']}"
        elif row["kept_until"] > row["start"]:
            yield f"{what} waits until {row['kept_until']}, it begins at {row['start']}"
        if row["promised"]:
            yield f"{what} promises {row['promised']} reminders and files before it is accepted"
