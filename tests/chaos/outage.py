"""`python -m tests.chaos.outage`: Redis, then PostgreSQL, each away for minutes under load."""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial

from sandbox.loopback import answers
from tests.chaos.customers import Habits
from tests.chaos.findings import Finding, Promise
from tests.chaos.report import run_and_tell
from tests.chaos.run import Plan, run
from tests.chaos.system import ChaosSystem, Mode

LOAD_SECONDS = 5.0
"""Load before, between and after the outages."""
NOTICED_SECONDS = 5.0
"""So soon readiness has to tell."""
BACK_SECONDS = 20.0
LOOK_SECONDS = 0.25


async def outages(seconds: float, system: ChaosSystem) -> list[Finding]:
    """Take Redis away and give it back, then PostgreSQL; return what readiness got wrong."""
    redis, postgres = system.sandbox.valkey, system.sandbox.postgres
    await asyncio.sleep(LOAD_SECONDS)
    found = await _away(system, "redis", redis.stop, redis.start, seconds, ready=False)
    await asyncio.sleep(LOAD_SECONDS)
    # Without PostgreSQL updates are accepted as ever: they wait in Redis.
    found += await _away(system, "postgres", postgres.stop, postgres.start, seconds, ready=True)
    await asyncio.sleep(LOAD_SECONDS)
    return found


async def _away(
    system: ChaosSystem,
    name: str,
    stop: Callable[[], Awaitable[object]],
    start: Callable[[], Awaitable[object]],
    seconds: float,
    *,
    ready: bool,
) -> list[Finding]:
    url = f"{system.sandbox.addresses.bot_url}/ready"
    fault = system.note(f"{name} away", name)
    await stop()
    wrong = await _listen(url, seconds, ready=ready)
    await start()
    fault.until = time.time()
    found = [Finding(Promise.READY, f"{wrong} wrong answers while {name} was away")] if wrong else []
    if not await _until_ready(url):
        found.append(Finding(Promise.READY, f"not ready {BACK_SECONDS:g} s after {name} was back"))
    return found


async def _listen(url: str, seconds: float, *, ready: bool) -> int:
    """Ask for as long as the outage lasts; return how often the answer was wrong once that is noticed."""
    began, wrong = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        answer = await answers(url)
        wrong += answer != ready and passed > min(NOTICED_SECONDS, seconds / 2)
        await asyncio.sleep(LOOK_SECONDS)
    return wrong


async def _until_ready(url: str) -> bool:
    try:
        async with asyncio.timeout(BACK_SECONDS):
            while not await answers(url):  # noqa: ASYNC110 - asked over HTTP
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        return False
    return True


def outage_plan(seconds: float, *, mode: Mode = "polling", rate: float = 4.0, seed: int = 1) -> Plan:
    """Return a run whose only faults are the two outages; its reminders are not due within it."""
    return Plan(
        seconds=2 * seconds + 3 * LOAD_SECONDS,
        seed=seed,
        mode=mode,
        rate=rate,
        telegram_faults=0.001,
        habits=Habits(soon=0.0),
        disturb=partial(outages, seconds),
    )


def main() -> int:
    """Run; exit code 1 on a broken promise."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.outage", description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0, help="how long each outage lasts")
    parser.add_argument("--bot-mode", choices=("polling", "webhook"), default="polling")
    parser.add_argument("--rate", type=float, default=4.0, help="bookings wished for in a second")
    options = parser.parse_args()
    plan = outage_plan(options.seconds, mode=options.bot_mode, rate=options.rate)
    return run_and_tell(lambda data: run(plan, data))


if __name__ == "__main__":
    sys.exit(main())
