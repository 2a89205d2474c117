"""The running system as the tests see it: people to play, figures to read, parts to break."""

import itertools
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import aiohttp
import asyncpg

from sandbox.addresses import bot_environment
from sandbox.loopback import answers
from sandbox.ports import LOOPBACK
from sandbox.process import ManagedProcess, Program
from sandbox.system import Sandbox
from tests.client import ChatUser, ClientApi, Json

type Part = Literal["bot", "workers", "valkey", "postgres"]
type Mode = Literal["polling", "webhook"]

FIRST_CUSTOMER = 500_001
UNLIMITED = {"global_per_second": 1e6, "chat_per_second": 1e6, "chat_burst": 1e6}
PATIENT = {
    "THROTTLE_BURST": "200",
    "THROTTLE_PER_SECOND": "100",
    "SEND_PER_SECOND": "0",
    "SEND_PER_CHAT": "0",
}
"""Tests tap faster than people do, and ask for more answers than Telegram would deliver."""


@dataclass
class Stage:
    """One sandbox, shared by the tests; every test brings customers of its own."""

    sandbox: Sandbox
    api: ClientApi
    http: aiohttp.ClientSession
    figures: list[str] = field(default_factory=list)
    """Measured on the way, shown at the end of the run."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST_CUSTOMER))

    async def customer(self, first_name: str = "", language_code: str = "en") -> ChatUser:
        """Invite somebody new; without a name of their own they get one that is found in any text."""
        number = next(self._numbers)
        return await self.api.user(number, first_name or f"Quill{number}", language_code)

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the database."""
        connection = await self.connect()
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close()

    async def count(self, sql: str, *arguments: object) -> int:
        """Ask the database for one number."""
        return int((await self.fetch(sql, *arguments))[0][0])

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """Open a connection to the database."""
        return await asyncpg.connect(self.sandbox.addresses.database_url.replace("+asyncpg", ""), ssl=False)

    async def file(self, message: Json) -> bytes:
        """Download a message's document, as a person does."""
        url = f"{self.sandbox.addresses.client_api}/files/{message['document']['file_id']}"
        async with self.http.get(url) as response:
            assert response.status == 200
            return await response.read()

    async def send_update(self, body: Json) -> int:
        """Hand the bot an update that nobody checks; return its id."""
        return int((await self.api.call("POST", "updates", body))["update_id"])

    async def post(self, body: bytes, *, secret: str | None = None) -> int:
        """Post something to the webhook and return the status, whatever becomes of the connection."""
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        url = f"{self.sandbox.addresses.bot_url}/telegram/webhook"
        async with self.http.post(url, data=BytesIO(body), headers=headers) as response:
            return response.status

    async def bot_metric(self, line: str) -> float:
        """Read one of the bot's figures by its name and labels; 0 where it has not been counted yet."""
        async with self.http.get(f"{self.sandbox.addresses.bot_url}/metrics") as response:
            lines = (await response.text()).splitlines()
        return next((float(found.rpartition(" ")[2]) for found in lines if found.startswith(f"{line} ")), 0.0)

    async def kill(self, part: Part) -> None:
        """SIGKILL a part."""
        sandbox = self.sandbox
        if part == "workers":
            for worker in sandbox.workers:
                await worker.kill()
            return
        killing: dict[str, Callable[[], Awaitable[object]]] = {
            "bot": self._bot.kill,
            "valkey": sandbox.valkey.kill,
            "postgres": sandbox.postgres.kill,
        }
        await killing[part]()

    async def revive(self, part: Part) -> None:
        """Start a killed part again and wait until it is ready."""
        sandbox = self.sandbox
        if part == "bot":
            await self._until_ready(self._bot.start())
        elif part == "workers":
            for worker in sandbox.workers:
                worker.start()
            for worker, port in zip(sandbox.workers, sandbox.addresses.workers, strict=True):
                await worker.wait_ready(_probe(f"http://{LOOPBACK}:{port}/health"))
        elif part == "valkey":
            await sandbox.valkey.start()
        else:
            await sandbox.postgres.stop()  # lets go of the directory's lock
            await sandbox.postgres.start()

    async def receive_by(self, mode: Mode) -> None:
        """Put a bot that receives updates in this way in the place of the one that runs."""
        sandbox, old = self.sandbox, self._bot
        await old.stop()
        environment = bot_environment(sandbox.addresses, sandbox.token, mode, sandbox.webhook_secret)
        program = old.program
        sandbox.bot = ManagedProcess(
            Program(
                name=program.name,
                argv=program.argv,
                log=program.log,
                environment={**environment, **sandbox.options.environment},
                directory=program.directory,
            )
        )
        await self._until_ready(sandbox.bot.start())

    async def _until_ready(self, bot: ManagedProcess) -> None:
        await bot.wait_ready(_probe(f"{self.sandbox.addresses.bot_url}/ready"))

    @property
    def _bot(self) -> ManagedProcess:
        assert self.sandbox.bot is not None
        return self.sandbox.bot

    def log_lines(self, *names: str) -> Iterator[Json]:
        """Read what the bot or workers have logged so far; of their names: `bot`, `worker-1` …"""
        for path in self.logs(*names):
            for line in path.read_text(errors="replace").splitlines():
                found: dict[str, Any] = json.loads(line)
                yield found

    def logs(self, *names: str) -> list[Path]:
        """Return the log files of some parts."""
        return [self.sandbox.data.logs / f"{name}.log" for name in names]

    @property
    def worker_names(self) -> list[str]:
        """The replicas' names."""
        return [worker.name for worker in self.sandbox.workers]


def _probe(url: str) -> Callable[[], Awaitable[bool]]:
    return lambda: answers(url)
