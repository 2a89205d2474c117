"""A worker's moves on the queue, each one atomic call to Redis, timed by Redis's own clock.

A ready job is moved into the list of the worker that claims it (LMOVE, or BLMOVE by a worker that waits).
Only the worker in whose list a job stands can defer or finish it. A worker that is gone loses its whole list.

What a worker calls works in a Redis whose memory is full, too: else that memory would never be freed.
"""

from typing import Final

from shared.queue import keys
from shared.queue.lua import QUEUE

LEFT_BYTES: Final = 2000
"""Of the workers that did not know a job's kind so many bytes are remembered: some thirty of them."""
LEFT_LOOKED_AT: Final = 1000
HANDED_OVER: Final = 10
"""So many jobs that others did not know a heartbeat hands a worker, less those in hand; one in any case."""

_WORKER: Final = "#!lua flags=allow-oom" + QUEUE

_SERVER: Final = """
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local function register(worker, lease)
  redis.call('HSET', workers, worker, now .. ' ' .. lease .. ' ' .. server)
end
"""

CLAIM: Final = (
    _WORKER
    + _SERVER
    + """
-- ARGV: worker, lease (ms), how many, then the jobs that the worker knows of
-- Claims until so many are the worker's that it does not know of. Among those is what an earlier answer told
-- that was lost on its way. What the worker knows of it is not told again, even if it was given back and has
-- come back: the worker still runs it, or has not heard yet that it was given back.
-- Answers id, payload, waited (ms) of each.
local worker, count, mine = ARGV[1], tonumber(ARGV[3]), claimed_by(ARGV[1])
local known, new = {}, {}
for i = 4, #ARGV do known[ARGV[i]] = true end
for _, id in ipairs(redis.call('LRANGE', mine, 0, -1)) do
  if not known[id] then new[#new + 1] = id end
end
while #new < count do
  local id = redis.call('LMOVE', ready, mine, 'RIGHT', 'RIGHT')
    or redis.call('LMOVE', newcomers, mine, 'RIGHT', 'RIGHT')
  if not id then break end
  if not known[id] then new[#new + 1] = id end
end
if #new > 0 and redis.call('HEXISTS', workers, worker) == 0 then register(worker, ARGV[2]) end
let_in_newcomers(#new)

local answer = {}
for _, id in ipairs(new) do
  local payload = redis.call('GET', payload_of(id))
  if payload then
    answer[#answer + 1] = id
    answer[#answer + 1] = payload
    answer[#answer + 1] = now - (redis.call('HGET', due, id) or now)
  else
    redis.call('LREM', mine, 1, id)
    local lane = lane_of(id)
    forget(id)
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
-- Renews the worker's lease, takes over from workers that are gone, makes ready what is due, hands the worker
-- what others did not know.
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
local since, place = {{}}, {{}}
for i, id in ipairs(late) do
  since[id], place[id] = tonumber(redis.call('HGET', due, id)) or now, i
end
table.sort(late, function(one, other)
  if since[one] ~= since[other] then return since[one] > since[other] end
  return place[one] > place[other]
end)
for _, id in ipairs(late) do
  redis.call('ZREM', delayed, id)
  make_ready_first(id)
end
let_in_newcomers(0)

-- Hands the worker jobs that others did not know, and that it was not asked to do yet.
local function hand_over(worker)
  local ids = redis.call('ZRANGE', unknown, 0, {LEFT_LOOKED_AT} - 1)
  if #ids == 0 then return end
  local room = math.max(1, {HANDED_OVER} - redis.call('LLEN', claimed_by(worker)))
  for i, record in ipairs(redis.call('HMGET', left, unpack(ids))) do
    local asked = record and string.match(record, '^waits (.*)$')
    if asked and room > 0 and not string.find(asked, worker, 1, true) then
      redis.call('HSET', left, ids[i], 'handed ' .. asked)
      redis.call('RPUSH', claimed_by(worker), ids[i])
      room = room - 1
    end
  end
end
hand_over(ARGV[1])

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
local id = ARGV[2]
if redis.call('LREM', claimed_by(ARGV[1]), 1, id) == 0 then return 0 end
local lane = KEYS[2] ~= '' and KEYS[2] or lane_of(id)
forget(id)
redis.call('DEL', payload_of(id), '{keys.TRIES}' .. id)
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
-- ARGV: worker, job id, by how long (ms), its new payload (empty: as it was)
-- Answers whether it was the worker's to defer.
local id = ARGV[2]
if redis.call('LREM', claimed_by(ARGV[1]), 1, id) == 0 then return 0 end
if ARGV[4] ~= '' then redis.call('SET', payload_of(id), ARGV[4]) end
if tonumber(ARGV[3]) > 0 then
  redis.call('ZADD', delayed, now + ARGV[3], id)
else
  make_ready_first(id)
end
return 1
"""
)

LEAVE: Final = (
    _WORKER
    + f"""
-- ARGV: worker, job id
-- Leaves a job whose kind the worker does not know to one that was not asked yet.
-- Answers whether it was the worker's to leave.
local worker, id = ARGV[1], ARGV[2]
if redis.call('LREM', claimed_by(worker), 1, id) == 0 then return 0 end
local asked = string.match(redis.call('HGET', left, id) or '', '^%S+ (.*)$') or ''
if not string.find(asked, worker, 1, true) then asked = worker .. ' ' .. asked end
redis.call('HSET', left, id, 'waits ' .. string.sub(asked, 1, {LEFT_BYTES}))
redis.call('ZADD', unknown, 'NX', now, id)
return 1
"""
)
