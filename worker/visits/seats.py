"""How many places of a group a visit takes, as SQL reads it."""

from typing import Final

from worker.db.models.catalogue import SHOWN_SERVICE

PLACES: Final = "coalesce(upper(booking.seats) - lower(booking.seats), 1)"
BOOKED_SERVICE: Final = f"concat({SHOWN_SERVICE}, CASE WHEN {PLACES} > 1 THEN concat(' × ', {PLACES}) END)"
"""The service's name as it shows, with how many places are booked of it, where they are several."""
