"""The limiter's moves in Redis, each one atomic call, timed by Redis's own clock.

A message counts from the moment it is granted until a second after its answer came: whatever the network
did in between, Telegram got it within that time, so no second at Telegram holds more than the limit.
"""

from typing import Final

from shared.telegram.send_keys import NOW

SLOWER: Final = 1.03
"""How much slower turns are than the limit: a turn that is missed costs more than a place that stays free."""
NEWCOMERS_SLOWER: Final = 1.15
"""The same of newcomers' turns: once they are given, there has to be room for who was here before."""
REMEMBERED_TURNS: Final = 1000
"""Among so many turns somebody who asks late finds their own; further back there is none to give."""
OF_THE_LAST: Final = 0.1
"""How much the last answer says of how long the next one will take."""

ASK: Final = (
    NOW
    + f"""
-- KEYS: windows of the three priorities, when each priority was last told to wait and is to go on, chat,
--       pause of everyone, pause of the chat, known, whose turns are given: of all others, of newcomers
-- ARGV: message, priority, limit, priority's ceiling, floors of the three priorities, hold (ms),
--       chat: ms a message (0: no limit), chat: burst, group: messages a minute (0: not a group),
--       whether to answer in any case (1), or only where the pauses are known (0),
--       the priority's pace: how many it may send at once (0: as it likes),
--       whether a place in the chat's line is kept for the message (1), how long it can wait for one (ms),
--       whether its turn among all can be kept for it (1), whether it has one (1), is it a newcomer's (1),
--       how long a message counts after its answer (ms), since when it waits (ms, -1: that is not known)
-- Answers: wait (ms, 0: granted), whether only this message waits, pause of everyone (ms), known,
--       whether a place in the chat's line is kept for the message, whether its turn among all is
local priority, limit, ceiling = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local known = redis.call('EXISTS', KEYS[8])
if known == 0 and ARGV[12] == '0' then return {{0, 0, 0, 0, ARGV[14], ARGV[17]}} end
local paused = math.max(0, redis.call('PTTL', KEYS[6]))
local chat_wait = math.max(0, redis.call('PTTL', KEYS[7]))

local each, group, arrival = tonumber(ARGV[9]), tonumber(ARGV[11]), now
if group > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now)
  if redis.call('ZCARD', KEYS[5]) >= group then
    chat_wait = math.max(chat_wait, redis.call('ZRANGE', KEYS[5], 0, 0, 'WITHSCORES')[2] - now)
  end
elseif each > 0 and ARGV[14] == '0' then
  arrival = math.max(now, tonumber(redis.call('GET', KEYS[5]) or now))
  local turn = arrival - now - each * (ARGV[10] - 1)
  if turn > 0 and turn <= tonumber(ARGV[15]) and chat_wait <= 0 and paused <= 0 then
    redis.call('SET', KEYS[5], arrival + each, 'PX', math.ceil(arrival + each - now))
    return {{math.ceil(turn), 1, paused, known, 1, ARGV[17]}}
  end
  chat_wait = math.max(chat_wait, turn)
end

local all_wait, total, first, reserved = paused, 0, now + 1000, 0
local pace, at_once, follows = 'pace:' .. priority, tonumber(ARGV[13]), now
if limit > 0 then
  -- What may wait is spread over the second: sent all at its beginning, it would fill the second, and
  -- whoever looks at a chat would have to wait until that is over.
  if at_once > 0 then
    follows = math.max(now, tonumber(redis.call('HGET', KEYS[4], pace) or now))
    all_wait = math.max(all_wait, follows - now - 1000 / ceiling * (at_once - 1))
  end
  local counts = {{}}
  for i = 1, 3 do
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
    counts[i] = redis.call('ZCARD', KEYS[i])
    total = total + counts[i]
    local oldest = redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')
    if oldest[2] then first = math.min(first, oldest[2]) end
    local asked = redis.call('HGET', KEYS[4], i)
    if i ~= priority and asked and now - asked < 2000 then
      reserved = reserved + math.max(0, ARGV[4 + i] - counts[i])
    end
  end
  local own = counts[priority] < tonumber(ARGV[4 + priority]) and total < limit
  if not own and total + reserved >= ceiling then all_wait = math.max(all_wait, first - now, 5) end
end

-- Who waits for an answer has a turn: one after the other at the pace of the limit, after a second's worth at
-- once. Newcomers' turns come after those of everybody else; and each of those moves them on.
local kept, newcomer = ARGV[17] == '1', ARGV[18] == '1'
local function take_turn(at)
  -- Turns that came faster than places get free would be missed, one after the other.
  local counts_for = ARGV[19] + tonumber(redis.call('HGET', KEYS[4], 'answered_in') or 0)
  local own, slower = newcomer and 'newcomers' or 'turns', newcomer and {NEWCOMERS_SLOWER} or {SLOWER}
  local gap = slower * counts_for / math.max(1, limit - reserved)
  local function next_of(line)
    return math.max(now - 1000, tonumber(redis.call('HGET', KEYS[4], line) or 0))
  end
  local last = math.max(at, next_of(own))
  redis.call('HSET', KEYS[4], own, last + gap)
  if not newcomer then redis.call('HSET', KEYS[4], 'newcomers', next_of('newcomers') + gap) end
  -- Who asks late, but waits longer than others that have turns, shares the turn of the first of those:
  -- each is shared once, so that no turn is a crowd's.
  local since, order = tonumber(ARGV[20]), KEYS[newcomer and 10 or 9]
  if since < 0 then return last end
  local later = redis.call('ZRANGEBYSCORE', order, '(' .. ARGV[20], '+inf', 'LIMIT', 0, 1)[1]
  if later then
    redis.call('ZREM', order, later)
    return math.min(last, math.max(at, tonumber(later)))
  end
  redis.call('ZADD', order, ARGV[20], string.format('%.3f', last))
  redis.call('ZREMRANGEBYRANK', order, 0, -{REMEMBERED_TURNS} - 1)
  redis.call('PEXPIRE', order, math.ceil(math.max(0, last - now)) + 2000)
  return last
end
local has_turns = priority == 1 and limit > 0 and not kept
if has_turns and ARGV[16] == '1' and chat_wait <= 0 then
  local line = tonumber(redis.call('HGET', KEYS[4], newcomer and 'newcomers' or 'turns') or 0)
  if all_wait > 0 or line > now then
    local turn = math.ceil(take_turn(now + all_wait) - now)
    if turn > 0 then return {{turn, 1, paused, known, tonumber(ARGV[14]), 1}} end
    has_turns = false  -- the turn it shares has come: it is granted, and counted, below
  end
end

local wait = math.ceil(math.max(chat_wait, all_wait))
if wait > 0 then
  if priority > 1 and chat_wait <= 0 then redis.call('HSET', KEYS[4], priority, now) end
  return {{wait, chat_wait > all_wait and 1 or 0, paused, known, tonumber(ARGV[14]), kept and 1 or 0}}
end
if limit > 0 then
  redis.call('ZADD', KEYS[priority], now + ARGV[8], ARGV[1])
  redis.call('PEXPIRE', KEYS[priority], ARGV[8] + 1000)
  redis.call('HDEL', KEYS[4], priority)
  if has_turns then take_turn(0) end
  if at_once > 0 then redis.call('HSET', KEYS[4], pace, follows + 1000 / ceiling) end
end
if group > 0 then
  redis.call('ZADD', KEYS[5], now + 61000, ARGV[1])
  redis.call('PEXPIRE', KEYS[5], 61000)
elseif each > 0 and ARGV[14] == '0' then
  redis.call('SET', KEYS[5], arrival + each, 'PX', math.ceil(arrival + each - now))
end
return {{0, 0, paused, known, 0, 0}}
"""
)

SENT: Final = (
    NOW
    + f"""
-- KEYS: window, what is known of the priorities; ARGV: message, how long it still counts (ms), hold (ms)
-- Notes how long Telegram takes to answer, in the middle of the last few.
local until_then = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not until_then then return 0 end
local took = math.max(0, now - (until_then - ARGV[3]))
local usual = tonumber(redis.call('HGET', KEYS[2], 'answered_in') or took)
redis.call('HSET', KEYS[2], 'answered_in', usual + (took - usual) * {OF_THE_LAST})
return redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[1])
"""
)

NOT_SENT: Final = (
    NOW
    + """
-- KEYS: window, chat
-- ARGV: message, chat: ms a message (0: no limit), whether it is a group (1): the chat's next one moves up
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[3] == '1' then return redis.call('ZREM', KEYS[2], ARGV[1]) end
local arrival = tonumber(redis.call('GET', KEYS[2]) or 0) - ARGV[2]
if arrival <= now then return redis.call('DEL', KEYS[2]) end
return redis.call('SET', KEYS[2], arrival, 'PX', math.ceil(arrival - now))
"""
)

FLOODED: Final = (
    NOW
    + """
-- KEYS: pause of the chat, pause of everyone, chats flooded lately
-- ARGV: chat, pause (ms), how many chats make it everyone's, within (ms). Answers whether it is everyone's.
local function pause(key)
  if redis.call('PTTL', key) < tonumber(ARGV[2]) then redis.call('SET', key, 1, 'PX', ARGV[2]) end
end
pause(KEYS[1])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - ARGV[4])
redis.call('ZADD', KEYS[3], now, ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
if redis.call('ZCARD', KEYS[3]) < tonumber(ARGV[3]) then return 0 end
pause(KEYS[2])
return 1
"""
)
