"""Visits as rules are given them, without a database."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from worker.db.models.booking import Status
from worker.price import Price
from worker.visits.repository import Visit

IDS = count(1)


def visit_at(start: datetime, minutes: int = 45, **changes: Any) -> Visit:  # noqa: ANN401 - fields of a visit
    """Make a visit at a time; what it says beside that is like any other's."""
    values: dict[str, Any] = {
        "id": next(IDS),
        "version": 1,
        "status": Status.CONFIRMED,
        "service_id": 1,
        "service": "Cut",
        "specialist_id": 1,
        "specialist": "Alice",
        "specialist_telegram_id": None,
        "specialist_active": True,
        "specialist_reached": True,
        "customer_id": 2001,
        "customer": "Anna",
        "customer_username": None,
        "customer_languages": ["en"],
        "customer_reachable": True,
        "customer_phone": None,
        "staff_note": None,
        "price": Price.exact(Decimal(35)),
        "currency": "EUR",
        "place": None,
        "cancel_until": timedelta(days=1),
        "move_until": timedelta(days=1),
        "reminders": [],
        "business": "Barber & Co",
        "contact": "",
        "timezone": "Europe/Berlin",
        "copies": [],
        "calendar_message_id": None,
        "calendar_uid": "visit@bellhop",
        "location_id": None,
        "moved": False,
        "kept_until": None,
        "kept_for": None,
        "attending": False,
        "asked_at": None,
        "confirm_until": None,
        "confirm_by": None,
        "late_by": None,
        "arrived_at": None,
        "mark": None,
        "explainable": False,
        "notice": timedelta(),
        "wants_earlier": False,
        "in_swap": False,
        "places": 1,
        "most_places": 1,
        "companions": None,
        "note": None,
        "answers": (),
        "is_asked_about": False,
        "is_repeatable": True,
        "series_id": None,
        "max_series": None,
        "parts": (),
        "moves_left": None,
        "late_text": "",
        "outside": False,
        "deposit_terms": None,
        "deposit": None,
        "waived": False,
        "awaits": None,
    }
    return Visit(start=start, end=start + timedelta(minutes=minutes), **{**values, **changes})
