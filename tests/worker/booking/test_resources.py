"""Rooms, chairs and machines: never more of them are used at once than there are, whoever books."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from sandbox.postgres import PostgresCluster
from shared.contracts.booking import ShowDay
from tests.conftest import TEMPLATE
from tests.kit.business import BUSINESS_ID
from tests.kit.engines import engine_to
from tests.worker.booking.outcomes import persist
from tests.worker.shop import ANNA, BEN, CARLA, Shop, at, open_shop
from tests.worker.stage import on_stage
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import make_sessions
from worker.db.models.booking import Booking, Status
from worker.placement.placement import Booked, NotBooked
from worker.scheduling.resources import NUMBERS_EACH
from worker.scheduling.rules import Reason

SALON = b"""
business: {name: Salon, timezone: Europe/Berlin, currency: EUR}
locations: [{name: Main street}, {name: Side street}]
resources:
  - {name: Chair, count: 2}
  - {name: Laser, hours: {mon-fri: ["12:00-16:00"]}}
  - {name: Room, location: Main street}
services:
  - {name: Cut, duration: 30m, step: 5m, min_notice: 0m, cancel_until: 0m, buffer_after: 10m,
     resources: [Chair]}
  - {name: Colour, duration: 60m, step: 5m, min_notice: 0m, cancel_until: 0m, resources: [Chair]}
  - {name: Peeling, duration: 30m, step: 5m, min_notice: 0m, resources: [Laser, Chair]}
  - {name: Massage, duration: 60m, step: 15m, min_notice: 0m, resources: [Room]}
  - {name: Class, duration: 60m, step: 15m, min_notice: 0m, capacity: 3, resources: [Chair]}
  - {name: Talk, duration: 30m, step: 15m, min_notice: 0m, hours: {mon-fri: ["10:00-11:00"]}}
specialists:
  - {name: A, services: [Cut, Colour, Peeling, Massage, Class, Talk], locations: [Main street, Side street],
     hours: {mon-sun: ["09:00-18:00"]}}
  - {name: B, services: [Cut, Colour, Massage], locations: [Main street], hours: {mon-sun: ["09:00-18:00"]}}
  - {name: C, services: [Cut, Colour, Class], locations: [Main street], hours: {mon-sun: ["09:00-18:00"]}}
  - {name: D, services: [{name: Cut, duration: 45m}], hours: {mon-sun: ["09:00-18:00"]}}
"""
DATABASE = "bellhop_salon"
NONE_LEFT = NotBooked(Reason.RESOURCE)
USES = text("""
    SELECT id, specialist_id, lower(busy) AS begins, upper(busy) AS ends, lower(unit) AS unit
    FROM booking LEFT JOIN LATERAL unnest(units) AS unit ON true
    WHERE status IN ('held', 'pending', 'confirmed')
""")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def salon_url(postgres_cluster: PostgresCluster) -> AsyncIterator[str]:
    url = await postgres_cluster.create_database(DATABASE, template=TEMPLATE)
    yield url
    await postgres_cluster.drop_database(DATABASE)


@pytest_asyncio.fixture
async def salon(salon_url: str) -> AsyncIterator[Shop]:
    async with engine_to(salon_url) as engine:
        await empty(sessions := make_sessions(engine, BUSINESS_ID))
        yield await open_shop(sessions, SALON)


async def empty(sessions: object) -> None:
    async with sessions.begin() as session:  # type: ignore[attr-defined]  # Sessions
        await session.execute(text("DELETE FROM booking_event WHERE business_id = 1"))
        await session.execute(text("DELETE FROM booking WHERE business_id = 1"))


async def units(shop: Shop, booking_id: int) -> list[tuple[str, int]]:
    """Return what a visit has: the names of resources, and which of them."""
    found = (await shop.booking(booking_id)).units
    numbers = [unit.lower or 0 for unit in found]
    async with shop.sessions() as session:
        rows = await session.execute(text("SELECT id, name FROM resource WHERE business_id = 1"))
        names = {row.id: row.name for row in rows}
    return [(names[each // NUMBERS_EACH], each % NUMBERS_EACH // 2) for each in numbers]


async def most_at_once(shop: Shop, resource: str) -> int:
    """Count without the constraint's help how many visits had one at the same moment."""
    async with shop.sessions() as session:
        name = text("SELECT id FROM resource WHERE name = :name")
        number = (await session.execute(name, {"name": resource})).scalar_one()
        rows = [row for row in await session.execute(USES) if (row.unit or 0) // NUMBERS_EACH == number]
    assert len({row.unit for row in rows}) <= 2
    moments: Counter[datetime] = Counter()
    for one in rows:
        moments[one.begins] = sum(each.begins <= one.begins < each.ends for each in rows)
    return max(moments.values(), default=0)


async def test_two_services_share_the_chairs_and_who_cancels_gives_one_back(salon: Shop) -> None:
    first = await salon.book(salon.wish("Cut", "A", "10:00"))
    second = await salon.book(salon.wish("Colour", "B", "10:20"), BEN)
    assert sorted([await units(salon, first), await units(salon, second)]) == [[("Chair", 0)], [("Chair", 1)]]
    third = salon.wish("Cut", "C", "10:25")
    assert await salon.place(third, CARLA) == NONE_LEFT
    assert isinstance(await salon.place(salon.wish("Cut", "C", "10:40"), CARLA), Booked)  # after the buffer
    await salon.set_status(second, Status.CANCELLED)
    moved = salon.wish("Cut", "A", "10:30")
    assert isinstance(await salon.place(moved, moving=first), Booked)
    assert await most_at_once(salon, "Chair") == 2


async def test_a_gap_is_filled_by_the_chair_that_it_fits(salon: Shop) -> None:
    """The chair that was used last is taken again, so that the other one stays free for long."""
    for clock, who, customer in (("10:00", "A", ANNA), ("10:40", "B", BEN), ("11:20", "C", CARLA)):
        booked = await salon.book(salon.wish("Cut", who, clock), customer)
        assert await units(salon, booked) == [("Chair", 0)]


async def test_the_database_itself_refuses_a_unit_twice(salon: Shop) -> None:
    booked = await salon.booking(await salon.book(salon.wish("Cut", "A", "10:00")))
    values = {
        **salon.about(BEN, service_id=booked.service_id, specialist_id=salon.specialists["B"]),
        "during": Range(at("10:10"), at("10:20")),
        "busy": Range(at("10:10"), at("10:20")),
        "units": booked.units,
    }
    with pytest.raises(IntegrityError, match="ex_booking_unit"):
        async with salon.sessions.begin() as session:
            await session.execute(insert(Booking).values(values))


async def test_many_at_once_get_no_more_than_there_are(salon: Shop) -> None:
    people = await salon.crowd(16)
    wishes = [
        salon.wish(service, who, clock)
        for service, clock in (("Cut", "10:00"), ("Colour", "10:00"), ("Cut", "10:20"), ("Colour", "10:40"))
        for who in ("A", "B", "C", None)
    ]
    await asyncio.gather(*(persist(salon, *each) for each in zip(wishes, people, strict=True)))
    assert await salon.overlaps() == 0
    assert await most_at_once(salon, "Chair") == 2
    assert all([len(await units(salon, each.id)) == 1 for each in await salon.live()])


steps = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "move", "cancel", "done"]),
        st.sampled_from(["Cut", "Colour", "Class", "Peeling"]),
        st.sampled_from(["A", "B", "C", "D", None]),
        st.sampled_from(["11:30", "12:00", "12:15", "12:30", "13:00", "13:15"]),
        st.integers(0, 20),
    ),
    min_size=6,
    max_size=18,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
async def test_whatever_is_done_no_more_are_used_than_there_are(
    salon: Shop, steps: list[tuple[str, str, str | None, str, int]]
) -> None:
    await empty(salon.sessions)
    people = await salon.crowd(8)
    for action, service, who, clock, number in steps:
        live = await salon.live()
        target = live[number % len(live)] if live else None
        if action == "book" or target is None:
            await salon.place(salon.wish(service, who, clock), people[number % 8])
        elif action == "move":
            [name] = [name for name, each in salon.services.items() if each == target.service_id]
            await salon.place(salon.wish(name, who, clock), target.customer_id, moving=target.id)
        else:
            await salon.set_status(target.id, Status.CANCELLED if action == "cancel" else Status.DONE)
    assert await salon.overlaps() == 0
    sessions = {(each.specialist_id, each.during.lower) for each in await salon.live()}
    async with salon.sessions() as session:
        rows = (await session.execute(USES)).all()
    for one in rows:
        clashing = [
            each
            for each in rows
            if each.unit == one.unit and each.begins < one.ends and one.begins < each.ends
        ]
        assert {each.specialist_id for each in clashing} == {one.specialist_id}
    assert len({(row.specialist_id, row.begins) for row in rows}) == len(sessions)


async def test_a_group_has_one_chair_for_all_its_seats(salon: Shop) -> None:
    seats = [await salon.book(salon.wish("Class", "A", "10:00"), customer) for customer in (ANNA, BEN, CARLA)]
    assert {tuple(await units(salon, each)) for each in seats} == {(("Chair", 0),)}
    [other] = await salon.crowd(1)
    assert isinstance(await salon.place(salon.wish("Class", "C", "10:00"), other), Booked)
    assert await salon.place(salon.wish("Cut", "B", "10:00"), BEN) == NONE_LEFT
    for each in seats:
        await salon.set_status(each, Status.CANCELLED)
    assert isinstance(await salon.place(salon.wish("Cut", "B", "10:00"), BEN), Booked)


async def test_own_hours_and_places_bind_the_visit(salon: Shop) -> None:
    assert await salon.place(salon.wish("Peeling", "A", "11:45")) == NONE_LEFT
    peeling = await salon.book(salon.wish("Peeling", "A", "12:00"))
    assert sorted(await units(salon, peeling)) == [("Chair", 0), ("Laser", 0)]
    assert await salon.place(salon.wish("Talk", "A", "11:00"), BEN) == NotBooked(Reason.OFFERED)
    assert isinstance(await salon.place(salon.wish("Talk", "A", "10:30"), BEN), Booked)
    async with salon.sessions() as session:
        sql = text("SELECT id FROM location WHERE name = 'Side street'")
        side = (await session.execute(sql)).scalar_one()
    massage = salon.wish("Massage", "A", "14:00")
    elsewhere = type(massage)(massage.service_id, massage.specialist_id, massage.start, side)
    assert await salon.place(elsewhere, CARLA) == NONE_LEFT
    assert isinstance(await salon.place(massage, CARLA), Booked)


async def test_people_read_what_is_missing(salon: Shop) -> None:
    async with on_stage(salon) as stage:
        await stage.meet(ANNA, BEN, CARLA)
        await stage.book("10:00", service="Cut", specialist="A")
        await stage.book("10:00", person=BEN, service="Colour", specialist="B")
        answer = await stage.tap(stage.booking("10:00", service="Cut", specialist="C"), CARLA)
        assert "All are taken at that time: Chair." in str(answer.toast)
        answer = await stage.tap(stage.booking("11:00", service="Peeling", specialist="A"), CARLA)
        assert "Cannot be used at that time: Laser." in str(answer.toast)
        sunday = ShowDay(service_id=salon.services["Peeling"], day=at("10:00", 7).date())
        answer = await stage.tap(sunday, CARLA)
        assert "Cannot be used on that day: Laser" in str(answer.toast)
        talk = ShowDay(service_id=salon.services["Talk"], day=at("10:00", 7).date())
        assert "Not offered on that day" in str((await stage.tap(talk, CARLA)).toast)


async def change(shop: Shop, before: bytes, after: bytes, *, of: bytes = SALON) -> tuple[list[str], bytes]:
    content = of.replace(before, after)
    plan = await apply_document(shop.sessions, read_document(content, "salon"), shop.clock)
    return sorted(f"{hit.visit.customer} {hit.why}" for hit in plan.hits), content


async def test_fewer_chairs_are_shown_with_whom_that_hits(salon: Shop) -> None:
    first = await salon.book(salon.wish("Cut", "A", "10:00"))
    second = await salon.book(salon.wish("Colour", "B", "10:00"), BEN)
    later = await salon.book(salon.wish("Cut", "B", "15:00"), CARLA)
    renamed = SALON.replace(b"{name: Chair,", b"{name: Stool, was: Chair,")
    renamed = renamed.replace(b"[Chair]", b"[Stool]").replace(b"Laser, Chair", b"Laser, Stool")
    assert await change(salon, b"", b"", of=renamed) == ([], renamed)
    assert [len(await units(salon, each)) for each in (first, second, later)] == [1, 1, 1]
    hits, content = await change(salon, b"Chair, count: 2", b"Chair, count: 1", of=renamed)
    assert hits == ["Ben for 'Colour' without 'Stool', of which none is free then"]
    assert [len(await units(salon, each)) for each in (first, second, later)] == [1, 0, 1]
    hits, _ = await change(salon, b"Stool, was: Chair, count: 1", b"Stool, count: 3", of=content)
    assert hits == []
    assert [len(await units(salon, each)) for each in (first, second, later)] == [1, 1, 1]


async def test_a_service_that_needs_a_room_from_now_on_gives_one_to_its_visits(salon: Shop) -> None:
    talk = await salon.book(salon.wish("Talk", "A", "10:00"))
    massage = await salon.book(salon.wish("Massage", "B", "10:00"), BEN)
    needs = b'hours: {mon-fri: ["10:00-11:00"]}'
    hits, _ = await change(salon, needs, needs + b", resources: [Chair]")
    assert hits == []
    assert await units(salon, talk) == [("Chair", 0)]
    hits, _ = await change(salon, needs, b'resources: [Room], hours: {mon-fri: ["11:00-12:00"]}')
    assert hits == [
        "Anna for 'Talk' outside the hours in which it is offered",
        "Anna for 'Talk' without 'Room', of which none is free then",
    ]
    assert await units(salon, talk) == []
    assert await units(salon, massage) == [("Room", 0)]
