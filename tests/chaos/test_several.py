"""What a chaos run takes for the places of a visit: shown on runs made up for it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest

from shared.buttons import pack
from shared.contracts.base import Command
from shared.contracts.booking import TERMS, Book
from shared.contracts.series import BookSeries
from tests.chaos.business import GROUP
from tests.chaos.checks.several import check_several
from tests.chaos.evidence import Evidence
from tests.chaos.offers import Kind, Offer

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOOK = Book(service_id=1, specialist_id=2, start=START, terms=3 * TERMS)
REPEAT = BookSeries(booking_id=1, weeks=1, count=3, off=0, instead=0, said=2, times=0, terms=0)


def test_a_series_has_the_places_of_the_visit_it_repeats() -> None:
    assert check_several(left_by(places=4)) == []


@pytest.mark.parametrize("places", [1, 3])
def test_a_series_with_other_places_is_found(places: int) -> None:
    found = check_several(left_by(places=places))
    assert [f"visit {number}" in str(each) for number, each in zip((2, 3), found, strict=True)] == [True] * 2


def left_by(*, places: int) -> Evidence:
    """A visit for four that was repeated twice, for as many as is said."""
    return Evidence(
        offers=[tapped(1, BOOK, "Confirm"), tapped(2, REPEAT, "Book 2")],
        services={},
        updates=[],
        calls=[],
        chats={},
        faults=[],
        losses=[],
        emptyings=(),
        struck={},
        sends_per_second=90,
        logs=Path(),
        rows={
            "processed": rows({"update_id": 1, "transaction": 11}, {"update_id": 2, "transaction": 12}),
            "guests' effects": rows(booked(11, 1), booked(12, 2), booked(12, 3)),
            "guests": rows(visit(1, 4), visit(2, places), visit(3, places)),
            "full": [],
        },
    )


def tapped(update_id: int, command: Command, label: str) -> Offer:
    body = {"callback_query": {"data": pack(command)}}
    return Offer(update_id, 70, Kind.GUEST, 0, body=body, label=label)


def booked(transaction: int, booking_id: int) -> dict[str, Any]:
    return {"transaction": transaction, "booking_id": booking_id, "kind": "booked"}


def visit(number: int, places: int) -> dict[str, Any]:
    own = {"id": number, "series_id": 1, "created_at": START, "events": ["booked"]}
    return {**own, "service": GROUP, "status": "confirmed", "part_of": None, "places": places}


def rows(*each: dict[str, Any]) -> list[asyncpg.Record]:
    return [cast("asyncpg.Record", row) for row in each]
