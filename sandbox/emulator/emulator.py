"""The emulator itself: the parts that bots and users act on, in one place."""

import random
import time
from asyncio import TaskGroup
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from sandbox.emulator.calls import CallLog
from sandbox.emulator.config import EmulatorConfig
from sandbox.emulator.errors import ClientError, forbidden
from sandbox.emulator.events import EventFeed
from sandbox.emulator.faults import UPDATE_KINDS, Faults
from sandbox.emulator.limits import Limits, LimitSettings
from sandbox.emulator.signals import Signal
from sandbox.emulator.updates import Update, UpdateQueue
from sandbox.emulator.webhook import WebhookDelivery
from sandbox.emulator.world import Bot, Callback, Chat, Json, Message, Webhook, World

LOWEST_FIRST_UPDATE, HIGHEST_FIRST_UPDATE = 100_000_000, 900_000_000


async def _ignore(_bot: Bot, _body: bytes, _content_type: str) -> None:
    """Do nothing with a webhook's answer."""


@dataclass(slots=True)
class Emulator:
    """One running Telegram."""

    config: EmulatorConfig
    world: World
    feed: EventFeed = field(init=False)
    calls: CallLog = field(init=False)
    limits: Limits = field(init=False)
    faults: Faults = field(default_factory=Faults)
    answers: Signal[str] = field(default_factory=Signal)
    checkouts: Signal[str] = field(default_factory=Signal)
    queries: Signal[str] = field(default_factory=Signal)
    queues: dict[int, UpdateQueue] = field(default_factory=dict)
    webhooks: dict[int, WebhookDelivery] = field(default_factory=dict)
    by_token: dict[str, Bot] = field(default_factory=dict)
    tasks: TaskGroup | None = None
    webhook_reply: Callable[[Bot, bytes, str], Awaitable[None]] = _ignore

    def __post_init__(self) -> None:
        self.feed = EventFeed(self.world, self.config.events_kept)
        self.calls = CallLog(self.config.calls_kept)
        self.limits = Limits(LimitSettings(enabled=self.config.limits_enabled))
        for token in self.config.tokens:
            bot = self._bot(token)
            self.by_token[token] = bot
            self.queues[bot.id] = UpdateQueue(bot, self.world, self.config)

    def bot(self, bot_id: str | None) -> Bot:
        """Return the bot a client means; the only one when it names none."""
        bots = list(self.by_token.values())
        if bot_id is None and len(bots) == 1:
            return bots[0]
        if bot_id is None:
            raise ClientError(400, "There are several bots: name one with ?bot=ID.")
        for bot in bots:
            if str(bot.id) == bot_id:
                return bot
        raise ClientError(404, f"There is no bot {bot_id}.")

    def emit(self, bot: Bot, body: Json) -> Update | None:
        """Queue an update for a bot; None when it has not asked for that kind."""
        queue = self.queues[bot.id]
        kind = next(iter(body))
        if not queue.wants(kind):
            return None
        update = queue.add(body)
        if self.faults.strikes(UPDATE_KINDS, kind, update.user_id):
            queue.add(body, update.update_id)
        return update

    def check_reachable(self, chat: Chat) -> None:
        """Raise the 403 of a user a bot cannot write to."""
        if chat.user_id in self.world.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")

    def post(
        self, bot: Bot, chat: Chat, content: Json, keyboard: Json | None, payable: Json | None = None
    ) -> Message:
        """Put a bot's message into a chat; `payable` is what only the bot knows of an invoice."""
        inline = keyboard if keyboard is not None and "inline_keyboard" in keyboard else None
        api = {
            "message_id": self.world.take_message_id(bot),
            "from": bot.as_user(),
            "chat": self.world.chat_object(chat.user_id),
            "date": int(time.time()),
            **content,
        }
        if inline:
            api["reply_markup"] = inline
        message = Message(api, outgoing=False, keyboard=None if inline else keyboard)
        message.payable = payable
        message.force_reply = inline is not None and "force_reply" in inline
        self._remember_keyboard(chat, keyboard)
        chat.typing = None
        self.world.save_message(chat, message)
        self.feed.publish(chat.user_id, "message", message=chat.client_view(message))
        return message

    def changed(self, chat: Chat, message: Message, *, by_bot: bool = True) -> None:
        """Tell everyone that a message has been edited, or looks different by what its user did."""
        message.edits += by_bot
        self.world.save_message(chat, message)
        self.feed.publish(chat.user_id, "edit", message=chat.client_view(message))

    def delete(self, chat: Chat, message: Message) -> None:
        """Take a message out of a chat."""
        message.deleted = True
        self.world.save_message(chat, message)
        self.feed.publish(chat.user_id, "delete", message_id=message.id)

    def show_action(self, chat: Chat, action: str, seconds: float) -> None:
        """Show a chat action for a while, or until the next message."""
        chat.typing, chat.typing_until = action, time.time() + seconds
        self.feed.publish(chat.user_id, "typing", action=action)

    def answer(self, callback: Callback, answer: Json) -> None:
        """Hand a button's answer to the user who pressed it."""
        callback.answer = answer
        self.answers.ring(callback.id)
        self.feed.publish(callback.user_id, "callback_answer", callback_query_id=callback.id, **answer)

    def set_commands(self, bot: Bot, key: str, commands: list[Json]) -> None:
        """Set one command menu; an empty one is removed."""
        if commands:
            bot.commands[key] = commands
        else:
            bot.commands.pop(key, None)
        self.world.touch("bot", bot.id)
        for user_id in self.world.users:
            self.feed.publish(user_id, "commands")

    def use_webhook(self, bot: Bot, webhook: Webhook | None) -> None:
        """Post a bot's updates to a webhook from now on, or no longer."""
        if (running := self.webhooks.pop(bot.id, None)) is not None:
            running.stop()
        bot.webhook = webhook
        self.world.touch("bot", bot.id)
        if webhook is not None and self.tasks is not None:
            reply = partial(self.webhook_reply, bot)
            delivery = WebhookDelivery(self.queues[bot.id], webhook, self.config, reply)
            self.webhooks[bot.id] = delivery
            delivery.start(self.tasks)

    def close(self) -> None:
        """Let every long poll go: the emulator is stopping."""
        self.feed.close()
        self.calls.close()
        self.answers.close()
        self.checkouts.close()
        self.queries.close()
        for queue in self.queues.values():
            if queue.poll is not None and not queue.poll.done():
                queue.poll.set_result(None)

    def _remember_keyboard(self, chat: Chat, keyboard: Json | None) -> None:
        if keyboard is None or "inline_keyboard" in keyboard:
            return
        chat.keyboard = None if keyboard.get("remove_keyboard") else keyboard
        self.world.touch("chat", chat.bot_id, chat.user_id)

    def _bot(self, token: str) -> Bot:
        bot_id = int(token.partition(":")[0])
        if (bot := self.world.bots.get(bot_id)) is None:
            first = random.SystemRandom().randrange(LOWEST_FIRST_UPDATE, HIGHEST_FIRST_UPDATE)
            number = "" if not self.world.bots else str(len(self.world.bots) + 1)
            bot = Bot(bot_id, token, f"Bellhop{number}", f"bellhop{number}_bot", first)
            self.world.bots[bot_id] = bot
        bot.token = token
        self.world.touch("bot", bot_id)
        return bot
