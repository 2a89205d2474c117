"""docs/operate.md, followed: what it says of restoring is done to a real PostgreSQL, step by step.

A stand-in takes Docker's place: what the page has a container do, the same program does here.
"""

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from compose.backup import dumps, parcels
from compose.backup.dumps import Dump
from compose.backup.server import Server
from compose.backup.settings import client_environment
from sandbox.postgres import PostgresCluster
from sandbox.postgres_install import binaries
from tests.compose.files import OBSERVABILITY, SINGLE, services
from tests.kit.business import BUSINESS_ID
from tests.running import ROOT
from tests.worker.shop import BEN, Shop, open_shop
from worker.db.engine import make_engine, make_sessions

PAGE = (ROOT / "docs/operate.md").read_text()
ON_THE_PAGE = "bellhop-20261122T030000Z.dump"
NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
VISITS = "SELECT count(*) FROM booking WHERE status = 'confirmed'"
NEXT_YEAR = """
    UPDATE booking SET
        during = tstzrange(lower(during) + interval '1 year', upper(during) + interval '1 year'),
        busy = tstzrange(lower(busy) + interval '1 year', upper(busy) + interval '1 year')
    WHERE {}
"""
STAND_IN = """#!{python}
import os, subprocess, sys
words = [word for word in sys.argv[1:] if not word.startswith("-") or word in ("--replace", "--tell")]
def note(line):
    with open(os.environ["HOST_LOG"], "a") as log:
        print(line, file=log)
def run(*command):
    note(" ".join(command))
    sys.exit(subprocess.run([sys.executable, "-m", *command], cwd={root!r}).returncode)
match words[1:]:
    case ["run", "backup", *rest]:
        run("compose.backup", *rest)
    case ["run", "bellhop", "lost", *rest]:
        run("worker.lost", *rest)
    case ["run", "migrate"]:
        run("alembic", "upgrade", "head")
    case ["up", *what]:
        sql = "SELECT CASE WHEN to_regclass('booking') IS NULL THEN 'nothing' ELSE 'data' END"
        held = subprocess.run(["psql", "-qtAc", sql], capture_output=True, text=True, check=True).stdout
        note(f"up {{' '.join(what) or 'everything'}} on {{held.strip()}}")
    case rest:
        note(" ".join(rest))
"""


def blocks(heading: str) -> list[str]:
    """Return the shell blocks under a heading of the page."""
    _, found, section = PAGE.partition(f"\n{heading}\n")
    assert found, heading
    section = re.split(r"^#+ ", section, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


@dataclass
class Host:
    """A machine with a database, a directory for dumps, and a stand-in for Docker."""

    directory: Path
    server: Server

    def follow(self, commands: str) -> "subprocess.CompletedProcess[str]":
        """Run commands as they stand on the page, up to the first that fails."""
        programs = self.directory / "programs"
        programs.mkdir(exist_ok=True)
        docker = programs / "docker"
        docker.write_text(STAND_IN.format(python=sys.executable, root=str(ROOT)))
        docker.chmod(0o755)
        (self.directory / "dumps").mkdir(exist_ok=True)
        connection = self.server.connection
        address = f"{connection['PGUSER']}@{connection['PGHOST']}:{connection['PGPORT']}"
        environment = {
            **os.environ,
            **connection,
            "PATH": f"{programs}:{self.server.programs}:{os.environ['PATH']}",
            "HOST_LOG": str(self.directory / "log"),
            "DATABASE_URL": f"postgresql+asyncpg://{address}/{connection['PGDATABASE']}",
            "BACKUP_DIRECTORY": str(self.directory / "dumps"),
        }
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.directory,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def log(self) -> list[str]:
        """Return what was done, in order."""
        return (self.directory / "log").read_text().splitlines()


@pytest.fixture
def database_url(own_database_url: str) -> str:
    return own_database_url


@pytest.fixture
def old(database_url: str, postgres_cluster: PostgresCluster, tmp_path: Path) -> Host:
    """The machine that runs."""
    directory = tmp_path / "old"
    directory.mkdir()
    return Host(directory, Server(client_environment(database_url), binaries(postgres_cluster.account)))


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    """A business with two visits in it."""
    engine = make_engine(database_url)
    shop = await open_shop(make_sessions(engine, BUSINESS_ID))
    await shop.book(shop.wish("Cut", "Alice", "10:00"))
    await shop.book(shop.wish("Yoga", "Alice", "12:00"))
    yield shop
    await engine.dispose()


@pytest.fixture
def dump(old: Host, shop: Shop) -> Dump:  # noqa: ARG001 - what is dumped
    (old.directory / "dumps").mkdir()
    return dumps.make(old.server, old.directory / "dumps", NOW)


@pytest_asyncio.fixture
async def empty(postgres_cluster: PostgresCluster, tmp_path: Path) -> AsyncIterator[Host]:
    """A machine that has just been set up: PostgreSQL made the bot's database, and there is nothing in it."""
    url = await postgres_cluster.create_database("empty_machine", template="template0")
    directory = tmp_path / "empty"
    directory.mkdir()
    yield Host(directory, Server(client_environment(url), binaries(postgres_cluster.account)))
    await postgres_cluster.drop_database("empty_machine")


def test_on_an_empty_machine(empty: Host, dump: Dump) -> None:
    with (empty.directory / "bellhop.tar").open("wb") as pipe:
        parcels.send([dump], pipe)
    (commands,) = blocks("### On an empty machine")
    done = empty.follow(commands.replace(ON_THE_PAGE, dump.path.name))
    assert done.returncode == 0, done.stderr
    assert empty.server.execute(VISITS) == "2"
    ups = [line for line in empty.log() if line.startswith("up ")]
    assert ups == ["up postgres on nothing", "up everything on data"], "no bot on an empty database"
    assert empty.log()[-1] == "run bellhop doctor"
    kept = sorted(path.name for path in (empty.directory / "dumps").iterdir())
    assert kept == [dump.path.name, f"{dump.path.name}.json", f"{dump.path.name}.sha256"]


def test_of_an_empty_machine_no_dump_is_made_and_that_is_no_failure(empty: Host) -> None:
    """A first deployment asks for one."""
    done = empty.follow("docker compose run --rm --no-deps --no-TTY backup now")
    assert done.returncode == 0, done.stderr
    assert list((empty.directory / "dumps").iterdir()) == []


async def test_where_it_runs(old: Host, shop: Shop, dump: Dump) -> None:
    await shop.book(shop.wish("Cut", "Alice", "11:00"))
    await shop.sessions.kw["bind"].dispose()
    (commands,) = blocks("### Where it runs")
    done = old.follow(commands.replace(ON_THE_PAGE, dump.path.name))
    assert done.returncode == 0, done.stderr
    assert old.server.execute(VISITS) == "2"
    assert old.log()[0] == "stop bot worker"
    assert old.log()[-2:] == ["up everything on data", "run bellhop doctor"]


async def test_who_has_to_be_told(old: Host, shop: Shop, dump: Dump) -> None:
    """Whoever booked since the dump, and nobody twice."""
    await shop.book(shop.wish("Cut", "Alice", "11:00"), BEN)
    old.server.execute(NEXT_YEAR.format("id > 2"))
    await shop.sessions.kw["bind"].dispose()
    (restore,), (tell,) = blocks("### Where it runs"), blocks("### Who has to be told")
    done = old.follow(restore.replace(ON_THE_PAGE, dump.path.name))
    assert done.returncode == 0, done.stderr
    for told in (1, 0):
        done = old.follow(tell)
        assert done.returncode == 0, done.stderr
        assert f"1 of 1 visits are not as their customers know them, {told} are told now" in done.stdout
    assert (
        old.server.execute("SELECT kind, chat_id FROM outbox WHERE kind LIKE 'lost.%'") == f"lost.visit|{BEN}"
    )


def test_backing_up(old: Host, dump: Dump) -> None:
    (commands,) = blocks("## Back up")
    drill = "docker compose run --rm --no-deps backup drill\n"
    assert drill in commands
    if os.geteuid() == 0:  # its server of its own starts for nobody who may do everything
        commands = commands.replace(drill, "")
    done = old.follow(commands)
    assert done.returncode == 0, done.stderr
    assert ("all as they were" in done.stdout) is (os.geteuid() != 0)
    with (old.directory / "bellhop.tar").open("rb") as pipe:
        (received,) = parcels.receive(pipe, old.directory)
    assert received.at > dump.at, "the newest"


def test_the_page_needs_nothing_but_docker_on_the_host() -> None:
    """Except where it says that a clone is there: on the first day, and for an upgrade from source."""
    code = "\n".join(block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
    assert not re.search(r"\bmake\b|\bpython3?\b|\bpip\b", code)
    assert "exec worker" not in PAGE
    assert "exec backup" not in PAGE


def test_every_command_names_services_that_there_are() -> None:
    known = services(SINGLE).keys() | services(OBSERVABILITY).keys()
    for command in re.findall(r"docker compose run ((?:--?[\w-]+ )*)([\w-]+)", PAGE):
        assert command[1] in known, command
    for options in re.findall(r"docker compose run ((?:--?[\w-]+ )*)(?:backup|bellhop)", PAGE):
        assert "--rm" in options, "containers pile up"
    for command in re.findall(r"docker compose run [^`\n]*backup [^`\n]*", PAGE):
        assert "--no-deps" in command, f"`{command}` would migrate first"
    for line in re.findall(r"docker compose run [^`\n]*[<>|] ?[^`\n]*", PAGE):
        assert "--no-TTY" in line, f"`{line}` is a pipe"


def test_what_is_built_knows_its_revision() -> None:
    builds = re.findall(r"^.*docker compose build.*$", PAGE, re.MULTILINE)
    assert builds
    assert [line for line in builds if "BELLHOP_REVISION=$(git rev-parse" not in line] == []


def test_scripts_that_the_page_runs_are_there() -> None:
    for script in re.findall(r"(compose/deploy/\w+\.sh)", PAGE):
        assert os.access(ROOT / script, os.X_OK), script
