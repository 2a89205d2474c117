"""Posting updates to a bot's webhook, by the rules of Telegram's open-source server.

Any 2xx is done. Otherwise the update is tried again at once, then after 2, 4, 8 … seconds up to a random
one or two minutes, until it expires; `Retry-After` is obeyed exactly and does not grow the delay.
Updates of one lane (a message's chat, a callback's user) go one at a time, in order.
"""

import asyncio
import json
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from sandbox.emulator.config import EmulatorConfig
from sandbox.emulator.updates import Update, UpdateQueue
from sandbox.emulator.world import Webhook

type Reply = Callable[[bytes, str], Awaitable[None]]
"""Carries out the one method call a webhook's answer may hold: its body and content type."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name  # nosec B105
SUCCESS = range(200, 300)
LONGEST_RETRY_AFTER = 3600
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lane:
    """The updates of one chat or one user, and when the first of them may be tried again."""

    updates: deque[Update] = field(default_factory=deque)
    failures: int = 0


@dataclass(slots=True)
class Outcome:
    """What came of one request."""

    done: bool
    error: str = ""
    retry_after: float | None = None


@dataclass(slots=True)
class WebhookDelivery:
    """Delivers one bot's updates to its webhook while `run` runs."""

    queue: UpdateQueue
    webhook: Webhook
    config: EmulatorConfig
    reply: Reply
    lanes: dict[str, Lane] = field(default_factory=dict)
    inbox: deque[Update] = field(init=False)
    _slots: asyncio.Semaphore = field(init=False)
    _task: asyncio.Task[None] | None = None
    _random: random.Random = field(default_factory=random.SystemRandom)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.webhook.max_connections)
        self.inbox = deque(self.queue.pending.values())
        self.queue.inbox = self.inbox

    def start(self, tasks: asyncio.TaskGroup) -> None:
        """Begin to deliver."""
        self._task = tasks.create_task(self._run())

    def stop(self) -> None:
        """Deliver no more; what is not confirmed stays in the queue."""
        self.queue.inbox = None
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self.config.webhook_timeout_seconds)
        connector = aiohttp.TCPConnector(limit=self.webhook.max_connections)
        async with (
            aiohttp.ClientSession(timeout=timeout, connector=connector) as session,
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                self.queue.arrived.clear()
                self._load(session, tasks)
                await self.queue.arrived.wait()

    def _load(self, session: aiohttp.ClientSession, tasks: asyncio.TaskGroup) -> None:
        while self.inbox and len(self.lanes) < 2 * self.webhook.max_connections:
            update = self.inbox.popleft()
            if (lane := self.lanes.get(update.lane)) is None:
                lane = self.lanes[update.lane] = Lane()
                tasks.create_task(self._drain(update.lane, lane, session))
            lane.updates.append(update)

    async def _drain(self, name: str, lane: Lane, session: aiohttp.ClientSession) -> None:
        while lane.updates:
            update = lane.updates[0]
            if await self._deliver(update, lane, session):
                lane.updates.popleft()
                lane.failures = 0
        del self.lanes[name]
        self.queue.arrived.set()

    async def _deliver(self, update: Update, lane: Lane, session: aiohttp.ClientSession) -> bool:
        if update.serial not in self.queue.pending:
            return True
        if update.expires_at <= time.time():
            self.queue.drop(update)
            return True
        async with self._slots:
            outcome = await self._post(update, session)
        if outcome.done:
            return True
        self.webhook.last_error_date = int(time.time())
        self.webhook.last_error_message = outcome.error
        await asyncio.sleep(min(self._delay(lane, outcome), max(0.0, update.expires_at - time.time())))
        return False

    def _delay(self, lane: Lane, outcome: Outcome) -> float:
        if outcome.retry_after is not None:
            return outcome.retry_after
        lane.failures += 1
        if lane.failures == 1:
            return 0.0
        cap = self._random.uniform(*self.config.webhook_retry_cap_seconds)
        return min(cap, self.config.webhook_retry_base_seconds * 2.0 ** min(lane.failures - 2, 30))

    async def _post(self, update: Update, session: aiohttp.ClientSession) -> Outcome:
        update.attempts += 1
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret_token:
            headers[SECRET_HEADER] = self.webhook.secret_token
        data = json.dumps(update.body).encode()
        update.delivered_at = update.delivered_at or time.time()
        try:
            async with session.post(
                self.webhook.url, data=data, headers=headers, allow_redirects=False
            ) as answer:
                return await self._judge(update, answer)
        except TimeoutError:
            return Outcome(done=False, error="Read timeout expired")
        except aiohttp.ClientConnectorError:
            return Outcome(done=False, error="Connection refused")
        except (aiohttp.ClientError, ValueError):
            return Outcome(done=False, error="Connection closed")

    async def _judge(self, update: Update, answer: aiohttp.ClientResponse) -> Outcome:
        if answer.status not in SUCCESS:
            error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
            return Outcome(done=False, error=error, retry_after=_retry_after(answer))
        self.queue.confirm(update)
        try:
            body = await answer.read()
        except (aiohttp.ClientError, TimeoutError):
            body = b""
        if body.strip():
            await self.reply(body, answer.headers.get("Content-Type", ""))
        return Outcome(done=True)


def _retry_after(answer: aiohttp.ClientResponse) -> float | None:
    text = answer.headers.get("Retry-After", "").strip()
    if not text.isdecimal() or not 0 < int(text) <= LONGEST_RETRY_AFTER:
        return None
    return float(text)
