"""PostgreSQL: whether it is the right one and holds what it should."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text

from shared.clock import Clock
from shared.telegram.currencies import DIGITS
from worker.db.engine import AnyRow, Sessions, fetch
from worker.db.errors import MIGRATE
from worker.db.schema import SchemaAge, revisions
from worker.doctor import machine, remedies
from worker.doctor.findings import Check, Verdict, fail, good, grade, warn
from worker.visits.deposits import OPEN_REFUNDS

OLDEST_VERSION = 16
SKEW_SECONDS = (2.0, 30.0)
OUTBOX_SECONDS = (60.0, 600.0)
DAY_SECONDS = 86_400
REFUND_SECONDS = 2 * DAY_SECONDS
"""For so long somebody may wait for their money: whoever sends it back does so by hand, on a working day."""
GUARDS = (
    *("ex_booking_overlap", "ex_booking_group_service", "ex_booking_group_start", "ex_booking_unit"),
    *("uq_booking_same", "uq_waitlist_offer_open", "uq_waitlist_offer_once", "uq_waitlist_entry_visit"),
    "uq_waitlist_choice_open",
    *("uq_swap_asking", "uq_swap_asked", "uq_swap_once"),
    *("uq_gathering_open", "uq_gathering_place_customer_id"),
)
"""What the database itself refuses: constraints and unique indexes, by the names of their indexes."""
FILL = """
    INSERT INTO doctor_was_here
    SELECT string_agg(md5(page::text || word::text), '') FROM generate_series(1, 128) AS page,
        generate_series(1, 240) AS word GROUP BY page
"""
"""A megabyte: more than is free in the pages that a table has anyway."""
APPLY = (
    "`docker compose run --rm --no-TTY bellhop business apply - < business.yaml`"
    " (elsewhere: python -m worker.business apply business.yaml)"
)


@dataclass(frozen=True, slots=True)
class DatabaseExaminer:
    """Where to ask, and the clock to compare with."""

    sessions: Sessions
    clock: Clock

    async def row(self, statement: str, **values: object) -> AnyRow | None:
        """Return the first row, in a transaction of its own: a failed statement spoils no other.

        The statement may name the business to look at as `:business`.
        """
        async with self.sessions.begin() as session:
            rows = await fetch(session, text(statement), values)
        return rows[0] if rows else None


async def has_services(database: DatabaseExaminer) -> bool:
    """Tell whether there is something to book."""
    statement = "SELECT 1 FROM service WHERE business_id = :business AND active LIMIT 1"
    return await database.row(statement) is not None


async def _reach(database: DatabaseExaminer) -> Verdict:
    """Write as much as finds out a full disk, and take it back: a server that answers may not be able to."""
    async with database.sessions() as session:
        await session.execute(text("CREATE TABLE doctor_was_here (filling text)"))
        await session.execute(text(FILL))
        await session.rollback()
    return good("answers and can write")


async def _version(database: DatabaseExaminer) -> Verdict:
    row = await database.row("SELECT current_setting('server_version_num')::integer / 10000")
    version = int(row[0]) if row else 0
    if version < OLDEST_VERSION:
        return fail(f"{version}", f"Bellhop needs PostgreSQL {OLDEST_VERSION} or newer")
    return good(f"{version}")


async def _extensions(database: DatabaseExaminer) -> Verdict:
    row = await database.row(
        "SELECT array_agg(extname || ' ' || extversion ORDER BY extname), array_agg(extname)"
        " FROM pg_extension WHERE extname IN ('btree_gist', 'pg_trgm')"
    )
    shown, found = (row[0] or [], row[1] or []) if row else ([], [])
    if missing := sorted({"btree_gist", "pg_trgm"} - {*found}):
        return fail(f"{missing[0]} is not installed", f"{MIGRATE} (the role must own the database)")
    return good(", ".join(shown))


async def _schema(database: DatabaseExaminer) -> Verdict:
    row = await database.row("SELECT to_regclass('alembic_version') IS NOT NULL")
    if row is None or not row[0]:
        return fail("there is none", MIGRATE)
    row = await database.row("SELECT version_num FROM alembic_version")
    age, head = SchemaAge(row[0] if row else None), revisions().head
    if age.is_ours:
        return good(f"at {head}, this release's")
    if not age.is_older:
        return warn(f"at {age.current}, which this release does not know", "is this an older release?")
    return fail(f"at {age.current}, this release needs {head}; workers wait for it", MIGRATE)


async def _constraints(database: DatabaseExaminer) -> Verdict:
    row = await database.row(
        """
        SELECT array_agg(relname::text) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE (indisunique OR indisexclusion) AND indisvalid AND relname = ANY(:names)
        """,
        names=list(GUARDS),
    )
    found = set((row[0] if row else None) or ())
    missing = [name for name in GUARDS if name not in found]
    if missing:
        return fail(f"missing: {', '.join(missing)}", f"two visits may overlap; restore, or {MIGRATE}")
    return good("the database refuses double bookings")


async def _clock(database: DatabaseExaminer) -> Verdict:
    before = database.clock.now()
    row = await database.row("SELECT clock_timestamp()")
    after = database.clock.now()
    theirs: datetime = row[0] if row else after
    skew = abs((theirs - (before + (after - before) / 2)).total_seconds())
    return grade(f"{skew:.1f} s apart", skew, SKEW_SECONDS, "synchronise both machines' clocks (NTP)")


async def _business(database: DatabaseExaminer) -> Verdict:
    row = await database.row(
        """
        SELECT name,
               (SELECT count(*) FROM service WHERE business_id = :business AND active) AS services,
               (SELECT count(*) FROM specialist WHERE business_id = :business AND active) AS specialists,
               EXISTS (
                   SELECT FROM specialist_service AS link
                   JOIN service ON service.business_id = link.business_id
                       AND service.id = link.service_id AND service.active
                   JOIN specialist ON specialist.business_id = link.business_id
                       AND specialist.id = link.specialist_id AND specialist.active
                   JOIN (
                       SELECT specialist_id FROM working_hours WHERE business_id = :business
                       UNION ALL SELECT specialist_id FROM specialist_period WHERE business_id = :business
                   ) AS hours ON hours.specialist_id = link.specialist_id
                   WHERE link.business_id = :business
               ) AS bookable
        FROM business WHERE id = :business
        """
    )
    if row is None:
        return fail("none is loaded", APPLY)
    message = f"{row.name}: {row.services} services, {row.specialists} specialists"
    if not row.bookable:
        return warn(f"{message}; nothing can be booked", f"give a specialist services and hours; {APPLY}")
    return good(message)


async def _zone(database: DatabaseExaminer) -> Verdict:
    row = await database.row("SELECT timezone FROM business WHERE id = :business")
    if row is None:
        return warn("no business is loaded", APPLY)
    try:
        return good(ZoneInfo(row[0]).key)
    except (ZoneInfoNotFoundError, ValueError):
        return fail(f"{row[0]} is not known here", "install or update the tzdata package")


async def _outbox(database: DatabaseExaminer) -> Verdict:
    row = await database.row(
        """
        SELECT count(*) AS due, coalesce(extract(epoch FROM now() - min(due_at)), 0) AS age
        FROM outbox WHERE business_id = :business AND state = 'pending' AND due_at <= now()
        """
    )
    count, age = (int(row.due), float(row.age)) if row else (0, 0.0)
    message = f"{count} messages due, the oldest for {age:.0f} s" if count else "nothing waits"
    return grade(message, age, OUTBOX_SECONDS, "is a worker running, and does Telegram answer it?")


async def _timers(database: DatabaseExaminer) -> Verdict:
    row = await database.row(
        """
        SELECT count(*) AS due, coalesce(extract(epoch FROM now() - min(due_at)), 0) AS age
        FROM timer WHERE business_id = :business AND due_at <= now()
        """
    )
    count, age = (int(row.due), float(row.age)) if row else (0, 0.0)
    message = f"{count} due, the oldest for {age:.0f} s" if count else "nothing waits"
    return grade(message, age, OUTBOX_SECONDS, "is a worker with WORKER_QUEUES containing delivery running?")


async def _deposits(database: DatabaseExaminer) -> Verdict:
    row = await database.row(
        """
        SELECT business.currency, count(service.id) AS asking
        FROM business LEFT JOIN service ON service.business_id = business.id AND service.active
            AND service.deposit IS NOT NULL
        WHERE business.id = :business GROUP BY business.currency
        """
    )
    if row is None or not row.asking:
        return good("no service asks for one")
    off = f"{row.asking} services ask for one, and are booked without"
    if not machine.is_set("PAYMENT_PROVIDER_TOKEN"):
        return warn(off, "set PAYMENT_PROVIDER_TOKEN, which @BotFather gives for a payment provider")
    if row.currency not in DIGITS:
        return warn(off, f"Telegram takes no payments in {row.currency}: leave deposits out")
    return good(f"{row.asking} services ask for one")


async def _refunds(database: DatabaseExaminer) -> Verdict:
    row = await database.row(OPEN_REFUNDS)
    count, age = (int(row.open), float(row.age)) if row else (0, 0.0)
    if not count:
        return good("none to send back")
    message = f"{count} to send back, the oldest for {age / DAY_SECONDS:.1f} days"
    hint = "an owner sends them back at the payment provider: /admin → Refunds says which"
    return warn(message, hint) if age >= REFUND_SECONDS else good(message)


async def _dead(database: DatabaseExaminer) -> Verdict:
    row = await database.row("SELECT count(*) FROM dead_command WHERE business_id = :business")
    count = int(row[0]) if row else 0
    if count:
        return warn(f"{count} failed for good", "see: bellhop dead list")
    return good("none")


REACH = Check(
    "PostgreSQL", _reach, "is it running, and does DATABASE_URL name it?", advise=remedies.for_postgres
)
OTHERS = [
    Check("PostgreSQL version", _version),
    Check("PostgreSQL extension", _extensions),
    Check("PostgreSQL schema", _schema),
    Check("overlap constraints", _constraints),
    Check("PostgreSQL clock", _clock),
    Check("business", _business),
    Check("business time zone", _zone),
    Check("outbox", _outbox),
    Check("timers", _timers),
    Check("dead commands", _dead),
    Check("deposits", _deposits),
    Check("refunds", _refunds),
]
