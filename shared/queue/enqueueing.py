"""How a command gets into the queue, in one atomic call to Redis: held to its person's pace, known again."""

from typing import Final

from shared.queue import keys
from shared.queue.lua import QUEUE

KEPT: Final = 1
REPEATED: Final = 0
REFUSED: Final = 2
REFUSED_SILENTLY: Final = 3
"""What becomes of a command that is offered."""

REFUSED_COSTS: Final = 0.1
"""Commands that a refused one takes all the same. Somebody a little too fast hardly feels it. A flood of more
than ten times the rate uses up what comes in, and gets nothing through until it ends."""

ROOM_OF_UNPACED: Final = 4
"""How much longer a lane may be for what is not held to its person's pace."""

ENQUEUE: Final = (
    QUEUE
    + f"""
-- KEYS: queue, then lane of each command
-- ARGV: again (1, 0), a person's burst (0: no limit), their commands a second, how long they are not told
-- again (ms), most jobs of a lane, then of each command: job id, payload, order, is it held to the person's
-- pace (1, 0), message in which it only shows something (empty: none), its tap
-- Answers of each: {KEPT}: kept now, {REPEATED}: kept before, {REFUSED}: refused, and to be told so,
-- {REFUSED_SILENTLY}: refused; then the tap of another that need not be done any more (empty: none).
local again, burst, per_ms = ARGV[1] == '1', tonumber(ARGV[2]), ARGV[3] / 1000
local quiet, most, cost = tonumber(ARGV[4]), tonumber(ARGV[5]), {REFUSED_COSTS}

-- An earlier update that comes in late goes before one that nobody has claimed yet.
local function let_in(lane, is_new)
  if redis.call('HEXISTS', due, first_of(lane)) == 1 then return end
  for _, other in ipairs(redis.call('ZRANGE', lane, 1, -1)) do
    if redis.call('HEXISTS', due, other) == 1 then
      if redis.call('LREM', ready, 1, other) + redis.call('LREM', newcomers, 1, other) == 0 then return end
      redis.call('HDEL', due, other)
      break
    end
  end
  advance(lane, is_new)
end

-- Takes a command from what the person may send, or says how it is refused.
local function refused(lane, paced)
  local full = redis.call('ZCARD', lane) >= most * (paced and 1 or {ROOM_OF_UNPACED})
  local key, burst = lane .. '{keys.PACE}', math.max(burst, 1)
  local left, since, told = string.match(redis.call('GET', key) or '', '(%S+) (%S+) (%S+)')
  left, since, told = tonumber(left or burst), tonumber(since or now), tonumber(told or 0)
  if paced then left = math.min(burst, left + math.max(0, now - since) * per_ms) end
  local answer = 0
  if not full and (not paced or left >= 1) then
    left = paced and left - 1 or left
  else
    left = paced and math.max(0, left - cost) or left
    answer = now - told < quiet and {REFUSED_SILENTLY} or {REFUSED}
    if answer == {REFUSED} then told = now end
  end
  if paced or answer > 0 then
    local lasts = math.max(quiet, per_ms > 0 and math.ceil(burst / per_ms) or 0)
    redis.call('SET', key, string.format('%.3f %d %d', left, now, told), 'PX', lasts)
  end
  return answer
end

-- Takes a job out that would be shown in a message which a later one shows something else in. One that has
-- begun is left: it has answered its tap, or is about to. So is one after which something else was said: it
-- may have to end a question that this would answer.
local function supersede(lane, id, order, message, tap)
  local shows, earlier = lane .. '{keys.SHOWS}', ''
  local other, others_tap = string.match(redis.call('HGET', shows, message) or '', '(%S+) (%S*)')
  local place = other and redis.call('ZSCORE', lane, other)
  if place and tonumber(place) < tonumber(order) and redis.call('HEXISTS', due, other) == 0 then
    redis.call('ZREM', lane, other)
    redis.call('DEL', payload_of(other))
    earlier = others_tap
  end
  if redis.call('HLEN', shows) >= most then redis.call('DEL', shows) end
  redis.call('HSET', shows, message, id .. ' ' .. tap)
  redis.call('EXPIRE', shows, {keys.SHOWS_SECONDS})
  return earlier
end

local answer = {{}}
for i = 2, #KEYS do
  local lane, at = KEYS[i], 6 * i - 7
  local id, payload, order, paced = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4] == '1'
  local message, tap, seen = ARGV[at + 5], ARGV[at + 6], lane .. '{keys.SEEN}'
  local short = string.match(id, '^u:[^:]*:(.*)$') or id
  local result, superseded = {KEPT}, ''
  if not again and redis.call('LPOS', seen, short) then
    result = {REPEATED}
  elseif not again and burst > 0 then
    local how = refused(lane, paced)
    if how > 0 then result = how end
  end
  if result == {KEPT} then
    if message ~= '' then superseded = supersede(lane, id, order, message, tap) end
    local is_new = not again and redis.call('EXISTS', seen) == 0
    redis.call('SET', payload_of(id), payload)
    redis.call('ZADD', lane, order, id)
    let_in(lane, is_new)
    -- Not before what takes memory: once a script has written, Redis refuses it none.
    if message == '' then redis.call('DEL', lane .. '{keys.SHOWS}') end
    -- Last: what fails before is not kept, and Telegram sends it again.
    redis.call('LPUSH', seen, short)
    redis.call('LTRIM', seen, 0, {keys.SEEN_MOST - 1})
    redis.call('EXPIRE', seen, {keys.SEEN_SECONDS})
  end
  answer[#answer + 1] = result
  answer[#answer + 1] = superseded
end
return answer
"""
)
