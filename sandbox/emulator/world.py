"""Everything the emulator knows: bots, users, their chats, messages, files, callback queries."""

import time
from dataclasses import dataclass, field
from typing import Any

from sandbox.emulator.errors import ClientError

type Json = dict[str, Any]


def in_topic(thread_id: int | None) -> Json:
    """Return what a message says of the topic it is in."""
    return {} if thread_id is None else {"message_thread_id": thread_id, "is_topic_message": True}


type Row = tuple[str, str]
"""A kind of thing and its key: what has changed since the last save."""


@dataclass(slots=True)
class Webhook:
    """Where a bot wants its updates posted."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass(slots=True)
class Bot:
    """A bot account; `commands` is keyed by scope and language as `scope|language`."""

    id: int
    token: str
    first_name: str
    username: str
    next_update_id: int
    next_message_id: int = 1
    webhook: Webhook | None = None
    allowed_updates: list[str] | None = None
    commands: dict[str, list[Json]] = field(default_factory=dict)

    def as_user(self) -> Json:
        """Return the bot as a Bot API User."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}


@dataclass(slots=True)
class Message:
    """A message as the Bot API shows it, and what only the user's side knows."""

    api: Json
    outgoing: bool
    keyboard: Json | None = None
    deleted: bool = False
    edits: int = 0
    force_reply: bool = False
    """Whether the inline keyboard came with force_reply: no edit changes that."""
    payable: Json | None = None
    """Of an invoice what only its bot knows: its payload, and the prices that it is the sum of."""
    paid_by: list[int] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The message's id in its chat."""
        return int(self.api["message_id"])

    def as_replied_to(self) -> Json:
        """Return the message as another that replies to it quotes it: without what it replies to itself."""
        return {name: value for name, value in self.api.items() if name != "reply_to_message"}

    @property
    def thread_id(self) -> int | None:
        """The topic it is in; None for the chat itself."""
        return self.api.get("message_thread_id")

    @property
    def inline_rows(self) -> list[list[Json]]:
        """The inline keyboard, row by row."""
        markup = self.api.get("reply_markup") or {}
        rows: list[list[Json]] = markup.get("inline_keyboard", [])
        return rows


@dataclass(slots=True)
class Chat:
    """The private chat of one user with one bot."""

    bot_id: int
    user_id: int
    started: bool = False
    blocked: bool = False
    read_up_to: int = 0
    keyboard: Json | None = None
    typing: str | None = None
    typing_until: float = 0.0
    topics: list[int] = field(default_factory=list)
    """The threads that the user keeps apart, by the id of the message that opened each."""
    messages: dict[int, Message] = field(default_factory=dict)

    def typing_now(self) -> str | None:
        """Return the chat action shown at this moment."""
        return self.typing if self.typing and time.time() < self.typing_until else None

    def client_view(self, message: Message) -> Json:
        """Return the message as the user's client sees it."""
        read = not message.outgoing and message.id <= self.read_up_to
        view = {**message.api, "outgoing": message.outgoing, "deleted": message.deleted}
        view |= {"edits": message.edits, "read": read or message.outgoing}
        if message.keyboard is not None:
            view["reply_markup"] = message.keyboard
        if message.payable is not None:
            view["paid"] = self.user_id in message.paid_by
        return view


@dataclass(slots=True)
class Callback:
    """A pressed button waiting for its answer; `answers` counts answerCallbackQuery, refused calls too."""

    id: str
    bot_id: int
    user_id: int
    message_id: int
    created_at: float
    answer: Json | None = None
    answers: int = 0

    def view(self) -> Json:
        """Return how the press has fared, for the client API."""
        names = ("id", "user_id", "message_id", "created_at", "answers")
        return {name: getattr(self, name) for name in names} | {"answered": self.answer is not None}


WAITING, EXPIRED = "waiting", "expired"
BOT_TOO_SLOW = "BOT_PRECHECKOUT_TIMEOUT"
"""What Telegram tells the payer's app of a bot that did not answer in time."""


@dataclass(slots=True, kw_only=True)
class Checkout:
    """Somebody's try to pay an invoice: from the question to the bot to its end."""

    id: str
    bot_id: int
    user_id: int
    owner_id: int
    """In whose chat the invoice is; another's where a forwarded copy is paid."""
    message_id: int
    created_at: float
    answer_by: float
    declined: bool
    """Whether the payer's bank will say no."""
    state: str = WAITING
    error: str | None = None
    charge: str | None = None
    answers: int = 0

    def seconds_left(self) -> float:
        """Return for how long the bot may still answer."""
        return max(0.0, self.answer_by - time.time())

    def state_now(self) -> str:
        """Return where it stands; the bot's time to answer passes by itself."""
        return EXPIRED if self.state == WAITING and not self.seconds_left() else self.state

    def view(self) -> Json:
        """Return how the payment has fared, for the client API."""
        state = self.state_now()
        error = BOT_TOO_SLOW if state == EXPIRED else self.error
        return {"state": state, "error": error, "charge": self.charge, "answers": self.answers}


@dataclass(slots=True)
class Query:
    """What somebody asked in a chat that the bot is no part of; it waits for one answer."""

    id: str
    bot_id: int
    user_id: int
    answer_by: float
    is_guest: bool = False
    answer: Json | None = None
    answers: int = 0


@dataclass(slots=True)
class Card:
    """A message that the bot has in such a chat: it knows its id alone."""

    id: str
    bot_id: int
    api: Json


@dataclass(slots=True)
class StoredFile:
    """A file a bot has sent."""

    id: str
    unique_id: str
    bot_id: int
    kind: str
    name: str
    mime_type: str
    path: str
    data: bytes
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class World:
    """The state that `--state` keeps, and which parts of it have changed."""

    bots: dict[int, Bot] = field(default_factory=dict)
    users: dict[int, Json] = field(default_factory=dict)
    deactivated: set[int] = field(default_factory=set)
    chats: dict[tuple[int, int], Chat] = field(default_factory=dict)
    callbacks: dict[str, Callback] = field(default_factory=dict)
    checkouts: dict[str, Checkout] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    """Not kept between runs, as what was posted in answer to them."""
    cards: dict[str, Card] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    event_seq: int = 0
    changed: set[Row] = field(default_factory=set)

    def touch(self, kind: str, *key: object) -> None:
        """Remember that something has to be saved."""
        self.changed.add((kind, ":".join(map(str, key))))

    def user(self, user_id: int) -> Json:
        """Return a user; ClientError 404 when there is none."""
        if (user := self.users.get(user_id)) is None:
            raise ClientError(404, f"There is no user {user_id}.")
        return user

    def chat(self, bot: Bot, user_id: int) -> Chat:
        """Return the chat of a user with a bot, made on first use."""
        if (chat := self.chats.get((bot.id, user_id))) is None:
            chat = self.chats[bot.id, user_id] = Chat(bot.id, user_id)
            self.touch("chat", bot.id, user_id)
        return chat

    def add_callback(self, callback: Callback, lifetime: float) -> None:
        """Keep a pressed button, and forget those too old to be answered."""
        self.callbacks[callback.id] = callback
        self.touch("callback", callback.id)
        oldest = callback.created_at - 2 * lifetime
        while (first := next(iter(self.callbacks.values()))).created_at < oldest:
            del self.callbacks[first.id]
            self.touch("callback", first.id)

    def save_message(self, chat: Chat, message: Message) -> None:
        """Keep a new or changed message."""
        chat.messages[message.id] = message
        self.touch("message", chat.bot_id, chat.user_id, message.id)

    def take_message_id(self, bot: Bot) -> int:
        """Return the next message id; a bot's private chats share one sequence, as at Telegram."""
        bot.next_message_id += 1
        self.touch("bot", bot.id)
        return bot.next_message_id - 1

    def chat_object(self, user_id: int) -> Json:
        """Return the private chat as a Bot API Chat."""
        user = self.users.get(user_id, {})
        names = {key: user[key] for key in ("first_name", "last_name", "username") if user.get(key)}
        return {"id": user_id, **names, "type": "private"}
