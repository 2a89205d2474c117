import asyncio
import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import Range

from tests.doubles import ManualClock
from tests.kit.business import BUSINESS_ID
from tests.worker.business.test_money import PRICE_LIST
from tests.worker.business.test_reader import BARBER
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.command_line import UsageError
from worker.db.engine import Sessions
from worker.db.models.booking import Booking
from worker.db.models.catalogue import Service
from worker.scheduling.asker import Asker
from worker.scheduling.engine import dates, find_slots
from worker.scheduling.following import load_around, load_schedule
from worker.scheduling.wallclock import local
from worker.slots.answer import SlotReport, find_answer
from worker.slots.arguments import Question, read_arguments
from worker.slots.table import write_table

CLOCK = ManualClock(datetime(2026, 11, 23, 6, tzinfo=UTC))
MONDAY = date(2026, 11, 23)
TWO = BARBER.replace("roles:", '  - {name: Bob, services: [Haircut], hours: {mon: ["09:00-10:00"]}}\nroles:')


@pytest.fixture
async def barber(sessions: Sessions) -> Sessions:
    await apply_document(sessions, read_document(TWO.encode(), "b.yaml"), CLOCK)
    return sessions


async def book(sessions: Sessions, start: datetime, *, status: str = "confirmed") -> int:
    """Book Alice for a haircut of 45 minutes and ten to clean up."""
    minute = start.timestamp()
    end, clean = (datetime.fromtimestamp(minute + 60 * length, UTC) for length in (45, 55))
    async with sessions.begin() as session:
        await session.execute(
            text("INSERT INTO person (business_id, id, first_name) VALUES (1, 5, 'P') ON CONFLICT DO NOTHING")
        )
        ids = (
            await session.execute(text("SELECT service_id, specialist_id FROM specialist_service ORDER BY 2"))
        ).first()
        assert ids is not None
        values = {"during": Range(start, end), "busy": Range(start, clean), "status": status}
        statement = insert(Booking).values(
            business_id=BUSINESS_ID,
            service_id=ids[0],
            specialist_id=ids[1],
            customer_id=5,
            currency="EUR",
            **values,
        )
        return (await session.scalars(statement.returning(Booking.id))).one()


async def ask(sessions: Sessions, *arguments: str) -> SlotReport:
    question = read_arguments(["Haircut", "--from", str(MONDAY), "--to", str(MONDAY), *arguments])
    async with sessions.begin() as session:
        return await find_answer(session, question, CLOCK)


async def test_everyone_who_can_take_a_start_is_named(barber: Sessions) -> None:
    answer = await ask(barber)
    assert [slot.specialists for slot in answer.slots][:3] == [["Alice", "Bob"], ["Alice", "Bob"], ["Alice"]]
    assert answer.slots[0].start.isoformat() == "2026-11-23T09:00:00+01:00"
    assert answer.slots[0].end.isoformat() == "2026-11-23T09:45:00+01:00"
    assert answer.refused is None


async def test_a_booking_takes_its_time_and_its_buffer(barber: Sessions) -> None:
    await book(barber, datetime(2026, 11, 23, 9, tzinfo=UTC))  # 10:00 in Berlin
    answer = await ask(barber, "--specialist", "Alice", "--explain")
    assert answer.refused is not None
    reasons = {f"{one.start:%H:%M}": one.reason.value for one in answer.refused}
    assert (reasons["08:45"], reasons["09:15"], reasons["09:30"], reasons["10:45"]) == (
        "closed",
        "buffer",
        "booked",
        "buffer",
    )
    assert [f"{slot.start:%H:%M}" for slot in answer.slots][:2] == ["09:00", "11:00"]
    assert "  09:15  Alice: buffer\n" in write_table(answer)


async def test_a_cancelled_booking_and_the_one_being_moved_take_nothing(barber: Sessions) -> None:
    await book(barber, datetime(2026, 11, 23, 9, tzinfo=UTC), status="cancelled")
    moving = await book(barber, datetime(2026, 11, 23, 11, tzinfo=UTC))
    async with barber.begin() as session:
        service_id = (await session.execute(text("SELECT id FROM service"))).scalar_one()
        schedule = await load_schedule(session, (service_id,), MONDAY, MONDAY, Asker(CLOCK.now()))
        ignoring = await load_around(session, (service_id,), CLOCK.now(), Asker(CLOCK.now(), moving=moving))
        assert await load_schedule(session, (service_id + 1,), MONDAY, MONDAY, Asker(CLOCK.now())) is None
    assert schedule is not None
    assert ignoring is not None
    assert [len(calendar.busy) for calendar in schedule.calendars] == [1, 0]
    assert [len(calendar.busy) for calendar in ignoring.calendars] == [0, 0]
    assert list(schedule.names.values()) == ["Alice", "Bob"]
    assert schedule.calendars[0].hours.windows(date(2026, 12, 24)) == (
        (540, 780),
        (840, 1080),
    )  # out of range


async def test_a_day_off_and_a_seat_of_a_group_are_loaded(barber: Sessions) -> None:
    await book(barber, datetime(2026, 12, 23, 9, tzinfo=UTC))
    async with barber.begin() as session:
        await session.execute(text("UPDATE booking SET seats = '[2,3)'"))
        service_id = (await session.execute(text("SELECT id FROM service"))).scalar_one()
        schedule = await load_schedule(
            session, (service_id,), date(2026, 12, 23), date(2026, 12, 24), Asker(CLOCK.now())
        )
    assert schedule is not None
    alice = schedule.calendars[0]
    assert alice.hours.windows(date(2026, 12, 24)) == ()
    assert [(taken.service, taken.seats) for taken in alice.busy] == [(service_id, 1)]


IN_PERIODS = """\
business: {name: B, timezone: Europe/Berlin, currency: EUR}
resources:
  - {name: Chair, periods: [{when: 12-01 to 12-10, hours: {mon-fri: ["09:00-15:00"]}}]}
services:
  - name: Haircut
    duration: 45m
    resources: [Chair]
    periods: [{when: until 2026-12-02, hours: {mon-sun: ["10:00-20:00"]}}]
specialists:
  - name: Alice
    services: [Haircut]
    hours: {mon-fri: ["09:00-18:00"]}
    periods:
      - {when: first thu, hours: closed}
      - {when: every 2 weeks from 2026-11-30, hours: {"mon,wed,thu": ["08:00-16:00"], sat: ["09:00-10:00"]}}
    exceptions: [{date: 2026-12-14, hours: []}]
"""


async def test_periods_of_all_that_a_visit_needs_come_with_the_calendars(sessions: Sessions) -> None:
    await apply_document(sessions, read_document(IN_PERIODS.encode(), "p.yaml"), CLOCK)
    async with sessions.begin() as session:
        service_id = (await session.execute(text("SELECT id FROM service"))).scalar_one()
        asked = ([service_id], MONDAY, date(2026, 12, 31), Asker(CLOCK.now()))
        schedule = await load_schedule(session, *asked)
    assert schedule is not None
    [query] = schedule.queries(CLOCK.now())
    found = {
        f"{day:%m-%d}": [f"{local(each, query.zone):%H:%M}" for each in (starts[0], starts[-1])]
        for day in dates(MONDAY, date(2026, 12, 16))
        if (starts := find_slots(query, day, day).slots)
    }
    assert found == {
        **{f"11-{day}": ["10:00", "17:15"] for day in range(23, 28)},
        "11-30": ["10:00", "15:15"],
        "12-02": ["10:00", "14:15"],
        **{f"12-{day:02}": ["09:00", "14:15"] for day in range(7, 11)},
        "12-11": ["09:00", "17:15"],
        "12-16": ["08:00", "15:15"],
    }


async def test_the_figures_of_a_service_are_its_columns_in_seconds(barber: Sessions) -> None:
    async with barber.begin() as session:
        service = (await session.scalars(select(Service))).one()
        schedule = await load_schedule(session, (service.id,), MONDAY, MONDAY, Asker(CLOCK.now()))
    assert schedule is not None
    plain = {"id": service.id, "capacity": service.capacity}
    minutes = ("duration", "buffer_before", "buffer_after", "step", "min_notice", "horizon")
    assert asdict(schedule.policy) == {**plain, **{name: 60 * getattr(service, name) for name in minutes}}
    assert len({getattr(service, name) for name in minutes}) >= 5  # a swap would show


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Hiarcut"], "There is no service named 'Hiarcut'. Did you mean 'Haircut'?"),
        (["Haircut", "--specialist", "Carol"], "There is no specialist named 'Carol'."),
    ],
)
async def test_names_nobody_bears(barber: Sessions, arguments: list[str], message: str) -> None:
    question = read_arguments([*arguments, "--from", "2026-11-23", "--to", "2026-11-23"])
    async with barber.begin() as session:
        with pytest.raises(UsageError) as caught:
            await find_answer(session, question, CLOCK)
    assert str(caught.value) == message


async def test_a_name_that_two_services_have_is_told_apart_by_its_category(sessions: Sessions) -> None:
    await apply_document(sessions, read_document(PRICE_LIST, "b.yaml"), CLOCK)
    days = ["--from", "2026-11-23", "--to", "2026-11-23"]
    async with sessions.begin() as session:
        with pytest.raises(UsageError, match="write Шугаринг/Подмышки or Лазер/Подмышки"):
            await find_answer(session, read_arguments(["Подмышки", *days]), CLOCK)
        for name, shown in (("Лазер/Подмышки", "Лазер: Подмышки"), ("Консультация", "Консультация")):
            found = await find_answer(session, read_arguments([name, *days]), CLOCK)
            assert (found.service, bool(found.slots)) == (shown, True)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2026-11-24", "2026-11-23", "--to 2026-11-23 is before --from 2026-11-24."),
        ("2026-01-01", "2027-01-02", "--from 2026-01-01 --to 2027-01-02 are 367 days; 366 are the most."),
        ("2026-W01-1", "2026-11-23", "--from '2026-W01-1' is not a date; write 2026-12-24."),
        ("2026-11-23", "9999-12-31", "--to 9999-12-31 is not between the years 2000 and 2199."),
    ],
)
def test_dates_that_make_no_sense(first: str, last: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_arguments(["Haircut", "--from", first, "--to", last])
    assert str(caught.value) == message


def test_a_year_of_days_is_fine() -> None:
    question = read_arguments(["Haircut", "--from", "2026-01-01", "--to", "2027-01-01", "--json"])
    assert question == Question("Haircut", None, date(2026, 1, 1), date(2027, 1, 1), explain=False, json=True)


async def run(database_url: str, *arguments: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *arguments,
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.usefixtures("barber")
async def test_as_a_process(database_url: str) -> None:
    days = ("--from", str(MONDAY), "--to", str(MONDAY))
    code, out, _ = await run(database_url, "worker.slots", "Haircut", *days, "--explain", "--json")
    assert code == 0
    assert set(json.loads(out)) == {"service", "timezone", "slots", "refused"}
    code, out, _ = await run(database_url, "worker.slots", "Haircut", *days, "--json")
    assert set(json.loads(out)) == {"service", "timezone", "slots"}
    code, _, err = await run(database_url, "worker.slots", "Nothing", *days)
    assert (code, err) == (2, "There is no service named 'Nothing'.\n")
