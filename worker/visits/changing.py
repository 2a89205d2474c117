"""What a visit's customer has done with it before, in SQL: how often they moved it, if they may say why."""

from typing import Final

WANTS_EARLIER: Final = """
    EXISTS (
        SELECT FROM waitlist_entry
        WHERE waitlist_entry.business_id = booking.business_id AND waitlist_entry.booking_id = booking.id
            AND waitlist_entry.ended_at IS NULL
    )
"""
IN_SWAP: Final = """
    EXISTS (
        SELECT FROM swap WHERE swap.business_id = booking.business_id AND swap.state = 'open'
            AND (swap.booking_id = booking.id OR swap.other_id = booking.id)
    )
"""
MOVES_LEFT: Final = """
    CASE WHEN service.max_moves IS NULL OR NOT booking.moved THEN service.max_moves
    ELSE greatest(0, service.max_moves - (
        SELECT count(*) FROM booking_event
        WHERE booking_event.business_id = booking.business_id AND booking_event.booking_id = booking.id
            AND booking_event.kind = 'moved' AND booking_event.actor_id = booking.customer_id
            AND booking_event.data->>'offered' IS NULL
    )) END
"""
EXPLAINABLE: Final = """
    CASE WHEN booking.status = 'cancelled' OR (booking.status = 'confirmed' AND booking.moved)
    THEN coalesce((
        SELECT booking_event.actor_id = booking.customer_id AND CASE booking_event.kind
            WHEN 'cancelled' THEN true
            WHEN 'moved' THEN booking.status = 'confirmed' AND booking_event.data->>'offered' IS NULL
                AND (booking_event.data->>'was')::timestamptz - booking_event.at < interval '24 hours'
            ELSE false END
        FROM booking_event
        WHERE booking_event.business_id = booking.business_id AND booking_event.booking_id = booking.id
            AND booking_event.kind IN ('cancelled', 'moved', 'explained')
        ORDER BY booking_event.id DESC LIMIT 1
    ), false) ELSE false END
"""
"""A move is late less than a day before the visit would have begun, and not where the business offered it."""
