"""Named places where a process can be made to die, hang or fail: how tests break it at every boundary.

One variable arms them: `BELLHOP_FAILPOINTS="after_commit=kill:0.02;before_send=pause:0.5:0.01"`, entries of
`point=action[:seconds]:probability`. The actions are `kill` (SIGKILL to itself), `exit` (at once, code 70),
`pause` (for some seconds), `block` (with everything else in the process) and `error` (as if a connection
had broken there).

Unarmed, a point is one look at a context variable. Nothing is armed against the real Telegram: a
process whose Bot API is not on loopback refuses to start with the variable set.
"""

import asyncio
import ipaddress
import os
import random
import signal
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

import structlog

VARIABLE: Final = "BELLHOP_FAILPOINTS"
EXIT_CODE: Final = 70

log = structlog.get_logger()


class Point(StrEnum):
    """The boundaries, in the order in which an update passes them."""

    BEFORE_ENQUEUE = "before_enqueue"
    AFTER_ENQUEUE = "after_enqueue"
    AFTER_CLAIM = "after_claim"
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    BEFORE_SHOW = "before_show"
    BEFORE_SEND = "before_send"
    AFTER_SEND = "after_send"
    BEFORE_MARK_SENT = "before_mark_sent"
    AFTER_MARK_SENT = "after_mark_sent"
    BEFORE_FINISH = "before_finish"
    AFTER_CLAIM_ROWS = "after_claim_rows"


class Action(StrEnum):
    """What happens at an armed point."""

    KILL = "kill"
    EXIT = "exit"
    PAUSE = "pause"
    BLOCK = "block"
    ERROR = "error"


class FailpointError(ConnectionError):
    """What an armed point raises: an outage like any other."""


class InvalidFailpointsError(Exception):
    """The variable makes no sense, or must not be set here; the message says which."""


@dataclass(frozen=True, slots=True)
class Arm:
    """What one point does, and how often: `probability` of 1 is each time."""

    action: Action
    probability: float
    seconds: float = 0.0


_ARMED: ContextVar[Mapping[Point, Arm] | None] = ContextVar("failpoints", default=None)


async def reach(point: Point, **facts: object) -> None:
    """Let an armed point strike; `facts` say in the log what was in hand. Raises FailpointError."""
    arms = _ARMED.get()
    if arms is None:
        return
    arm = arms.get(point)
    if arm is None or random.random() >= arm.probability:  # noqa: S311 - no secret  # nosec B311
        return
    log.warning("failpoint", point=point.value, action=arm.action.value, **facts)
    match arm.action:
        case Action.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case Action.EXIT:
            os._exit(EXIT_CODE)
        case Action.PAUSE:
            await asyncio.sleep(arm.seconds)
        case Action.BLOCK:
            time.sleep(arm.seconds)  # noqa: ASYNC251 - a process that stands still is what is asked for
        case Action.ERROR:
            raise FailpointError(f"failpoint {point.value}")


def arm_failpoints(environment: Mapping[str, str], telegram_api_url: str) -> None:
    """Arm what the environment asks for, for everything that starts from here.

    Raises InvalidFailpointsError for a variable that makes no sense, and for any where the Bot API is not
    on loopback.
    """
    written = environment.get(VARIABLE, "").strip()
    if not written:
        return
    if not _on_loopback(telegram_api_url):
        raise InvalidFailpointsError(f"{VARIABLE} is for tests: TELEGRAM_API_URL has to be on loopback.")
    _ARMED.set(parse(written))
    log.warning("FAILPOINTS ARMED: this process will break itself", failpoints=written)


def parse(written: str) -> dict[Point, Arm]:
    """Read the variable. Raises InvalidFailpointsError."""
    arms = {}
    for entry in filter(None, (part.strip() for part in written.split(";"))):
        name, _, rest = entry.partition("=")
        try:
            arms[Point(name.strip())] = _arm(*rest.split(":"))
        except (ValueError, TypeError) as error:
            raise InvalidFailpointsError(f"{VARIABLE} holds {entry!r}: {error}") from None
    return arms


def _arm(name: str, *figures: str) -> Arm:
    action = Action(name.strip())
    if action in {Action.PAUSE, Action.BLOCK}:
        seconds, probability = map(float, figures)
    else:
        (probability,), seconds = map(float, figures), 0.0
    if not 0 <= probability <= 1 or seconds < 0:
        raise ValueError("a probability lies between 0 and 1, and seconds are not negative")
    return Arm(action, probability, seconds)


def _on_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
