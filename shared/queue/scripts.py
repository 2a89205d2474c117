"""The queue's moves, each one atomic call to Redis, timed by Redis's own clock.

A person's jobs stand in a lane, ordered by update id; only the lane's first is in the queue. So one
person's commands run one at a time and in order with any number of replicas, and a person who floods
the bot takes one place in the queue.

A claim moves a job's score to the end of its lease: a job whose worker died becomes due by itself. It also
notes who holds the job: whoever lost it to another can neither renew, defer nor finish it any more.
"""

from typing import Final

_NOW: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

_ADVANCE: Final = """
-- Lets a lane's first into the queue; one that was deleted by hand must not block its lane.
local function advance(queue, lane, doorbell, length, prefix)
  local following = redis.call('ZRANGE', lane, 0, 0)[1]
  while following and redis.call('EXISTS', prefix .. following) == 0 do
    redis.call('ZREM', lane, following)
    following = redis.call('ZRANGE', lane, 0, 0)[1]
  end
  if following and redis.call('ZADD', queue, 'NX', now, following) == 1 then
    redis.call('RPUSH', doorbell, 1)
    redis.call('LTRIM', doorbell, 0, length - 1)
  end
end
"""

ENQUEUE: Final = (
    _NOW
    + """
-- KEYS: queue, doorbell, then seen, job, lane of each command
-- ARGV: seconds to remember, doorbell length, job prefix, again (1, 0), then job id, payload, order of each
-- Answers 1 for each command that is kept now, 0 for one that was kept before.
local queue, bell, again = KEYS[1], KEYS[2], ARGV[4] == '1'

-- The lane's first is the one in the queue. A job that was deleted by hand must not block its lane,
-- and an earlier update that comes in late goes before one that nobody has claimed yet.
local function let_in(lane, id)
  local first = redis.call('ZRANGE', lane, 0, 0)[1]
  while first ~= id and redis.call('EXISTS', ARGV[3] .. first) == 0 do
    redis.call('ZREM', lane, first)
    first = redis.call('ZRANGE', lane, 0, 0)[1]
  end
  if redis.call('ZSCORE', queue, first) then return end
  for _, other in ipairs(redis.call('ZRANGE', lane, 1, -1)) do
    local score = redis.call('ZSCORE', queue, other)
    if score and tonumber(score) > now then return end
    if score then redis.call('ZREM', queue, other) break end
  end
  redis.call('ZADD', queue, now, first)
  redis.call('RPUSH', bell, 1)
end

local answer = {}
for i = 3, #KEYS, 3 do
  local seen, job, lane = KEYS[i], KEYS[i + 1], KEYS[i + 2]
  local id, payload, order = ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  if again or redis.call('EXISTS', seen) == 0 then
    redis.call('SET', seen, lane, 'EX', ARGV[1])
    redis.call('SET', job, payload)
    redis.call('ZADD', lane, order, id)
    let_in(lane, id)
    answer[#answer + 1] = 1
  else
    answer[#answer + 1] = 0
  end
end
redis.call('LTRIM', bell, 0, ARGV[2] - 1)
return answer
"""
)

CLAIM: Final = (
    _NOW
    + _ADVANCE
    + """
-- KEYS: queue, doorbell, owners
-- ARGV: lease (ms), how many, job prefix, owner, seen prefix, doorbell length
-- Answers: milliseconds until the next job is due (-1: none), then id, payload, waited (ms) of each claimed.
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local answer = {-1}
for i = 1, #due, 2 do
  local payload = redis.call('GET', ARGV[3] .. due[i])
  if payload then
    redis.call('ZADD', KEYS[1], now + ARGV[1], due[i])
    redis.call('HSET', KEYS[3], due[i], ARGV[4])
    answer[#answer + 1] = due[i]
    answer[#answer + 1] = payload
    answer[#answer + 1] = math.floor(now - due[i + 1])
  else
    redis.call('ZREM', KEYS[1], due[i])
    redis.call('HDEL', KEYS[3], due[i])
    local lane = redis.call('GET', ARGV[5] .. due[i])
    if lane then advance(KEYS[1], lane, KEYS[2], ARGV[6], ARGV[3]) end
  end
end
local following = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if following[2] then
  answer[1] = math.max(0, math.floor(following[2] - now))
  if answer[1] == 0 then redis.call('RPUSH', KEYS[2], 1) end
end
return answer
"""
)

RENEW: Final = (
    _NOW
    + """
-- KEYS: queue, owners; ARGV: lease (ms), owner, job ids…
-- Answers those that are still the owner's.
local kept = {}
for i = 3, #ARGV do
  if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[2] then
    redis.call('ZADD', KEYS[1], 'XX', now + ARGV[1], ARGV[i])
    kept[#kept + 1] = ARGV[i]
  end
end
return kept
"""
)

SPARE: Final = (
    _NOW
    + """
-- KEYS: queue, owners; ARGV: lease (ms)
-- Begins anew the leases that have run out and that nobody has taken over yet.
for _, id in ipairs(redis.call('HKEYS', KEYS[2])) do
  local score = redis.call('ZSCORE', KEYS[1], id)
  if score and tonumber(score) <= now then redis.call('ZADD', KEYS[1], now + ARGV[1], id) end
end
"""
)

FINISH: Final = (
    _NOW
    + _ADVANCE
    + """
-- KEYS: queue, job, tries, lane (empty: not known), doorbell, owners, seen
-- ARGV: job id, doorbell length, job prefix, owner. Answers whether it was the owner's to finish.
if redis.call('HGET', KEYS[6], ARGV[1]) ~= ARGV[4] then return 0 end
redis.call('HDEL', KEYS[6], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2], KEYS[3])
local lane = KEYS[4] ~= '' and KEYS[4] or redis.call('GET', KEYS[7])
if lane then
  redis.call('ZREM', lane, ARGV[1])
  advance(KEYS[1], lane, KEYS[5], ARGV[2], ARGV[3])
end
return 1
"""
)

DEFER: Final = (
    _NOW
    + """
-- KEYS: queue, doorbell, owners; ARGV: job id, by how long (ms), doorbell length, owner
-- Rings even where the job is due later: whoever waits counts on the end of its lease.
if redis.call('HGET', KEYS[3], ARGV[1]) ~= ARGV[4] then return 0 end
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[1])
redis.call('RPUSH', KEYS[2], 1)
redis.call('LTRIM', KEYS[2], 0, ARGV[3] - 1)
return 1
"""
)
