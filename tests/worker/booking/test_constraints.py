"""What the database refuses by itself, whoever writes to it."""

from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from shared.envelope import NOBODY, Actor
from tests.worker.shop import BEN, Shop, at
from worker.db.models.booking import Booking
from worker.people.repository import save_person


def row(shop: Shop, clock: str, **changes: object) -> dict[str, object]:
    start = at(clock)
    if changes.get("status") == "held":
        changes = {"kept_until": start, "kept_for": "summary", **changes}
    values = {
        **shop.about(),
        "service_id": shop.services["Cut"],
        "specialist_id": shop.specialists["Alice"],
        "during": Range(start, start + timedelta(minutes=45)),
        "busy": Range(start, start + timedelta(minutes=55)),
        "seats": Range(1, None),
    }
    return {**values, **changes}


async def write(shop: Shop, values: dict[str, object]) -> str | None:
    """Insert a row as it is; return the name of the constraint that refuses it."""
    try:
        async with shop.sessions.begin() as session:
            await session.execute(insert(Booking).values(values))
    except IntegrityError as error:
        return str(getattr(error.orig.__cause__, "constraint_name", error)) if error.orig else "?"
    return None


@pytest.mark.parametrize("status", ["held", "pending", "confirmed"])
@pytest.mark.parametrize("clock", ["10:00", "10:54", "09:06"])
async def test_the_database_refuses_an_overlap(shop: Shop, status: str, clock: str) -> None:
    assert await write(shop, row(shop, "10:00", status=status)) is None
    assert await write(shop, row(shop, clock)) == "ex_booking_overlap"
    assert await write(shop, row(shop, clock, status=status)) == "ex_booking_overlap"


async def test_the_database_takes_what_touches_what_is_off_and_other_peoples(shop: Shop) -> None:
    for clock, changes in (
        ("10:00", {"status": "cancelled"}),
        ("10:00", {}),
        ("10:55", {}),
        ("09:05", {}),
        ("10:00", {"specialist_id": shop.specialists["Bob"], "customer_id": BEN}),
        ("10:00", {"status": "no_show"}),
    ):
        assert await write(shop, row(shop, clock, **changes)) is None


async def test_the_database_refuses_to_bring_back_what_lost_its_time(shop: Shop) -> None:
    first = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    await shop.set_status(first, "cancelled")
    await shop.book(shop.wish("Cut", "Alice", "10:20"), BEN)
    with pytest.raises(IntegrityError):
        await shop.set_status(first, "confirmed")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"seats": Range(1, 2)}, "ex_booking_overlap"),
        ({"seats": Range(2, 3)}, None),
        ({"seats": Range(1, None)}, "ex_booking_overlap"),
        ({"seats": Range(2, 3), "service": "Dance"}, "ex_booking_group_service"),
        ({"seats": Range(2, 3), "start": "10:30"}, "ex_booking_group_start"),
        ({"seats": Range(0, 1)}, "ck_booking_seats"),
        ({"seats": Range(empty=True)}, "ck_booking_seats"),
    ],
)
async def test_the_database_keeps_groups_together(
    shop: Shop, changes: dict[str, object], constraint: str | None
) -> None:
    yoga = {"service_id": shop.services["Yoga"], "seats": Range(1, 2)}
    assert await write(shop, row(shop, "10:00", **yoga)) is None
    yoga["customer_id"] = BEN
    service = shop.services[str(changes.pop("service", "Yoga"))]
    clock = str(changes.pop("start", "10:00"))
    assert await write(shop, row(shop, clock, **{**yoga, "service_id": service, **changes})) == constraint


@pytest.mark.parametrize("status", ["held", "pending", "confirmed"])
async def test_the_database_refuses_a_customer_the_same_visit_twice(shop: Shop, status: str) -> None:
    bob = {"specialist_id": shop.specialists["Bob"]}
    assert await write(shop, row(shop, "10:00", status=status)) is None
    assert await write(shop, row(shop, "10:00", **bob)) == "uq_booking_same"
    assert await write(shop, row(shop, "10:05", **bob)) is None


async def test_visits_of_people_who_were_forgotten_are_nobodys(shop: Shop) -> None:
    async with shop.sessions.begin() as session:
        await save_person(session, Actor(id=NOBODY))
    bob = {"specialist_id": shop.specialists["Bob"]}
    assert await write(shop, row(shop, "10:00", customer_id=NOBODY)) is None
    assert await write(shop, row(shop, "10:00", customer_id=NOBODY, **bob)) is None


@pytest.mark.parametrize("lacking", ["kept_until", "kept_for"])
async def test_what_is_held_says_until_when_and_what_for(shop: Shop, lacking: str) -> None:
    assert await write(shop, row(shop, "10:00", status="held", **{lacking: None})) == "ck_booking_kept"


async def test_a_visit_lies_within_its_busy_time(shop: Shop) -> None:
    busy = Range(at("10:10"), at("11:00"))
    assert await write(shop, row(shop, "10:00", busy=busy)) == "ck_booking_during_in_busy"
