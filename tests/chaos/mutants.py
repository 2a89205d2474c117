"""The guards, taken out one by one: a run without a guard has to fail, with the right complaint.

A mutant worker is the real one with one function replaced before it starts:
`python -m tests.chaos.mutants lease`. Nothing in the program knows of it. What each replaces is there,
takes the same and makes the difference: tests/worker/test_mutants.py.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import Envelope
from tests.chaos.customers import Habits
from tests.chaos.findings import Promise
from tests.chaos.guards import (
    Put,
    book_other_dates,
    count_visits,
    forget_the_line,
    keep_parts,
    keep_places,
    know_every_charge,
    replace,
    swap_whatever_became,
)
from worker.db.models.delivery import ProcessedUpdate, State
from worker.db.scope import scope
from worker.due.rows import CLAIM, DueRows
from worker.main import main as work
from worker.outbox.handler import MessageContext
from worker.outbox.limiter import ANYBODY, Limiter
from worker.outbox.message import ClaimedMessage
from worker.outbox.permits import SendPermit, Waiter
from worker.outbox.poller import OutboxPoller
from worker.outbox.priority import Priority
from worker.placement import repository as placing
from worker.placement.allocation import Allocation, NewVisit, Room
from worker.reminders import views
from worker.reminders.messages import ReminderMessage
from worker.runtime import repository
from worker.runtime.jobs.store import JobStore
from worker.runtime.repository import RequestFacts, load_facts
from worker.visits.messages import VisitView
from worker.visits.repository import Visit, load

DROP_CONSTRAINTS = """
    ALTER TABLE booking DROP CONSTRAINT ex_booking_overlap,
        DROP CONSTRAINT ex_booking_group_service, DROP CONSTRAINT ex_booking_group_start
"""


HESITATION_SECONDS = 0.3


def _hesitate(put: Put) -> None:
    """Let others decide between a decision and its writing: only the database can tell who comes second.

    The guard itself is taken out by DROP_CONSTRAINTS.
    """
    write = placing.insert

    async def write_later(
        session: AsyncSession, new: NewVisit, allocation: Allocation, room: Room
    ) -> Visit | None:
        await asyncio.sleep(HESITATION_SECONDS)
        return await write(session, new, allocation, room)

    replace(put, placing, "insert", write_later)


@dataclass(frozen=True)
class Mutant:
    """A guard that is missing, the load that needs it, and the complaints of which one has to come."""

    guard: str
    caught_by: frozenset[Promise]
    remove: Callable[[Put], None]
    options: Mapping[str, Any] = field(default_factory=dict)


def _forget_processed(put: Put) -> None:
    async def pass_always(session: AsyncSession, envelope: Envelope) -> RequestFacts:
        values = {"bot_id": envelope.bot_id, "update_id": envelope.update_id}
        await session.execute(insert(ProcessedUpdate).values(values).on_conflict_do_nothing())
        return await load_facts(session, envelope.actor.id)

    replace(put, repository, "claim_once", pass_always)


def _show_claimed(put: Put) -> None:
    make = JobStore.__init__

    def make_without_a_lease(store: JobStore, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        make(store, *arguments, **named)
        store.lease_ms = 0  # any other worker's next heartbeat takes its jobs over

    replace(put, JobStore, "__init__", make_without_a_lease)


def _never_poll(put: Put) -> None:
    async def sleep(poller: OutboxPoller) -> None:
        await poller.stopped()

    replace(put, OutboxPoller, "run_for_ever", sleep)


def _never_wait(put: Put) -> None:
    async def acquire(_: Limiter, chat_id: int, priority: Priority, waiter: Waiter = ANYBODY) -> SendPermit:
        del waiter
        return SendPermit("mutant", chat_id, priority)

    replace(put, Limiter, "acquire", acquire)


def _claim_unlocked(put: Put) -> None:
    async def claim(
        rows: DueRows[Any], session: AsyncSession, now: datetime, limit: int, ahead: timedelta = timedelta()
    ) -> list[Any]:
        table, until = rows._table, now + CLAIM
        ours = table.business_id == scope(session)
        taken_over = table.claimer.is_not(None)
        due = (
            select(table.id, table.attempts + 1, table.due_at, taken_over, *rows._columns)
            .where(ours, rows._pending(table), table.due_at <= now + ahead)
            .order_by(table.due_at, table.id)
            .limit(limit)
        )
        found = (await session.execute(due)).all()
        for row_id, attempts, *_ in found:
            claimed = update(table).where(ours, table.id == row_id).values(due_at=until, attempts=attempts)
            await session.execute(claimed.execution_options(synchronize_session=False))
        return [rows._make(row_id, attempts, at, until, *rest) for row_id, attempts, at, *rest in found]

    replace(put, DueRows, "claim", claim)


def _believe_reminders(put: Put) -> None:
    async def prepare(
        _: ReminderMessage, context: MessageContext, claimed: ClaimedMessage
    ) -> VisitView | State:
        subject = claimed.message.subject
        details = None if subject is None else await load(context.session, subject.id)
        if details is None:
            return State.VOID
        texts = context.translators.choose(*details.customer_languages)
        return VisitView(details.id, details.version, views.reminder(texts, details, context.now), None)

    replace(put, ReminderMessage, "prepare", prepare)


CALM: Mapping[str, Any] = {
    "faults": {},
    "telegram_faults": 0.001,
    "seconds": 25.0,
    "rest_seconds": 15.0,
    "rate": 8.0,
}
SOON: Mapping[str, Any] = {**CALM, "seconds": 70.0}
GUESTS: Mapping[str, Any] = {**CALM, "seconds": 45.0, "rate": 2.0, "guests": 3.0}
COMPANY: Mapping[str, Any] = {**GUESTS, "seconds": 60.0, "rate": 1.0, "guests": 4.0}
CONTROL: Mapping[str, Any] = {**CALM, "seconds": 45.0, "guests": 2.0}
"""With every guard in its place; it has to find nothing."""
MUTANTS: Mapping[str, Mutant] = {
    "constraint": Mutant(
        "exclusion constraints",
        frozenset({Promise.DOUBLE}),
        _hesitate,
        {**CALM, "sql": DROP_CONSTRAINTS, "habits": Habits(race=0.6)},
    ),
    "fence": Mutant(
        "processed_update",
        frozenset({Promise.TWICE}),
        _forget_processed,
        {
            **CALM,
            "seconds": 45.0,
            "faults": {"empty redis": 1},
            "repeats_every": 0.05,
            "habits": Habits(cancel=0.7, late_cancel=0.0),
        },
    ),
    "lease": Mutant(
        "lease", frozenset({Promise.DUPLICATES, Promise.ORDER, Promise.TWICE}), _show_claimed, CALM
    ),
    "poller": Mutant(
        "poller",
        frozenset({Promise.REMINDER}),
        _never_poll,
        {**SOON, "habits": Habits(soon=0.8, late_cancel=0.0)},
    ),
    "limiter": Mutant("limiter", frozenset({Promise.LIMIT}), _never_wait, {**CALM, "sends_per_second": 20}),
    "skip-locked": Mutant(
        "SKIP LOCKED",
        frozenset({Promise.DUPLICATES}),
        _claim_unlocked,
        {**SOON, "habits": Habits(soon=0.8, late_cancel=0.0, cancel=0.0)},
    ),
    "re-check": Mutant(
        "reminder re-check",
        frozenset({Promise.VOID}),
        _believe_reminders,
        {
            **SOON,
            "sends_per_second": 30,
            "rate": 5.0,
            "habits": Habits(soon=0.9, late_cancel=0.9, around_reminder=(0.0, 3.0)),
        },
    ),
    "line": Mutant("the line", frozenset({Promise.OFFER}), forget_the_line, GUESTS),
    "dates": Mutant("the dates of a series", frozenset({Promise.WHOLE}), book_other_dates, COMPANY),
    "parts": Mutant("the parts of a visit", frozenset({Promise.WHOLE}), keep_parts, COMPANY),
    "places": Mutant("the places of a group", frozenset({Promise.PLACES}), count_visits, COMPANY),
    "swap": Mutant("what is swapped", frozenset({Promise.SWAP}), swap_whatever_became, COMPANY),
    "friends": Mutant("a gathering's end", frozenset({Promise.TOGETHER}), keep_places, COMPANY),
    "charge": Mutant("what was paid", frozenset({Promise.PAYMENT}), know_every_charge, GUESTS),
}


def main(arguments: Sequence[str]) -> int:
    """Be the worker without the guard that the command line names."""
    (name,) = arguments
    MUTANTS[name].remove(setattr)
    return work()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
