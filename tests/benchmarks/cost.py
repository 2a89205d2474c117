"""What one booking costs from the tap on to the calendar file, call by call, each with its reason."""

import asyncio
import re
from collections import Counter
from typing import Any

from tests.benchmarks.contenders import Contender, contender
from tests.benchmarks.crowd import Crowd, crowd
from tests.benchmarks.load import book_busily, drain
from tests.benchmarks.system import Bench
from tests.benchmarks.watch import watching

APART_SECONDS = 0.15
AT_ONCE = 8

REASONS = (
    (
        r"^(queue) script ENQUEUE",
        "the update is remembered as seen, kept, put in its lane, and handed to a worker that waits",
    ),
    (
        r"script CLAIM",
        "a worker takes what is due, and is listed as waiting where that leaves it places",
    ),
    (r"^PING", "nobody has rung for a second: is the bell still there?"),
    (r"script FINISH", "the job is forgotten and its lane's next one let in"),
    (r"script ASK", "a message's turn within Telegram's limits, over all replicas: the card, the file"),
    (r"script ANSWERED", "the second begins in which that message counts"),
    (r"^BEGIN", "a transaction each: the decision, then each message made ready and noted as sent"),
    (r"^COMMIT", "their ends"),
    (r"^SAVEPOINT|^RELEASE", "what follows a message may fail without the note that it was sent"),
    (r"^ROLLBACK|^SELECT$", "is the connection still there? One question before each use of it"),
    (r"^SELECT business|^SELECT \(?.*role_grant", "who asks, and the business"),
    (r"^SELECT service", "the calendars around the start"),
    (r"^SELECT location", "where it will be"),
    (
        r"^SELECT booking",
        "the booking as it stands: a second tap finds the first's; each message says what is true",
    ),
    (r"^SELECT (send_pause|person)", "who may be written to"),
    (
        r"^WITH processed_update",
        "the fence: this update takes effect once; in the same statement, who asks, and the business",
    ),
    (r"^INSERT booking", "the booking, under the constraints that refuse a second one"),
    (
        r"^WITH booking_event",
        "who did what; and what is promised: the card, the calendar file, the reminders",
    ),
    (r"^INSERT person", "the person, where Telegram describes them differently now"),
    (r"^UPDATE outbox", "noted as sent"),
    (r"^UPDATE booking", "which message shows the booking, and which holds its file"),
    (r"^WITH", "several writes in one statement"),
    (r"answerCallbackQuery", "the tap is acknowledged"),
    (r"editMessageText", "the summary becomes the card"),
    (r"sendDocument", "the calendar file"),
)


async def measure(bench: Bench) -> dict[str, Any]:
    """Count the calls of bookings one after the other, less what an idle system does in that time."""
    each = await contender(bench, "bellhop")
    people = crowd(bench, "bellhop")
    loop, count = asyncio.get_running_loop(), bench.scale.watched
    await _book(people, 3)
    async with watching(bench, each) as busy:
        began = loop.time()
        await _book(people, count)
        seconds = loop.time() - began
    async with watching(bench, each) as quiet:
        await asyncio.sleep(seconds)
    return {
        "bookings": count,
        "redis": _each(busy.redis, quiet.redis, count),
        "sql": _each(busy.sql, quiet.sql, count),
        "telegram": _each(busy.telegram, quiet.telegram, count),
        "cpu_ms": await _cpu(each, people, bench.scale.booking_seconds),
    }


async def _book(people: Crowd, count: int) -> None:
    """Book one visit after the other, and let each come to its end."""
    for _ in range(count):
        people.book()
        if not await drain(people):
            raise RuntimeError("a booking was not answered")
        await asyncio.sleep(APART_SECONDS)


def _each(busy: Counter[str], quiet: Counter[str], bookings: int) -> list[dict[str, Any]]:
    found = []
    for name, calls in busy.most_common():
        a_booking = round((calls - quiet[name]) / bookings, 1)
        if a_booking >= 0.2:
            found.append({"call": name, "count": a_booking, "reason": reason(name)})
    return found


def reason(call: str) -> str:
    """Say what a call is for; nothing where nobody has written that down."""
    return next((why for pattern, why in REASONS if re.search(pattern, call)), "")


async def _cpu(each: Contender, people: Crowd, seconds: float) -> float:
    """Return the milliseconds of bot and worker a booking, at a pace they keep up with."""
    before = each.cpu_seconds()
    rate = await book_busily(people, AT_ONCE, seconds)
    await drain(people)
    return (each.cpu_seconds() - before) * 1000 / max(1.0, rate * seconds)
