"""Answers in chats that are not ours: results of an inline query, a guest's card."""

from typing import Any, Final

import structlog

from shared.telegram.client import TelegramClient
from shared.telegram.errors import RefusedError
from worker.outbox.bot_link import BotLink
from worker.ui.inline import InlineAnswer, InlineCard

log = structlog.get_logger()

ANSWER_SECONDS: Final = 5.0
"""Telegram's apps wait not much longer for what is being typed."""


class ElsewhereMessenger:
    """Speaks the Bot API where there is no chat to name. Raises TelegramError where it may work later.

    What Telegram refuses is dropped: it comes too late, or again.
    """

    def __init__(self, telegram: TelegramClient, link: BotLink) -> None:
        self._telegram = telegram
        self._link = link

    async def answer_inline(self, query_id: str, answer: InlineAnswer) -> None:
        """Show what was found to whoever types a query."""
        found = answer.parameters(await self._link.get())
        await self._call("answerInlineQuery", {"inline_query_id": query_id, **found})

    async def answer_guest(self, query_id: str, card: InlineCard) -> None:
        """Post a card in the chat where the bot was called."""
        result = card.as_json(await self._link.get())
        await self._call("answerGuestQuery", {"guest_query_id": query_id, "result": result})

    async def _call(self, method: str, parameters: dict[str, Any]) -> None:
        try:
            await self._telegram.call(method, parameters, answer_seconds=ANSWER_SECONDS)
        except RefusedError as error:
            if error.bad_token:
                raise
            if error.tap_expired or error.not_modified:
                log.info("answered too late, or twice", method=method)
                return
            log.error("Telegram takes no such answer", method=method, reason=error.description)  # noqa: TRY400 - what stands above it says nothing more
