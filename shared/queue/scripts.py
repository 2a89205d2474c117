"""The queue's moves, each one atomic call to Redis, timed by Redis's own clock.

A person's jobs stand in a lane, ordered by update id; only the lane's first is in the queue: ready, delayed
or claimed. So one person's commands run one at a time and in order with any number of replicas, and a person
who floods the bot takes one place in the queue.

Who was not here lately waits behind those who were, once more jobs are ready than are run in a second: with
NEWCOMERS in a list of their own, of which some are let in with every claim.

A ready job is moved into the list of the worker that claims it (LMOVE, or BLMOVE by a worker that waits).
Only the worker in whose list a job stands can defer or finish it. A worker that is gone loses its whole list.

What a worker calls works in a Redis whose memory is full, too: else that memory would never be freed.

KEYS[1] of each is the queue's name; the other names follow from it.
"""

from typing import Final

from shared.queue import keys

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

ROOM: Final = 30
"""Ready jobs among which nobody waits for long: newcomers stand among them as everyone else."""
CLAIMS_EACH: Final = 4
"""So many claims let in one newcomer, however many others are ready: nobody starves."""

LEFT_BYTES: Final = 2000
"""Of the workers that did not know a job's kind so many bytes are remembered: some thirty of them."""
LEFT_LOOKED_AT: Final = 1000
HANDED_OVER: Final = 10
"""So many jobs that others did not know a heartbeat hands a worker, less those in hand; one in any case."""

_QUEUE: Final = f"""
local queue = KEYS[1]
local ready, delayed, due = queue .. '{keys.READY}', queue .. '{keys.DELAYED}', queue .. '{keys.DUE}'
local workers = queue .. '{keys.WORKERS}'
local unknown, left = queue .. '{keys.UNKNOWN}', queue .. '{keys.LEFT}'
local lanes, newcomers = queue .. '{keys.LANES}', queue .. '{keys.NEWCOMERS}'
local function claimed_by(worker) return queue .. '{keys.CLAIMED}' .. worker end
local function payload_of(id) return '{keys.JOB}' .. id end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Tells a job's lane, and whether it is of a newcomer.
local function lane_of(id)
  local lane, new = string.match(redis.call('HGET', lanes, id) or '', '^(%S+)(.*)$')
  return lane, new == ' new'
end

-- Tells whether more are ready than are run in a second, or newcomers wait already.
local function is_crowded()
  return redis.call('EXISTS', newcomers) == 1 or redis.call('LLEN', ready) >= {ROOM}
end

-- Puts a job before all that are ready: it has begun before any of them. A newcomer's stays behind who was
-- here before all the same.
local function make_ready_first(id)
  local _, is_new = lane_of(id)
  redis.call('RPUSH', is_new and is_crowded() and newcomers or ready, id)
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
local function advance(lane, is_new)
  local id = first_of(lane)
  if not id or redis.call('HSETNX', due, id, now) == 0 then return end
  redis.call('HSET', lanes, id, lane .. (is_new and ' new' or ''))
  redis.call('LPUSH', is_new and is_crowded() and newcomers or ready, id)
end

-- Forgets a job that is done, or will not be.
local function forget(id)
  redis.call('HDEL', due, id)
  redis.call('HDEL', lanes, id)
  redis.call('ZREM', unknown, id)
  redis.call('HDEL', left, id)
end

-- Lets newcomers in while there is room, and one for each fourth claim in any case.
local function let_in_newcomers(claims)
  if redis.call('EXISTS', newcomers) == 0 then return end
  local count = math.max(0, {ROOM} - redis.call('LLEN', ready))
  if claims > 0 then
    local made = redis.call('INCRBY', queue .. '{keys.LET_IN}', claims)
    count = math.max(count, math.floor(made / {CLAIMS_EACH}) - math.floor((made - claims) / {CLAIMS_EACH}))
  end
  for _ = 1, count do
    if not redis.call('LMOVE', newcomers, ready, 'RIGHT', 'LEFT') then return end
  end
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

SURVEY: Final = (
    _QUEUE
    + """
-- ARGV: how many of the ready jobs are looked at
-- Answers how many jobs could run now, how many are in the queue, for how long the oldest of the former has
-- waited (ms), and for how long a job of an unknown kind has.
-- What was delayed stands first, whenever it was due: the oldest is among the first, or the first newcomer.
local oldest, first = now, redis.call('LRANGE', ready, -ARGV[1], -1)
first[#first + 1] = redis.call('LINDEX', newcomers, -1) or nil
for _, id in ipairs(first) do
  oldest = math.min(oldest, redis.call('HGET', due, id) or now)
end
local late = redis.call('ZCOUNT', delayed, '-inf', now)
if late > 0 then oldest = math.min(oldest, redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]) end
local strange = redis.call('ZRANGE', unknown, 0, 0, 'WITHSCORES')[2] or now
local waiting = redis.call('LLEN', ready) + redis.call('LLEN', newcomers)
return {waiting + late, redis.call('HLEN', due), now - oldest, now - strange}
"""
)
