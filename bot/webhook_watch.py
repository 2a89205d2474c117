"""Asks Telegram how the webhook does: what it cannot deliver here, nobody here sees."""

import asyncio
from typing import Any, Final

import structlog

from bot.metrics import BotMetrics
from bot.retry import Sleep, retry
from bot.webhook import address
from shared.telegram.client import TelegramClient

EVERY_SECONDS: Final = 60.0

log = structlog.get_logger()


class WebhookWatch:
    """Notes whether the webhook is still this bot's, what waits for it, and what went wrong last."""

    def __init__(
        self, client: TelegramClient, base_url: str, metrics: BotMetrics, *, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._client = client
        self._address = address(base_url)
        self._metrics = metrics
        self._sleep = sleep
        self._last_error = 0

    async def run(self) -> None:
        """Ask once a minute until cancelled. Raises BadTokenError."""
        while True:
            self._note(await retry("getWebhookInfo", self._ask, self._sleep))
            await self._sleep(EVERY_SECONDS)

    async def _ask(self) -> dict[str, Any]:
        answer = await self._client.call("getWebhookInfo")
        return answer if isinstance(answer, dict) else {}

    def _note(self, info: dict[str, Any]) -> None:
        ours = info.get("url") == self._address
        last_error = int(info.get("last_error_date") or 0)
        self._metrics.webhook.registered.set(ours)
        self._metrics.webhook.pending.set(int(info.get("pending_update_count") or 0))
        self._metrics.webhook.last_error.set(last_error)
        if not ours:
            log.error("the webhook is not this bot's: another process with its token set or removed it")
        elif last_error > self._last_error:
            log.error("Telegram cannot deliver updates here", reason=info.get("last_error_message"))
        self._last_error = last_error
