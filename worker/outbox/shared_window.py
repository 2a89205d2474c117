"""The limits as all replicas keep them together, in Redis."""

from collections.abc import Mapping
from math import isfinite
from time import monotonic

from arq.connections import ArqRedis

from shared.telegram.send_keys import COUNTS_MS, EVERYONE, SendKeys
from worker.outbox import scripts
from worker.outbox.permits import PermitDecision, SendPermit
from worker.outbox.priority import Limits, Priority

HOLD_MS = 5000
"""How long a message counts whose answer never comes: its worker died, or its call hangs."""
MANY_CHATS, FLOOD_MS = 3, 5000
"""Telegram does not say which limit a 429 is about. It pauses the chat; from this many chats within
this time it is taken for the limit on everything, and pauses everyone."""


class SharedWindow:
    """One bot's limits in Redis. Everything raises RedisError."""

    def __init__(self, redis: ArqRedis, limits: Limits, bot_id: int) -> None:
        self._redis = redis
        self._limits = limits
        self._chat_ms = 1000 / limits.per_chat if limits.per_chat else 0
        self._names = SendKeys(bot_id)
        self._ask = redis.register_script(scripts.ASK)
        self._sent = redis.register_script(scripts.SENT)
        self._not_sent = redis.register_script(scripts.NOT_SENT)
        self._flooded = redis.register_script(scripts.FLOODED)

    async def ask(self, permit: SendPermit, *, in_any_case: bool = False) -> PermitDecision:
        """Ask whether the message may be sent now; a yes counts it.

        Where the pauses are not known, nothing is answered but that, unless asked for `in_any_case`.
        """
        limits, chat, priority = self._limits, permit.chat_id, permit.priority
        patience = max(0.0, permit.deadline - monotonic())
        arguments = [
            permit.id,
            int(priority),
            limits.per_second,
            limits.ceiling(priority),
            *(limits.floor(each) for each in Priority),
            HOLD_MS,
            self._chat_ms,
            limits.chat_burst,
            limits.group_per_minute if chat < 0 else 0,
            int(in_any_case),
            limits.at_once(priority),
            int(permit.has_place),
            int(patience * 1000),
            int(permit.waiter.keeps_turn),
            int(permit.has_turn),
            int(permit.waiter.is_new),
            COUNTS_MS,
            f"{permit.waiter.since * 1000:.3f}" if isfinite(permit.waiter.since) else -1,
        ]
        wait, chat_only, paused, known, place, turn = await self._ask(keys=self._keys(chat), args=arguments)
        permit.has_place, permit.has_turn = bool(int(place)), bool(int(turn))
        return PermitDecision(wait / 1000, bool(chat_only), paused / 1000, bool(known))

    def _keys(self, chat_id: int) -> list[str]:
        """Name what the script looks at, in its order."""
        names = self._names
        return [
            *names.windows,
            names.waiting,
            names.chat(chat_id),
            names.pause(EVERYONE),
            names.pause(chat_id),
            names.known,
            *names.turns,
        ]

    async def release(self, permit: SendPermit, *, sent: bool) -> None:
        """Begin the second in which the message still counts; one that was not sent counts no more."""
        window, chat = self._names.windows[permit.priority - 1], permit.chat_id
        if not sent:
            arguments = [permit.id, self._chat_ms, int(chat < 0)]
            await self._not_sent(keys=[window, self._names.chat(chat)], args=arguments)
        elif self._limits.per_second:
            keys = [window, self._names.waiting]
            await self._sent(keys=keys, args=[permit.id, COUNTS_MS, HOLD_MS])

    async def flooded(self, chat_id: int, seconds: float) -> bool:
        """Pause the chat, and everyone where floods come from several chats; tell which it was."""
        keys = [self._names.pause(chat_id), self._names.pause(EVERYONE), self._names.floods]
        return bool(await self._flooded(keys=keys, args=[chat_id, int(seconds * 1000), MANY_CHATS, FLOOD_MS]))

    async def restore(self, pauses: Mapping[int, float]) -> None:
        """Put pauses back that Redis has forgotten: seconds by chat."""
        async with self._redis.pipeline(transaction=True) as pipeline:
            for chat_id, seconds in pauses.items():
                pipeline.set(self._names.pause(chat_id), 1, px=max(1, int(seconds * 1000)))
            pipeline.set(self._names.known, 1)
            await pipeline.execute()
