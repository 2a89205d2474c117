"""The link by which people find the bot: Telegram alone knows its name."""

from time import monotonic
from typing import Final

from shared.telegram.client import TelegramClient

KEPT_SECONDS: Final = 600.0
"""A bot's name changes at @BotFather, about never."""


class BotLink:
    """Asks Telegram for the bot's name, and remembers it for a while."""

    def __init__(self, telegram: TelegramClient) -> None:
        self._telegram = telegram
        self._known: tuple[str, float] | None = None

    async def get(self) -> str:
        """Return `https://t.me/<name>`. Raises what TelegramClient raises."""
        known = self._known
        if known is not None and monotonic() - known[1] < KEPT_SECONDS:
            return known[0]
        me = await self._telegram.call("getMe")
        link = f"https://t.me/{me['username']}"
        self._known = (link, monotonic())
        return link
