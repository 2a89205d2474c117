"""Leave to send a message beside all that the workers send: at Telegram there is one limit for both."""

import asyncio
from time import monotonic
from typing import Final
from uuid import uuid4

import structlog
from arq.connections import ArqRedis
from redis.exceptions import RedisError

from shared.telegram.send_keys import COUNTS_MS, EVERYONE, NOW, SendKeys

log = structlog.get_logger()

LONGEST_WAIT_SECONDS: Final = 3.0
"""A notice that would come later is none any more."""
HOLD_MS: Final = 6000
"""How long a message counts whose answer never comes: longer than it is waited for."""

_ASK: Final = (
    NOW
    + """
-- KEYS: windows of the three priorities, chat, pause of everyone, pause of the chat
-- ARGV: message, limit (0: none), chat: ms a message (0: no limit), hold (ms)
-- Answers how long to wait (ms, 0: granted). The chat's own limit is no bar to it, but what comes next waits.
local paused = math.max(redis.call('PTTL', KEYS[5]), redis.call('PTTL', KEYS[6]))
if paused > 0 then return paused end
local limit, each = tonumber(ARGV[2]), tonumber(ARGV[3])
if limit > 0 then
  local total, first = 0, now + 1000
  for i = 1, 3 do
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
    total = total + redis.call('ZCARD', KEYS[i])
    first = math.min(first, redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')[2] or first)
  end
  if total >= limit then return math.max(5, math.ceil(first - now)) end
  redis.call('ZADD', KEYS[1], now + ARGV[4], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[4] + 1000)
end
if each > 0 then
  local arrival = math.max(now, tonumber(redis.call('GET', KEYS[4]) or now))
  redis.call('SET', KEYS[4], arrival + each, 'PX', math.ceil(arrival + each - now))
end
return 0
"""
)
_ANSWERED: Final = NOW + "return redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[1])"


class NoticePermits:
    """Gives a notice its place among all that is sent; while Redis is away there is none."""

    def __init__(self, redis: ArqRedis, bot_id: int, *, per_second: int, per_chat: float) -> None:
        self._keys = SendKeys(bot_id)
        self._per_second = per_second
        self._chat_ms = 1000 / per_chat if per_chat else 0
        self._ask = redis.register_script(_ASK)
        self._answered = redis.register_script(_ANSWERED)

    async def acquire(self, chat_id: int) -> str | None:
        """Return the permit's id once the message may be sent; None where that is not soon."""
        permit, until = uuid4().hex, monotonic() + LONGEST_WAIT_SECONDS
        try:
            while wait := await self._wait_of(permit, chat_id):
                if monotonic() + wait > until:
                    return None
                await asyncio.sleep(wait)
        except (RedisError, OSError) as error:
            log.debug("no permit for a notice", error=type(error).__name__)
            return None
        return permit

    async def release(self, permit: str) -> None:
        """Begin the second in which the message still counts; where Redis is away, it counts for longer."""
        try:
            await self._answered(keys=self._keys.windows[:1], args=[permit, COUNTS_MS])
        except (RedisError, OSError) as error:
            log.debug("a notice's permit not released", error=type(error).__name__)

    async def _wait_of(self, permit: str, chat_id: int) -> float:
        names = self._keys
        keys = [*names.windows, names.chat(chat_id), names.pause(EVERYONE), names.pause(chat_id)]
        return (
            float(await self._ask(keys=keys, args=[permit, self._per_second, self._chat_ms, HOLD_MS])) / 1000
        )
