"""Money is taken once, and for a visit; what is not is to be returned."""

from collections.abc import AsyncIterator

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk

_PAYMENTS = """
    SELECT payment.id, state, charge_id, keeps, payment.start, booking.status, booking.kept_for,
        (SELECT count(*) FROM outbox WHERE kind = 'payment.refund'
            AND CAST(payload ->> 'payment_id' AS bigint) = payment.id) AS tasks,
        timer.due_at
    FROM payment LEFT JOIN booking ON booking.id = payment.booking_id
    LEFT JOIN timer ON timer.key = 'payment:' || payment.id ORDER BY payment.id
"""


async def check_payments(walk: Walk) -> AsyncIterator[str]:
    """Look for money for which there is neither a visit nor anybody who sends it back."""
    payments = await rows(walk, _PAYMENTS)
    for row in payments:
        what = f"payment {row['id']}, {row['state']},"
        match row["state"]:
            case "asked" if row["status"] != "held" or row["due_at"] is None:
                yield f"{what} is of a visit that is {row['status']}, its timer: {row['due_at']}"
            case "lapsed" if row["status"] == "held":
                yield f"{what} still holds its time"
            case "paid" if row["status"] not in {"confirmed", "pending", "done", "no_show", "cancelled"}:
                yield f"{what} is of a visit that is {row['status']}"
            case "paid" if row["status"] == "cancelled" and not row["keeps"] and not row["tasks"]:
                yield f"{what} is of a cancelled visit, and nobody is told to return it"
            case "to_return" if not row["tasks"]:
                yield f"{what} and nobody is told to return it"
    noted = [row["charge_id"] for row in payments if row["charge_id"]]
    taken = [each.charge for each in walk.stage.telegram.emulator.world.checkouts.values() if each.charge]
    for charge in {*taken} - {*noted}:
        yield f"charge {charge} was taken and is not known"
    for charge in {*noted} - {*taken}:
        yield f"charge {charge} is known and was not taken"
