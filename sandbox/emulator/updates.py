"""A bot's update queue: what has happened and has not been confirmed yet."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from itertools import islice

from sandbox.emulator.config import EmulatorConfig
from sandbox.emulator.errors import ApiError
from sandbox.emulator.world import Bot, Json, World

SHORT_LIVED = frozenset({"callback_query", "shipping_query", "pre_checkout_query", "inline_query"})
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Updates a bot receives only when it asks for them."""


@dataclass(slots=True)
class Update:
    """One update and its way to the bot; instants are Unix seconds."""

    serial: int
    update_id: int
    type: str
    body: Json
    user_id: int
    created_at: float
    expires_at: float
    repeat: bool = False
    delivered_at: float | None = None
    confirmed_at: float | None = None
    attempts: int = 0
    expired: bool = False

    @property
    def lane(self) -> str:
        """The delivery queue: a message's chat or a callback's user, which are two queues."""
        return f"{'user' if self.type in SHORT_LIVED else 'chat'}:{self.user_id}"

    def view(self) -> Json:
        """Return how the update fared, for the client API."""
        names = (
            "update_id",
            "type",
            "user_id",
            "created_at",
            "delivered_at",
            "confirmed_at",
            "attempts",
            "expired",
        )
        return {name: getattr(self, name) for name in names}


def describe(body: Json) -> tuple[str, int]:
    """Return an update's type and the user it came from, as far as a forged one tells."""
    kind = next((key for key in body if key != "update_id"), "unknown")
    content = body.get(kind)
    origin = content.get("from") if isinstance(content, dict) else None
    user_id = origin.get("id") if isinstance(origin, dict) else None
    return kind, user_id if isinstance(user_id, int) else 0


@dataclass(slots=True)
class UpdateQueue:
    """The updates of one bot, oldest first."""

    bot: Bot
    world: World
    config: EmulatorConfig
    pending: dict[int, Update] = field(default_factory=dict)
    log: deque[Update] = field(init=False)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    inbox: deque[Update] | None = None
    poll: asyncio.Future[None] | None = None
    _serial: int = 0

    def __post_init__(self) -> None:
        self.log = deque(maxlen=self.config.updates_kept)

    def wants(self, kind: str) -> bool:
        """Tell whether the bot has asked for such updates."""
        allowed = self.bot.allowed_updates
        return kind in allowed if allowed else kind not in NOT_BY_DEFAULT

    def add(self, body: Json, update_id: int | None = None) -> Update:
        """Queue an update; with an id of its own it repeats an earlier one."""
        kind, user_id = describe(body)
        now = time.time()
        short = kind in SHORT_LIVED
        lifetime = self.config.callback_update_seconds if short else self.config.message_update_seconds
        lifetime = self.config.inline_answer_seconds if kind == "inline_query" else lifetime
        number = self._take_id() if update_id is None else update_id
        update = Update(
            self._next_serial(), number, kind, {**body, "update_id": number}, user_id, now, now + lifetime
        )
        update.repeat = update_id is not None
        self.restore(update)
        self.world.touch("update", self.bot.id, update.serial)
        return update

    def restore(self, update: Update) -> None:
        """Put an update into the queue and wake whoever takes them."""
        self._serial = max(self._serial, update.serial)
        self.pending[update.serial] = update
        self.log.append(update)
        if self.inbox is not None:
            self.inbox.append(update)
        self.arrived.set()
        if self.poll is not None and not self.poll.done():
            self.poll.set_result(None)

    def confirm(self, update: Update) -> None:
        """Take a delivered update out of the queue."""
        update.confirmed_at = time.time()
        self._remove(update)

    def expire(self) -> None:
        """Drop what has waited too long."""
        now = time.time()
        for update in [one for one in self.pending.values() if one.expires_at <= now]:
            self.drop(update)

    def drop(self, update: Update) -> None:
        """Give an update up; it will not be delivered."""
        update.expired = True
        self._remove(update)

    def clear(self) -> None:
        """Forget everything pending, as drop_pending_updates asks."""
        for update in list(self.pending.values()):
            self._remove(update)

    def move_to(self, offset: int) -> None:
        """Confirm what a getUpdates offset confirms; a negative one counts from the end."""
        waiting = list(self.pending.values())
        confirmed = waiting[:offset] if offset < 0 else [one for one in waiting if one.update_id < offset]
        for update in confirmed:
            if not update.repeat:
                self.confirm(update)

    def take(self, limit: int) -> list[Update]:
        """Return the oldest updates and note that the bot has them."""
        updates = list(islice(self.pending.values(), limit))
        now = time.time()
        for update in updates:
            update.attempts += 1
            update.repeat = False
            update.delivered_at = update.delivered_at or now
        return updates

    def interrupt(self, reason: ApiError) -> None:
        """End a getUpdates that is still waiting."""
        if self.poll is not None and not self.poll.done():
            self.poll.set_exception(reason)
        self.poll = None

    def _take_id(self) -> int:
        self.bot.next_update_id += 1
        self.world.touch("bot", self.bot.id)
        return self.bot.next_update_id - 1

    def _next_serial(self) -> int:
        self._serial += 1
        return self._serial

    def _remove(self, update: Update) -> None:
        self.pending.pop(update.serial, None)
        update.body = {}
        self.world.touch("update", self.bot.id, update.serial)
