"""People in a sandbox who walk the way of a booking over and over, at a constant rate.

A reply is timed from the update's creation at the emulator to the first call that edits or sends a message
in answer to it, both by the emulator's clock.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import aiohttp

from sandbox.options import Options
from sandbox.system import Sandbox
from tests.client import ChatUser, ClientApi, ClientApiError, Json, buttons
from tests.e2e import walk
from tests.e2e.stage import PATIENT, UNLIMITED, Mode, Stage
from tests.running import make_data_directory

SEEN = 30
"""Messages among which somebody finds the one they tap in."""
SERVICE = "Beard trim"
REPLIES = frozenset({"editMessageText", "sendMessage"})


@asynccontextmanager
async def running(
    workers: int, environment: Mapping[str, str] = PATIENT, mode: Mode = "polling"
) -> AsyncIterator[Stage]:
    """Run a sandbox; nobody is held back in it unless the environment says so."""
    data = make_data_directory()
    options = Options(data=data, port=0, workers=workers, environment=environment, bot_mode=mode)
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
    for text in ("Confirm", "Book a visit", SERVICE, "Anyone", walk.OTHER_DAYS):
        if text in known:
            return text
    if parts := walk.parts(screen):
        return parts[max(parts)]
    if times := walk.free_times(screen):
        return times[max(times)]
    if days := walk.free_days(screen):
        return days[max(days)]
    return "Menu"


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
    taken = await stage.api.call("GET", "updates", after=min(tapped_ids, default=0) - 1)
    updates = {update["update_id"]: update for update in taken}
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
