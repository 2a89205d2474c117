"""Fetches updates: an offset is confirmed only after every update below it is on the queue.

aiogram's own loop confirms an update as soon as it is handed out and loses it in a crash.
"""

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bot.ingest import Ingest, ParsedUpdate
from bot.metrics import BotMetrics
from bot.payload import HANDLED
from bot.retry import CONFLICT, RetryPolicy, Sleep, retry
from shared.clock import Clock
from shared.queue.port import QueueUnavailableError
from shared.retry import Backoff
from shared.telegram.client import TelegramClient
from shared.telegram.errors import RefusedError, TelegramError, UnavailableError, UnreadableError

WAIT_SECONDS: Final = 30
ANSWER_SECONDS: Final = WAIT_SECONDS + 10.0
BATCH: Final = 100
FRESH: Final = timedelta(seconds=WAIT_SECONDS + 30)
"""How long after its last success the loop counts as working."""
UPDATE_ID: Final = re.compile(rb'"update_id"\s*:\s*(\d{1,16})')

log = structlog.get_logger()


class Polling:
    """The loop from getUpdates to the queue."""

    def __init__(
        self,
        client: TelegramClient,
        ingest: Ingest,
        metrics: BotMetrics,
        clock: Clock,
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client = client
        self._ingest = ingest
        self._metrics = metrics
        self._clock = clock
        self._sleep = sleep
        self._retry_policy = RetryPolicy()
        self._queue_backoff = Backoff(first=0.1, longest=5)
        self._last_success: datetime | None = None
        self._settled = False
        self._batch = BATCH
        self._offset: int | None = None
        """What the next call confirms. Once confirmed it is not named again: after a quiet week
        Telegram's ids start anew anywhere, and an old offset would confirm what nobody has seen."""

    @property
    def working(self) -> bool:
        """Tell whether Telegram answered lately."""
        return self._last_success is not None and self._clock.now() - self._last_success < FRESH

    async def run(self) -> None:
        """Poll until cancelled. Raises BadTokenError."""
        await retry("deleteWebhook", self._leave_webhook, self._sleep)
        while True:
            try:
                await self._take(await self._fetch())
            except UnreadableError as error:
                await self._step_over(error)
            except TelegramError as error:
                await self._wait_after(error)

    async def _leave_webhook(self) -> None:
        await self._client.call("deleteWebhook", {"drop_pending_updates": False})

    async def _fetch(self) -> Sequence[Any]:
        """Get what is there; wait for updates only if the call before went well."""
        parameters = {
            "timeout": WAIT_SECONDS if self._settled else 0,
            "limit": self._batch,
            "allowed_updates": HANDLED,
        }
        if self._offset is not None:
            parameters["offset"] = self._offset
        self._settled = False
        updates = await self._client.call("getUpdates", parameters, answer_seconds=ANSWER_SECONDS)
        if not isinstance(updates, list):
            raise UnavailableError("getUpdates answered with something else than a list")
        self._succeeded()
        return updates

    def _succeeded(self) -> None:
        self._retry_policy.reset()
        self._settled = True
        self._offset = None
        self._batch = BATCH
        self._last_success = self._clock.now()
        self._metrics.polling.last_success.set(self._last_success.timestamp())

    async def _take(self, updates: Sequence[Any]) -> None:
        """Put a batch on the queue, then let the next call confirm it."""
        await self._put([await self._ingest.read(update) for update in updates])
        for update in updates:
            if isinstance(update, dict) and type(update.get("update_id")) is int:
                self._offset = update["update_id"] + 1
        if updates and self._offset is None:
            await self._sleep(self._queue_backoff.seconds())

    async def _put(self, taken: Sequence[ParsedUpdate]) -> None:
        """Offer what was read until the queue takes it: none is skipped, and none overtakes another."""
        while True:
            try:
                await self._ingest.put_all(taken)
            except QueueUnavailableError:
                await self._sleep(self._queue_backoff.seconds())
            else:
                self._queue_backoff.reset()
                return

    async def _step_over(self, error: UnreadableError) -> None:
        """Get past an update whose JSON cannot be read: alone first, then by its number."""
        found = UPDATE_ID.search(error.body)
        if self._batch > 1 or found is None:
            self._batch = 1
            await self._wait_after(error)
            return
        update_id = int(found[1])
        await self._put([await self._ingest.read({"update_id": update_id})])
        self._offset = update_id + 1

    async def _wait_after(self, error: TelegramError) -> None:
        wait = self._retry_policy.seconds_after(error)
        if isinstance(error, RefusedError) and error.code == CONFLICT:
            self._metrics.polling.conflicts.inc()
            self._metrics.polling.last_conflict.set(self._clock.now().timestamp())
            log.error("someone else takes this bot's updates: another process polls, or a webhook is set")
        log.warning("getUpdates failed", error=str(error), retry_in=round(wait, 1))
        await self._sleep(wait)
