"""Of the business's rows only those are written that become different."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.doubles import ManualClock
from tests.kit.business import BUSINESS_ID
from worker.business.apply import apply_document
from worker.business.document import Document, ExceptionEntry, LocationEntry, ServiceEntry, SpecialistEntry
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.business.singles import BusinessEntry, RolesEntry
from worker.business.skills import AS_OFFERED
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.price import Price

CLOCK = ManualClock(datetime(2026, 11, 25, 12, tzinfo=UTC))
TABLES = (
    *("business", "location", "service", "specialist"),
    *("specialist_service", "specialist_location", "working_hours", "schedule_exception", "role_grant"),
)
DAY, HALF = ((540, 1080),), ((540, 780),)
CUT, SHAVE = ServiceEntry(name="Cut", duration=45), ServiceEntry(name="Shave", duration=20)
ALICE = SpecialistEntry(
    name="Alice",
    telegram_id=1001,
    services=dict.fromkeys(("Cut", "Shave"), AS_OFFERED),
    hours={0: DAY, 1: DAY, 5: HALF},
    exceptions=(ExceptionEntry(date=date(2026, 12, 24)), ExceptionEntry(date=date(2026, 12, 25))),
)
BOB = replace(ALICE, name="Bob", telegram_id=1002)
DOCUMENT = Document(
    business=BusinessEntry(name="B", timezone="UTC", currency="EUR"),
    locations=(LocationEntry(name="Here"), LocationEntry(name="There")),
    services=(CUT, SHAVE),
    specialists=(ALICE, BOB),
    roles=RolesEntry(owner=(1000,), admin=(1, 2)),
)


async def rows(sessions: Sessions) -> set[str]:
    """Return every row with the transaction that wrote it."""
    found: set[str] = set()
    async with sessions.begin() as session:
        for table in TABLES:
            query = text(f"SELECT '{table} ' || xmin || ' ' || {table} FROM {table}")  # noqa: S608 - our names
            found |= set(await session.scalars(query))
    return found


def alice(**fields: Any) -> Document:  # noqa: ANN401 - as declared
    return replace(DOCUMENT, specialists=(replace(ALICE, **fields), BOB))


@pytest.mark.parametrize(
    ("after", "written", "gone"),
    [
        (DOCUMENT, [], 0),
        (replace(DOCUMENT, services=(replace(CUT, price=Price.exact(Decimal(40))), SHAVE)), ["service"], 1),
        (alice(telegram_id=7), ["specialist"], 1),
        (alice(hours={0: DAY, 1: DAY, 5: DAY}), ["working_hours"], 1),
        (alice(hours={0: DAY, 1: DAY, 5: HALF, 6: DAY}), ["working_hours"], 0),
        (alice(hours={0: DAY, 1: DAY}), [], 1),
        (alice(services={"Cut": AS_OFFERED}), [], 1),
        (alice(exceptions=()), [], 2),
        (
            alice(exceptions=(*ALICE.exceptions[:1], ExceptionEntry(date=date(2026, 12, 25), hours=DAY))),
            ["schedule_exception"],
            1,
        ),
        (replace(DOCUMENT, locations=DOCUMENT.locations[1:]), ["location"], 1),
        (replace(DOCUMENT, locations=(*DOCUMENT.locations, LocationEntry(name="Far"))), ["location"], 0),
        (replace(DOCUMENT, services=(SHAVE, CUT)), ["service", "service"], 2),
        (replace(DOCUMENT, roles=RolesEntry(owner=(1000,), admin=(2, 3))), ["role_grant"], 1),
        (replace(DOCUMENT, specialists=(ALICE,)), ["specialist"], 1),
    ],
)
async def test_only_rows_that_become_different_are_written(
    sessions: Sessions, after: Document, written: list[str], gone: int
) -> None:
    await apply_document(sessions, DOCUMENT, CLOCK)
    before = await rows(sessions)
    await apply_document(sessions, after, CLOCK)
    now = await rows(sessions)
    assert sorted(row.split()[0] for row in now - before) == written
    assert len(before - now) == gone


async def test_who_comes_back_has_what_the_file_says_and_no_more(sessions: Sessions) -> None:
    without = replace(DOCUMENT, services=(CUT,), specialists=(replace(BOB, services={"Cut": AS_OFFERED}),))
    back = alice(services={"Cut": AS_OFFERED}, hours={0: DAY, 1: HALF}, exceptions=ALICE.exceptions[1:])
    for document in (DOCUMENT, without, back):
        await apply_document(sessions, document, CLOCK)
        async with sessions.begin() as session:
            assert (await read_business(session)).document == document


async def test_a_file_that_was_exported_writes_nothing(database_url: str) -> None:
    engine, statements = make_engine(database_url), list[str]()
    sessions = make_sessions(engine, BUSINESS_ID)
    await apply_document(sessions, DOCUMENT, CLOCK)
    exported = read_document(write_document(DOCUMENT).encode(), "x.yaml")

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def noted(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own signature
        statements.append(arguments[2])

    assert not (await apply_document(sessions, exported, CLOCK)).changes
    await engine.dispose()
    assert statements
    assert {statement.split()[0] for statement in statements} == {"SELECT"}
