"""`make compose-smoke`: the shipped images and docker-compose.yml, run for real, on an emulated Telegram.

Builds, comes up, books, scales under load, restarts every service under load, restores a backup, goes
down. Nothing that was acknowledged may be lost. Prints what it measured; needs a Docker engine.
"""

import argparse
import asyncio
import os
import secrets
import sys
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager

from tests.client import ClientApi
from tests.compose.smoke.crowd import Crowd, business
from tests.compose.smoke.engine import Container, EngineError, Project, missing

NAME = "bellhop-smoke"
IMAGES = ("bellhop-bot:local", "bellhop-worker:local", "bellhop-backup:local")
UNLIMITED = {"global_per_second": 1e6, "chat_per_second": 1e6, "chat_burst": 1e6}
HEALTHY_SECONDS = 3.0
STAYS_SECONDS = 10.0
MEMORY_MB = {"bot": 120.0, "worker": 100.0}
CPU = """
import urllib.request
text = urllib.request.urlopen("http://127.0.0.1:{}/metrics").read().decode()
print(text.split("\\nprocess_cpu_seconds_total ")[1].split()[0])
"""
FOREIGN = {
    "bellhop-bot:local": ["sqlalchemy", "asyncpg", "alembic", "worker", "sandbox", "tests", "pip", "uv"],
    "bellhop-worker:local": ["fastapi", "uvicorn", "aiogram", "bot", "sandbox", "tests", "pip", "uv"],
}
HOLDS = """
from importlib.util import find_spec
from shutil import which
print(*[name for name in {} if find_spec(name) or which(name)], *filter(which, ["gcc", "make", "curl"]))
"""
VISITS = "SELECT count(*) || ' ' || count(DISTINCT customer_id) FROM booking WHERE status = 'confirmed'"
UNSENT = "SELECT count(*) FROM outbox WHERE state = 'pending' AND due_at < now()"
DEAD = "SELECT count(*) FROM dead_command"
LEFT = ("--format", "{{.Names}}", "--filter", f"label=com.docker.compose.project={NAME}")


class Smoke:
    """One run."""

    def __init__(self, project: Project, bookings: int, also: Sequence[str]) -> None:
        self._project = project
        self._bookings = bookings
        self._also = also
        self._misses: list[str] = []

    async def run(self) -> int:
        """Do all of it; return the exit code."""
        await self._build()
        await self._up()
        await self._rest()
        async with self._crowd() as crowd:
            await self._first_booking(crowd)
            await self._thousand(crowd)
            await self._scale(crowd)
            await self._restart_everything(crowd)
            await self._nothing_lost(crowd)
        await self._restore()
        await self._down()
        for miss in self._misses:
            say(f"MISSED: {miss}")
        return 1 if self._misses else 0

    async def _build(self) -> None:
        await timed("built", self._project.compose("build"))
        for image in IMAGES:
            say(f"{image}: {await self._project.image_size(image):.0f} MB")
        for image, foreign in FOREIGN.items():
            run = ("run", "--rm", "--network=none", image, "python", "-c", HOLDS.format(foreign))
            found = (await self._project.docker(*run)).split()
            self._expect(not found, f"{image} holds {found}")

    async def _up(self) -> None:
        await timed("everything up and healthy, from nothing", self._project.compose("up", "--wait"))
        load = await self._project.compose(
            "run", "--rm", "--no-TTY", "bellhop", "business", "apply", "-", given=business()
        )
        say(f"business: {' '.join(load.split())}")
        for service, port in (("bot", 8080), ("worker", 9101)):
            container_id = (await self._project.containers(service))[0].id
            best = min([await self._restarted(container) for container in await self._three(service)])
            cpu = await self._project.docker("exec", container_id, "python", "-c", CPU.format(port))
            busy = f"machine's load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
            say(
                f"{service}: healthy {best:.2f} s after its start (best of 3; {cpu.strip()} s of CPU; {busy})"
            )
            self._expect(best < HEALTHY_SECONDS, f"{service} healthy within {HEALTHY_SECONDS:g} s")

    async def _rest(self) -> None:
        """Start what else is asked for, of whatever profile, and see that it stays."""
        if not self._also:
            return
        await timed(f"also {', '.join(self._also)}", self._project.compose("up", "--wait", *self._also))
        await asyncio.sleep(STAYS_SECONDS)
        for service in self._also:
            found = await self._project.containers(service)
            states = [await self._project.inspect(container) for container in found]
            stays = found and all(not state["RestartCount"] for state in states)
            self._expect(stays, f"{service} starts and stays")

    async def _three(self, service: str) -> list[Container]:
        return (await self._project.containers(service))[:1] * 3

    async def _restarted(self, container: Container) -> float:
        await self._project.docker("restart", container.id)
        return await self._project.until_healthy(container)

    @asynccontextmanager
    async def _crowd(self) -> AsyncIterator[Crowd]:
        address = await self._project.compose("port", "emulator", "8081")
        async with ClientApi(f"http://{address.strip()}/client") as api:
            await api.call("PUT", "limits", UNLIMITED)
            yield Crowd(api)

    async def _first_booking(self, crowd: Crowd) -> None:
        await timed("the first visit booked, from /start to the calendar file", crowd.book(1))

    async def _thousand(self, crowd: Crowd) -> None:
        began = time.monotonic()
        await crowd.book(self._bookings - 1)
        seconds = time.monotonic() - began
        say(f"{self._bookings} visits booked by as many people: {self._bookings / seconds:.1f} a second")
        for service, most in MEMORY_MB.items():
            for container in await self._project.containers(service):
                used = await self._project.memory(container)
                say(f"{service}: {used:.0f} MB after {self._bookings} visits")
                self._expect(used < most, f"{service} below {most:g} MB")

    async def _scale(self, crowd: Crowd) -> None:
        async with self._load(crowd, "scaled 1 → 4 → 1"):
            for replicas in (4, 1):
                options = ["--wait", "--no-deps", "--no-recreate", "--scale", f"worker={replicas}", "worker"]
                await timed(f"worker={replicas}", self._project.compose("up", *options))
                running = len(await self._project.containers("worker"))
                self._expect(running == replicas, f"{replicas} workers run, not {running}")
                await asyncio.sleep(5)

    async def _restart_everything(self, crowd: Crowd) -> None:
        await self._project.compose(
            "up", "--wait", "--no-deps", "--no-recreate", "--scale", "worker=2", "worker"
        )
        async with self._load(crowd, "every service restarted"):
            for service in ("worker", "bot", "redis", "postgres"):
                for container in await self._project.containers(service):
                    await timed(f"{container.name} restarted and healthy", self._restarted(container))
                await asyncio.sleep(3)
            replace = [
                "up",
                "--wait",
                "--no-deps",
                "--force-recreate",
                "--scale",
                "worker=2",
                "bot",
                "worker",
            ]
            await timed("bot and workers replaced by new containers", self._project.compose(*replace))

    @asynccontextmanager
    async def _load(self, crowd: Crowd, what: str) -> AsyncIterator[None]:
        """Let people book all the while; every one of them has to get their card."""
        done, before, began = asyncio.Event(), len(crowd.booked), time.monotonic()
        async with asyncio.TaskGroup() as group:
            group.create_task(crowd.book_until(done))
            try:
                yield
            finally:
                done.set()
        booked, seconds = len(crowd.booked) - before, time.monotonic() - began
        say(f"{what} while {booked} people booked in {seconds:.0f} s; each has their card and calendar file")

    async def _nothing_lost(self, crowd: Crowd) -> None:
        wanted = f"{len(crowd.booked)} {len(crowd.booked)}"
        visits = await self._project.sql(VISITS)
        self._expect(visits == wanted, f"one visit a person: {visits} of {wanted}")
        updates = await crowd.api.call("GET", "updates")
        open_updates = [each for each in updates if each["confirmed_at"] is None]
        self._expect(not open_updates, f"{len(open_updates)} updates were never confirmed")
        for sentence, sql in (("messages due and not sent", UNSENT), ("dead commands", DEAD)):
            number = await self._project.sql(sql)
            self._expect(number == "0", f"{sentence}: {number}")
        say(f"{len(updates)} updates, {len(crowd.booked)} people, {visits.split()[0]} visits: nothing lost")

    async def _restore(self) -> None:
        backup = ("run", "--rm", "--no-TTY", "--no-deps", "backup")
        say(f"backup: {(await self._project.compose(*backup, 'now')).strip()}")
        say(f"restore drill: {'; '.join((await self._project.compose(*backup, 'drill')).splitlines())}")
        newest = (await self._project.compose(*backup, "list")).split()[0]
        visits = await self._project.sql(VISITS)
        await self._project.compose("stop", "bot", "worker")
        await self._project.sql("DELETE FROM booking")
        back = self._project.compose(*backup, "restore", newest, "--replace")
        say(f"restore: {(await back).strip()}")
        await timed("up again", self._project.compose("up", "--wait"))
        self._expect(await self._project.sql(VISITS) == visits, "the restored visits are those of before")

    async def _down(self) -> None:
        await timed("down", self._project.compose("down", "--volumes", "--timeout", "60"))
        left = [
            *(await self._project.docker("ps", "--all", *LEFT)).split(),
            *(await self._project.docker("volume", "ls", "--quiet", *LEFT[2:])).split(),
            *(await self._project.docker("network", "ls", "--quiet", *LEFT[2:])).split(),
        ]
        self._expect(not left, f"left behind: {left}")

    def _expect(self, good: object, sentence: str) -> None:
        if not good:
            self._misses.append(sentence)


async def timed[T](what: str, work: Awaitable[T]) -> T:
    """Do something and say how long it took."""
    began = time.monotonic()
    result = await work
    say(f"{what}: {time.monotonic() - began:.1f} s")
    return result


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main() -> int:
    """Run it, and leave nothing behind whatever happens."""
    parser = argparse.ArgumentParser(prog="make compose-smoke", description=__doc__)
    parser.add_argument("--bookings", type=int, default=int(os.environ.get("BOOKINGS") or 1000))
    parser.add_argument("--also", nargs="*", default=[], help="services of other profiles to start as well")
    parser.add_argument("--keep", action="store_true", help="leave it running when it fails")
    options = parser.parse_args()
    if reason := missing():
        say(f"compose-smoke: skipped: {reason}.")
        return 0
    token = f"1000000001:AA{secrets.token_hex(16)}"
    environment = {"BOT_TOKEN": token, "COMPOSE_PROFILES": "", "WEBHOOK_URL": "http://bot.example"}
    project = Project(NAME, environment)
    await project.compose("down", "--volumes", "--remove-orphans", "--timeout", "5")
    code = 1
    try:
        code = await Smoke(project, options.bookings, options.also).run()
    except* (EngineError, AssertionError, TimeoutError) as group:
        say("".join(traceback.format_exception(group)))
        say(await project.compose("logs", "--tail", "20"))
    finally:
        if not options.keep:
            await project.compose("down", "--volumes", "--remove-orphans", "--timeout", "5")
    return code


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
