"""Visits as rules are given them, without a database."""

from dataclasses import fields
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
        **dict.fromkeys(each.name for each in fields(Visit)),
        "id": next(IDS),
        "version": 1,
        "status": Status.CONFIRMED,
        "service_id": 1,
        "service": "Cut",
        "specialist_id": 1,
        "specialist": "Alice",
        "specialist_active": True,
        "specialist_reached": True,
        "customer_id": 2001,
        "customer": "Anna",
        "customer_languages": ["en"],
        "customer_reachable": True,
        "price": Price.exact(Decimal(35)),
        "currency": "EUR",
        "cancel_until": timedelta(days=1),
        "move_until": timedelta(days=1),
        "reminders": [],
        "business": "Barber & Co",
        "contact": "",
        "timezone": "Europe/Berlin",
        "copies": [],
        "calendar_uid": "visit@bellhop",
        "moved": False,
        "attending": False,
        "explainable": False,
        "notice": timedelta(),
        "wants_earlier": False,
        "may_be_earlier": True,
        "is_exchangeable": True,
        "in_swap": False,
        "places": 1,
        "most_places": 1,
        "answers": (),
        "is_asked_about": False,
        "is_repeatable": True,
        "parts": (),
        "late_text": "",
        "outside": False,
        "waived": False,
    }
    when = {"start": start, "end": start + timedelta(minutes=minutes)}
    return Visit(**{**values, **when, **changes})
