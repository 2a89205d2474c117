"""Money that is to be sent back: counted with how long it is waited for, and told when it is too long."""

from datetime import timedelta
from typing import Final

from prometheus_client import CollectorRegistry
from sqlalchemy import text

from shared.clock import SystemClock
from shared.contracts.admin import ShowAdmin
from shared.contracts.payments import MarkReturned
from shared.queue.connection import connect
from tests.doubles import ManualClock
from tests.worker.health.test_health import Doctor
from tests.worker.payments.test_strays import PAID, payments
from tests.worker.shop import ADMIN, OWNER
from tests.worker.stage import Stage
from tests.worker.test_gauges import figure
from worker.doctor import postgres
from worker.doctor.findings import Level, Verdict
from worker.gauges import REFUNDS_EVERY, QueueGauges, Sampler

DAY: Final = timedelta(days=1)


async def write(stage: Stage, statement: str, **values: object) -> None:
    async with stage.shop.sessions.begin() as session:
        await session.execute(text(statement), {"business": stage.shop.business_id, **values})


async def owe(stage: Stage, ago: timedelta) -> int:
    """Let money come that nobody asked for, so long ago; return its payment."""
    await stage.run(stage.envelope(PAID))
    [stray] = [each for each in await payments(stage) if each.charge_id == PAID.charge_id]
    aging = """
        UPDATE payment SET paid_at = now() - CAST(:ago AS interval)
        WHERE business_id = :business AND charge_id = 'tg1'
    """
    await write(stage, aging, ago=ago)
    return stray.id


async def pay_for_a_visit_that_is_cancelled(stage: Stage, paid: timedelta, cancelled: timedelta) -> None:
    """Let a visit be paid for and cancelled for the business, so long ago each."""
    booking = await stage.book()
    await write(
        stage,
        """
        INSERT INTO payment (business_id, person_id, booking_id, amount, currency, state, charge_id, paid_at)
        SELECT business_id, customer_id, id, 10, 'EUR', 'paid', 'tg2', now() - CAST(:ago AS interval)
        FROM booking WHERE business_id = :business AND id = :id
        """,
        id=booking,
        ago=paid,
    )
    ending = "UPDATE booking SET status = 'cancelled' WHERE business_id = :business AND id = :id"
    await write(stage, ending, id=booking)
    await write(
        stage,
        """
        INSERT INTO booking_event (business_id, booking_id, kind, actor_id, source, data, at)
        VALUES (:business, :id, 'cancelled', :who, 'chat', '{}', now() - CAST(:ago AS interval))
        """,
        id=booking,
        who=OWNER,
        ago=cancelled,
    )


async def verdict(stage: Stage) -> Verdict:
    """Ask the doctor."""
    [check] = [each for each in postgres.OTHERS if each.name == "refunds"]
    return await check.run(postgres.DatabaseExaminer(stage.shop.sessions, stage.shop.clock))


async def test_refunds_are_counted_now_and_then_from_when_they_are_owed(
    stage: Stage, valkey_url: str
) -> None:
    registry, clock = CollectorRegistry(), ManualClock(SystemClock().now())
    await pay_for_a_visit_that_is_cancelled(stage, paid=9 * DAY, cancelled=DAY)
    async with connect(valkey_url) as redis:
        sampler = Sampler(redis, stage.shop.sessions, clock, QueueGauges(registry))
        await sampler.sample()
        assert figure(registry, "refunds_open") == 1
        assert figure(registry, "refunds_oldest_seconds") // 3600 == 24
        await owe(stage, 3 * DAY)
        await sampler.sample()
        assert figure(registry, "refunds_open") == 1
        clock.advance(REFUNDS_EVERY)
        await sampler.sample()
    assert figure(registry, "refunds_open") == 2
    assert figure(registry, "refunds_oldest_seconds") // 3600 == 72


async def test_the_doctor_warns_of_money_that_is_waited_for_too_long(stage: Stage) -> None:
    await stage.meet(OWNER)
    assert (await verdict(stage)).message == "none to send back"
    await pay_for_a_visit_that_is_cancelled(stage, paid=9 * DAY, cancelled=DAY)
    assert (await verdict(stage)).level is Level.OK
    stray = await owe(stage, 3 * DAY)
    found = await verdict(stage)
    assert (found.level, found.message) == (Level.WARNING, "2 to send back, the oldest for 3.0 days")
    await stage.tap(MarkReturned(payment_id=stray), OWNER)
    assert (await verdict(stage)).message.startswith("1 to send back")


async def test_owners_read_of_it_while_somebody_waits(stage: Stage) -> None:
    await stage.meet(OWNER, ADMIN)
    for person in (OWNER, ADMIN):
        await stage.type(ShowAdmin(), person)
    doctor = Doctor(stage)
    stray = await owe(stage, 3 * DAY)
    await doctor.goes_on(timedelta(minutes=10), refunds=Level.WARNING)
    told = stage.texts(OWNER)[-1]
    assert told.startswith("⚠️ Customers wait for their money back\n1 payment to send back.")
    await stage.tap(MarkReturned(payment_id=stray), OWNER)
    before = len(stage.texts(ADMIN))
    stage.shop.clock.advance(DAY)
    await doctor.goes_on(timedelta(minutes=10), refunds=Level.WARNING)
    assert len(stage.texts(ADMIN)) == before
