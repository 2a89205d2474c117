"""A dump on its way to another machine, into its database, and what people are told of what is lost."""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from compose.backup import dumps, losses, parcels, restoring
from compose.backup.dumps import Dump, DumpError
from compose.backup.restoring import Losses
from compose.backup.server import Server
from compose.backup.settings import client_environment
from sandbox.postgres import PostgresCluster
from sandbox.postgres_install import binaries
from tests.kit.business import BUSINESS_ID
from tests.running import ROOT
from tests.worker.shop import Shop, open_shop
from worker.db.engine import make_engine, make_sessions
from worker.gone.repository import GAP
from worker.lost.rules import KnownVisit

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
NEXT_YEAR = """
    UPDATE booking SET
        during = tstzrange(lower(during) + interval '1 year', upper(during) + interval '1 year'),
        busy = tstzrange(lower(busy) + interval '1 year', upper(busy) + interval '1 year')
"""
NAME = "bellhop-20261122T030000Z.dump"


@pytest.fixture
def database_url(own_database_url: str) -> str:
    return own_database_url


@pytest.fixture
def server(database_url: str, postgres_cluster: PostgresCluster) -> Server:
    return Server(client_environment(database_url), binaries(postgres_cluster.account))


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    """A business with one visit in it."""
    engine = make_engine(database_url)
    shop = await open_shop(make_sessions(engine, BUSINESS_ID))
    await shop.book(shop.wish("Cut", "Alice", "10:00"))
    yield shop
    await engine.dispose()


@pytest.fixture
def dump(server: Server, shop: Shop, tmp_path: Path) -> Dump:  # noqa: ARG001 - what is dumped
    return dumps.make(server, tmp_path, NOW)


def number_of_the_last(server: Server) -> int:
    return int(server.execute("SELECT max(id) FROM booking"))


async def test_a_number_that_was_given_after_the_dump_is_given_to_nobody_else(
    server: Server, shop: Shop, dump: Dump
) -> None:
    """Its customer still has the card."""
    await shop.book(shop.wish("Cut", "Alice", "11:00"))
    lost = number_of_the_last(server)
    restoring.replace(dump, server)
    await shop.book(shop.wish("Cut", "Alice", "12:00"))
    assert number_of_the_last(server) > lost + 900


async def test_who_loses_a_coming_visit_is_named(server: Server, shop: Shop, dump: Dump) -> None:
    await shop.book(shop.wish("Yoga", "Alice", "12:00"))
    server.execute(NEXT_YEAR)
    lost = restoring.replace(dump, server)
    assert len(lost.lost) == len(lost.records) == 2
    assert "Cut with Alice" in lost.lost[0]
    assert "Yoga with Alice" in lost.lost[1]
    assert "Telegram id" in lost.lost[0]
    assert not lost.revived


@pytest.mark.usefixtures("shop")
async def test_nothing_is_lost_where_nothing_has_changed(server: Server, dump: Dump) -> None:
    server.execute(NEXT_YEAR)
    later = dumps.make(server, dump.path.parent, NOW.replace(hour=4))
    assert restoring.replace(later, server) == Losses()


@pytest.mark.usefixtures("shop")
async def test_a_visit_that_was_cancelled_since_and_stands_again_is_named(server: Server, dump: Dump) -> None:
    """Its customer will not come."""
    server.execute(NEXT_YEAR)
    later = dumps.make(server, dump.path.parent, NOW.replace(hour=4))
    server.execute("UPDATE booking SET status = 'cancelled'")
    found = restoring.replace(later, server)
    assert found.lost == []
    [line] = found.revived
    assert "Cut with Alice" in line
    [record] = found.records
    assert not KnownVisit.model_validate_json(record).live


@pytest.mark.usefixtures("shop")
async def test_a_visit_that_was_cancelled_before_is_nobodys_business(server: Server, dump: Dump) -> None:
    server.execute(NEXT_YEAR)
    server.execute("UPDATE booking SET status = 'cancelled'")
    later = dumps.make(server, dump.path.parent, NOW.replace(hour=4))
    assert restoring.replace(later, server) == Losses()


@pytest.mark.usefixtures("shop")
async def test_what_cannot_be_read_any_more_keeps_nobody_from_restoring(server: Server, dump: Dump) -> None:
    server.execute(NEXT_YEAR)
    server.execute("ALTER TABLE person DROP COLUMN language")
    found = restoring.replace(dump, server)
    assert found.lost == found.records == []
    [why] = found.unreadable
    assert "42703" in why
    assert server.execute("SELECT count(*) FROM booking") == "1"


@pytest.mark.usefixtures("shop")
async def test_numbers_go_on_after_all_that_were_given(server: Server, shop: Shop, dump: Dump) -> None:
    """However many were since the dump; and the worker knows by the gap which were lost."""
    server.execute("SELECT setval('booking_id_seq', 70000)")
    restoring.replace(dump, server)
    await shop.book(shop.wish("Cut", "Alice", "12:00"))
    assert number_of_the_last(server) == 70_000 + GAP + 1


async def test_the_list_is_kept_until_dumps_of_its_age_go(server: Server, shop: Shop, dump: Dump) -> None:
    await shop.book(shop.wish("Yoga", "Alice", "12:00"))
    server.execute(NEXT_YEAR)
    await shop.sessions.kw["bind"].dispose()
    done = command(server, dump.path.parent, "restore", NAME, "--replace")
    assert done.returncode == 0, done.stderr
    assert b"bellhop lost --tell" in done.stdout
    written = command(server, dump.path.parent, "lost").stdout.decode().splitlines()
    assert [KnownVisit.model_validate_json(line).service for line in written] == ["Cut", "Yoga"]
    [path] = losses.every(dump.path.parent)
    assert path.stat().st_mode & 0o077 == 0, "it has people's numbers at Telegram"
    now, keep = datetime.now(UTC), timedelta(days=14)
    assert list(losses.outdated(dump.path.parent, now, keep)) == []
    assert list(losses.outdated(dump.path.parent, now + timedelta(days=15), keep)) == [path]
    assert dumps.every(dump.path.parent) == [dump], "it is no dump"


def command(
    server: Server, directory: Path, *arguments: str, given: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    """Run `python -m compose.backup` as the container does."""
    connection = server.connection
    url = f"postgresql://{connection['PGUSER']}@{connection['PGHOST']}:{connection['PGPORT']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"{url}/{connection['PGDATABASE']}",
        "BACKUP_DIRECTORY": str(directory),
        "PATH": f"{server.programs}:{os.environ['PATH']}",
    }
    return subprocess.run(
        [sys.executable, "-m", "compose.backup", *arguments],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        check=False,
    )


async def test_a_database_that_a_worker_uses_is_not_replaced(server: Server, shop: Shop, dump: Dump) -> None:
    async with shop.sessions() as session:
        await session.execute(text("SELECT 1"))
        refused = command(server, dump.path.parent, "restore", NAME, "--replace")
    assert refused.returncode == 1
    assert b"`docker compose stop bot worker` first" in refused.stderr


@pytest.mark.usefixtures("dump")
async def test_what_would_be_thrown_away_is_said_first(server: Server, shop: Shop, tmp_path: Path) -> None:
    server.execute(NEXT_YEAR)
    await shop.sessions.kw["bind"].dispose()
    refused = command(server, tmp_path, "restore", NAME)
    assert refused.returncode == 1
    assert b"with 1 visits to come" in refused.stderr
    assert server.execute("SELECT count(*) FROM booking") == "1"


def test_what_is_exported_is_imported(server: Server, dump: Dump, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    parcel = command(server, dump.path.parent, "export")
    assert parcel.returncode == 0, parcel.stderr
    taken = command(server, elsewhere, "import", given=parcel.stdout)
    assert taken.returncode == 0, taken.stderr
    assert taken.stdout.startswith(NAME.encode())
    assert (elsewhere / NAME).read_bytes() == dump.path.read_bytes()
    assert sorted(path.name for path in elsewhere.iterdir()) == [NAME, f"{NAME}.json", f"{NAME}.sha256"]


def test_of_a_clock_that_was_ahead_no_dump_is_taken_for_the_newest(server: Server, dump: Dump) -> None:
    later = dump.path.with_name(f"bellhop-{datetime.now(UTC) + timedelta(days=400):{dumps.STAMP}}.dump")
    later.write_bytes(b"of a day to come")
    assert NAME.encode() in command(server, dump.path.parent, "export").stdout
    dump.remove()
    refused = command(server, dump.path.parent, "export")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"every dump here is dated into the future" in refused.stderr


@pytest.mark.usefixtures("shop")
def test_a_dump_is_read_by_nobody_else(server: Server, tmp_path: Path) -> None:
    """Nor is one that came in; a directory of the host may be open to more than it was meant for."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert command(server, tmp_path, "now").returncode == 0
    parcel = command(server, tmp_path, "export").stdout
    assert command(server, elsewhere, "import", given=parcel).returncode == 0
    files = [path for path in (*tmp_path.iterdir(), *elsewhere.iterdir()) if path.is_file()]
    assert len(files) == 6
    assert [path.name for path in files if path.stat().st_mode & 0o077] == []


def tar_of(**files: bytes) -> io.BytesIO:
    pipe = io.BytesIO()
    with tarfile.open(fileobj=pipe, mode="w|") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    pipe.seek(0)
    return pipe


@pytest.mark.parametrize(
    ("pipe", "says"),
    [
        (io.BytesIO(b""), "no tar|holds no dump"),
        (io.BytesIO(b"PGDMP, a dump itself" * 100), "no tar"),
        (tar_of(**{"../../etc/passwd": b"x"}), "no part of a dump"),
        (tar_of(**{NAME: b"x"}), "damaged"),
        (tar_of(**{NAME: b"x", f"{NAME}.json": b"{}", f"{NAME}.sha256": b"0  x"}), "damaged"),
    ],
)
def test_what_is_not_whole_is_not_kept(pipe: io.BytesIO, says: str, tmp_path: Path) -> None:
    with pytest.raises(DumpError, match=says):
        parcels.receive(pipe, tmp_path)
    assert dumps.every(tmp_path) == []


def test_now_on_an_empty_database_makes_nothing_and_is_no_failure(server: Server, tmp_path: Path) -> None:
    done = command(server, tmp_path, "now")
    assert (done.returncode, list(tmp_path.iterdir())) == (0, [])
    assert b"no business" in done.stdout
