"""Notices for updates that lead to no command: a tap is acknowledged, and who was too fast is told once."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog

from bot.metrics import BotMetrics
from bot.payload import Incoming
from bot.throttle import Admission, Throttle
from shared.clock import Clock
from shared.envelope import Envelope
from shared.i18n.translator import Translators
from shared.telegram.errors import TelegramError

WAITING: Final = 256
"""Notices kept waiting; more than that are left out."""
SENDERS: Final = 6
MESSAGE_SENDERS: Final = 2
"""A message may have to wait until Telegram's limit leaves room for it: no tap waits behind that."""
TAPS_AT_ONCE: Final = 20
TAPS_PER_SECOND: Final = 1.0
"""So many of one person's refused taps are acknowledged: a flood of taps must not become one of calls."""
ANSWER_SECONDS: Final = 5.0

log = structlog.get_logger()


class Caller(Protocol):
    """Calls the Bot API, as shared.telegram.client does."""

    async def call(
        self, method: str, parameters: dict[str, Any] | None = None, *, answer_seconds: float = ...
    ) -> Any:  # noqa: ANN401 - each method answers with a type of its own
        """Call a method."""
        ...


class Permits(Protocol):
    """Gives leave to send messages, as bot.permits does."""

    async def acquire(self, chat_id: int) -> str | None:
        """Return a permit once the message may be sent; None where that is not soon."""
        ...

    async def release(self, permit: str) -> None:
        """Note that Telegram has answered."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """One call of the Bot API that is made if there is room for it, and never repeated."""

    method: str
    parameters: dict[str, Any]

    @property
    def chat_id(self) -> int | None:
        """The chat that gets a message by it; None of an answer to a tap, which Telegram does not count."""
        chat_id: int | None = self.parameters.get("chat_id")
        return chat_id


@dataclass(frozen=True, slots=True)
class RefusedUpdate:
    """Whose update leads to no command, and the tap that it was."""

    person_id: int | None
    update_id: int
    callback_id: str | None
    language_code: str | None
    thread_id: int | None = None
    is_elsewhere: bool = False
    """Whether it was asked in another chat: a word in their own would come out of the blue."""

    @classmethod
    def by(cls, incoming: Incoming) -> "RefusedUpdate":
        """Describe an update that was not let in."""
        about = incoming.callback_id, incoming.language_code, incoming.thread_id
        return cls(incoming.person_id, incoming.update_id, *about, incoming.is_elsewhere)

    @classmethod
    def of(cls, envelope: Envelope) -> "RefusedUpdate":
        """Describe a command that the queue did not take."""
        actor, to = envelope.actor, envelope.reply_to
        about = to.callback_id, actor.language_code, to.thread_id
        return cls(actor.id, envelope.update_id, *about, envelope.is_elsewhere)


class ThrottleNotifier:
    """Sends notices beside the ingest, a few at a time; one that fails is dropped."""

    def __init__(
        self, client: Caller, permits: Permits, translators: Translators, metrics: BotMetrics, clock: Clock
    ) -> None:
        self._client = client
        self._permits = permits
        self._taps = Throttle(clock, burst=TAPS_AT_ONCE, per_second=TAPS_PER_SECOND)
        self._translators = translators
        self._metrics = metrics
        self._taps_waiting: asyncio.Queue[Notice] = asyncio.Queue(WAITING)
        self._messages_waiting: asyncio.Queue[Notice] = asyncio.Queue(WAITING)

    def refuse(self, refused: RefusedUpdate, *, notice: bool) -> None:
        """Acknowledge a tap, so that its button stops spinning; with `notice` tell the person to wait."""
        if refused.callback_id is None and (refused.is_elsewhere or not notice):
            return
        if not notice and not self._has_share(refused):
            self._metrics.notices_skipped.inc()
            return
        self._wait(self._notice(refused, notice=notice))

    def acknowledge(self, callback_id: str) -> None:
        """Let the button of a tap stop spinning that needs no other answer."""
        self._wait(Notice("answerCallbackQuery", {"callback_query_id": callback_id}))

    def _wait(self, notice: Notice) -> None:
        waiting = self._taps_waiting if notice.chat_id is None else self._messages_waiting
        try:
            waiting.put_nowait(notice)
        except asyncio.QueueFull:
            self._metrics.notices_skipped.inc()

    def _has_share(self, refused: RefusedUpdate) -> bool:
        person = refused.person_id
        return person is None or self._taps.decide(person, refused.update_id) is Admission.PASS

    def _notice(self, refused: RefusedUpdate, *, notice: bool) -> Notice:
        text = {"text": self._too_fast(refused.language_code)} if notice else {}
        if refused.callback_id is not None:
            return Notice("answerCallbackQuery", {"callback_query_id": refused.callback_id, **text})
        thread = {} if refused.thread_id is None else {"message_thread_id": refused.thread_id}
        return Notice("sendMessage", {"chat_id": refused.person_id, **thread, **text})

    def _too_fast(self, language_code: str | None) -> str:
        texts = self._translators.choose(language_code)
        return texts.text("That was a bit fast for me. Please wait a moment and try again.")

    async def run(self) -> None:
        """Send what waits, until cancelled."""
        async with asyncio.TaskGroup() as senders:
            for _ in range(SENDERS):
                senders.create_task(self._send_for_ever(self._taps_waiting))
            for _ in range(MESSAGE_SENDERS):
                senders.create_task(self._send_for_ever(self._messages_waiting))

    async def _send_for_ever(self, waiting: asyncio.Queue[Notice]) -> None:
        while True:
            notice = await waiting.get()
            try:
                await self._send(notice)
            except TelegramError as error:
                log.debug("notice not delivered", method=notice.method, error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - no notice is worth ending the bot
                log.error("notice failed", method=notice.method, error=type(error).__name__)  # noqa: TRY400 - the message may quote the person

    async def _send(self, notice: Notice) -> None:
        if notice.chat_id is None:
            await self._call(notice)
            return
        permit = await self._permits.acquire(notice.chat_id)
        if permit is None:
            self._metrics.notices_skipped.inc()
            return
        try:
            await self._call(notice)
        finally:
            await self._permits.release(permit)

    async def _call(self, notice: Notice) -> None:
        await self._client.call(notice.method, notice.parameters, answer_seconds=ANSWER_SECONDS)
