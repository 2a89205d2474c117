"""What all the queue's scripts begin with: the names of its keys, Redis's time, and how jobs go on.

A person's jobs stand in a lane, ordered by update id; only the lane's first is in the queue: ready, delayed
or claimed. So one person's commands run one at a time and in order with any number of replicas, and a person
who floods the bot takes one place in the queue.

Who was not here lately waits behind those who were, once more jobs are ready than are run in a second: with
NEWCOMERS in a list of their own, of which some are let in with every claim.

What is urgent stands in a lane of its own, beside the person's other one, and is ready before all that is
not.

KEYS[1] of each script is the queue's name; the other names follow from it.
"""

from typing import Final

from shared.queue import keys

ROOM: Final = 30
"""Ready jobs among which nobody waits for long: newcomers stand among them as everyone else."""
CLAIMS_EACH: Final = 4
"""So many claims let in one newcomer, however many others are ready: nobody starves."""

QUEUE: Final = f"""
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

-- Puts a job before all that are ready: it has begun before any of them. A newcomer's, too: it was let in
-- once, and where it waited for a turn to send, that turn passes while others are begun.
local function make_ready_first(id) redis.call('RPUSH', ready, id) end

local function is_urgent(lane) return string.sub(lane or '', -{len(keys.URGENT)}) == '{keys.URGENT}' end

-- Makes an urgent job ready: before whatever is not urgent, behind what is so already.
local function make_ready_urgently(id)
  local before
  for place = -1, -redis.call('LLEN', ready), -1 do
    local other = redis.call('LINDEX', ready, place)
    if not is_urgent(lane_of(other)) then break end
    before = other
  end
  if before then
    redis.call('LINSERT', ready, 'BEFORE', before, id)
  else
    redis.call('RPUSH', ready, id)
  end
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
  if is_urgent(lane) then return make_ready_urgently(id) end
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
