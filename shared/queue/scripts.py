"""The queue's moves, each one atomic call to Redis, timed by Redis's own clock.

A person's jobs stand in a lane, ordered by update id; only the lane's first is in the queue. So one
person's commands run one at a time and in order with any number of replicas, and a person who floods
the bot takes one place in the queue.

A claim moves a job's score to the end of its lease: a job whose worker died becomes due by itself. It also
notes who holds the job: whoever lost it to another can neither renew, defer nor finish it any more.

A worker whose claim leaves it places is listed as waiting in the same call. Whatever makes a job due claims
it for a worker that waits, and hands it over with the ring: nobody has to ask, and it is written once.

KEYS of each begin with queue, waiting, owners; ARGV of each begin with the job prefix, and the worker's
name where a worker calls. That name ends with the length of the worker's leases, in milliseconds.
"""

from typing import Final

_NOW: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

_RING: Final = """
-- Hands a job that is due to a worker that waits, or leaves it to whoever claims next; without a job, has
-- one of them look. A worker says each second that it waits. One that has not for three is passed over,
-- and so is one whose connection is gone.
local function ring(id)
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 3000)
  local brought = id and now .. '\\n' .. id .. '\\n' .. redis.call('GET', ARGV[1] .. id) or ''
  while true do
    local worker = redis.call('ZRANDMEMBER', KEYS[2])
    if not worker then return end
    redis.call('ZREM', KEYS[2], worker)
    if redis.call('PUBLISH', KEYS[1] .. ':doorbell:' .. worker, brought) > 0 then
      if id then
        redis.call('ZADD', KEYS[1], now + string.match(worker, '%d+$'), id)
        redis.call('HSET', KEYS[3], id, worker)
      end
      return
    end
  end
end
"""

_ADVANCE: Final = (
    _RING
    + """
-- Lets a lane's first into the queue; one that was deleted by hand must not block its lane.
local function advance(lane)
  local following = redis.call('ZRANGE', lane, 0, 0)[1]
  while following and redis.call('EXISTS', ARGV[1] .. following) == 0 do
    redis.call('ZREM', lane, following)
    following = redis.call('ZRANGE', lane, 0, 0)[1]
  end
  if following and redis.call('ZADD', KEYS[1], 'NX', now, following) == 1 then ring(following) end
end
"""
)

ENQUEUE: Final = (
    _NOW
    + _RING
    + """
-- KEYS: …, then seen, job, lane of each command
-- ARGV: job prefix, seconds to remember, again (1, 0), then job id, payload, order of each
-- Answers 1 for each command that is kept now, 0 for one that was kept before.
local queue, again = KEYS[1], ARGV[3] == '1'

-- The lane's first is the one in the queue. A job that was deleted by hand must not block its lane,
-- and an earlier update that comes in late goes before one that nobody has claimed yet.
local function let_in(lane, id)
  local first = redis.call('ZRANGE', lane, 0, 0)[1]
  while first ~= id and redis.call('EXISTS', ARGV[1] .. first) == 0 do
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
  ring(first)
end

local answer = {}
for i = 4, #KEYS, 3 do
  local seen, job, lane = KEYS[i], KEYS[i + 1], KEYS[i + 2]
  local id, payload, order = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if again or redis.call('EXISTS', seen) == 0 then
    redis.call('SET', seen, lane, 'EX', ARGV[2])
    redis.call('SET', job, payload)
    redis.call('ZADD', lane, order, id)
    let_in(lane, id)
    answer[#answer + 1] = 1
  else
    answer[#answer + 1] = 0
  end
end
return answer
"""
)

CLAIM: Final = (
    _NOW
    + _ADVANCE
    + """
-- ARGV: job prefix, worker, lease (ms), how many, seen prefix
-- Answers: now (ms), milliseconds until the next job is due (-1: none), then id, payload, waited (ms) of each
-- that is claimed.
redis.call('ZREM', KEYS[2], ARGV[2])
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[4])
local answer = {now, -1}
for i = 1, #due, 2 do
  local payload = redis.call('GET', ARGV[1] .. due[i])
  if payload then
    redis.call('ZADD', KEYS[1], now + ARGV[3], due[i])
    redis.call('HSET', KEYS[3], due[i], ARGV[2])
    answer[#answer + 1] = due[i]
    answer[#answer + 1] = payload
    answer[#answer + 1] = math.floor(now - due[i + 1])
  else
    redis.call('ZREM', KEYS[1], due[i])
    redis.call('HDEL', KEYS[3], due[i])
    local lane = redis.call('GET', ARGV[5] .. due[i])
    if lane then advance(lane) end
  end
end
local following = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if following[2] then
  answer[2] = math.max(0, math.floor(following[2] - now))
  if answer[2] == 0 then ring() end
end
if #answer < 2 + 3 * ARGV[4] then redis.call('ZADD', KEYS[2], now, ARGV[2]) end
return answer
"""
)

LEAVE: Final = (
    _NOW
    + _RING
    + """
-- ARGV: job prefix, worker, then the jobs it runs
-- The worker waits no more, and what it was handed and never heard of is due again.
redis.call('ZREM', KEYS[2], ARGV[2])
local runs = {}
for i = 3, #ARGV do runs[ARGV[i]] = true end
local owners = redis.call('HGETALL', KEYS[3])
for i = 1, #owners, 2 do
  local id = owners[i]
  if owners[i + 1] == ARGV[2] and not runs[id] then
    redis.call('HDEL', KEYS[3], id)
    redis.call('ZADD', KEYS[1], 'XX', now, id)
    ring()
  end
end
"""
)

RENEW: Final = (
    _NOW
    + """
-- ARGV: job prefix, worker, lease (ms), job ids…
-- Answers those that are still the worker's.
local kept = {}
for i = 4, #ARGV do
  if redis.call('HGET', KEYS[3], ARGV[i]) == ARGV[2] then
    redis.call('ZADD', KEYS[1], 'XX', now + ARGV[3], ARGV[i])
    kept[#kept + 1] = ARGV[i]
  end
end
return kept
"""
)

SPARE: Final = (
    _NOW
    + """
-- ARGV: job prefix, worker, lease (ms)
-- Begins anew the leases that have run out and that nobody has taken over yet.
for _, id in ipairs(redis.call('HKEYS', KEYS[3])) do
  local score = redis.call('ZSCORE', KEYS[1], id)
  if score and tonumber(score) <= now then redis.call('ZADD', KEYS[1], now + ARGV[3], id) end
end
"""
)

FINISH: Final = (
    _NOW
    + _ADVANCE
    + """
-- KEYS: …, job, tries, seen, lane (empty: not known)
-- ARGV: job prefix, worker, job id. Answers whether it was the worker's to finish.
if redis.call('HGET', KEYS[3], ARGV[3]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[3], ARGV[3])
redis.call('ZREM', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[4], KEYS[5])
local lane = KEYS[7] ~= '' and KEYS[7] or redis.call('GET', KEYS[6])
if lane then
  redis.call('ZREM', lane, ARGV[3])
  advance(lane)
end
return 1
"""
)

DEFER: Final = (
    _NOW
    + _RING
    + """
-- ARGV: job prefix, worker, job id, by how long (ms)
-- Rings even where the job is due later: whoever waits counts on the end of its lease.
if redis.call('HGET', KEYS[3], ARGV[3]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[3], ARGV[3])
redis.call('ZADD', KEYS[1], 'XX', now + ARGV[4], ARGV[3])
ring()
return 1
"""
)
