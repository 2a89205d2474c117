"""How soon Telegram hears whether it may take money, behind a thousand jobs and the payer's own taps.

`python -m tests.benchmarks.checkout [ROUNDS]` prints the seconds of each round. They begin with a worker that
finds all of it waiting, and end when Telegram has its answer: the time is held, the deposit is owed, and both
were looked at in the transaction.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import median
from time import perf_counter

import uvloop
from arq.connections import ArqRedis
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from sandbox.emulator import paying
from sandbox.emulator.world import WAITING, Checkout
from shared.clock import SystemClock
from shared.contracts.base import Command
from shared.contracts.menu import ShowHome
from shared.contracts.payments import CheckPayment
from shared.envelope import Actor, Envelope, ReplyTo
from shared.logs import configure_logs
from shared.queue import keys
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.queue.job_format import RUN_COMMAND
from shared.settings import WorkerSettings
from shared.telegram.client import TelegramClient
from tests.benchmarks.scale import GLIMPSE
from tests.benchmarks.system import FIRST_PERSON, Bench, running, token
from tests.kit.business import BUSINESS_ID
from tests.kit.wiring import beside, wire
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.outbox.messenger import Messenger
from worker.runtime.command_job import CommandJob
from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.runner import JobHandlers
from worker.runtime.jobs.source import Job
from worker.runtime.jobs.store import JobStore
from worker.runtime.jobs.worker import JobWorker

ROUNDS, JOBS, OWN_TAPS = 5, 1000, 5
PAYER = FIRST_PERSON
BOT = 1_000_000_000
LOOK_SECONDS = 0.001
HELD = text("""
    WITH held AS (
        INSERT INTO booking (business_id, service_id, specialist_id, customer_id, during, busy, status,
            kept_until, kept_for, currency)
        VALUES (:business, 1, 1, :payer, tstzrange(:start, :end), tstzrange(:start, :end), 'held',
            :start, 'payment', 'EUR')
        RETURNING id
    )
    INSERT INTO payment (business_id, person_id, booking_id, service_id, specialist_id, start, amount,
        currency, state)
    SELECT :business, :payer, held.id, 1, 1, :start, 10, 'EUR', 'asked' FROM held RETURNING id
""")


@dataclass
class Checkouts:
    """What is put into the queue before a worker is there, and what the worker is made of."""

    bench: Bench
    sessions: Sessions
    redis_url: str
    updates: Iterator[int]

    async def measure(self, number: int) -> float:
        """Let somebody pay behind all the others; return after how many seconds Telegram had its answer."""
        async with AsyncExitStack() as stack:
            redis = await stack.enter_async_context(connect(self.redis_url))
            blocking = await stack.enter_async_context(connect(self.redis_url, answer_seconds=None))
            client = await stack.enter_async_context(TelegramClient(token(0), self.bench.telegram_url))
            queue = ArqCommandQueue(redis, SystemClock())
            for person in range(FIRST_PERSON + 1, FIRST_PERSON + 1 + JOBS):
                await queue.put(self._envelope(ShowHome(), ReplyTo(chat_id=person)))
            for _ in range(OWN_TAPS):
                await queue.put(self._envelope(ShowHome(), ReplyTo(chat_id=PAYER)))
            checkout, check = await self._begin(number)
            await queue.put(self._envelope(check, ReplyTo(chat_id=PAYER, checkout_id=checkout.id)))
            worker = self._worker(redis, blocking, client)
            async with asyncio.TaskGroup() as group:
                began = perf_counter()
                group.create_task(worker.main())
                while checkout.state_now() == WAITING:  # noqa: ASYNC110 - a measurement of what is told to Telegram
                    await asyncio.sleep(LOOK_SECONDS)
                taken = perf_counter() - began
                worker.stop()
            if checkout.state != paying.PAID:
                raise ValueError(f"the payment came to {checkout.state}: {checkout.error}")
            await self.bench.flush(self.redis_url)
            return taken

    async def _begin(self, number: int) -> tuple[Checkout, CheckPayment]:
        """Hold a time, and have its customer tap 'Pay'."""
        start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40, hours=number)
        values = {
            "business": BUSINESS_ID,
            "payer": PAYER,
            "start": start,
            "end": start + timedelta(minutes=15),
        }
        async with self.sessions.begin() as session:
            payload = f"pay:{await session.scalar(HELD, values)}"
        emulator = self.bench.emulator
        bot = emulator.by_token[token(0)]
        invoice = {"title": "Trim", "description": "Deposit", "start_parameter": "x", "currency": "EUR"}
        about = {"invoice": {**invoice, "total_amount": 1000}}
        message = emulator.post(bot, emulator.world.chat(bot, PAYER), about, None, {"payload": payload})
        checkout, _ = paying.begin(emulator, bot, PAYER, PAYER, message)
        return checkout, CheckPayment(currency="EUR", amount=1000, payload=payload)

    def _envelope(self, command: Command, to: ReplyTo) -> Envelope:
        return Envelope(
            bot_id=BOT,
            update_id=next(self.updates),
            received_at=datetime.now(UTC),
            actor=Actor(id=to.chat_id, first_name="Quill", language_code="en"),
            reply_to=to,
            command=command,
        )

    def _worker(self, redis: ArqRedis, blocking: ArqRedis, client: TelegramClient) -> JobWorker:
        parts = wire(beside(self.sessions), SystemClock(), Messenger(client))
        defaults = WorkerSettings.model_fields

        async def fail(_: Job, error: BaseException) -> None:
            raise error

        return JobWorker(
            JobStore(redis, keys.INTERACTIVE, defaults["worker_lease_seconds"].default),
            blocking,
            JobHandlers({RUN_COMMAND: parts.job.run}, CommandJob.lane_of, fail),
            JobMetrics(CollectorRegistry(), keys.INTERACTIVE),
            max_jobs=defaults["worker_jobs"].default,
            drain_seconds=1,
        )


async def measure(rounds: int) -> list[float]:
    """Measure so many rounds, each with a worker and a queue of its own."""
    async with running(replace(GLIMPSE, people=JOBS + 1)) as bench:
        engine = make_engine(await bench.database())
        emulator, updates = bench.emulator, count(1)
        bot = emulator.by_token[token(0)]
        for person in range(FIRST_PERSON, FIRST_PERSON + JOBS + 1):
            emulator.world.users[person] = {"id": person, "is_bot": False, "first_name": "Quill"}
            emulator.world.chat(bot, person).started = True
        checkouts = Checkouts(bench, make_sessions(engine, BUSINESS_ID), bench.valkey.url(0), updates)
        try:
            return [await checkouts.measure(number) for number in range(rounds)]
        finally:
            await engine.dispose()


if __name__ == "__main__":
    configure_logs("ERROR", "console")
    found = uvloop.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
    told = ", ".join(f"{each:.3f}" for each in found)
    sys.stdout.write(f"{told} s; median {median(found):.3f} s, the longest {max(found):.3f} s\n")
