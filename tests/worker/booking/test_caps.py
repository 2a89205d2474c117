"""So many visits a day and a week a specialist takes, and no more, whoever asks at the same moment."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import fields
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import text, update

from sandbox.postgres import PostgresCluster
from shared.contracts.booking import ShowDay, ShowMonth
from shared.contracts.chat import Say
from shared.contracts.why import AskWhyTime
from tests.conftest import TEMPLATE
from tests.kit.business import BUSINESS_ID
from tests.kit.engines import engine_to
from tests.worker.shop import ANNA, BEN, CARLA, OWNER, Shop, at, open_shop
from tests.worker.stage import on_stage
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import make_sessions
from worker.db.models.booking import Status
from worker.db.models.catalogue import Specialist
from worker.placement.placement import Booked, NotBooked
from worker.scheduling.asker import Asker
from worker.scheduling.calendars import Calendar
from worker.scheduling.engine import needs_lock
from worker.scheduling.following import load_schedule
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.rules import Reason, ServicePolicy, SlotQuery, SpecialistPolicy

FILE = (
    b"""
business: {name: Clinic, timezone: Europe/Berlin, currency: EUR}
services:
  - {name: Talk, duration: 30m, step: 30m, min_notice: 0m}
  - {name: Class, duration: 60m, step: 30m, min_notice: 0m, capacity: 3}
specialists:
  - {name: Alice, services: [Talk, Class], max_per_day: 2, max_per_week: 3, hours: {mon-sun: ["09:00-18:00"]}}
  - {name: Bob, services: [Talk], hours: {mon-sun: ["09:00-18:00"]}}
roles: {owner: [%d], admin: []}
"""
    % OWNER
)
FULL_DAY, FULL_WEEK = NotBooked(Reason.DAY_FULL), NotBooked(Reason.WEEK_FULL)


@pytest_asyncio.fixture
async def clinic(postgres_cluster: PostgresCluster) -> AsyncIterator[Shop]:
    url = await postgres_cluster.create_database("bellhop_clinic", template=TEMPLATE)
    async with engine_to(url) as engine:
        yield await open_shop(make_sessions(engine, BUSINESS_ID), FILE)
    await postgres_cluster.drop_database("bellhop_clinic")


async def test_a_day_and_a_week_fill_up_and_what_waits_or_is_done_counts(clinic: Shop) -> None:
    """In three days it is Wednesday; a week is from Monday to Sunday. Others' caps forget what is pending."""
    people = await clinic.crowd(8)
    wishes = [clinic.wish("Talk", "Alice", f"{hour:02}:00") for hour in range(9, 13)]
    outcomes = await asyncio.gather(
        *(clinic.place(wish, who) for wish, who in zip(wishes, people, strict=False))
    )
    assert (sum(isinstance(each, Booked) for each in outcomes), outcomes.count(FULL_DAY)) == (2, 2)
    first, second = await clinic.live()
    await clinic.set_status(second.id, Status.PENDING)
    assert await clinic.place(clinic.wish("Talk", "Alice", "16:00"), people[7]) == FULL_DAY
    assert isinstance(await clinic.place(clinic.wish("Talk", "Alice", "15:00"), moving=first.id), Booked)
    await clinic.set_status(first.id, Status.DONE)
    assert isinstance(await clinic.place(clinic.wish("Talk", "Alice", "09:00", 4), ANNA), Booked)
    assert await clinic.place(clinic.wish("Talk", "Alice", "10:00", 5), people[7]) == FULL_WEEK
    assert isinstance(await clinic.place(clinic.wish("Talk", "Alice", "10:00", 8), people[7]), Booked)
    anyone = await clinic.place(clinic.wish("Talk", None, "10:00", 5), people[6])
    assert isinstance(anyone, Booked)
    assert anyone.visit.specialist == "Bob"


async def test_who_asks_why_reads_of_visits_that_are_over_too(clinic: Shop) -> None:
    async with on_stage(clinic) as stage:
        await stage.meet(OWNER, ANNA, BEN)
        for clock, person in (("09:00", ANNA), ("17:00", BEN)):
            number = await stage.book(clock, 0, person, service="Talk", specialist="Alice")
            await clinic.set_status(number, Status.DONE)
        await stage.advance_to(at("12:00", 2))
        known = {"service_id": clinic.services["Talk"], "specialist_id": clinic.specialists["Alice"]}
        await stage.type(AskWhyTime(**known, day=at("10:00", 0).date()), OWNER)
        said = await stage.type(Say(text="15:00"), OWNER)
        assert "takes at most 2 visits a day, and has them:\n• 09:00–09:30 Talk, Anna" in said
        assert "• 17:00–17:30 Talk, Anna" in said


def counts_visits(figure: str) -> bool:
    """Tell whether a rule counts visits for the sake of a specialist's figure."""
    service = ServicePolicy(
        id=1, duration=60, buffer_before=0, buffer_after=0, step=60, min_notice=0, horizon=60
    )
    query = SlotQuery(
        service=service,
        specialist=SpecialistPolicy(**{figure: 1}),
        calendar=Calendar(1, WeeklyHours({}), ()),
        zone=ZoneInfo("UTC"),
        now=0,
    )
    return needs_lock(query)


COUNTING = [figure.name for figure in fields(SpecialistPolicy) if counts_visits(figure.name)]


@pytest.mark.parametrize("figure", COUNTING)
async def test_a_figure_that_counts_visits_brings_those_that_are_over(clinic: Shop, figure: str) -> None:
    visit = await clinic.book(clinic.wish("Talk", "Alice", "10:00"), ANNA)
    await clinic.set_status(visit, Status.DONE)
    others = dict.fromkeys(COUNTING)
    async with clinic.sessions.begin() as session:
        await session.execute(update(Specialist).values({**others, figure: 5}))
    day, asker = at("10:00").date(), Asker(clinic.clock.now())
    async with clinic.sessions() as session:
        schedule = await load_schedule(session, (clinic.services["Talk"],), day, day, asker)
    assert schedule is not None
    over = {calendar.specialist: calendar.over for calendar in schedule.calendars}
    assert over[clinic.specialists["Alice"]] == [int(at("10:00").timestamp())], (
        f"worker/scheduling/repository.py loads no visits that are over for {figure}"
    )


async def test_a_group_is_one_visit_and_can_be_joined_on_a_full_day(clinic: Shop) -> None:
    await clinic.book(clinic.wish("Class", "Alice", "10:00"), ANNA)
    await clinic.book(clinic.wish("Talk", "Alice", "12:00"), ANNA)
    assert isinstance(await clinic.place(clinic.wish("Class", "Alice", "10:00"), BEN), Booked)
    assert await clinic.place(clinic.wish("Class", "Alice", "14:00"), CARLA) == FULL_DAY


async def test_what_is_full_is_said_and_a_lower_limit_shows_whom_it_hits(clinic: Shop) -> None:
    """Cal.com #5268: the month showed full days as free, and the refusal came at the end."""
    async with on_stage(clinic) as stage:
        await stage.meet(ANNA, BEN, CARLA)
        await stage.book("10:00", service="Talk", specialist="Alice")
        await stage.book("12:00", person=BEN, service="Talk", specialist="Alice")
        about = {"service_id": clinic.services["Talk"], "specialist_id": clinic.specialists["Alice"]}
        month = await stage.tap(ShowMonth(**about, month=at("10:00").date()), CARLA)
        cells = stage.buttons(month.message, CARLA).keys()
        assert {"24", "·25·", "26"} <= cells
        answer = await stage.tap(stage.booking("14:00", service="Talk", specialist="Alice"), CARLA)
        assert "That day is full." in str(answer.toast)
        wednesday = ShowDay(**about, day=at("10:00").date())
        full = await stage.tap(wednesday, CARLA)
        assert "Fully booked" in str(full.toast)
        assert "Tell me if a place frees up" in stage.buttons(full.message, CARLA)
    lower = FILE.replace(b"max_per_day: 2, max_per_week: 3", b"max_per_day: 1, max_per_week: 1")
    plan = await apply_document(clinic.sessions, read_document(lower, "clinic"), clinic.clock)
    assert {hit.why for hit in plan.hits} == {
        "with 'Alice' on days with more than 1",
        "with 'Alice' in weeks with more than 1",
    }
    async with clinic.sessions() as session:
        row = (await session.execute(text("SELECT max_per_day FROM specialist WHERE name = 'Alice'"))).one()
    assert row.max_per_day == 1
