"""The restore drill: a dump is restored into an empty database, and what comes out is what went in."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from compose.backup import fingerprint
from compose.backup.dumps import Dump
from compose.backup.fingerprint import Fingerprint
from compose.backup.server import Server

SCRATCH = "bellhop_drill"
AS_OURS = ("--no-owner", "--no-privileges")
EXCLUSIONS = """
SELECT count(*) FROM pg_constraint WHERE contype = 'x' AND conrelid = 'public.booking'::regclass
"""
# A visit is written twice more; whatever the rows look like in this release, the second one overlaps.
# That one customer has no visit twice is another index's matter: it is away meanwhile.
OVERLAP = """
BEGIN;
DROP INDEX IF EXISTS uq_booking_same;
CREATE TEMPORARY TABLE again ON COMMIT DROP AS SELECT * FROM booking ORDER BY id LIMIT 1;
DO $$
DECLARE outcome text := 'nothing to try it on';
BEGIN
  IF EXISTS (SELECT FROM again) THEN
    outcome := 'ACCEPTED';
    BEGIN
      FOR copy IN 1..2 LOOP
        UPDATE again SET status = 'confirmed', id = (SELECT max(id) + 1 FROM booking);
        INSERT INTO booking SELECT * FROM again;
      END LOOP;
    EXCEPTION WHEN exclusion_violation THEN outcome := 'refused';
    END;
  END IF;
  PERFORM set_config('bellhop.drill', outcome, true);
END $$;
SELECT current_setting('bellhop.drill');
ROLLBACK;
"""


class DrillError(Exception):
    """The dump cannot be relied on; the message says why."""


@dataclass(frozen=True)
class Report:
    """What a drill proved."""

    dump: Dump
    held: Fingerprint
    overlap: str

    def lines(self) -> list[str]:
        """Say it to a person."""
        tables = ", ".join(f"{name} {table.rows}" for name, table in self.held.tables.items() if table.rows)
        return [
            f"{self.dump.path.name}: {self.dump.size} bytes, checksum right",
            f"schema {', '.join(self.held.revision)}",
            f"{self.held.rows} rows in {len(self.held.tables)} tables, all as they were: {tables}",
            f"a second visit at the same time: {self.overlap}",
        ]


def run(dump: Dump, server: Server) -> Report:
    """Restore `dump` into a new database on `server`, compare, and drop it. Raises DrillError and others."""
    dump.verify()
    held = dump.held()
    scratch = server.other(SCRATCH)
    server.execute(f"DROP DATABASE IF EXISTS {SCRATCH}")
    server.execute(f"CREATE DATABASE {SCRATCH} TEMPLATE template0")
    try:
        restore(dump, scratch)
        with scratch.snapshot() as snapshot:
            restored = fingerprint.take(snapshot)
        if found := held.differences(restored):
            raise DrillError("what was restored is not what was dumped:\n" + "\n".join(found))
        return Report(dump, held, _try_overlap(scratch))
    finally:
        server.execute(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)")


def restore(dump: Dump, server: Server) -> None:
    """Restore a dump into an empty database, all of it or nothing. Raises ServerError."""
    database = f"--dbname={server.connection['PGDATABASE']}"
    server.run("pg_restore", *AS_OURS, "--exit-on-error", "--single-transaction", database, str(dump.path))


def _try_overlap(server: Server) -> str:
    if server.execute(EXCLUSIONS) == "0":
        raise DrillError("the constraint against overlapping visits is not there")
    outcome = server.execute(OVERLAP)
    if outcome == "ACCEPTED":
        raise DrillError("the restored database accepts two visits at the same time")
    return outcome


@contextmanager
def scratch_server(directory: Path, programs: Path | None = None) -> Iterator[Server]:
    """Run a PostgreSQL of its own in `directory` for the length of the block, reached by a socket only."""
    place = Path(tempfile.mkdtemp(prefix=".drill-", dir=directory))
    connection = {"PGHOST": str(place), "PGUSER": "postgres", "PGDATABASE": "postgres"}
    server = Server(connection, programs)
    data = str(place / "data")
    try:
        initial = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "--locale=C"]
        server.run("initdb", f"--pgdata={data}", *initial)
        settings = f"-c listen_addresses='' -c unix_socket_directories={place} -c fsync=off"
        log = f"--log={place / 'log'}"
        server.run("pg_ctl", "start", f"--pgdata={data}", "--wait", "--silent", log, f"--options={settings}")
        try:
            yield server
        finally:
            server.run("pg_ctl", "stop", f"--pgdata={data}", "--mode=immediate", "--silent")
    finally:
        shutil.rmtree(place, ignore_errors=True)
