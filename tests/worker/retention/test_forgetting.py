import asyncio
from datetime import datetime, timedelta
from graphlib import CycleError

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from structlog.testing import capture_logs

from shared.envelope import NOBODY
from shared.environment import InvalidSettingsError
from shared.settings import WorkerSettings, load
from tests.bot.updates import TOKEN
from tests.kit.business import BUSINESS_ID
from tests.worker.shop import ALICE, ANNA, BEN, CARLA, OWNER, Shop
from worker.capabilities import CAPABILITIES, PURGES
from worker.db.locks import lock_business
from worker.db.models.booking import Booking, BookingEvent
from worker.db.models.delivery import DeadCommand, Outbox, ProcessedUpdate, State, SubjectType
from worker.db.models.flows import Draft, OpenConversation
from worker.db.models.people import Person
from worker.db.models.waitlist import WaitlistEntry
from worker.repeating import FORGETTING, RepeatedWorkMetrics
from worker.retention.__main__ import main
from worker.retention.forgetting import BATCH, LONGEST_DAYS, forget
from worker.retention.job import RetentionJob
from worker.retention.purge import Purge, in_order
from worker.retention.repository import PURGES as OF_NO_CAPABILITY
from worker.retention.repository import lock

DAYS = 30
LONG_AGO = timedelta(days=400)


async def everything_is_old(shop: Shop) -> None:
    """Let all rows and visits have been written and over for more than a year."""
    then = shop.clock.now() - LONG_AGO
    async with shop.sessions.begin() as session:
        await session.execute(update(Person).values(created_at=then))
        await session.execute(update(BookingEvent).values(at=then))
        await session.execute(update(Outbox).values(created_at=then))
        for visit in await session.scalars(select(Booking)):
            for name in ("during", "busy"):
                span = getattr(visit, name)
                setattr(visit, name, type(span)(span.lower - LONG_AGO, span.upper - LONG_AGO))


async def person_ids(shop: Shop) -> set[int]:
    async with shop.sessions() as session:
        return set(await session.scalars(select(Person.id)))


async def count(shop: Shop, table: type[object]) -> int:
    async with shop.sessions() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def gone(shop: Shop, days: int = DAYS, batch: int = BATCH) -> dict[str, int]:
    """Forget; return how many rows went, by what they were."""
    counts = await forget(shop.sessions, PURGES, shop.clock.now(), days, batch)
    return {name: each for name, each in counts.items() if each}


async def add(shop: Shop, *rows: object) -> None:
    async with shop.sessions.begin() as session:
        session.add_all(rows)


def message(key: str, chat: int, state: State, booking: int | None = None) -> Outbox:
    return Outbox(
        business_id=BUSINESS_ID,
        kind="booking.card",
        chat_id=chat,
        subject_type=booking and SubjectType.BOOKING,
        subject_id=booking,
        dedupe_key=key,
        due_at=func.now(),
        state=state,
    )


def event(booking: int) -> BookingEvent:
    about = {"business_id": BUSINESS_ID, "booking_id": booking, "actor_id": ANNA}
    return BookingEvent(**about, kind="booked", source="chat", data={})


async def test_numbers_of_updates_go_after_a_week_and_nothing_else_does(shop: Shop) -> None:
    now = shop.clock.now()
    await shop.book(shop.wish("Cut", "Alice", "10:00"))
    await everything_is_old(shop)
    async with shop.sessions.begin() as session:
        ages = [timedelta(days=8)] * 7 + [timedelta(days=6)] * 2
        rows = [{"bot_id": 1, "update_id": number, "at": now - age} for number, age in enumerate(ages)]
        await session.execute(insert(ProcessedUpdate).values(rows))
    assert await gone(shop, 0, batch=3) == {"updates": 7}
    assert await gone(shop, 0, batch=3) == {}
    assert await count(shop, ProcessedUpdate) == 2
    assert await person_ids(shop) == {ANNA, BEN, CARLA}


async def test_a_visit_stays_and_who_came_goes(shop: Shop) -> None:
    old = await shop.book(shop.wish("Cut", "Alice", "10:00"), ANNA)
    await add(shop, event(old))
    await add(
        shop,
        message("a", ANNA, State.SENT, old),
        DeadCommand(business_id=BUSINESS_ID, job_id="1", kind="x", reason="y"),
    )
    await everything_is_old(shop)
    async with shop.sessions.begin() as session:
        await session.execute(update(Booking).values(note="allergic to lavender"))
        await session.execute(update(DeadCommand).values(died_at=shop.clock.now() - LONG_AGO))
    before = await shop.booking(old)
    assert await gone(shop) == {"messages": 1, "events": 1, "dead_commands": 1, "people": 3}
    assert await gone(shop) == {}
    after = await shop.booking(old)
    assert (after.customer_id, after.during, after.price) == (NOBODY, before.during, before.price)
    assert after.note is None
    assert await person_ids(shop) == {NOBODY}


async def test_people_stay_who_have_something_to_come_or_work_here(shop: Shop) -> None:
    await shop.book(shop.wish("Cut", "Alice", "10:00"), ANNA)
    await add(shop, message("b", BEN, State.PENDING))
    await everything_is_old(shop)
    await shop.book(shop.wish("Cut", "Bob", "10:00"), ANNA)
    long_ago = shop.clock.now() - LONG_AGO
    for number in (ALICE, OWNER):
        await add(shop, Person(business_id=BUSINESS_ID, id=number, first_name="Alice", created_at=long_ago))
    await add(shop, Person(business_id=BUSINESS_ID, id=3001, first_name="Dora"))
    await add(shop, Person(business_id=BUSINESS_ID, id=3002, first_name="Eve", created_at=long_ago))
    now = shop.clock.now()
    times = {"first_day": now.date(), "last_day": now.date(), "made_at": now, "ranked_at": now}
    own = {"business_id": BUSINESS_ID, "customer_id": 3002, "service_id": shop.services["Cut"]}
    await add(shop, WaitlistEntry(**own, **times))
    assert await gone(shop) == {"people": 1}
    assert await person_ids(shop) == {NOBODY, ANNA, BEN, ALICE, OWNER, 3001, 3002}


async def test_who_is_just_booking_is_left_alone(shop: Shop) -> None:
    await everything_is_old(shop)
    async with shop.sessions.begin() as session:
        await session.execute(delete(Person).where(Person.id != ANNA))
    async with shop.sessions.begin() as session:
        await shop.place_in(session, shop.wish("Cut", "Alice", "10:00"), ANNA)
        assert await gone(shop) == {}
    assert await gone(shop) == {}
    assert await person_ids(shop) == {ANNA}


async def test_one_replica_at_a_time(shop: Shop) -> None:
    await everything_is_old(shop)
    keeper = RetentionJob(shop.sessions, PURGES, shop.clock, DAYS)
    async with shop.sessions.begin() as session:
        assert await lock(session)
        await keeper.run_once()
        assert NOBODY not in await person_ids(shop)
    await keeper.run_once()
    assert await person_ids(shop) == {NOBODY}


async def test_a_business_that_is_just_changed_keeps_nobody_from_forgetting(shop: Shop) -> None:
    await everything_is_old(shop)
    async with shop.sessions.begin() as session:
        await lock_business(session)
        assert (await gone(shop))["people"]


@pytest.mark.parametrize(("error", "level"), [(ConnectionResetError(), "warning"), (KeyError(), "error")])
async def test_every_failure_is_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, error: Exception, level: str
) -> None:
    failed = asyncio.Event()

    async def fail() -> None:
        failed.set()
        raise error

    keeper = RetentionJob(shop.sessions, PURGES, shop.clock, DAYS, first_seconds=0.0)
    monkeypatch.setattr(keeper, "run_once", fail)
    registry = CollectorRegistry()
    with capture_logs() as lines:
        task = asyncio.ensure_future(keeper.run_for_ever(RepeatedWorkMetrics(registry)))
        await failed.wait()
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
    assert [line["log_level"] for line in lines] == [level]
    counted = registry.get_sample_value("bellhop_repeated_work_faults_total", {"work": FORGETTING})
    assert counted == (level == "error")


@pytest.mark.parametrize("days", [-5, -1, 36_501, 10**9])
async def test_a_number_of_days_that_makes_no_sense_takes_nothing(shop: Shop, days: int) -> None:
    """Minus five days ago is in five days: by that everybody whose visit comes before is long gone."""
    await shop.book(shop.wish("Cut", "Alice", "10:00"))
    before = await person_ids(shop)
    with pytest.raises(ValueError, match="from 0 to 36500 days"):
        await gone(shop, days)
    assert await person_ids(shop) == before
    assert len(await shop.live()) == 1


@pytest.mark.parametrize("days", ["-5", "36501", "1e3", "many", "9" * 30])
def test_the_tool_refuses_them_with_a_sentence(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([f"--days={days}"])
    assert ended.value.code == 2
    assert "from 0 to 36500" in capsys.readouterr().err


def test_the_setting_has_the_same_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    for days in (-5, LONGEST_DAYS + 1):
        monkeypatch.setenv("RETENTION_DAYS", str(days))
        with pytest.raises(InvalidSettingsError, match=r"RETENTION_DAYS has to be .* from 0 to 36500"):
            load(WorkerSettings)


def draft(hours: int, now: datetime) -> Draft:
    expires_at = now + timedelta(hours=hours)
    return Draft(business_id=BUSINESS_ID, person_id=ANNA, kind="x", data={}, expires_at=expires_at)


def question(person: int, hours: int, now: datetime) -> OpenConversation:
    return OpenConversation(
        business_id=BUSINESS_ID,
        person_id=person,
        kind="x",
        opened_at=now,
        expires_at=now + timedelta(hours=hours),
    )


async def test_drafts_and_questions_go_when_they_are_over_whatever_the_retention_is(shop: Shop) -> None:
    now = shop.clock.now()
    await add(shop, *(draft(hours, now) for hours in (-1, -1, 1)))
    await add(shop, question(ANNA, -25, now), question(BEN, -1, now), question(CARLA, 1, now))
    assert await gone(shop, 0) == {"drafts": 2, "questions": 1}
    assert await count(shop, Draft) == 1
    assert await count(shop, OpenConversation) == 2


async def nothing(*_: object) -> int:
    return 0


def test_purges_come_in_the_order_that_they_ask_for() -> None:
    first, second, third = (
        Purge("c", nothing),
        Purge("b", nothing, after=("c",)),
        Purge("a", nothing, after=("b",)),
    )
    assert in_order([third, second, first]) == (first, second, third)
    with pytest.raises(KeyError, match="c"):
        in_order([second])
    with pytest.raises(CycleError):
        in_order([Purge("a", nothing, after=("b",)), Purge("b", nothing, after=("a",))])


def test_every_purge_has_a_name_of_its_own() -> None:
    declared = [*OF_NO_CAPABILITY, *(purge for each in CAPABILITIES for purge in each.retention)]
    assert sorted(purge.name for purge in PURGES) == sorted(purge.name for purge in declared)
