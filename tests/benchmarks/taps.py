"""What a tap costs: `python -m tests.benchmarks.taps [--rate 20] [--seconds 20] [--json FILE]`.

In a sandbox of its own, with everything as it comes but the throttle and Telegram's limits on sending:

- tap → reply: from the update's creation at the emulator to the first call that edits or sends a message
  in answer to it, both by the emulator's clock. Arrivals are constant and wait for nobody; many people
  walk the way of a booking over and over.
- start-up: from the process's start to /ready of the bot, to /health of a worker, each alone.
- memory: of the bot and one worker after bookings made through the emulator.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import aiohttp
import psutil

from sandbox.loopback import answers
from sandbox.options import Options
from sandbox.ports import LOOPBACK
from sandbox.process import ManagedProcess
from sandbox.system import Sandbox
from shared import commands
from shared.callbacks import pack
from tests.client import ChatUser, ClientApi, ClientApiError, Json, buttons
from tests.e2e import walk
from tests.e2e.forging import tapped
from tests.e2e.stage import PATIENT, UNLIMITED, Stage
from tests.running import make_data_directory

WALKERS = 200
WARM_UP_SECONDS = 3.0
STARTS = 5
LOOK_SECONDS = 0.005
AT_ONCE = 20
SEEN = 30
"""Messages among which somebody finds the one they tap in."""
SERVICE = "Beard trim"
BUSY = timedelta(minutes=25)
REPLIES = frozenset({"editMessageText", "sendMessage"})
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Memory:
    """A process's memory in MiB."""

    rss: float
    uss: float


@dataclass(frozen=True)
class Figures:
    """Everything measured; times in milliseconds, start-ups in seconds."""

    machine: str
    load: float
    rate: float
    workers: int
    taps: int
    unanswered: int
    p50: float
    p99: float
    longest: float
    bot_start: float
    worker_start: float
    bookings: int
    memory: dict[str, Memory]

    def table(self) -> str:
        """Write the figures for people."""
        rows = [
            (f"tap → reply at {self.rate:g}/s, {self.workers} workers, p50", f"{self.p50:.1f} ms"),
            ("p99", f"{self.p99:.1f} ms"),
            ("longest", f"{self.longest:.1f} ms"),
            ("taps, unanswered", f"{self.taps}, {self.unanswered}"),
            (f"bot, start to ready (median of {STARTS})", f"{self.bot_start:.2f} s"),
            (f"worker, start to ready (median of {STARTS})", f"{self.worker_start:.2f} s"),
        ]
        rows += [
            (f"{name} after {self.bookings} bookings", f"RSS {memory.rss:.0f} MiB, USS {memory.uss:.0f} MiB")
            for name, memory in self.memory.items()
        ]
        lines = [f"{name:<44} {value}" for name, value in rows]
        return "\n".join([f"{self.machine}, load {self.load:.1f}", *lines])


@asynccontextmanager
async def running(workers: int, environment: Mapping[str, str] = PATIENT) -> AsyncIterator[Stage]:
    """Run a sandbox; nobody is held back in it unless the environment says so."""
    options = Options(data=make_data_directory(), port=0, workers=workers, environment=environment)
    sandbox = Sandbox(options)
    try:
        await sandbox.start()
        async with ClientApi(sandbox.addresses.client_api) as api, aiohttp.ClientSession() as http:
            await api.call("PUT", "limits", UNLIMITED)
            yield Stage(sandbox, api, http)
        await sandbox.stop()
    finally:
        await sandbox.kill()
        sandbox.data.empty()
        shutil.rmtree(sandbox.data.path)


class Walker:
    """Walks the way of a booking over and over, one tap at a time."""

    def __init__(self, person: ChatUser, message_id: int) -> None:
        self.person = person
        self.message_id = message_id

    async def tap(self) -> int | None:
        """Tap the next button and return the update's id; None while the last tap is not answered."""
        messages = await self.person.messages(limit=SEEN)
        screen = next(message for message in messages if message["message_id"] == self.message_id)
        try:
            pressed = await self.person.press_only(_next_button(screen), screen)
        except ClientApiError:
            return None
        return int(pressed["update_id"])


def _next_button(screen: Json) -> str:
    known = buttons(screen)
    for text in ("Confirm", "Book a visit", SERVICE, "Anyone"):
        if text in known:
            return text
    if times := walk.free_times(screen):
        return times[max(times)]
    if days := walk.free_days(screen):
        return days[max(days)]
    return "Menu"


async def measure_taps(stage: Stage, rate: float, seconds: float) -> tuple[list[float], int]:
    """Tap at a constant rate; return how long each reply took, in milliseconds, and how many none got."""
    walkers = await invite(stage, WALKERS)
    await _tap_steadily(walkers, rate, WARM_UP_SECONDS)
    return await measure_walkers(stage, walkers, rate, seconds)


async def invite(stage: Stage, count: int) -> list[Walker]:
    """Let people come who will tap."""
    return await asyncio.gather(*(_walker(stage) for _ in range(count)))


async def measure_walkers(
    stage: Stage, walkers: Sequence[Walker], rate: float, seconds: float
) -> tuple[list[float], int]:
    """Let people tap at a constant rate; return as `measure_taps` does."""
    before = await stage.api.call("GET", "calls", limit=1)
    tapped_ids = await _tap_steadily(walkers, rate, seconds)
    await asyncio.gather(*(walker.person.say("/help") for walker in walkers))
    await asyncio.gather(*(walker.person.wait_message("What I can do") for walker in walkers))
    calls = await stage.api.call("GET", "calls", after=before[-1]["seq"])
    updates = {update["update_id"]: update for update in await stage.api.call("GET", "updates")}
    made = [updates[update_id] for update_id in tapped_ids]
    times = [time for update in made if (time := _reply_time(update, calls)) is not None]
    return times, len(made) - len(times)


async def _walker(stage: Stage) -> Walker:
    person = await stage.customer()
    menu = await walk.open_menu(person)
    return Walker(person, int(menu["message_id"]))


async def _tap_steadily(walkers: Sequence[Walker], rate: float, seconds: float) -> list[int]:
    """Tap with one walker after the other, when it is due and not when the last one is done."""
    loop = asyncio.get_running_loop()
    begin, taps = loop.time(), []
    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            await asyncio.sleep(begin + number / rate - loop.time())
            taps.append(group.create_task(walkers[number % len(walkers)].tap()))
    return [update_id for task in taps if (update_id := task.result()) is not None]


def _reply_time(update: Json, calls: Sequence[Json]) -> float | None:
    created, person = update["created_at"], update["user_id"]
    for call in calls:
        if call["chat_id"] == person and call["method"] in REPLIES and call["at"] >= created:
            return float(call["at"] - created) * 1000
    return None


async def measure_start(process: ManagedProcess, url: str) -> float:
    """Start a stopped process several times; return the median of the seconds until it is ready."""
    times = []
    for _ in range(STARTS):
        began = perf_counter()
        process.start()
        while not await answers(url):  # noqa: ASYNC110 - readiness can only be asked for
            await asyncio.sleep(LOOK_SECONDS)
        times.append(perf_counter() - began)
        await process.stop()
    return median(times)


async def measure_starts(stage: Stage) -> tuple[float, float]:
    """Measure the bot and one worker, each with no other of ours running; then start all again."""
    sandbox, addresses = stage.sandbox, stage.sandbox.addresses
    assert sandbox.bot is not None
    for process in (sandbox.bot, *sandbox.workers):
        await process.stop()
    bot = await measure_start(sandbox.bot, f"{addresses.bot_url}/ready")
    health = f"http://{LOOPBACK}:{addresses.workers[0]}/health"
    worker = await measure_start(sandbox.workers[0], health)
    await stage.revive("bot")
    await stage.revive("workers")
    return bot, worker


async def make_bookings(stage: Stage, count: int) -> None:
    """Make bookings, each of a customer of its own."""
    wanted = list(islice(_apart(await _free_starts(stage)), count))
    if len(wanted) < count:
        raise SystemExit(f"The demo business has only {len(wanted)} times for {count} bookings.")
    places = asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as group:
        for book in wanted:
            group.create_task(_book(stage, book, places))


async def _free_starts(stage: Stage) -> list[commands.ShowSummary]:
    """Look through the calendars of everyone who does the service, as far as they go."""
    scout, found = await stage.customer(), []
    for who in ("Alice", "Boris"):
        month = await walk.follow(scout, await walk.open_menu(scout), ["Book a visit", SERVICE, who])
        while True:
            for text in walk.free_days(month).values():
                times = await walk.tap(scout, month, text)
                offered = [key.command for key in walk.keys(times)]
                found += [start for start in offered if isinstance(start, commands.ShowSummary)]
                month = await walk.tap(scout, times, "« Back")
            following = walk.rows(month)[0][-1]
            if following.command is None:
                break
            month = await walk.tap(scout, month, following.text)
    return found


def _apart(starts: Sequence[commands.ShowSummary]) -> Iterator[commands.ShowSummary]:
    """Leave out what would overlap with the one before."""
    last: dict[int | None, datetime] = {}
    for one in starts:
        if one.specialist_id not in last or one.start - last[one.specialist_id] >= BUSY:
            last[one.specialist_id] = one.start
            yield one


async def _book(stage: Stage, wanted: commands.ShowSummary, places: asyncio.Semaphore) -> None:
    """Book as a new customer: /start, the tap on the time, Confirm."""
    async with places:
        person = await stage.customer()
        menu = await walk.open_menu(person)
        await stage.send_update({"callback_query": tapped(person, menu, pack(wanted))})
        summary = await walk.next_edit(person, menu)
        await walk.tap(person, summary, "Confirm")


def memory_of(process: ManagedProcess) -> Memory:
    """Return what a process takes now."""
    info = psutil.Process(process.pid).memory_full_info()
    return Memory(info.rss / MEBIBYTE, info.uss / MEBIBYTE)


async def measure(rate: float, seconds: float, workers: int, bookings: int) -> Figures:
    """Measure everything, one thing after the other."""
    async with running(workers) as stage:
        times, unanswered = await measure_taps(stage, rate, seconds)
        bot_start, worker_start = await measure_starts(stage)
        await make_bookings(stage, bookings)
        sandbox = stage.sandbox
        assert sandbox.bot is not None
        memory = {part.name: memory_of(part) for part in (sandbox.bot, *sandbox.workers)}
    return Figures(
        machine=f"{os.cpu_count()} cores, Python {platform.python_version()}",
        load=os.getloadavg()[0],
        rate=rate,
        workers=workers,
        taps=len(times),
        unanswered=unanswered,
        p50=median(times),
        p99=quantiles(times, n=100)[98],
        longest=max(times),
        bot_start=bot_start,
        worker_start=worker_start,
        bookings=bookings,
        memory=memory,
    )


def main() -> None:
    """Measure and print a table, and JSON behind it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.taps")
    parser.add_argument("--rate", type=float, default=20, help="taps a second (20)")
    parser.add_argument("--seconds", type=float, default=20, help="how long (20)")
    parser.add_argument("--workers", type=int, default=2, help="worker replicas (2)")
    parser.add_argument("--bookings", type=int, default=1000, help="bookings before memory is read (1000)")
    parser.add_argument("--json", type=Path, help="write the JSON to this file instead")
    given = parser.parse_args()
    figures = asyncio.run(measure(given.rate, given.seconds, given.workers, given.bookings))
    sys.stdout.write(f"{figures.table()}\n")
    as_json = json.dumps(asdict(figures), indent=2)
    if given.json:
        given.json.write_text(f"{as_json}\n")
    else:
        sys.stdout.write(f"{as_json}\n")


if __name__ == "__main__":
    main()
