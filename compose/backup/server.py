"""A PostgreSQL server, spoken to through PostgreSQL's own programs."""

import json
import os
import subprocess  # nosec B404
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

CONNECT_SECONDS = "10"


class ServerError(Exception):
    """One of PostgreSQL's programs failed; the message is what it said."""


@dataclass(frozen=True)
class Server:
    """One database on one server."""

    connection: Mapping[str, str]
    """PGHOST and so on."""
    programs: Path | None = None
    """Where PostgreSQL's programs are, if not on the path."""
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the settings of a stray ~/.psqlrc and other PG… variables out."""
        mine = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        mine |= {"PGCONNECT_TIMEOUT": CONNECT_SECONDS, "PGOPTIONS": "-c timezone=UTC", "LC_ALL": "C.UTF-8"}
        object.__setattr__(self, "environment", {**mine, **self.connection})

    def other(self, database: str) -> "Server":
        """Return another database of the same server."""
        return Server({**self.connection, "PGDATABASE": database}, self.programs)

    def run(self, program: str, *arguments: str) -> str:
        """Run a program to its end and return what it wrote. Raises ServerError."""
        done = subprocess.run(  # noqa: S603 # nosec B603
            [self._path(program), *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ServerError(f"{program}: {done.stderr.strip() or done.returncode}")
        return done.stdout

    def execute(self, sql: str) -> str:
        """Run statements and return what they answer, one row a line. Raises ServerError."""
        return self.run("psql", *PSQL, "--command", sql).strip()

    @contextmanager
    def snapshot(self) -> "Iterator[Snapshot]":
        """Hold the database as it is now, for as long as the block lasts. Raises ServerError."""
        command = [self._path("psql"), *PSQL]
        with subprocess.Popen(  # noqa: S603 # nosec B603
            command,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield Snapshot(process)
            finally:
                process.kill()

    def _path(self, program: str) -> str:
        return str(self.programs / program) if self.programs else program


PSQL = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1")


class Snapshot:
    """The database at one instant: other programs may read the same by its name."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._write("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self.name = self.line("SELECT pg_export_snapshot()")

    def line(self, sql: str) -> str:
        """Ask what is answered with one row of one column. Raises ServerError."""
        self._write(sql)
        answer = _open(self._process.stdout).readline()
        if not answer:
            raise ServerError(f"psql: {_open(self._process.stderr).read().strip()}")
        return answer.rstrip("\n")

    def value(self, sql: str) -> Any:  # noqa: ANN401 - JSON
        """Ask what is answered with one JSON value. Raises ServerError."""
        return json.loads(self.line(sql))

    def _write(self, sql: str) -> None:
        pipe = _open(self._process.stdin)
        try:
            pipe.write(f"{sql};\n")
            pipe.flush()
        except BrokenPipeError:
            raise ServerError(f"psql: {_open(self._process.stderr).read().strip()}") from None


def _open(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise ServerError("psql was started without its pipes")
    return pipe
