"""One call of a Bot API method, and what every method asks of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.emulator.connections import Connection
from sandbox.emulator.emulator import Emulator
from sandbox.emulator.errors import bad_request
from sandbox.emulator.params import INTEGER, Params
from sandbox.emulator.world import Bot, Chat, Json, Message


@dataclass(slots=True)
class Call:
    """A bot, what it asks for, and the emulator it asks; `note` is an answer's description."""

    emulator: Emulator
    bot: Bot
    params: Params
    connection: Connection | None = None
    note: str | None = None

    def chat(self) -> Chat:
        """Return the chat the call names; raises ApiError when there is none."""
        text = self.params.text("chat_id").strip()
        if not text:
            raise bad_request("chat_id is empty")
        user_id = int(text) if INTEGER.fullmatch(text) else 0
        if user_id not in self.emulator.world.users:
            raise bad_request("chat not found")
        return self.emulator.world.chat(self.bot, user_id)

    def writable_chat(self) -> Chat:
        """Return the chat the call names if the bot may write to it."""
        chat = self.chat()
        self.emulator.check_reachable(chat)
        return chat

    def message(self, chat: Chat, refusal: str) -> Message:
        """Return the message the call names; `refusal` says that there is none."""
        message_id = self.params.integer("message_id")
        if message_id <= 0:
            raise bad_request("message identifier is not specified")
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise bad_request(refusal)
        return message

    def limit(self, chat: Chat) -> None:
        """Count the call against Telegram's limits; raises the 429."""
        self.emulator.limits.take(self.bot.id, chat.user_id)


type Method = Callable[[Call], Awaitable[object]]


def shown(message: Message) -> Json:
    """Return the message as a bot receives it."""
    return message.api
