"""What a visit's customer has done with it before, in SQL: how often they moved it, if they may say why."""

from typing import Final

_OF_VISIT: Final = "booking_event.business_id = booking.business_id AND booking_event.booking_id = booking.id"
_BY_CUSTOMER: Final = "booking_event.actor_id = booking.customer_id"
_MOVED_LATE: Final = "(booking_event.data->>'was')::timestamptz - booking_event.at < interval '24 hours'"
"""Of a move less than a day before the visit would have begun."""

MOVES_LEFT: Final = f"""
    CASE WHEN service.max_moves IS NULL OR NOT booking.moved THEN service.max_moves
    ELSE greatest(0, service.max_moves - (
        SELECT count(*) FROM booking_event
        WHERE {_OF_VISIT} AND booking_event.kind = 'moved' AND {_BY_CUSTOMER}
    )) END
"""  # noqa: S608 - names of our own columns
EXPLAINABLE: Final = f"""
    CASE WHEN booking.status = 'cancelled' OR (booking.status = 'confirmed' AND booking.moved)
    THEN coalesce((
        SELECT {_BY_CUSTOMER} AND CASE booking_event.kind WHEN 'cancelled' THEN true
            WHEN 'moved' THEN booking.status = 'confirmed' AND {_MOVED_LATE} ELSE false END
        FROM booking_event
        WHERE {_OF_VISIT} AND booking_event.kind IN ('cancelled', 'moved', 'explained')
        ORDER BY booking_event.id DESC LIMIT 1
    ), false) ELSE false END
"""  # noqa: S608 - the same
