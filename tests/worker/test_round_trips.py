"""The main paths' round trips, counted so that they cannot grow unseen. Fewer is fine: lower the figure."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from arq.connections import ArqRedis
from prometheus_client import CollectorRegistry
from sqlalchemy import select, text, update

from shared.clock import SystemClock
from shared.contracts.booking import Book, ShowDay, ShowMonth, ShowSoonest, ShowSummary
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.series import BookSeries
from shared.contracts.staff import ShowAgenda, ShowAgendaPicture
from shared.envelope import AnyCommand
from shared.queue import scripts
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.settings import WorkerSettings
from shared.telegram.client import TelegramClient
from tests.queueing import until
from tests.worker.counting import Trips, count_statements, counting_redis
from tests.worker.shop import ANNA, BEN, OWNER, Shop
from tests.worker.stage import Stage
from worker.db.models.booking import Booking
from worker.db.models.delivery import Outbox
from worker.replica import Connections, Replica
from worker.series.rules import DateState, SeriesDate, mark_of, repeat_dates

TOKEN = "1000000001:" + "round-trips-" * 3


HEARTBEAT = hashlib.sha1(scripts.HEARTBEAT.encode()).hexdigest()[:30]  # noqa: S324 - as Redis names it
"""In the calls that come by the clock, whatever is tapped."""


@dataclass(frozen=True)
class Most:
    """What a path may cost at most."""

    redis: int
    sql: int
    telegram: int


MENU = Most(redis=5, sql=2, telegram=1)
DAY = Most(redis=5, sql=2, telegram=2)
SOONEST = Most(redis=5, sql=3, telegram=2)
"""What else could be added is one statement more, here and on the summary."""
SUMMARY = Most(redis=5, sql=12, telegram=2)
BOOK = Most(redis=9, sql=20, telegram=3)
SERIES = Most(redis=9, sql=19, telegram=3)
"""Of four more visits: each is one statement more."""
CANCEL = Most(redis=13, sql=25, telegram=5)
REMIND = Most(redis=2, sql=9, telegram=1)
AGENDA = Most(redis=5, sql=6, telegram=2)
"""Of ten visits as of one; the last statement notes that the message is no visit's card any more."""
PICTURE = Most(redis=5, sql=7, telegram=2)
"""Who works here is one statement more."""


@dataclass
class Office:
    """A replica as it ships, driven one job at a time; every trip of it and of the bot is counted."""

    stage: Stage
    replica: Replica
    queue: ArqCommandQueue
    trips: Trips
    asking: ArqRedis
    """What asks for the test's own sake."""

    async def run(self, command: AnyCommand, person: int = BEN, *, tap: bool = True) -> None:
        """Enqueue a command as the bot does, and have the replica do all of it."""
        make = self.stage.tapped(command, person) if tap else None
        envelope = self.stage.envelope(command, person) if make is None else await make
        worker = self.replica.worker
        self.trips.sql.clear()
        self.trips.redis.clear()
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(worker.source.wait([]))
            await until(self._someone_waits)
            await self.queue.put(envelope)
        (job,) = waiting.result()
        result = await worker.runner.run(job, worker.keeper.grant(job.id, nullcontext))
        worker.keeper.drop(job.id, deferred=False)
        assert result == "done"

    async def _someone_waits(self) -> bool:
        return any(client["cmd"] == "blmove" for client in await self.asking.client_list())

    async def costs(self, most: Most, running: Awaitable[Any]) -> None:
        """Fail with what was sent where something cost more than it may."""
        before = await self._calls()
        await running
        made = (await self._calls())[len(before) :]
        calls = [call for call in made if call != "sendMessage screen"]
        for name, sent, bound in (
            ("Redis calls", [call for call in self.trips.redis if HEARTBEAT not in call], most.redis),
            ("round trips to PostgreSQL", self.trips.sql, most.sql),
            ("Bot API calls", calls, most.telegram),
        ):
            listed = "\n  ".join(sent)
            assert len(sent) <= bound, f"{len(sent)} {name}, at most {bound} were agreed on:\n  {listed}"
        assert self.trips.sql, "nothing was counted"

    async def _calls(self) -> list[str]:
        found = await self.stage.telegram.get("/calls")
        return [f"{call['method']} {call['params'].get('text', '')[:20]}".strip() for call in found]


@pytest_asyncio.fixture
async def office(stage: Stage, shop_url: str, valkey_url: str) -> AsyncIterator[Office]:
    settings = WorkerSettings(bot_token=TOKEN, database_url=shop_url, redis_url=valkey_url)
    trips, registry = Trips(), CollectorRegistry()
    redis, blocking = connect(valkey_url), connect(valkey_url, answer_seconds=None)
    telegram = TelegramClient(stage.telegram.token, stage.telegram.url)
    with ExitStack() as counting:
        async with Connections(settings, redis, blocking, telegram) as connections:
            ways = connections.database
            for sessions in (ways.writing, ways.reading, connections.delivery):
                count_statements(sessions.kw["bind"], trips)
            counting.enter_context(counting_redis(trips))
            replica, queue = Replica(settings, connections, registry), ArqCommandQueue(redis, SystemClock())
            await replica.clock.ask()
            office = Office(stage, replica, queue, trips, redis)
            await stage.meet(BEN)
            for person in (ANNA, BEN):  # scripts are loaded, people known
                await office.run(ShowHome(), person, tap=False)
            yield office


def day(days: int = 3) -> datetime:
    """Return ten o'clock in Berlin, more or less, by the real clock: a replica knows no other."""
    return datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=days)


def wish(shop: Shop, days: int) -> Book:
    return Book(service_id=shop.services["Cut"], specialist_id=shop.specialists["Bob"], start=day(days))


async def booked(office: Office, days: int, person: int) -> Booking:
    """Book, and return the visit."""
    await office.run(wish(office.stage.shop, days), person)
    return await office.stage.newest()


FIRST_TIME: tuple[int, int, Most | None] = (ANNA, 3, None)
"""Anna goes first, so that every statement is known by the time it counts."""


async def test_the_menu(office: Office) -> None:
    await office.costs(MENU, office.run(ShowHome(), tap=False))


async def test_a_day(office: Office) -> None:
    shop = office.stage.shop
    asked = ShowDay(service_id=shop.services["Cut"], specialist_id=shop.specialists["Bob"], day=day().date())
    await office.run(asked)
    await office.costs(DAY, office.run(asked))


async def test_the_soonest_times_and_the_weeks(office: Office) -> None:
    shop = office.stage.shop
    who = {"service_id": shop.services["Cut"], "specialist_id": shop.specialists["Bob"]}
    for asked, most in ((ShowSoonest(**who), SOONEST), (ShowMonth(**who), DAY)):
        await office.run(asked)
        await office.costs(most, office.run(asked))


async def test_a_summary_that_holds_its_time(office: Office) -> None:
    for person, days, most in (FIRST_TIME, (BEN, 4, SUMMARY)):
        asked = ShowSummary(
            **wish(office.stage.shop, days).model_dump(include={"service_id", "specialist_id", "start"})
        )
        showing = office.run(asked, person)
        await (showing if most is None else office.costs(most, showing))


async def test_a_booking(office: Office) -> None:
    await booked(office, 3, ANNA)
    await office.costs(BOOK, office.run(wish(office.stage.shop, 4)))


async def test_a_series(office: Office) -> None:
    for person, days, most in (FIRST_TIME, (BEN, 4, SERIES)):
        visit = await booked(office, days, person)
        start = int(visit.during.lower.timestamp()) if visit.during.lower else 0
        dates = repeat_dates(start, 1, 4, ZoneInfo("Europe/Berlin"))
        times = mark_of([SeriesDate(each, DateState.FREE, None, each.start) for each in dates])
        wanted = {"booking_id": visit.id, "weeks": 1, "count": 4, "off": 0, "instead": 0}
        booking = office.run(BookSeries(**wanted, said=15, times=times, terms=0), person)
        await (booking if most is None else office.costs(most, booking))
        assert (await office.stage.newest()).series_id == visit.id


async def test_a_cancellation(office: Office) -> None:
    for person, days, most in (FIRST_TIME, (BEN, 4, CANCEL)):
        visit = await booked(office, days, person)
        cancelling = office.run(Cancel(booking_id=visit.id, version=visit.version), person)
        await (cancelling if most is None else office.costs(most, cancelling))


async def test_a_reminder(office: Office) -> None:
    for person, days, most in (FIRST_TIME, (BEN, 4, REMIND)):
        visit = await booked(office, days, person)
        await remind_now(office, visit.id)
        office.trips.sql.clear()
        office.trips.redis.clear()
        polling = office.replica._poller.run_once()
        await (polling if most is None else office.costs(most, polling))


async def test_an_agenda_and_its_picture(office: Office) -> None:
    shop = office.stage.shop
    await office.stage.meet(OWNER)
    wishes = [shop.wish("Cut", who, f"{hour}:00") for who in ("Alice", "Bob") for hour in range(10, 15)]
    for each, customer in zip(wishes, await shop.crowd(len(wishes)), strict=True):
        await shop.book(each, customer)
    first = wishes[0].start.date()
    for asked, most in ((ShowAgenda(first=first), AGENDA), (ShowAgendaPicture(first=first), PICTURE)):
        await office.run(asked, OWNER)
        await office.costs(most, office.run(asked, OWNER))


async def remind_now(office: Office, booking_id: int) -> None:
    """Let one reminder of a visit be due."""
    async with office.stage.shop.sessions.begin() as session:
        reminders = select(Outbox.id).where(Outbox.subject_id == booking_id, Outbox.state == "pending")
        chosen = await session.scalar(reminders.order_by(Outbox.due_at).limit(1))
        assert chosen is not None
        await session.execute(
            update(Outbox).where(Outbox.id == chosen).values(due_at=text("now() - interval '1 s'"))
        )


async def test_more_than_agreed_fails_and_shows_what_was_sent(office: Office) -> None:
    with pytest.raises(AssertionError, match=r"1 Bot API calls, at most 0 were agreed on:\s+sendMessage"):
        await office.costs(replace(MENU, telegram=0), office.run(ShowHome(), tap=False))
    with pytest.raises(AssertionError, match=r"Redis calls, at most 1 were agreed on:\s+BLMOVE"):
        await office.costs(replace(MENU, redis=1), office.run(ShowHome(), tap=False))
    with pytest.raises(AssertionError, match=r"PostgreSQL, at most 0 were agreed on:\s+SELECT business"):
        await office.costs(replace(MENU, sql=0), office.run(ShowHome(), tap=False))
