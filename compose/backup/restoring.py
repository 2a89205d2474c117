"""Puts a dump in the place of what a database holds, and says which visits that loses."""

from compose.backup.drill import AS_OURS
from compose.backup.dumps import PARTIAL, Dump
from compose.backup.server import PSQL, Server

LOST = "lost: "
"""How TELL's lines begin."""
CONNECTED = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'bellhop%'
"""
# Outlives the schema: a temporary table stands in one of its own.
REMEMBER = """
SET client_min_messages = warning;
CREATE TEMPORARY TABLE coming (id bigint, during tstzrange, line text) ON COMMIT DROP;
DO $$ BEGIN
  IF to_regclass('public.booking') IS NOT NULL THEN
    INSERT INTO coming
    SELECT booking.id, booking.during, format(
        '№ %s  %s  %s with %s: %s, Telegram id %s',
        booking.id,
        to_char(lower(booking.during) AT TIME ZONE business.timezone, 'YYYY-MM-DD HH24:MI'),
        service.name,
        specialist.name,
        concat_ws(' @', person.first_name, person.username),
        person.id
    )
    FROM public.booking
    JOIN public.service ON service.id = booking.service_id
    JOIN public.specialist ON specialist.id = booking.specialist_id
    JOIN public.person ON person.id = booking.customer_id
    CROSS JOIN public.business
    WHERE booking.status IN ('held', 'pending', 'confirmed') AND upper(booking.during) > now();
  END IF;
END $$;
"""
# Tables of a later release go too; the database's owner may do this without being a superuser.
EMPTY = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO pg_database_owner;
"""
# Visits booked after the dump have their numbers on people's cards: a thousand are never given again.
GO_ON = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass,
              coalesce(last_value, start_value) + 1000)
FROM pg_sequences WHERE schemaname = 'public';
"""
TELL = """
SELECT 'lost: ' || line FROM coming
WHERE NOT EXISTS (
    SELECT FROM public.booking AS kept
    WHERE kept.id = coming.id AND kept.during = coming.during
      AND kept.status IN ('held', 'pending', 'confirmed')
)
ORDER BY lower(during), id;
"""


def in_use(server: Server) -> bool:
    """Tell whether bots' workers are connected to the database. Raises ServerError."""
    return server.execute(CONNECTED) != "0"


def replace(dump: Dump, server: Server) -> list[str]:
    """Put a dump in the place of what the database holds, or leave that as it is. Raises ServerError.

    Returns a line for each coming visit that was there and is not in the dump. Numbers go on well after the
    dump's last, so that no lost visit's number is given to somebody else.
    """
    script = dump.path.with_name(f"{dump.path.name}.sql{PARTIAL}")
    before, after = (f"--command={sql}" for sql in (REMEMBER + EMPTY, GO_ON + TELL))
    try:
        server.run("pg_restore", *AS_OURS, f"--file={script}", str(dump.path))
        said = server.run("psql", *PSQL, "--single-transaction", before, f"--file={script}", after)
    finally:
        script.unlink(missing_ok=True)
    return [line.removeprefix(LOST) for line in said.splitlines() if line.startswith(LOST)]
