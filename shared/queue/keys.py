"""Names in Redis. arq's own prefixes are kept for the jobs, so that arq's tools can read them.

A queue's own keys are its name and one of the endings below.
"""

from arq.constants import job_key_prefix, retry_key_prefix

INTERACTIVE = "bellhop:interactive"
"""The queue of the commands."""

READY = ":ready"
"""A list of the jobs that may run now: taken from the right, added on the left."""

NEWCOMERS = ":newcomers"
"""A list of the jobs of people who were not here lately, while many wait: let into the ready ones in turn."""

LET_IN = ":let_in"
"""How many claims were made while newcomers waited: each fourth of them lets one in."""

DELAYED = ":delayed"
"""A sorted set of the jobs that may run later; the score is when, in milliseconds."""

DUE = ":due"
"""A hash of the jobs that are ready, delayed or claimed: since when each might first run, in milliseconds."""

LANES = ":lanes"
"""A hash of the same jobs: the lane of each."""

CLAIMED = ":claimed:"
"""+ worker: a list of the jobs that the worker has."""

WORKERS = ":workers"
"""A hash of the workers: last heartbeat (ms), lease (ms), and the server that heard it, by its run id."""

CONNECTION = ":connection:"
"""+ worker: no key but the channel to which the worker subscribes for as long as its process lives."""

UNKNOWN = ":unknown"
"""A sorted set of the jobs whose kind no worker has known yet; the score is since when, in milliseconds."""

LEFT = ":left"
"""A hash of the same jobs: whether each waits for a worker or was handed to one, and who does not know it."""

JOB = job_key_prefix
"""+ job id: the payload."""

TRIES = retry_key_prefix
"""+ job id: how often the command itself failed."""
TRIES_SECONDS = 7 * 24 * 3600

SEEN = ":seen"
"""A lane + this: a list of the person's updates that were accepted last, the newest first."""
SEEN_SECONDS = 25 * 3600
"""Kept for so long after the person's last update: longer than Telegram repeats one."""
SEEN_MOST = 128
"""More than one answer to getUpdates holds. An older one that came again would be queued again, and
PostgreSQL knows what took effect."""

PACE = ":pace"
"""A lane + this: what the person may still send, since when (ms), and when they were last told to wait."""

SHOWS = ":shows"
"""A lane + this: a hash of the message that a job only shows something in: that job, and its tap."""
SHOWS_SECONDS = 3600

REPLICAS = "bellhop:workers"
"""Sorted set of the replicas that are alive, by their last heartbeat."""

PROBE = "bellhop:probe"
"""Written by readiness checks: a Redis that answers but cannot write is not ready."""


URGENT = ":urgent"
"""A lane + this: the person's lane of what is urgent, beside whatever else of theirs is under way."""


def lane(bot_id: int, person_id: int, *, urgent: bool = False) -> str:
    """Name the sorted set of one person's waiting job ids, ordered by update id.

    What else is known of the person is under this name and an ending. What is urgent has a lane of its own.
    """
    return f"bellhop:lane:{bot_id}:{person_id}{URGENT if urgent else ''}"
