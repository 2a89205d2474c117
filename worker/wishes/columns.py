"""What SQL says of a wish beside its own columns: what came of it, what its services are, who does them."""

from typing import Final

from worker.db.models.catalogue import SHOWN_SERVICE

# What the customer has booked of the service since: start and specialist of each.
BOOKED: Final = """ARRAY(
    SELECT ARRAY[CAST(date_part('epoch', lower(booking.during)) AS bigint), booking.specialist_id]
    FROM booking
    WHERE booking.business_id = entry.business_id AND booking.customer_id = entry.customer_id
        AND booking.service_id = entry.service_id AND booking.status IN ('pending', 'confirmed')
        AND booking.created_at >= entry.created_at AND NOT entry.kept AND entry.booking_id IS NULL
        AND entry.added <@ ARRAY(
            SELECT following.service_id FROM booking AS following
            WHERE following.business_id = entry.business_id AND following.part_of = booking.id
        )
)"""
# What they were offered of a specialist's time before: nobody is offered the same twice.
OFFERED: Final = """ARRAY(
    SELECT ARRAY[
        offer.specialist_id, coalesce(offer.freed_specialist_id, offer.specialist_id),
        CAST(date_part('epoch', offer.start) AS bigint),
        CAST(date_part('epoch', offer.freed_from) AS bigint),
        CAST(date_part('epoch', offer.freed_until) AS bigint)
    ]
    FROM waitlist_offer AS offer
    WHERE offer.business_id = entry.business_id AND offer.customer_id = entry.customer_id
        AND offer.service_id = entry.service_id AND offer.added = entry.added AND offer.start > :now
)"""
_ADDED_NAMES: Final = """ARRAY(
    SELECT {service} FROM unnest(entry.added) WITH ORDINALITY AS following (id, place)
    JOIN service ON service.business_id = entry.business_id AND service.id = following.id
    ORDER BY following.place
)"""
ADDED_NAMES: Final = _ADDED_NAMES.format(service=SHOWN_SERVICE)
"""The SQL of what the services are called that are to follow."""
_DOES_PART: Final = """EXISTS (
    SELECT FROM specialist_service AS part
    WHERE part.business_id = entry.business_id AND part.specialist_id = {who}
        AND part.service_id = ANY(entry.added) AND NOT EXISTS (
            SELECT FROM specialist_service AS named
            WHERE named.business_id = entry.business_id AND named.specialist_id = entry.specialist_id
                AND named.specialist_id <> {who} AND named.service_id = part.service_id
        )
)"""
_DOES_SOME: Final = """(
    (entry.specialist_id IS NULL OR entry.specialist_id = {who}) AND EXISTS (
        SELECT FROM specialist_service AS own
        WHERE own.business_id = entry.business_id AND own.specialist_id = {who}
            AND own.service_id = entry.service_id
    ) OR entry.added <> '{{}}' AND {does_part}
)"""


def does_some(who: str) -> str:
    """Write in SQL whether a wish may come true with a specialist: they do it, or something that follows.

    Whoever is named does all of it that they do.
    """
    return _DOES_SOME.format(who=who, does_part=_DOES_PART.format(who=who))
