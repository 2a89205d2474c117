"""What the agenda of a full day costs: to decide, to draw, and in memory of a worker that draws.

The list and the drawing are the worker's whole decision; the picture is the PNG made of it, in its process of
its own, and `lag` is for how long the worker's event loop stood still at most meanwhile.
"""

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle, islice
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import text

from sandbox.emulator import acting
from sandbox.process import ManagedProcess
from shared.buttons import pack
from shared.contracts.staff import ShowAgenda, ShowAgendaPicture
from shared.envelope import AnyCommand
from tests.benchmarks.contenders import contender
from tests.benchmarks.crowd import Crowd, crowd
from tests.benchmarks.deciding import Decider
from tests.benchmarks.memory import memory_of
from tests.benchmarks.system import FIRST_PERSON, Bench, Json
from tests.kit.business import BUSINESS_ID
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.outbox.drawer import Drawer
from worker.ui.view import Drawing, RenderedView

OWNERS, VISITS = 20, 40
"""So many owners, because one chat takes a message a second; so many visits on the day."""
TICK_SECONDS = 0.001
PICTURE_SECONDS = 20
PICTURES = frozenset({"sendPhoto", "editMessageMedia"})
OWN = text("""
    INSERT INTO role_grant (business_id, person_id, role)
    SELECT 1, :first + n, 'owner' FROM generate_series(0, :owners - 1) AS n
    ON CONFLICT DO NOTHING
""")
DAY = text("""
    INSERT INTO booking (
        business_id, service_id, specialist_id, customer_id, during, busy, status, price, currency
    )
    SELECT 1, 1, 1 + n % 5, :first + n, during, during, 'confirmed', numrange(20, 20, '[]'), 'EUR'
    FROM generate_series(0, :visits - 1) AS n,
      LATERAL (
        SELECT tstzrange(at, at + interval '30 min') AS during
        FROM (SELECT CAST(:today AS timestamptz) + interval '9 h' + n / 5 * interval '45 min' AS at) AS moment
      ) AS range
""")


async def measure(bench: Bench) -> dict[str, Any]:
    """Decide and draw by ourselves, then have a worker of its own draw."""
    engine = make_engine(await bench.database(), pool_size=2)
    bench.stack.push_async_callback(engine.dispose)
    sessions = make_sessions(engine, BUSINESS_ID)
    await _fill(sessions)
    repeats = bench.scale.repeats
    return {
        "visits": VISITS,
        **await _decided(Decider(sessions), repeats),
        "pictures": bench.scale.pictures,
        "memory_mb": await _memory(bench),
    }


async def _fill(sessions: Sessions) -> None:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    async with sessions.begin() as session:
        await session.execute(OWN, {"first": FIRST_PERSON, "owners": OWNERS})
        await session.execute(DAY, {"first": FIRST_PERSON, "visits": VISITS, "today": today})


async def _decided(decider: Decider, repeats: int) -> dict[str, float]:
    found, lags = defaultdict[str, list[float]](list), list[float]()
    drawer = Drawer()
    for _ in range(repeats):
        with _timing(found, "list"):
            await _shown(decider, ShowAgenda())
        with _timing(found, "plan"):
            drawing = await _shown(decider, ShowAgendaPicture(first=datetime.now(UTC).date()))
        if not isinstance(drawing, Drawing):
            raise TypeError("no picture is shown")
        watching = asyncio.create_task(_longest_lag())
        with _timing(found, "picture"):
            shown = await drawer.drawn(RenderedView("", {}, drawing))
        watching.cancel()
        lags.append(await watching)
        if shown.media is None:
            raise AssertionError("no picture was drawn")
    return {**{name: median(each) for name, each in found.items()}, "lag_ms": median(lags)}


@contextmanager
def _timing(found: dict[str, list[float]], name: str) -> Iterator[None]:
    """Note what passes in the block, and what of it is our processor time and that of our processes."""
    began, worked = perf_counter(), _worked()
    yield
    found[f"{name}_ms"].append((perf_counter() - began) * 1000)
    found[f"{name}_cpu_ms"].append((_worked() - worked) * 1000)


def _worked() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


async def _shown(decider: Decider, command: AnyCommand) -> object:
    reply = await decider.decide(command, FIRST_PERSON)
    if reply.view is None:
        raise AssertionError(f"nothing is shown: {reply.toast}")
    return reply.view.shows


async def _longest_lag() -> float:
    """Look at the clock until cancelled; return for how long nobody could, in milliseconds."""
    longest, last = 0.0, perf_counter()
    try:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = perf_counter()
            longest, last = max(longest, now - last - TICK_SECONDS), now
    except asyncio.CancelledError:
        return longest * 1000


async def _memory(bench: Bench) -> dict[str, float]:
    """Look at a worker that has shown lists only, and at the same one when it has drawn."""
    bellhop, people = await contender(bench, "bellhop"), crowd(bench, "bellhop")
    await bellhop.restart()
    engine = make_engine(bellhop.database_url, pool_size=1)
    await _fill(make_sessions(engine, BUSINESS_ID))
    await engine.dispose()
    worker: ManagedProcess = bellhop.pool[0]
    lists = _Staff(bench, people, frozenset({"editMessageText"}))
    drawn = _Staff(bench, people, PICTURES)
    await lists.ask(ShowAgenda(), bench.scale.pictures)
    before = memory_of(worker)
    await drawn.ask(ShowAgendaPicture(first=datetime.now(UTC).date()), bench.scale.pictures)
    return {"lists": before, "pictures": memory_of(worker)}


class _Staff:
    """Owners who tap one after the other, each when the one before has an answer."""

    def __init__(self, bench: Bench, people: Crowd, answers: frozenset[str]) -> None:
        self._bench, self._bot, self._answers = bench, people.bot, answers
        self._heard = asyncio.Event()

    async def ask(self, command: AnyCommand, times: int) -> None:
        """Have it asked so many times. Raises TimeoutError where an answer does not come."""
        listeners = self._bench.calls.listeners
        usual, listeners[self._bot.id] = listeners.get(self._bot.id), self._hear
        try:
            for number in islice(cycle(range(FIRST_PERSON, FIRST_PERSON + OWNERS)), times):
                self._heard.clear()
                self._tap(number, command)
                async with asyncio.timeout(PICTURE_SECONDS):
                    await self._heard.wait()
        finally:
            if usual is not None:
                listeners[self._bot.id] = usual

    def _tap(self, number: int, command: AnyCommand) -> None:
        emulator = self._bench.emulator
        chat = emulator.world.chat(self._bot, number)
        data = pack(command)
        keyboard = {"inline_keyboard": [[{"text": "Tap", "callback_data": data}]]}
        message = emulator.post(self._bot, chat, {"text": "Tap it"}, keyboard)
        acting.press(emulator, self._bot, number, message.id, {"callback_data": data})

    def _hear(self, call: Json) -> None:
        if call["method"] in self._answers and call["status"] == 200:
            self._heard.set()
