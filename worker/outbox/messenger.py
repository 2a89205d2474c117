"""Showing views in chats: edit where there is something to edit, else send."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

import structlog

from shared.telegram.client import TelegramClient
from shared.telegram.errors import FloodError, RefusedError, TelegramError
from worker.outbox.bot_link import BotLink
from worker.outbox.calls import BotCall, file_id_of, to_edit, to_send
from worker.outbox.drawer import Drawer
from worker.outbox.elsewhere import ElsewhereMessenger
from worker.outbox.file_ids import FileIds
from worker.outbox.invoice import Invoice
from worker.outbox.limiter import ANYBODY, Limiter
from worker.outbox.permits import SendPermit, Waiter
from worker.outbox.priority import Priority
from worker.ui.graphemes import cut
from worker.ui.reply import TOAST_LIMIT
from worker.ui.view import RenderedView, SentPhoto, Showable

log = structlog.get_logger()

CHECKOUT_ANSWER_SECONDS: Final = 4.0
"""Telegram waits ten for the answer to a payment: time to say it once more."""


class Messenger:
    """Speaks the Bot API in terms of views, each call that Telegram counts with a permit.

    Raises what TelegramClient raises, and HeldBackError where that is too far off.
    """

    def __init__(
        self,
        telegram: TelegramClient,
        limiter: Limiter | None = None,
        files: FileIds | None = None,
        priority: Priority = Priority.REPLY,
        permits: Iterable[SendPermit] = (),
        thread_id: int | None = None,
        drawer: Drawer | None = None,
    ) -> None:
        self._telegram = telegram
        self._limiter = limiter
        self._files = files
        self._priority = priority
        self._permits = list(permits)
        self._thread_id = thread_id
        self._drawer = drawer or Drawer()
        self._link = BotLink(telegram)

    def in_thread(self, thread_id: int | None) -> "Messenger":
        """Return one whose new messages go into a topic of their chat; None for the chat itself."""
        if thread_id == self._thread_id:
            return self
        own = self._telegram, self._limiter, self._files, self._priority
        there = Messenger(*own, self._permits, thread_id, self._drawer)
        there._link = self._link
        return there

    @asynccontextmanager
    async def permit(
        self, chat_id: int, priority: Priority, waiter: Waiter = ANYBODY
    ) -> AsyncIterator["Messenger"]:
        """Wait for a permit before deciding what to say: the block's first call to the chat has it."""
        if self._limiter is None:
            yield self
            return
        permits = [await self._limiter.acquire(chat_id, priority, waiter)]
        shared = self._telegram, self._limiter, self._files
        own = Messenger(*shared, priority, permits, self._thread_id, self._drawer)
        own._link = self._link
        try:
            yield own
        finally:
            for unused in own._permits:
                await self._limiter.release(unused, sent=False)

    async def send(self, chat_id: int, view: Showable) -> int:
        """Send a new message; return its id. Where its topic is gone, the chat itself gets it."""
        shown, thread_id = await self._drawer.drawn(view.rendered()), self._thread_id
        try:
            message = await self._with_file(
                chat_id, shown, lambda file_id: to_send(shown, file_id, thread_id)
            )
        except RefusedError as error:
            if error.unknown_file and isinstance(shown.shows, SentPhoto):
                return await self.send(chat_id, replace(shown, shows=None))
            if thread_id is None or not error.thread_gone:
                raise
            return await self.in_thread(None).send(chat_id, view)
        return int(message["message_id"])

    async def show(self, chat_id: int, message_id: int | None, view: Showable) -> int:
        """Make the message into the view; send a new one where it is gone, or where the view stands alone.

        Returns the id of the message that shows the view.
        """
        if message_id is None or view.stands_alone:
            return await self.send(chat_id, view)
        return await self.refresh(chat_id, message_id, view) or await self.send(chat_id, view)

    async def refresh(self, chat_id: int, message_id: int, view: Showable) -> int | None:
        """Make the message into the view if it is still there.

        Returns the id of the message that shows the view: None where it is gone, another one where no edit
        makes the one into the other, as a photo into a text. The old message goes away then.
        """
        try:
            await self._edit(chat_id, message_id, view)
        except RefusedError as error:
            if error.message_gone:
                return None
            if not error.other_medium:
                raise
            return await self._replace(chat_id, message_id, view)
        return message_id

    async def take_buttons(self, chat_id: int, message_id: int) -> None:
        """Take the buttons off a message if it is still there."""
        try:
            await self._call(chat_id, BotCall("editMessageReplyMarkup", {"message_id": message_id}))
        except RefusedError as error:
            if not (error.message_gone or error.not_modified):
                raise

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """Delete a message; return whether it is gone: Telegram keeps those that are two days old."""
        try:
            await self._telegram.call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
        except RefusedError as error:
            if error.says("message can't be deleted"):
                return False
            if not error.says("message to delete not found"):
                raise
        return True

    async def send_invoice(self, chat_id: int, invoice: Invoice) -> int | None:
        """Send an invoice; return its message's id, None where Telegram takes no such invoice."""
        topic = {} if self._thread_id is None else {"message_thread_id": self._thread_id}
        try:
            message = await self._call(chat_id, BotCall("sendInvoice", {**invoice.parameters(), **topic}))
        except RefusedError as error:
            if topic and error.thread_gone:
                return await self.in_thread(None).send_invoice(chat_id, invoice)
            if error.unreachable or error.bad_token:
                raise
            log.error("Telegram takes no such invoice", reason=error.description)  # noqa: TRY400 - it may quote the token
            return None
        return int(message["message_id"])

    async def set_menu(self, chat_id: int, commands: Sequence[Mapping[str, str]]) -> None:
        """Give a chat a command menu of its own; without commands, it is shown everybody's again."""
        scope = {"scope": {"type": "chat", "chat_id": chat_id}}
        if commands:
            await self._telegram.call("setMyCommands", {"commands": commands, **scope})
        else:
            await self._telegram.call("deleteMyCommands", scope)

    async def bot_link(self) -> str:
        """Return the link by which people find the bot. Telegram alone knows its name."""
        return await self._link.get()

    @property
    def elsewhere(self) -> ElsewhereMessenger:
        """What answers in chats that are not ours."""
        return ElsewhereMessenger(self._telegram, self._link)

    async def download(self, file_id: str, most: int) -> bytes:
        """Fetch a file that somebody sent, and no more of it than so many bytes and one."""
        return await self._telegram.download(file_id, most)

    async def answer_tap(self, callback_id: str, text: str | None, *, alert: bool) -> None:
        """Acknowledge a tap; one that is too old needs none."""
        parameters: dict[str, Any] = {"callback_query_id": callback_id}
        if text:
            parameters |= {"text": cut(text, TOAST_LIMIT), "show_alert": alert}
        try:
            await self._telegram.call("answerCallbackQuery", parameters)
        except RefusedError as error:
            if not error.tap_expired:
                raise

    async def answer_checkout(self, checkout_id: str, refusal: str | None) -> None:
        """Let a payment go on, or say why not; one that waited too long needs no answer."""
        answer = {"ok": True} if refusal is None else {"ok": False, "error_message": refusal}
        parameters = {"pre_checkout_query_id": checkout_id, **answer}
        try:
            await self._telegram.call(
                "answerPreCheckoutQuery", parameters, answer_seconds=CHECKOUT_ANSWER_SECONDS
            )
        except RefusedError as error:
            if not error.tap_expired:
                raise
            log.warning("a payment was answered too late", refused=refusal is not None)

    async def _edit(self, chat_id: int, message_id: int, view: Showable) -> None:
        shown = await self._drawer.drawn(view.rendered())
        try:
            await self._with_file(chat_id, shown, lambda file_id: to_edit(shown, message_id, file_id))
        except RefusedError as error:
            if error.unknown_file and isinstance(shown.shows, SentPhoto):
                await self._edit(chat_id, message_id, replace(shown, shows=None))
            elif not error.not_modified:
                raise

    async def _replace(self, chat_id: int, message_id: int, view: Showable) -> int:
        """Send the view, and take the old message away, or at least its buttons.

        What was sent stands, whatever becomes of the old one: shown twice would be worse than left behind.
        """
        sent = await self.send(chat_id, view)
        try:
            if not await self.delete(chat_id, message_id):
                await self.take_buttons(chat_id, message_id)
        except TelegramError as error:
            log.warning("a message that was replaced is still there", error=type(error).__name__)
        return sent

    async def _with_file(
        self, chat_id: int, view: RenderedView, make: Callable[[str | None], BotCall]
    ) -> Any:  # noqa: ANN401 - JSON
        """Make a call for a view whose file Telegram may know already; one that it forgot is uploaded."""
        media, files = view.media, self._files
        if media is None or files is None or not media.reused:
            return await self._call(chat_id, make(None))
        file_id = await files.find(media)
        try:
            if file_id is not None:
                return await self._call(chat_id, make(file_id))
        except RefusedError as error:
            if not error.unknown_file:
                raise
            await files.forget(media)
        message = await self._call(chat_id, make(None))
        if (given := file_id_of(media, message)) is not None:
            await files.keep(media, given)
        return message

    async def _call(self, chat_id: int, call: BotCall) -> Any:  # noqa: ANN401 - each method answers with a type of its own
        parameters = {"chat_id": chat_id, **call.parameters}
        if self._limiter is None:
            return await self._telegram.call(call.method, parameters, files=call.files)
        permit = (
            self._permits.pop() if self._permits else await self._limiter.acquire(chat_id, self._priority)
        )
        try:
            return await self._telegram.call(call.method, parameters, files=call.files)
        except FloodError as error:
            await self._limiter.flooded(chat_id, error.retry_after)
            raise
        finally:
            await self._limiter.release(permit)
