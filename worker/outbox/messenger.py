"""Showing views in chats: edit where there is something to edit, else send."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from shared.telegram.client import TelegramClient, Upload
from shared.telegram.errors import FloodError, RefusedError
from worker.outbox.limiter import Limiter
from worker.outbox.permits import SendPermit
from worker.outbox.priority import Priority
from worker.ui.reply import TOAST_LIMIT
from worker.ui.view import Showable


class Messenger:
    """Speaks the Bot API in terms of views, each call that Telegram counts with a permit.

    Raises what TelegramClient raises, and HeldBackError where that is too far off.
    """

    def __init__(
        self,
        telegram: TelegramClient,
        limiter: Limiter | None = None,
        priority: Priority = Priority.REPLY,
        permits: Iterable[SendPermit] = (),
    ) -> None:
        self._telegram = telegram
        self._limiter = limiter
        self._priority = priority
        self._permits = list(permits)

    @asynccontextmanager
    async def permit(self, chat_id: int, priority: Priority) -> AsyncIterator["Messenger"]:
        """Wait for a permit before deciding what to say: the block's first call to the chat has it."""
        if self._limiter is None:
            yield self
            return
        own = Messenger(
            self._telegram, self._limiter, priority, [await self._limiter.acquire(chat_id, priority)]
        )
        try:
            yield own
        finally:
            for unused in own._permits:
                await self._limiter.release(unused, sent=False)

    async def send(self, chat_id: int, view: Showable) -> int:
        """Send a new message; return its id."""
        message = await self._call("sendMessage", chat_id, view.as_json())
        return int(message["message_id"])

    async def show(self, chat_id: int, message_id: int | None, view: Showable) -> int:
        """Edit the message into the view; send a new one where that cannot be, or where the view asks."""
        if message_id is None or view.asks:
            return await self.send(chat_id, view)
        try:
            await self._edit(chat_id, message_id, view)
        except RefusedError as error:
            if not error.message_gone:
                raise
            return await self.send(chat_id, view)
        return message_id

    async def refresh(self, chat_id: int, message_id: int, view: Showable) -> None:
        """Edit the message if it is still there."""
        try:
            await self._edit(chat_id, message_id, view)
        except RefusedError as error:
            if not error.message_gone:
                raise

    async def take_buttons(self, chat_id: int, message_id: int) -> None:
        """Take the buttons off a message if it is still there."""
        try:
            await self._call("editMessageReplyMarkup", chat_id, {"message_id": message_id})
        except RefusedError as error:
            if not (error.message_gone or error.not_modified):
                raise

    async def send_file(self, chat_id: int, upload: Upload, caption: str) -> int:
        """Send a document; return its message's id."""
        parameters = {"caption": caption, "document": "attach://document"}
        message = await self._call("sendDocument", chat_id, parameters, files={"document": upload})
        return int(message["message_id"])

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete a message if it is still there and Telegram allows it."""
        try:
            await self._telegram.call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
        except RefusedError as error:
            if not error.says("message to delete not found", "message can't be deleted"):
                raise

    async def answer_tap(self, callback_id: str, text: str | None, *, alert: bool) -> None:
        """Acknowledge a tap; one that is too old needs none."""
        parameters: dict[str, Any] = {"callback_query_id": callback_id}
        if text:
            parameters |= {"text": text[:TOAST_LIMIT], "show_alert": alert}
        try:
            await self._telegram.call("answerCallbackQuery", parameters)
        except RefusedError as error:
            if not error.tap_expired:
                raise

    async def _edit(self, chat_id: int, message_id: int, view: Showable) -> None:
        try:
            await self._call("editMessageText", chat_id, {"message_id": message_id, **view.as_json()})
        except RefusedError as error:
            if not error.not_modified:
                raise

    async def _call(
        self,
        method: str,
        chat_id: int,
        parameters: Mapping[str, Any],
        files: Mapping[str, Upload] | None = None,
    ) -> Any:  # noqa: ANN401 - each method answers with a type of its own
        parameters = {"chat_id": chat_id, **parameters}
        if self._limiter is None:
            return await self._telegram.call(method, parameters, files=files)
        permit = (
            self._permits.pop() if self._permits else await self._limiter.acquire(chat_id, self._priority)
        )
        try:
            return await self._telegram.call(method, parameters, files=files)
        except FloodError as error:
            await self._limiter.flooded(chat_id, error.retry_after)
            raise
        finally:
            await self._limiter.release(permit)
