"""What is not well, as owners hear of it: on the stage, with what the doctor finds handed in."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import pytest_asyncio
from prometheus_client import CollectorRegistry
from sqlalchemy import select, update
from structlog.testing import capture_logs

from shared.contracts.admin import ShowAdmin
from tests.kit.engines import engine_to
from tests.kit.promises import Message
from tests.worker.counting import counted_statements
from tests.worker.health.test_rules import findings
from tests.worker.shop import ADMIN, ALICE, ANNA, OWNER
from tests.worker.stage import BOSS, Stage
from tests.worker.two_businesses import HER_OWNER, Two
from worker.db.engine import make_sessions
from worker.db.models.catalogue import Business
from worker.db.models.health import HealthTrouble
from worker.db.models.people import Person
from worker.dead import repository as dead
from worker.doctor.findings import Finding, Level
from worker.health.promises import ILL
from worker.health.watch import HealthWatch
from worker.outbox.message import Chat
from worker.repeating import LOOK_AT_HEALTH, RepeatedWorkMetrics

LOOKS_EVERY = timedelta(minutes=5)
REFUSED = Finding("Telegram", Level.FAILURE, "refuses the token: Unauthorized", "copy it from @BotFather")


@dataclass
class Doctor:
    """Finds what a test wants found."""

    stage: Stage
    found: Sequence[Finding] = field(default_factory=findings)
    looks: int = 0

    @property
    def watch(self) -> HealthWatch:
        """Another replica's share."""
        return HealthWatch(self.stage.shop.sessions, self.look, self.stage.shop.clock, frozenset({BOSS}))

    async def look(self) -> Sequence[Finding]:
        self.looks += 1
        return self.found

    async def goes_on(self, span: timedelta, *found: Finding, **levels: Level) -> None:
        """Let it be so for a while, with a look every five minutes, the first at once."""
        names = {each.name for each in found}
        self.found = [*found, *(each for each in findings(**levels) if each.name not in names)]
        await self.watch.run_once()
        for _ in range(span // LOOKS_EVERY):
            self.stage.shop.clock.advance(LOOKS_EVERY)
            await self.watch.run_once()
        await self.stage.advance(timedelta(seconds=1))


@pytest_asyncio.fixture
async def doctor(stage: Stage) -> AsyncIterator[Doctor]:
    await stage.meet(OWNER, ADMIN, BOSS, ALICE)
    for person in (OWNER, ADMIN, BOSS, ALICE):
        await stage.type(ShowAdmin(), person)
    yield Doctor(stage)


async def kept(stage: Stage) -> list[str]:
    own = HealthTrouble.business_id == stage.shop.business_id
    async with stage.shop.sessions() as session:
        return list(await session.scalars(select(HealthTrouble.kind).where(own)))


async def test_a_trouble_is_told_once_a_day_and_when_it_is_over(doctor: Doctor) -> None:
    stage = doctor.stage
    assert "Health: nobody has looked yet" in stage.texts(OWNER)[-1]
    count = len(stage.messages(OWNER))
    await doctor.goes_on(LOOKS_EVERY, queue=Level.FAILURE)
    assert len(stage.messages(OWNER)) == count
    await doctor.goes_on(timedelta(minutes=25), queue=Level.FAILURE)
    [told] = stage.texts(OWNER)[count:]
    assert told.startswith("⚠️ People wait too long for an answer\nSince ")
    assert "bellhop doctor" in told
    assert "docs/operate.md, “When something is wrong”" in told
    for person in (ADMIN, BOSS):
        assert stage.texts(person)[-1] == told
    assert told not in stage.texts(ALICE) + stage.texts(ANNA)
    assert "⚠️ People wait too long for an answer" in await stage.type(ShowAdmin(), OWNER)
    count += 2
    await doctor.goes_on(timedelta(minutes=5))
    await doctor.goes_on(timedelta(minutes=30), queue=Level.FAILURE)
    await doctor.goes_on(timedelta(minutes=30))
    assert [text.partition("\n")[0] for text in stage.texts(OWNER)[count:]] == [
        "✅ It is over: People wait too long for an answer"
    ]
    assert "✅ All is well" in await stage.type(ShowAdmin(), OWNER)
    count += 2
    await doctor.goes_on(timedelta(minutes=25), queue=Level.FAILURE)
    await doctor.goes_on(timedelta(minutes=25))
    assert len(stage.messages(OWNER)) == count
    assert await kept(stage) == ["commands"]
    stage.shop.clock.advance(timedelta(days=1))
    assert "Health: last looked at" in await stage.type(ShowAdmin(), OWNER)
    await doctor.goes_on(LOOKS_EVERY)
    assert await kept(stage) == []
    await doctor.goes_on(timedelta(minutes=15), queue=Level.FAILURE)
    assert stage.texts(OWNER)[-1].startswith("⚠️ People wait")


async def test_failed_commands_lead_to_them_in_the_readers_language(doctor: Doctor) -> None:
    stage = doctor.stage
    async with stage.shop.sessions.begin() as session:
        await dead.add(session, "u:1:1", "booking.book", {"raw": "x"}, "KeyError: 'x'")
        for person, language in ((OWNER, "ru"), (ADMIN, "en")):
            own = (Person.business_id == stage.shop.business_id, Person.id == person)
            await session.execute(update(Person).where(*own).values(language=language))
    await doctor.goes_on(timedelta(minutes=10), dead_commands=Level.WARNING)
    assert stage.texts(ADMIN)[-1].startswith("⚠️ Some of what people asked for has failed\n1 command.")
    assert stage.texts(OWNER)[-1].startswith("⚠️ Часть того, о чём просили, не удалось выполнить\n1 команда.")
    assert "fl" in str(stage.buttons(stage.messages(ADMIN)[-1]["message_id"], ADMIN)["Failed"])
    await stage.type(ShowAdmin(), OWNER)
    assert "⚠️ Часть того" in stage.texts(OWNER)[-1]


async def test_two_workers_at_once_tell_once_and_nothing_is_said_of_what_has_gone(doctor: Doctor) -> None:
    stage = doctor.stage
    doctor.found = findings(last_backup=Level.FAILURE, second_bot=Level.FAILURE)
    for _ in range(4):
        await asyncio.gather(*[doctor.watch.run_once() for _ in range(3)])
        stage.shop.clock.advance(timedelta(minutes=20))
    assert doctor.looks == 4
    ill = [row for row in await stage.outbox(ILL) if row.chat_id == OWNER]
    assert [row.payload["trouble"] for row in ill] == ["second_bot", "backup"]
    doctor.found = findings(last_backup=Level.FAILURE)
    await doctor.watch.run_once()
    await stage.advance(timedelta(seconds=1))
    [told] = [text for text in stage.texts(OWNER) if text.startswith("⚠️")]
    assert told.startswith("⚠️ There is no recent backup")
    assert "docs/operate.md, “Back up”" in told


async def test_a_revoked_token_is_said_in_the_log_and_in_the_chat_when_it_is_over(doctor: Doctor) -> None:
    stage = doctor.stage
    count = len(stage.messages(OWNER))
    with capture_logs() as logs:
        await doctor.goes_on(timedelta(minutes=30), REFUSED, outbox=Level.FAILURE)
    [line] = [each for each in logs if each["event"] == "trouble"]
    assert line["log_level"] == "error"
    assert line["doctor"] == [f"Telegram: {REFUSED.message} → {REFUSED.hint}"]
    assert len(stage.messages(OWNER)) == count
    await doctor.goes_on(timedelta(minutes=15))
    [told] = stage.texts(OWNER)[count:]
    assert told.startswith("✅ It is over: Telegram does not accept the bot's token\nFrom ")


async def test_an_outage_is_no_time_to_send(doctor: Doctor) -> None:
    stage = doctor.stage
    count = len(stage.messages(OWNER))
    for away in ("Redis", "Telegram", "PostgreSQL"):
        away_now = Finding(away, Level.FAILURE, "cannot be reached", "start it")
        await doctor.goes_on(timedelta(minutes=25), away_now, outbox=Level.FAILURE)
    assert await kept(stage) == []
    assert len(stage.messages(OWNER)) == count


async def test_specialists_out_of_reach_are_told_and_that_nobody_was(doctor: Doctor) -> None:
    stage = doctor.stage
    own = Person.business_id == stage.shop.business_id

    async def reachable(*people: int, yes: bool) -> None:
        async with stage.shop.sessions.begin() as session:
            await session.execute(update(Person).where(own, Person.id.in_(people)).values(reachable=yes))

    await reachable(ALICE, yes=False)
    await doctor.goes_on(timedelta(minutes=10))
    assert stage.texts(OWNER)[-1].startswith("⚠️ Specialists cannot be written to\n1 specialist.")
    await reachable(OWNER, ADMIN, BOSS, yes=False)
    await doctor.goes_on(timedelta(minutes=15))
    assert sorted(await kept(stage)) == ["nobody", "specialists"]
    await reachable(OWNER, ADMIN, BOSS, yes=True)
    await doctor.goes_on(timedelta(minutes=15))
    assert stage.texts(OWNER)[-1].startswith("✅ It is over: Nobody can be told of some visits")
    assert "look at the coming visits" in stage.texts(OWNER)[-1]


async def test_owners_of_another_business_hear_nothing(two: Two) -> None:
    for stage, owner in ((two.barber, OWNER), (two.salon, HER_OWNER)):
        await stage.meet(owner)
        await stage.type(ShowAdmin(), owner)
    before = await two.rows(two.salon)
    await Doctor(two.barber).goes_on(timedelta(minutes=30), second_bot=Level.FAILURE)
    assert await two.rows(two.salon) == before
    await two.barber.promised(Message(kind=ILL, to=Chat(OWNER)), of="health.")
    assert "nobody has looked yet" in await two.salon.type(ShowAdmin(), HER_OWNER)


async def test_a_look_costs_few_statements_and_holds_no_transaction(doctor: Doctor, shop_url: str) -> None:
    async with engine_to(shop_url) as engine, counted_statements(engine) as trips:
        sessions = make_sessions(engine, doctor.stage.shop.business_id)
        during: list[str] = []

        async def look() -> Sequence[Finding]:
            during.append(engine.pool.status())
            return findings()

        async def one() -> list[str]:
            trips.sql.clear()
            await HealthWatch(sessions, look, doctor.stage.shop.clock, ()).run_once()
            return list(trips.sql)

        assert 0 < len(await one()) <= 10
        assert 0 < len(await one()) <= 3
    assert len(during) == 1
    assert "Current Checked out connections: 0" in during[0]


async def test_who_has_no_business_yet_has_no_health(doctor: Doctor) -> None:
    stage = doctor.stage
    nobody = make_sessions(stage.shop.sessions.kw["bind"], 77)
    async with nobody() as session:
        assert await session.get(Business, 77) is None
    await HealthWatch(nobody, doctor.look, stage.shop.clock, ()).run_once()
    assert doctor.looks == 0


async def test_looks_go_on_after_one_that_breaks(doctor: Doctor) -> None:
    seen = asyncio.Event()

    async def look() -> Sequence[Finding]:
        seen.set()
        raise ZeroDivisionError

    stage = doctor.stage
    watch = HealthWatch(stage.shop.sessions, look, stage.shop.clock, (), first_seconds=0)
    registry = CollectorRegistry()
    with capture_logs() as logs:
        running = asyncio.create_task(watch.run_for_ever(RepeatedWorkMetrics(registry)))
        async with asyncio.timeout(5):
            await seen.wait()
        await asyncio.sleep(0)
        assert not running.done()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert [(each["event"], each["work"]) for each in logs] == [("repeated work failed", LOOK_AT_HEALTH)]
    assert registry.get_sample_value("bellhop_repeated_work_faults_total", {"work": LOOK_AT_HEALTH}) == 1
