"""Names in Redis. arq's own prefixes are kept for the jobs, so that arq's tools can read them."""

from arq.constants import job_key_prefix, retry_key_prefix

INTERACTIVE = "bellhop:interactive"
"""Sorted set of the jobs that may run now or later; the score is when, in milliseconds."""

JOB = job_key_prefix
"""+ job id: the payload."""

TRIES = retry_key_prefix
"""+ job id: how often the command itself failed."""
TRIES_SECONDS = 7 * 24 * 3600

SEEN = "bellhop:seen:"
"""+ job id: this update was accepted, into the lane named; kept longer than Telegram repeats an update."""
SEEN_SECONDS = 25 * 3600

WAITING = ":waiting"
"""queue + this: a sorted set of the workers that wait for a job; the score is when they last said so."""

DOORBELL = ":doorbell:"
"""queue + this + worker: the channel on which that worker is rung for, and handed a job."""

OWNERS = ":owners"
"""queue + this: a hash of the claimed jobs, each with the worker that has it."""

REPLICAS = "bellhop:workers"
"""Sorted set of the replicas that are alive, by their last heartbeat."""

PROBE = "bellhop:probe"
"""Written by readiness checks: a Redis that answers but cannot write is not ready."""


def lane(bot_id: int, person_id: int) -> str:
    """Name the sorted set of one person's waiting job ids, ordered by update id."""
    return f"bellhop:lane:{bot_id}:{person_id}"


def of_queue(queue: str) -> list[str]:
    """Return the keys with which each of the queue's scripts begins."""
    return [queue, queue + WAITING, queue + OWNERS]
