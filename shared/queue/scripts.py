"""The queue's moves, each one atomic call to Redis, timed by Redis's own clock.

A person's jobs stand in a lane, ordered by update id; only the lane's first is in the queue: ready, delayed
or claimed. So one person's commands run one at a time and in order with any number of replicas, and a person
who floods the bot takes one place in the queue.

A ready job is moved into the list of the worker that claims it (LMOVE, or BLMOVE by a worker that waits).
Only the worker in whose list a job stands can defer or finish it. A worker that is gone loses its whole list.

What a worker calls works in a Redis whose memory is full, too: else that memory would never be freed.

KEYS[1] of each is the queue's name; the other names follow from it.
"""

from typing import Final

from shared.queue import keys

_QUEUE: Final = f"""
local queue = KEYS[1]
local ready, delayed, due = queue .. '{keys.READY}', queue .. '{keys.DELAYED}', queue .. '{keys.DUE}'
local workers, unknown = queue .. '{keys.WORKERS}', queue .. '{keys.UNKNOWN}'
local function claimed_by(worker) return queue .. '{keys.CLAIMED}' .. worker end
local function payload_of(id) return '{keys.JOB}' .. id end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Puts a job before all that are ready: it was due before any of them.
local function make_ready_first(id)
  redis.call('RPUSH', ready, id)
end

-- Names a lane's first job; one whose payload was deleted by hand must not block its lane.
local function first_of(lane)
  local id = redis.call('ZRANGE', lane, 0, 0)[1]
  while id and redis.call('EXISTS', payload_of(id)) == 0 do
    redis.call('ZREM', lane, id)
    id = redis.call('ZRANGE', lane, 0, 0)[1]
  end
  return id
end

-- Lets a lane's first job into the queue, unless it is there.
local function advance(lane)
  local id = first_of(lane)
  if id and redis.call('HSETNX', due, id, now) == 1 then redis.call('LPUSH', ready, id) end
end
"""

_WORKER: Final = "#!lua flags=allow-oom" + _QUEUE

_SERVER: Final = """
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local function register(worker, lease)
  redis.call('HSET', workers, worker, now .. ' ' .. lease .. ' ' .. server)
end
"""

ENQUEUE: Final = (
    _QUEUE
    + f"""
-- KEYS: queue, then lane of each command
-- ARGV: again (1, 0), then job id, payload, order of each
-- Answers 1 for each command that is kept now, 0 for one that was kept before.
local again = ARGV[1] == '1'

-- An earlier update that comes in late goes before one that nobody has claimed yet.
local function let_in(lane)
  if redis.call('HEXISTS', due, first_of(lane)) == 1 then return end
  for _, other in ipairs(redis.call('ZRANGE', lane, 1, -1)) do
    if redis.call('HEXISTS', due, other) == 1 then
      if redis.call('LREM', ready, 1, other) == 0 then return end
      redis.call('HDEL', due, other)
      break
    end
  end
  advance(lane)
end

local answer = {{}}
for i = 2, #KEYS do
  local lane, id, payload, order = KEYS[i], ARGV[3 * i - 4], ARGV[3 * i - 3], ARGV[3 * i - 2]
  local seen = '{keys.SEEN}' .. id
  if again or redis.call('EXISTS', seen) == 0 then
    redis.call('SET', payload_of(id), payload)
    redis.call('ZADD', lane, order, id)
    let_in(lane)
    -- Last: what fails before is not kept, and Telegram sends it again.
    redis.call('SET', seen, lane, 'EX', {keys.SEEN_SECONDS})
    answer[#answer + 1] = 1
  else
    answer[#answer + 1] = 0
  end
end
return answer
"""
)

CLAIM: Final = (
    _WORKER
    + _SERVER
    + f"""
-- ARGV: worker, lease (ms), how many, then the jobs that the worker knows of
-- Claims until so many are the worker's that it does not know of. Among those is what an earlier answer told
-- that was lost on its way. What the worker knows of it is not told again, even if it was given back and has
-- come back: the worker still runs it, or has not heard yet that it was given back.
-- Answers id, payload, waited (ms) of each.
local worker, count, mine = ARGV[1], tonumber(ARGV[3]), claimed_by(ARGV[1])
local known, new = {{}}, {{}}
for i = 4, #ARGV do known[ARGV[i]] = true end
for _, id in ipairs(redis.call('LRANGE', mine, 0, -1)) do
  if not known[id] then new[#new + 1] = id end
end
while #new < count do
  local id = redis.call('LMOVE', ready, mine, 'RIGHT', 'RIGHT')
  if not id then break end
  if not known[id] then new[#new + 1] = id end
end
if #new > 0 and redis.call('HEXISTS', workers, worker) == 0 then register(worker, ARGV[2]) end

local answer = {{}}
for _, id in ipairs(new) do
  local payload = redis.call('GET', payload_of(id))
  if payload then
    answer[#answer + 1] = id
    answer[#answer + 1] = payload
    answer[#answer + 1] = now - (redis.call('HGET', due, id) or now)
  else
    redis.call('LREM', mine, 1, id)
    redis.call('HDEL', due, id)
    redis.call('ZREM', unknown, id)
    local lane = redis.call('GET', '{keys.SEEN}' .. id)
    if lane then advance(lane) end
  end
end
return answer
"""
)

HEARTBEAT: Final = (
    _WORKER
    + _SERVER
    + f"""
-- ARGV: worker, lease (ms), how long a worker without a connection keeps its jobs (share of its lease),
-- how long one is remembered (ms)
-- Renews the worker's lease, takes over from workers that are gone, makes ready what is due.
-- Answers milliseconds until the next delayed job is due (-1: none), then the jobs that are the worker's.
register(ARGV[1], ARGV[2])

local function is_connected(worker)
  return redis.call('PUBSUB', 'NUMSUB', queue .. '{keys.CONNECTION}' .. worker)[2] > 0
end

local function take_over(worker)
  while true do
    local id = redis.call('LMOVE', claimed_by(worker), ready, 'RIGHT', 'RIGHT')
    if not id then return end
  end
end

local records = redis.call('HGETALL', workers)
for i = 1, #records, 2 do
  local worker = records[i]
  local beat, lease, heard_by = string.match(records[i + 1], '(%d+) (%d+) (%S+)')
  local silent, lease = now - beat, tonumber(lease)
  if heard_by ~= server and heard_by ~= '-' then
    -- While Redis was away nobody could renew or connect: all have a lease from now on.
    redis.call('HSET', workers, worker, now .. ' ' .. lease .. ' -')
  elseif silent > lease or (silent > lease * ARGV[3] and heard_by == server and not is_connected(worker)) then
    take_over(worker)
    -- A claim of its own may still be on its way, so it is forgotten later.
    if silent > lease + ARGV[4] then redis.call('HDEL', workers, worker) end
  end
end

local late = redis.call('ZRANGEBYSCORE', delayed, '-inf', now, 'LIMIT', 0, 1000)
for i = #late, 1, -1 do
  redis.call('ZREM', delayed, late[i])
  redis.call('HSET', due, late[i], now)
  make_ready_first(late[i])
end

local following = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
local answer = {{following and math.max(0, following - now) or -1}}
for _, id in ipairs(redis.call('LRANGE', claimed_by(ARGV[1]), 0, -1)) do answer[#answer + 1] = id end
return answer
"""
)

RELEASE: Final = (
    _WORKER
    + """
-- ARGV: worker, then the jobs that the worker runs
-- Makes ready again what the worker has claimed and does not run.
local mine, runs = claimed_by(ARGV[1]), {}
for i = 2, #ARGV do runs[ARGV[i]] = true end
local ids = redis.call('LRANGE', mine, 0, -1)
for i = #ids, 1, -1 do
  if not runs[ids[i]] then
    redis.call('LREM', mine, 1, ids[i])
    make_ready_first(ids[i])
  end
end
"""
)

FINISH: Final = (
    _WORKER
    + f"""
-- KEYS: queue, then lane (empty: not known). ARGV: worker, job id
-- Answers whether it was the worker's to finish.
local id, seen = ARGV[2], '{keys.SEEN}' .. ARGV[2]
if redis.call('LREM', claimed_by(ARGV[1]), 1, id) == 0 then return 0 end
redis.call('HDEL', due, id)
redis.call('ZREM', unknown, id)
redis.call('DEL', payload_of(id), '{keys.TRIES}' .. id)
local lane = KEYS[2] ~= '' and KEYS[2] or redis.call('GET', seen)
if lane then
  redis.call('ZREM', lane, id)
  advance(lane)
end
return 1
"""
)

DEFER: Final = (
    _WORKER
    + """
-- ARGV: worker, job id, by how long (ms), its new payload (empty: as it was), is its kind unknown (1, 0)
-- Answers whether it was the worker's to defer.
local id = ARGV[2]
if redis.call('LREM', claimed_by(ARGV[1]), 1, id) == 0 then return 0 end
if ARGV[4] ~= '' then redis.call('SET', payload_of(id), ARGV[4]) end
if ARGV[5] == '1' then redis.call('ZADD', unknown, 'NX', now, id) end
if tonumber(ARGV[3]) > 0 then
  redis.call('ZADD', delayed, now + ARGV[3], id)
else
  redis.call('HSET', due, id, now)
  make_ready_first(id)
end
return 1
"""
)

SURVEY: Final = (
    _QUEUE
    + """
-- ARGV: how many of the ready jobs are looked at
-- Answers how many jobs could run now, how many are in the queue, for how long the oldest of the former has
-- waited (ms), and for how long a job of an unknown kind has.
-- What was delayed stands first and became due last, so the oldest is among the first rather than the first.
local oldest = now
for _, id in ipairs(redis.call('LRANGE', ready, -ARGV[1], -1)) do
  oldest = math.min(oldest, redis.call('HGET', due, id) or now)
end
local late = redis.call('ZCOUNT', delayed, '-inf', now)
if late > 0 then oldest = math.min(oldest, redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]) end
local strange = redis.call('ZRANGE', unknown, 0, 0, 'WITHSCORES')[2] or now
return {redis.call('LLEN', ready) + late, redis.call('HLEN', due), now - oldest, now - strange}
"""
)
