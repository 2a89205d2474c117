"""Showing views in chats: edit where there is something to edit, else send."""

from typing import Any

from shared.telegram.client import TelegramClient, Upload
from shared.telegram.errors import RefusedError
from worker.replies import TOAST_LIMIT, View


class Messenger:
    """Speaks the Bot API in terms of views. Raises what TelegramClient raises."""

    def __init__(self, telegram: TelegramClient) -> None:
        self._telegram = telegram

    async def send(self, chat_id: int, view: View) -> int:
        """Send a new message; return its id."""
        message = await self._telegram.call("sendMessage", {"chat_id": chat_id, **view.as_json()})
        return int(message["message_id"])

    async def show(self, chat_id: int, message_id: int | None, view: View) -> int:
        """Edit the message into the view; where it cannot be edited any more, send a new one."""
        if message_id is None:
            return await self.send(chat_id, view)
        try:
            await self._edit(chat_id, message_id, view)
        except RefusedError as error:
            if not error.message_gone:
                raise
            return await self.send(chat_id, view)
        return message_id

    async def refresh(self, chat_id: int, message_id: int, view: View) -> None:
        """Edit the message if it is still there."""
        try:
            await self._edit(chat_id, message_id, view)
        except RefusedError as error:
            if not error.message_gone:
                raise

    async def send_file(self, chat_id: int, upload: Upload, caption: str) -> int:
        """Send a document; return its message's id."""
        parameters: dict[str, Any] = {"chat_id": chat_id, "caption": caption, "document": "attach://document"}
        message = await self._telegram.call("sendDocument", parameters, files={"document": upload})
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

    async def _edit(self, chat_id: int, message_id: int, view: View) -> None:
        try:
            await self._telegram.call(
                "editMessageText", {"chat_id": chat_id, "message_id": message_id, **view.as_json()}
            )
        except RefusedError as error:
            if not error.not_modified:
                raise
