"""Each visit that is coming has just its reminders, and nothing else has any."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk

_PROMISED = """
    SELECT subject_id AS id, due_at, CAST(payload ->> 'start' AS bigint) AS start, status,
        extract(epoch FROM lower(during))::bigint AS begins
    FROM outbox LEFT JOIN booking ON booking.id = subject_id
    WHERE kind = 'booking.reminder' AND state = 'pending'
"""
_COMING = """
    SELECT booking.id, lower(during) AS start, reminders, service.id AS service
    FROM booking JOIN service ON service.id = booking.service_id
    WHERE status = 'confirmed' AND lower(during) > :now AND customer_id > 0
    ORDER BY booking.id
"""


async def check_reminders(walk: Walk) -> AsyncIterator[str]:
    """Compare the reminders that are promised with those that services say."""
    promised: Counter[tuple[int, datetime]] = Counter()
    for row in await rows(walk, _PROMISED):
        promised[row["id"], row["due_at"]] += 1
        if row["status"] != "confirmed":
            yield f"№ {row['id']}, {row['status']}, is to be reminded of at {row['due_at']}"
        elif row["start"] != row["begins"]:
            yield f"№ {row['id']} is to be reminded of a time at which it is not"
    for (number, due_at), count in promised.items():
        if count > 1:
            yield f"№ {number} has {count} reminders at {due_at}"
    now = walk.stage.shop.clock.now()
    for row in await rows(walk, _COMING):
        planned = {row["start"] - timedelta(minutes=minutes) for minutes in row["reminders"]}
        expected = {each for each in planned if each > now}
        actual = {each for number, each in promised if number == row["id"]}
        if walk.reminders.setdefault(row["service"], row["reminders"]) != row["reminders"]:
            walk.reminders[row["service"]] = []
        elif expected != actual:
            yield f"№ {row['id']} is to be reminded of at {sorted(actual)}, not {sorted(expected)}"
