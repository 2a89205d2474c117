"""No time that has just come free stays unoffered: whoever looks down the line once more finds nobody."""

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk
from worker.outbox import writer
from worker.visits.freed import offering

_FREED = """
    SELECT specialist_id, lower(during) AS begins, upper(during) AS ends FROM booking
    WHERE status = 'cancelled' AND lower(during) > :now AND EXISTS (
        SELECT FROM booking_event AS event WHERE event.business_id = booking.business_id
            AND booking_id = booking.id AND kind IN ('cancelled', 'declined', 'lapsed') AND at = :now)
    UNION SELECT specialist_id, freed_from, freed_until FROM waitlist_offer
    WHERE state IN ('declined', 'lapsed', 'withdrawn') AND settled_at = :now AND freed_from > :now
"""
_OFFERS = "SELECT id, customer_id, start FROM waitlist_offer WHERE id > :last ORDER BY id"
_LAST = "SELECT coalesce(max(id), 0) AS id FROM waitlist_offer"
_TO_COME = "SELECT id FROM timer WHERE key LIKE 'freed:%'"


async def check_line(walk: Walk) -> list[str]:
    """Have what came free at this very instant offered once more: nobody new may be found."""
    freed = await rows(walk, _FREED)
    if not freed or await rows(walk, _TO_COME):
        return []
    [last] = await rows(walk, _LAST)
    now = walk.stage.shop.clock.now()
    async with walk.stage.shop.sessions.begin() as session:
        timers = dict(offering(each["specialist_id"], each["begins"], each["ends"], now) for each in freed)
        await writer.enqueue(session, [], now, [], timers)
    await walk.settle()
    return [
        f"{row['start']} had come free, and was not offered to {row['customer_id']}"
        for row in await rows(walk, _OFFERS, last=last["id"])
    ]
