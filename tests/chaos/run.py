"""One run: load and faults side by side, then rest, then the verdict."""

import asyncio
import random
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from shared.metrics import revision
from tests.chaos.business import GUESTS, SERVICES, where_it_is_noon, write_business
from tests.chaos.customers import Customers, Habits, Offered
from tests.chaos.evidence import Evidence, read_chats, read_rows
from tests.chaos.faults import WEIGHTS, Breaker, Weather
from tests.chaos.findings import Finding, Promise
from tests.chaos.guests import Guests
from tests.chaos.hands import Hands, Place
from tests.chaos.report import Verdict, judge
from tests.chaos.rest import come_to_rest
from tests.chaos.system import ChaosSystem, Mode, chaos_system
from tests.chaos.telegram import Telegram, followed
from tests.running import ROOT

CUSTOMERS = 600
GUEST_COUNT = 40
# The emulator takes whatever comes, so that a limit of ours that does not hold is seen.
LIMITS = {"global_per_second": 1e6, "chat_per_second": 1.0, "chat_burst": 10.0}


type Disturb = Callable[[ChaosSystem], Awaitable[list[Finding]]]


@dataclass(frozen=True)
class Plan:
    """What a run is to be."""

    seconds: float = 600.0
    seed: int = 1
    mode: Mode = "polling"
    workers: int = 3
    rate: float = 12.0
    guests: float = 1.0
    """How many come a second who ask, pay, wait in line, or want more than one of something."""
    sends_per_second: int = 90
    rest_seconds: float = 120.0
    menus: int = 0
    """What everybody has in their chat before the faults begin."""
    telegram_faults: float = 0.7
    faults: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    repeats_every: float = 3.0
    disturb: Disturb | None = None
    """In place of the schedule: the load lasts as long as it does."""
    habits: Habits = field(default_factory=Habits)
    worker_module: Sequence[str] = ("worker",)
    sql: str = ""
    """Run before the load begins: how a mutant loses a constraint."""
    say: Callable[[str], None] = print


class Run:
    """A run under way."""

    def __init__(
        self, plan: Plan, system: ChaosSystem, telegram: Telegram, offered: Mapping[str, Place], zone: str
    ) -> None:
        self.plan = plan
        self.system = system
        self.telegram = telegram
        plans = {each.name: each for each in SERVICES}
        self.services = {
            name: Offered(plans[name], place.service_id, place.specialists)
            for name, place in offered.items()
            if name in plans
        }
        self.customers = Customers(telegram, self.services, plan.seed, CUSTOMERS, plan.habits)
        places = {name: place for name, place in offered.items() if name in GUESTS}
        self.guests = Guests(Hands(telegram, places, ZoneInfo(zone), plan.seed, GUEST_COUNT))
        self.breaker = Breaker(system, _chance(plan.seed, "processes"), plan.faults)
        self.weather = Weather(telegram, _chance(plan.seed, "telegram"), plan.telegram_faults)
        self.late: list[Finding] = []

    async def live(self) -> None:
        """Offer load under faults for the time planned, then let the system come to rest."""
        await self.customers.invite()
        await self.customers.settle_in(self.plan.menus)
        if self.plan.guests:
            await self.guests.invite()
            await self.guests.take_all_rare()
        began, stopping = time.monotonic(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            beside = [
                group.create_task(self.weather.worsen_for_ever()),
                group.create_task(self.customers.repeat_old(self.plan.repeats_every)),
                group.create_task(self._tell(began)),
            ]
            watching = group.create_task(self.system.watch())
            breaking = group.create_task(self._break(stopping))
            over = (
                breaking.done if self.plan.disturb else lambda: time.monotonic() - began >= self.plan.seconds
            )
            async with asyncio.TaskGroup() as people:
                people.create_task(self.customers.arrive(self.plan.rate, over))
                if self.plan.guests:
                    beside.append(group.create_task(self.guests.answer()))
                    people.create_task(self.guests.arrive(self.plan.guests, over))
            stopping.set()
            await breaking
            for task in beside:
                task.cancel()
            await self.weather.clear()
            await self.system.mend()
            await self._rest()
            watching.cancel()

    async def _break(self, stopping: asyncio.Event) -> None:
        if self.plan.disturb is not None:
            self.late += await self.plan.disturb(self.system)
        elif self.plan.faults:
            await self.breaker.break_until(stopping)

    async def _tell(self, began: float) -> None:
        while True:
            await asyncio.sleep(30)
            passed, offers = time.monotonic() - began, len(self.customers.offers)
            self.plan.say(f"after {passed:.0f} s: {offers} updates, {len(self.system.faults)} faults")

    async def _rest(self) -> None:
        began = time.monotonic()
        if busy := await come_to_rest(self.system, self.telegram, self.plan.rest_seconds):
            self.late.append(Finding(Promise.REST, busy))
        self.plan.say(f"at rest after {time.monotonic() - began:.1f} s")

    async def evidence(self) -> Evidence:
        """Gather what the checks read."""
        system, telegram = self.system, self.telegram
        rows = await read_rows(system.sandbox.addresses.database_url)
        await telegram.collect_calls()
        return Evidence(
            offers=[*self.customers.offers, *self.guests.offers],
            services=self.services,
            updates=await telegram.ask("GET", "updates"),
            calls=telegram.calls,
            chats=await read_chats(telegram, {offer.customer for offer in self.customers.offers}),
            charges=await self.guests.charges(),
            faults=system.faults,
            losses=system.losses,
            emptyings=system.emptyings,
            struck=self.weather.struck,
            sends_per_second=self.plan.sends_per_second,
            logs=system.sandbox.data.logs,
            rows=rows,
        )

    def about(self) -> dict[str, Any]:
        """Return what makes a run one of its kind."""
        plan = self.plan
        return {
            "seed": plan.seed,
            "commit": commit(),
            "seconds": plan.seconds,
            "mode": plan.mode,
            "workers": plan.workers,
            "customers turned away": self.customers.turned_away,
        }


async def run(plan: Plan, data: Path) -> Verdict:
    """Carry a plan out in an empty directory and judge it."""
    with tempfile.TemporaryDirectory(prefix="bellhop-chaos-business-") as directory:
        zone = where_it_is_noon()
        business = write_business(Path(directory) / "business.yaml", zone)
        async with chaos_system(
            data,
            business,
            workers=plan.workers,
            mode=plan.mode,
            environment=_environment(plan),
            worker_module=plan.worker_module,
        ) as system:
            return await _run_on(plan, system, zone)


async def _run_on(plan: Plan, system: ChaosSystem, zone: str) -> Verdict:
    url = system.sandbox.addresses.database_url
    await _keep_commit_times(system)
    if plan.sql:
        await _execute(url, plan.sql)
    async with followed(system.sandbox.addresses.client_api) as telegram:
        await telegram.ask("PUT", "limits", LIMITS)
        running = Run(plan, system, telegram, await places_of(url), zone)
        await running.live()
        evidence = await running.evidence()
        evidence.keep(system.sandbox.data.path)
        verdict = judge(evidence, system.problems, running.about())
        return Verdict(verdict.figures, [*verdict.findings, *running.late])


async def _keep_commit_times(system: ChaosSystem) -> None:
    """Have PostgreSQL note when each transaction was committed: the checks compare that with sends."""
    await _execute(system.sandbox.addresses.database_url, "ALTER SYSTEM SET track_commit_timestamp = on")
    await system.sandbox.postgres.restart()


async def places_of(url: str) -> dict[str, Place]:
    """Load every service by its name, with the ids that it and its specialists got."""
    connection = await _connect(url)
    try:
        rows = await connection.fetch(
            "SELECT service.name, service.id, array_agg(specialist_id ORDER BY specialist_id) AS specialists"
            " FROM service JOIN specialist_service ON service_id = service.id"
            " GROUP BY service.id, service.name"
        )
    finally:
        await connection.close()
    return {row["name"]: Place(row["id"], row["specialists"]) for row in rows}


def _environment(plan: Plan) -> dict[str, str]:
    return {
        "THROTTLE_BURST": "1000",
        "THROTTLE_PER_SECOND": "1000",
        "SEND_PER_SECOND": str(plan.sends_per_second),
    }


async def _execute(url: str, sql: str) -> None:
    connection = await _connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)


def _chance(seed: int, what: str) -> random.Random:
    return random.Random(f"{seed} {what}")  # noqa: S311 - a run can be repeated


def commit() -> str:
    """Return the commit that is running; a mark behind it says that files have been changed."""
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() or revision()
