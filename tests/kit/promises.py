"""What commands have promised: one assertion about the messages of the outbox and the timers.

An expectation names the kind and whatever else matters; what it leaves out may be anything.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import zip_longest
from typing import Any, Required, TypedDict

from sqlalchemy import select

from shared.contracts.base import KIND
from tests.kit.business import business_of
from worker.db.engine import Sessions
from worker.db.models.delivery import Outbox, SubjectType
from worker.db.models.flows import Timer
from worker.outbox.message import THREAD, Chat, Subject, WebAddress


class Message(TypedDict, total=False):
    """A row of the outbox. It is due as promised until somebody claims it: a claim puts that off."""

    kind: Required[str]
    to: Chat | WebAddress
    about: Subject | None
    due: datetime
    expires: datetime | None
    state: str
    key: str


class TimerSet(TypedDict, total=False):
    """A command that is to be run at a time."""

    kind: Required[str]
    due: datetime
    key: str
    fields: Mapping[str, Any]


type Promise = Message | TimerSet
type Row = dict[str, Any]


def a_visit(number: int) -> Subject:
    """Return the subject of what is about a visit."""
    return Subject(SubjectType.BOOKING, number)


async def promised(sessions: Sessions, *expected: Promise, of: str | None = None) -> None:
    """Assert that just this is promised, messages first, each as they were written.

    Kinds that no expectation names are left aside; where `of` is given, all kinds that begin with it count.
    """
    _compare(await _found(sessions), expected, of)


@asynccontextmanager
async def promising(sessions: Sessions, *expected: Promise, of: str | None = None) -> AsyncIterator[None]:
    """Assert that just this is promised by what is done inside. A timer that is moved is promised anew."""
    before = [_identity(row) for row in await _found(sessions)]
    yield
    _compare([row for row in await _found(sessions) if _identity(row) not in before], expected, of)


def _compare(found: Sequence[Row], expected: Sequence[Promise], of: str | None) -> None:
    named = {each["kind"] for each in expected} if of is None else {of}
    looked_at = [row for row in found if not named or row["kind"].startswith(tuple(named))]
    pairs = zip_longest(looked_at, expected)
    shown = [_only(row, wanted) for row, wanted in pairs if row is not None]
    assert shown == list(expected)


def _only(row: Row, wanted: Promise | None) -> Row:
    """Return what is wanted of a row, or the whole of one that is not."""
    return {name: value for name, value in row.items() if wanted is None or name in wanted}


def _identity(row: Row) -> tuple[object, ...]:
    return (row["key"],) if "state" in row else (row["key"], row["due"])


async def _found(sessions: Sessions) -> list[Row]:
    business = business_of(sessions)
    async with sessions() as session:
        messages = await session.scalars(
            select(Outbox).where(Outbox.business_id == business).order_by(Outbox.id)
        )
        timers = await session.scalars(select(Timer).where(Timer.business_id == business).order_by(Timer.id))
        return [*map(_message, messages), *map(_timer, timers)]


def _message(row: Outbox) -> Row:
    about = row.subject_type and Subject(SubjectType(row.subject_type), row.subject_id or 0)
    return {
        "kind": row.kind,
        "to": WebAddress(row.url) if row.url else Chat(row.chat_id or 0, row.payload.get(THREAD)),
        "about": about,
        "due": row.due_at,
        "expires": row.expires_at,
        "state": row.state,
        "key": row.dedupe_key,
    }


def _timer(row: Timer) -> Row:
    fields = {name: value for name, value in row.payload.items() if name != KIND}
    return {"kind": row.kind, "due": row.due_at, "key": row.key, "fields": fields}
