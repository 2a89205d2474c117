"""Connections to Redis or Valkey."""

from arq.connections import ArqRedis
from pydantic_core import from_json, to_json
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 5.0


def connect(url: str, *, answer_seconds: float | None = ANSWER_SECONDS) -> ArqRedis:
    """Make a pool for `url`; nothing is sent before the first call.

    A call fails after `answer_seconds`, so that a hanging Redis is noticed; whoever waits for
    long passes None and bounds each wait itself. A connection that an outage broke is replaced once, at once.
    """
    pool = ConnectionPool.from_url(
        url,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=answer_seconds,
        retry=Retry(NoBackoff(), 1),
        retry_on_error=[RedisConnectionError],
    )
    redis = ArqRedis(pool, job_serializer=to_json, job_deserializer=from_json)
    redis.auto_close_connection_pool = True  # the pool is nobody else's: closing one closes both
    return redis
