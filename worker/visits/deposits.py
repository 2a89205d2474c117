"""What was paid ahead for a visit, in SQL: it is a part of what a visit is."""

from typing import Final

_CANCELLED_BY_CUSTOMER: Final = (
    "(SELECT booking_event.actor_id = booking.customer_id AND booking_event.source = 'chat'"
    " OR booking_event.data->>'by' IS NOT DISTINCT FROM 'unconfirmed'"
    " FROM booking_event"
    " WHERE booking_event.business_id = booking.business_id AND booking_event.booking_id = booking.id"
    " AND booking_event.kind = 'cancelled' ORDER BY booking_event.id DESC LIMIT 1)"
)
DEPOSIT_STATE: Final = (
    "CASE WHEN payment.state <> 'paid' THEN payment.state WHEN booking.status = 'no_show' THEN 'kept'"
    " WHEN booking.status IS DISTINCT FROM 'cancelled' THEN 'paid'"
    " WHEN payment.keeps AND NOT booking.waived"
    f" AND coalesce({_CANCELLED_BY_CUSTOMER}, false) THEN 'kept' ELSE 'to_return' END"
)
"""The SQL of where a deposit that was paid stands: it follows from what became of its visit.

Whoever cancels because nobody is there for them gets it back.
"""
_OPEN_REFUNDS: Final = """
    SELECT count(*) AS open, coalesce(extract(epoch FROM now() - min(task.since)), 0) AS age FROM (
        SELECT greatest(payment.paid_at, (
            SELECT max(booking_event.at) FROM booking_event
            WHERE booking_event.business_id = booking.business_id AND booking_event.booking_id = booking.id
                AND booking_event.kind = 'cancelled'
        )) AS since
        FROM payment
        LEFT JOIN booking ON booking.business_id = payment.business_id AND booking.id = payment.booking_id
        WHERE payment.business_id = :business AND payment.charge_id IS NOT NULL
            AND payment.state IN ('paid', 'to_return') AND {state} = 'to_return'
    ) AS task
"""
OPEN_REFUNDS: Final = _OPEN_REFUNDS.format(state=DEPOSIT_STATE)
"""The SQL of how much is to be returned, and for how many seconds the first of it has been waited for."""
_COLUMNS: Final = (
    f"payment.id::text, payment.amount::text, payment.currency, {DEPOSIT_STATE}, payment.keeps::text"
)
PAID_DEPOSIT: Final = " ".join(
    (
        f"(SELECT ARRAY[{_COLUMNS}]",
        "FROM payment WHERE payment.business_id = booking.business_id",
        "AND payment.booking_id = booking.id AND payment.charge_id IS NOT NULL ORDER BY payment.id LIMIT 1)",
    )
)
"""The SQL of what PaidDeposit reads."""
