"""Loads a sandbox, has Prometheus watch it, and keeps what every panel's own query answers.

`python -m tests.dashboards.record FILE [SECONDS]`, or `make dashboards`. Needs `prometheus` on the PATH, and
for the figures of PostgreSQL and Redis `prometheus-postgres-exporter` and `prometheus-redis-exporter`.
"""

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession

from bot.app import SECRET_HEADER
from bot.webhook import PATH
from sandbox.options import Options
from sandbox.ports import LOOPBACK, free_port
from sandbox.system import Sandbox
from tests.client import ChatUser, ClientApi
from tests.e2e import walk
from tests.running import ROOT, make_data_directory

DASHBOARDS = ROOT / "compose" / "grafana" / "dashboards"
SCRAPE_SECONDS = 2
RATE_INTERVAL = "20s"
STEP_SECONDS = 2
PEOPLE = 24
FIRST_PERSON = 5001
SERVICE = "Trim"
THINKING = (0.1, 0.8)


def business() -> str:
    """Write a business whose visits begin within hours, and which reminds every minute before."""
    reminders = ", ".join(f"{minutes}m" for minutes in range(60, 70))
    people = "\n".join(
        f'  - {{name: {name}, services: [{SERVICE}], hours: {{mon-sun: ["00:00-24:00"]}}}}'
        for name in ("Alice", "Boris", "Chen", "Dina", "Emil")
    )
    return f"""
business: {{name: Barber & Co, timezone: UTC, currency: EUR, language: en}}
services:
  - {{name: {SERVICE}, duration: 10m, price: 20, step: 5m, min_notice: 1h, horizon: 3d, cancel_until: 0m,
     reminders: [{reminders}]}}
specialists:
{people}
limits: {{max_upcoming: 1000, max_cancelled: 1000}}
"""


@contextmanager
def exporters(run: Sandbox) -> Iterator[dict[str, Sequence[int]]]:
    """Have PostgreSQL and Redis tell their figures; hands over the ports, of those that are installed."""
    database = run.addresses.database_url.replace("postgresql+asyncpg://", "postgresql://")
    programs = {
        "postgres": ("prometheus-postgres-exporter", {"DATA_SOURCE_NAME": f"{database}?sslmode=disable"}),
        "redis": ("prometheus-redis-exporter", {"REDIS_ADDR": run.addresses.redis_url}),
    }
    ports: dict[str, Sequence[int]] = {}
    with ExitStack() as running:
        for job, (program, environment) in programs.items():
            if shutil.which(program) is None:
                continue
            ports[job] = [free_port()]
            command = [program, f"--web.listen-address={LOOPBACK}:{ports[job][0]}"]
            running.enter_context(process(command, environment))
        yield ports


@contextmanager
def process(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
    """Run a program for the length of the block."""
    running = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        running.terminate()
        running.wait(20)


@contextmanager
def prometheus(ports_of: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """Watch these ports, by job; hands over Prometheus's address."""
    jobs = [
        {"job_name": job, "static_configs": [{"targets": [f"{LOOPBACK}:{port}" for port in ports]}]}
        for job, ports in ports_of.items()
    ]
    every = f"{SCRAPE_SECONDS}s"
    with tempfile.TemporaryDirectory() as directory:
        configuration = Path(directory) / "prometheus.json"  # JSON is YAML
        configuration.write_text(
            json.dumps(
                {"global": {"scrape_interval": every, "scrape_timeout": every}, "scrape_configs": jobs}
            )
        )
        address = f"{LOOPBACK}:{free_port()}"
        command = [
            "prometheus",
            f"--config.file={configuration}",
            f"--storage.tsdb.path={directory}/data",
            f"--web.listen-address={address}",
        ]
        with process(command, {}):
            yield f"http://{address}"


async def live(api: ClientApi, number: int, until: float) -> None:
    """Be one customer: look, book, look again, change one's mind; what goes wrong is tried anew."""
    chance = random.Random(number)  # noqa: S311 - habits
    person = await api.user(number, f"Guest {number}")
    while time.monotonic() < until:
        with suppress(AssertionError, LookupError):
            await visit(person, chance)


async def visit(person: ChatUser, chance: random.Random) -> None:
    """Book one of the soonest times, and often cancel it."""
    await asyncio.sleep(chance.uniform(*THINKING))
    screen = await walk.follow(person, await walk.open_menu(person), ["Book a visit", SERVICE, "Anyone"])
    await asyncio.sleep(chance.uniform(*THINKING))
    summary = await walk.tap(person, screen, chance.choice(list(walk.free_times(screen).values())))
    await person.press_only("Confirm", summary)
    card = await walk.next_edit(person, summary)
    await asyncio.sleep(chance.uniform(*THINKING))
    if chance.random() < 0.5:
        await walk.follow(person, card, ["Cancel"])
        await person.press_only("Yes, cancel")


async def disturb(api: ClientApi, seconds: float) -> None:
    """Have Telegram be slow, refuse and fail a little, in the second third of the time."""
    await asyncio.sleep(seconds / 3)
    for fault in (
        {"kind": "latency", "seconds": 0.3, "probability": 0.5},
        {"kind": "error", "status": 502, "probability": 0.05},
        {"kind": "flood", "retry_after": 1, "probability": 0.02},
        {"kind": "duplicate", "probability": 0.05},
    ):
        await api.call("POST", "faults", {"method": "sendMessage", **fault} if "status" in fault else fault)
    await asyncio.sleep(seconds / 3)
    await api.call("DELETE", "faults")


async def forge(run: Sandbox, until: float) -> None:
    """Call the webhook without its secret, now and then."""
    async with ClientSession() as http:
        while time.monotonic() < until:
            for headers in ({}, {SECRET_HEADER: "guessed"}):
                async with http.post(f"{run.addresses.bot_url}{PATH}", data=b"{}", headers=headers):
                    await asyncio.sleep(1)


async def load(run: Sandbox, seconds: float) -> None:
    """Have people use the sandbox for some time."""
    async with ClientApi(run.addresses.client_api) as api:
        until = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            group.create_task(disturb(api, seconds))
            group.create_task(forge(run, until))
            for number in range(FIRST_PERSON, FIRST_PERSON + PEOPLE):
                group.create_task(live(api, number, until))
                await asyncio.sleep(seconds / 8 / PEOPLE)


async def answers(address: str, begin: int, end: int) -> dict[str, Any]:
    """Ask Prometheus each panel's own query."""
    found: dict[str, Any] = {}
    async with ClientSession() as http:
        for path in sorted(DASHBOARDS.iterdir()):
            for panel in json.loads(path.read_text())["panels"]:
                for target in panel["targets"]:
                    query = target["expr"].replace("$__rate_interval", RATE_INTERVAL)
                    query = query.replace("$__range", f"{end - begin}s")
                    asked = {"query": query, "start": str(begin), "end": str(end), "step": str(STEP_SECONDS)}
                    async with http.get(f"{address}/api/v1/query_range", params=asked) as response:
                        answer = await response.json()
                    found[target["expr"]] = answer["data"]["result"]
    return found


async def ready(address: str) -> None:
    """Wait until Prometheus answers."""
    async with ClientSession() as http:
        while True:
            with suppress(ClientError):
                async with http.get(f"{address}/-/ready") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.2)


async def record(run: Sandbox, seconds: float) -> dict[str, Any]:
    """Load, watch, ask."""
    own = {"bot": [run.addresses.bot], "worker": run.addresses.workers}
    with exporters(run) as others, prometheus({**own, **others}) as address:
        await ready(address)
        begin = int(time.time())
        await load(run, seconds)
        await asyncio.sleep(2 * SCRAPE_SECONDS)
        end = int(time.time())
        asked = await answers(address, begin, end)
        return {"begin": begin, "end": end, "step": STEP_SECONDS, "answers": asked}


async def run_sandbox(description: Path, seconds: float) -> dict[str, Any]:
    """Run a new sandbox for the recording and leave nothing of it behind."""
    data = make_data_directory()
    run = Sandbox(Options(data=data, port=0, workers=2, business=description, bot_mode="webhook"))
    try:
        await run.start()
        return await record(run, seconds)
    finally:
        await run.kill()
        shutil.rmtree(data, ignore_errors=True)


def main(file: Path, seconds: float) -> None:
    """Record one run."""
    if shutil.which("prometheus") is None:
        sys.exit("Prometheus is not installed (on Debian and Ubuntu: apt-get install prometheus).")
    with tempfile.TemporaryDirectory() as directory:
        description = Path(directory) / "business.yaml"
        description.write_text(business())
        recorded = asyncio.run(run_sandbox(description, seconds))
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(recorded))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 240.0)
