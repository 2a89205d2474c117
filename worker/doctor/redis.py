"""Redis or Valkey: whether it keeps what it is given, and whether somebody fetches it."""

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.clock import Clock
from shared.queue import keys
from shared.queue.survey import survey
from worker.doctor import remedies
from worker.doctor.findings import Check, Verdict, fail, good, grade, warn
from worker.doctor.postgres import SKEW_SECONDS
from worker.heartbeat import GONE_AFTER_SECONDS

OLDEST_VERSION = 7
QUEUE_SECONDS = (5.0, 60.0)
MEMORY_SHARES = (0.7, 0.9)
MEGABYTE = 1024 * 1024
NO_WORKER = "`docker compose ps worker`, then `docker compose logs --tail 50 worker`"
OPEN_SECONDS = (30.0, 120.0)
UPGRADE_SECONDS = (60.0, 600.0)
CONFIGURE = "CONFIG GET is not allowed here"


@dataclass(frozen=True, slots=True)
class Store:
    """Whom to ask, and the clock to compare with."""

    redis: Redis
    clock: Clock


async def _reach(store: Store) -> Verdict:
    await store.redis.set(keys.PROBE, 1, ex=60)
    return good("answers and can write")


async def _version(store: Store) -> Verdict:
    version = str((await _info(store, "server")).get("redis_version", "0"))
    if int(version.partition(".")[0]) < OLDEST_VERSION:
        return fail(version, f"Bellhop needs Redis {OLDEST_VERSION} or Valkey")
    return good(version)


async def _persistence(store: Store) -> Verdict:
    if not (await _info(store, "persistence")).get("aof_enabled"):
        return fail("appendonly is no: a restart loses what was accepted", "set: appendonly yes")
    policy = await _configured(store, "appendfsync")
    if policy is None:
        return warn(f"appendonly is yes, appendfsync unknown: {CONFIGURE}", "make sure that it is always")
    if policy != "always":
        hint = "set: appendfsync always"
        return warn(f"appendfsync is {policy}: a crash loses what was accepted last", hint)
    return good("appendonly yes, appendfsync always")


async def _eviction(store: Store) -> Verdict:
    policy = (await _info(store, "memory")).get("maxmemory_policy", "unknown")
    if policy != "noeviction":
        return fail(f"maxmemory-policy is {policy}: commands may be thrown away", "set: noeviction")
    return good("noeviction")


async def _memory(store: Store) -> Verdict:
    information = await _info(store, "memory")
    used, most = int(information.get("used_memory", 0)), int(information.get("maxmemory", 0))
    if not most:
        return good(f"{used / MEGABYTE:.0f} MB used, without a limit")
    message = f"{used / most:.0%} of {most / MEGABYTE:.0f} MB used"
    hint = "raise REDIS_MAXMEMORY; nothing new is taken once it is full"
    return grade(message, used / most, MEMORY_SHARES, hint)


async def _clock(store: Store) -> Verdict:
    before = store.clock.now().timestamp()
    seconds, microseconds = await store.redis.time()
    middle = (before + store.clock.now().timestamp()) / 2
    skew = abs(seconds + microseconds / 1e6 - middle)
    return grade(f"{skew:.1f} s apart", skew, SKEW_SECONDS, "synchronise both machines' clocks (NTP)")


async def _workers(store: Store) -> Verdict:
    seconds, _ = await store.redis.time()  # they beat by its clock, whatever this machine's says
    count = await store.redis.zcount(keys.REPLICAS, seconds - GONE_AFTER_SECONDS, "+inf")
    if not count:
        return fail("no worker is alive", NO_WORKER)
    return good(f"{count} alive")


async def _queue(store: Store) -> Verdict:
    seen = await survey(store.redis, keys.INTERACTIVE)
    age = seen.oldest_due_seconds
    message = f"{seen.due} commands due, the oldest for {age:.1f} s" if seen.due else "nothing waits"
    return grade(message, age, QUEUE_SECONDS, "start more workers, or look into their logs")


async def _oldest(store: Store) -> Verdict:
    seen = await survey(store.redis, keys.INTERACTIVE)
    if not seen.jobs:
        return good("every command is done")
    age = seen.oldest_open_seconds
    hint = "`docker compose logs worker`: `job deferred` names what it waits for, `job failed` a defect"
    return grade(f"somebody has waited for {age:.0f} s", age, OPEN_SECONDS, hint)


async def _newer_commands(store: Store) -> Verdict:
    age = (await survey(store.redis, keys.INTERACTIVE)).oldest_unknown_kind_seconds
    message = f"one has waited {age:.0f} s for a worker that knows its kind" if age else "none waits"
    return grade(message, age, UPGRADE_SECONDS, "bring every worker to the newest release")


async def _info(store: Store, section: str) -> dict[str, Any]:
    information: dict[str, Any] = await store.redis.info(section)
    return information


async def _configured(store: Store, name: str) -> str | None:
    try:
        answer: dict[str, str] = await store.redis.config_get(name)
    except ResponseError:
        return None
    return answer.get(name)


REACH = Check("Redis", _reach, "is it running, and does REDIS_URL name it?", advise=remedies.for_redis)
OTHERS = [
    Check("Redis version", _version),
    Check("Redis persistence", _persistence),
    Check("Redis eviction", _eviction),
    Check("Redis memory", _memory),
    Check("Redis clock", _clock),
    Check("workers", _workers),
    Check("queue", _queue),
    Check("oldest command", _oldest),
    Check("newer commands", _newer_commands),
]
