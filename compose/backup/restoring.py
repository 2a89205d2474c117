"""Puts a dump in the place of what a database holds, and says which visits are not what people know then."""

from dataclasses import dataclass, field

from compose.backup.drill import AS_OURS
from compose.backup.dumps import PARTIAL, Dump
from compose.backup.server import PSQL, Server

LOST, REVIVED, RECORD, UNREADABLE = "lost: ", "revived: ", "record: ", "unreadable: "
"""How TELL's lines begin."""
CONNECTED = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'bellhop%'
"""
COMING = """
SELECT count(*) FROM booking WHERE status IN ('held', 'pending', 'confirmed') AND upper(during) > now()
"""
# Outlives the schema: a temporary table stands in one of its own. What cannot be read any more must not
# keep anybody from restoring.
REMEMBER = """
SET client_min_messages = warning;
CREATE TEMPORARY TABLE given (sequence text, number bigint) ON COMMIT DROP;
INSERT INTO given SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
CREATE TEMPORARY TABLE unreadable (why text) ON COMMIT DROP;
CREATE TEMPORARY TABLE coming (id bigint, live boolean, during tstzrange, line text, record jsonb)
    ON COMMIT DROP;
DO $$ BEGIN
  IF to_regclass('public.booking') IS NOT NULL THEN
    INSERT INTO coming
    SELECT booking.id, booking.status <> 'cancelled', booking.during, format(
        '№ %s  %s  %s with %s: %s, Telegram id %s',
        booking.id,
        to_char(lower(booking.during) AT TIME ZONE business.timezone, 'YYYY-MM-DD HH24:MI'),
        service.name,
        specialist.name,
        concat_ws(' @', person.first_name, person.username),
        person.id
    ), jsonb_build_object(
        'business_id', booking.business_id,
        'number', booking.id,
        'live', booking.status <> 'cancelled',
        'start', lower(booking.during),
        'end', upper(booking.during),
        'timezone', business.timezone,
        'service', service.name,
        'specialist', specialist.name,
        'customer_id', person.id,
        'phone', to_jsonb(person) ->> 'phone',
        'languages', jsonb_build_array(person.language, person.language_hint, business.language)
    )
    FROM public.booking
    JOIN public.business ON business.id = booking.business_id
    JOIN public.service ON service.business_id = business.id AND service.id = booking.service_id
    JOIN public.specialist ON specialist.business_id = business.id AND specialist.id = booking.specialist_id
    JOIN public.person ON person.business_id = business.id AND person.id = booking.customer_id
    WHERE booking.status IN ('held', 'pending', 'confirmed', 'cancelled') AND upper(booking.during) > now();
  END IF;
EXCEPTION WHEN OTHERS THEN
  INSERT INTO unreadable VALUES (SQLSTATE || ' ' || split_part(SQLERRM, E'\n', 1));
END $$;
"""
# Tables of a later release go too; the database's owner may do this without being a superuser.
EMPTY = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO pg_database_owner;
"""
# Visits booked after the dump have their numbers on people's cards, and are known by the gap that this
# leaves: worker.lost.repository.
GO_ON = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass,
              greatest(last_value, start_value, (SELECT number FROM given WHERE sequence = sequencename))
              + 1000)
FROM pg_sequences WHERE schemaname = 'public';
"""
TELL = """
CREATE TEMPORARY TABLE told ON COMMIT DROP AS
SELECT coming.*, CASE WHEN live THEN 'lost: ' ELSE 'revived: ' END AS kind FROM coming
WHERE live <> EXISTS (
    SELECT FROM public.booking AS kept
    WHERE kept.id = coming.id AND (kept.during = coming.during OR NOT live)
      AND kept.status IN ('held', 'pending', 'confirmed')
);
SELECT kind || line FROM told ORDER BY lower(during), id;
SELECT 'record: ' || record::text FROM told ORDER BY lower(during), id;
SELECT 'unreadable: ' || why FROM unreadable;
"""


@dataclass(frozen=True)
class Losses:
    """What people believe that is not so any more."""

    lost: list[str] = field(default_factory=list)
    """A line for each visit to come that is not in the dump as it was."""
    revived: list[str] = field(default_factory=list)
    """A line for each visit that was cancelled, and stands again."""
    records: list[str] = field(default_factory=list)
    """The same visits as JSON, for the tool that tells their customers."""
    unreadable: list[str] = field(default_factory=list)
    """Why what was there could not be read: nobody can be named then."""


def in_use(server: Server) -> bool:
    """Tell whether bots' workers are connected to the database. Raises ServerError."""
    return server.execute(CONNECTED) != "0"


def count_coming(server: Server) -> int:
    """Count the visits to come in the database, 0 where it is none of ours. Raises ServerError."""
    if server.execute("SELECT to_regclass('booking') IS NULL") == "t":
        return 0
    return int(server.execute(COMING))


def replace(dump: Dump, server: Server) -> Losses:
    """Put a dump in the place of what the database holds, or leave that as it is. Raises ServerError.

    Numbers go on well after the last that was given, so that nobody else is given a lost visit's number.
    """
    script = dump.path.with_name(f"{dump.path.name}.sql{PARTIAL}")
    before, after = (f"--command={sql}" for sql in (REMEMBER + EMPTY, GO_ON + TELL))
    try:
        server.run("pg_restore", *AS_OURS, f"--file={script}", str(dump.path))
        said = server.run("psql", *PSQL, "--single-transaction", before, f"--file={script}", after)
    finally:
        script.unlink(missing_ok=True)
    lines = said.splitlines()
    return Losses(*(_said(lines, beginning) for beginning in (LOST, REVIVED, RECORD, UNREADABLE)))


def _said(lines: list[str], beginning: str) -> list[str]:
    return [line.removeprefix(beginning) for line in lines if line.startswith(beginning)]
