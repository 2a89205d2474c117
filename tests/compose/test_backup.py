"""Backups and the restore drill, on a real PostgreSQL."""

import os
import sys
import threading
import urllib.request
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from compose.backup import drill, dumps, restoring
from compose.backup.__main__ import main
from compose.backup.drill import DrillError
from compose.backup.dumps import Dump, DumpError
from compose.backup.figures import Figures, serving
from compose.backup.schedule import Schedule
from compose.backup.server import Server, ServerError
from compose.backup.settings import InvalidSettingsError, Settings, client_environment, read_settings
from sandbox.postgres import PostgresCluster
from sandbox.postgres_install import binaries
from tests.kit.business import BUSINESS_ID
from tests.worker.shop import Shop, open_shop
from worker.db.engine import make_engine, make_sessions

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def database_url(own_database_url: str) -> str:
    return own_database_url


@pytest.fixture
def server(database_url: str, postgres_cluster: PostgresCluster) -> Server:
    return Server(client_environment(database_url), binaries(postgres_cluster.account))


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    """A business with two visits in it."""
    engine = make_engine(database_url)
    shop = await open_shop(make_sessions(engine, BUSINESS_ID))
    await shop.book(shop.wish("Cut", "Alice", "10:00"))
    await shop.book(shop.wish("Yoga", "Alice", "12:00"))
    yield shop
    await engine.dispose()


def settings(directory: Path, **more: object) -> Settings:
    given = {"BACKUP_DIRECTORY": str(directory), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    return read_settings(given | {name: str(value) for name, value in more.items()})


@pytest.mark.usefixtures("shop")
def test_the_drill_proves_a_restore(server: Server, tmp_path: Path) -> None:
    dump = dumps.make(server, tmp_path, NOW)
    report = drill.run(dump, server)
    assert report.held.tables["booking"].rows == 2
    assert report.held.revision == [server.execute("SELECT version_num FROM alembic_version")]
    assert report.overlap == "refused"
    print("\n" + "\n".join(report.lines()))  # noqa: T201 - what `make restore-drill` shows
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "bellhop-20261122T030000Z.dump",
        "bellhop-20261122T030000Z.dump.json",
        "bellhop-20261122T030000Z.dump.sha256",
    ]


@pytest.mark.usefixtures("shop")
def test_the_drill_sees_what_is_missing_or_changed(server: Server, tmp_path: Path) -> None:
    dump = dumps.make(server, tmp_path, NOW)
    kept = dump.manifest.read_text()
    dump.manifest.write_text(kept.replace('"rows": 2', '"rows": 3', 1))
    with pytest.raises(DrillError, match=r"3 rows .* became 2 rows"):
        drill.run(dump, server)
    dump.manifest.write_text(kept)
    content = bytearray(dump.path.read_bytes())
    content[-1] ^= 1
    dump.path.write_bytes(content)
    with pytest.raises(DumpError, match="damaged"):
        drill.run(dump, server)


@pytest.mark.usefixtures("shop")
def test_the_drill_sees_a_database_that_lets_visits_overlap(server: Server, tmp_path: Path) -> None:
    for name in ("overlap", "group_service", "group_start", "unit"):
        server.execute(f"ALTER TABLE booking DROP CONSTRAINT ex_booking_{name}")
    with pytest.raises(DrillError, match="is not there"):
        drill.run(dumps.make(server, tmp_path, NOW), server)
    server.execute(
        "ALTER TABLE booking ADD CONSTRAINT ex_other EXCLUDE USING gist (id WITH =, specialist_id WITH =)"
    )
    with pytest.raises(DrillError, match="accepts two visits"):
        drill.run(dumps.make(server, tmp_path, NOW), server)


async def test_a_dump_is_of_one_instant(
    server: Server, shop: Shop, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A visit that comes while it is made is neither in the dump nor in what is said of it."""
    run = Server.run

    def run_late(self: Server, program: str, *arguments: str) -> str:
        if program == "pg_dump":
            run(self, "psql", "--command", "UPDATE person SET first_name = 'Late'")
            run(self, "psql", "--command", "DELETE FROM booking")
        return run(self, program, *arguments)

    monkeypatch.setattr(Server, "run", run_late)
    dump = dumps.make(server, tmp_path, NOW)
    monkeypatch.undo()
    assert not await shop.live()
    assert drill.run(dump, server).held.tables["booking"].rows == 2
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""), ssl=False)
    assert await connection.fetchval("SELECT first_name FROM person LIMIT 1") == "Late"
    await connection.close()


@pytest.mark.usefixtures("shop")
def test_a_dump_brings_the_database_back(server: Server, tmp_path: Path) -> None:
    dump = dumps.make(server, tmp_path, NOW)
    server.execute("DELETE FROM booking; CREATE TABLE of_a_later_release (id int)")
    restoring.replace(dump, server)
    assert server.execute("SELECT count(*) FROM booking") == "2"
    assert server.execute("SELECT to_regclass('of_a_later_release') IS NULL") == "t"
    assert drill.run(dumps.make(server, tmp_path, NOW + timedelta(days=1)), server).held == dump.held()


@pytest.mark.usefixtures("shop")
def test_a_restore_that_fails_leaves_the_database_alone(server: Server, tmp_path: Path) -> None:
    dump = dumps.make(server, tmp_path, NOW)
    dump.path.write_bytes(dump.path.read_bytes()[:-2000])
    with pytest.raises(ServerError):
        restoring.replace(dump, server)
    assert server.execute("SELECT count(*) FROM booking") == "2"


@pytest.mark.usefixtures("shop")
def test_the_schedule_backs_up_tidies_and_counts(server: Server, tmp_path: Path) -> None:
    for days in range(1, 6):
        path = tmp_path / f"bellhop-{datetime.now(UTC) - timedelta(days=days):{dumps.STAMP}}.dump"
        path.write_bytes(b"old")
    figures = Figures()
    schedule = Schedule(settings(tmp_path, BACKUP_KEEP_DAYS=3, BACKUP_KEEP_LEAST=1), server, figures)
    assert schedule.back_up()
    assert figures.kept == 3
    assert figures.last_size == dumps.every(tmp_path)[0].size > 1000
    assert abs(figures.last_success - datetime.now(UTC).timestamp()) < 60
    with serving(figures, 0) as port, urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    assert f"bellhop_backup_last_success_timestamp_seconds {figures.last_success}" in text


class OneTry(threading.Event):
    """Lets one dump through that is due at once, and stops before any other."""

    def wait(self, timeout: float | None = None) -> bool:
        if timeout != 0 or self.is_set():
            return True
        self.set()
        return False


@pytest.mark.usefixtures("shop")
def test_a_dump_of_a_clock_that_was_ahead_puts_off_no_other(server: Server, tmp_path: Path) -> None:
    """Each start would wait for that day, and no alert would miss a dump."""
    now = datetime.now(UTC)
    for at in (now + timedelta(days=400), now - timedelta(days=2)):
        (tmp_path / f"bellhop-{at:{dumps.STAMP}}.dump").write_bytes(b"old")
    figures = Figures()
    schedule = Schedule(settings(tmp_path, BACKUP_KEEP_DAYS=3), server, figures)
    figures.look()
    assert timedelta(days=1) < now - datetime.fromtimestamp(figures.last_success, UTC) < timedelta(days=3)
    schedule.stopping = OneTry()
    schedule.run()
    assert abs(figures.last_success - datetime.now(UTC).timestamp()) < 60


def test_a_failure_is_counted_and_leaves_the_last_success_alone(server: Server, tmp_path: Path) -> None:
    figures = Figures(last_success=12.0)
    assert not Schedule(settings(tmp_path), server.other("nowhere"), figures).back_up()
    assert (figures.failures, figures.failing, figures.last_success) == (1, 1, 12.0)
    assert dumps.every(tmp_path) == []


def test_an_empty_database_is_not_dumped_and_is_no_failure(server: Server, tmp_path: Path) -> None:
    """Its dump would be the newest, and whoever restores that restores nothing."""
    figures = Figures()
    assert not Schedule(settings(tmp_path), server, figures).back_up()
    assert (figures.failures, figures.failing) == (0, 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("shop")
def test_the_figures_say_how_often_and_how_full(server: Server, tmp_path: Path) -> None:
    figures = Figures()
    assert Schedule(settings(tmp_path, BACKUP_INTERVAL_HOURS=6), server, figures).back_up()
    found = dict(line.split() for line in figures.text().splitlines() if not line.startswith("#"))
    assert float(found["bellhop_backup_interval_seconds"]) == 6 * 3600
    assert 0 < float(found["bellhop_backup_disk_free_bytes"]) < float(found["bellhop_backup_disk_size_bytes"])
    assert found["bellhop_backup_failing"] == "0"


@pytest.mark.usefixtures("shop")
def test_a_dump_of_another_process_counts(server: Server, tmp_path: Path) -> None:
    figures = Figures()
    Schedule(settings(tmp_path), server, figures)
    dumps.make(server, tmp_path, NOW)
    assert f"last_success_timestamp_seconds {NOW.timestamp()}" in figures.text()


def test_so_many_are_kept_however_old() -> None:
    kept = [Dump(Path(f"bellhop-202601{day:02}T000000Z.dump")) for day in range(1, 11)]
    gone = dumps.outdated(kept, NOW, timedelta(days=1), 7)
    assert [dump.at.day for dump in gone] == [3, 2, 1]
    assert not list(dumps.outdated(kept, NOW, timedelta(days=9999), 1))


def test_what_an_interrupted_run_left_goes(tmp_path: Path) -> None:
    (tmp_path / "bellhop-20260101T000000Z.dump.part").touch()
    (tmp_path / "somebody-elses.part").touch()
    dumps.clear_partial(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["somebody-elses.part"]


def test_passwords_stay_out_of_command_lines() -> None:
    found = client_environment("postgresql+asyncpg://bell%40hop:p%3Aw@db.example:5433/shop?ssl=require")
    assert found == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "bell@hop",
        "PGPASSWORD": "p:w",
        "PGDATABASE": "shop",
        "PGSSLMODE": "require",
    }


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"DATABASE_URL": "mysql://x/y"},
        {"DATABASE_URL_FILE": "/nowhere"},
        {"DATABASE_URL": "postgresql://x/y", "BACKUP_KEEP_LEAST": "0"},
        {"DATABASE_URL": "postgresql://x/y", "BACKUP_INTERVAL_HOURS": "often"},
        {"DATABASE_URL": "postgresql://x/y", "BACKUP_INTERVAL_HOURS": "1e30"},
        {"DATABASE_URL": "postgresql://x/y", "BACKUP_KEEP_DAYS": "1e12"},
        {"DATABASE_URL": "postgresql://x/y", "BACKUP_KEEP_DAYS": "nan"},
        {"DATABASE_URL": "postgresql://x/y", "BACKUP_KEEP_LEAST": "inf"},
        {"DATABASE_URL": "postgresql://x/y", "BACKUP_METRICS_PORT": "65536"},
        {"DATABASE_URL": "postgresql://x:99999/y"},
        {"DATABASE_URL": "postgresql://x:port/y"},
        {"DATABASE_URL": "postgresql://[x/y"},
        {"DATABASE_URL": "postgresql://x:p%00w@y/z"},
        {"DATABASE_URL_FILE": sys.executable},
    ],
)
def test_bad_settings_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(InvalidSettingsError, match=r"DATABASE_URL|BACKUP_"):
        read_settings(given)


def test_an_unreachable_server_is_one_sentence() -> None:
    nowhere = Server(client_environment("postgresql://x@127.0.0.1:1/y"))
    with pytest.raises((ServerError, OSError)), nowhere.snapshot():
        pass


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("revision", "environment", "made"),
    [
        (None, {}, 0),
        ("0061", {}, 1),
        ("0061", {"SKIP_DUMP": "yes"}, 0),
        ("of tomorrow", {}, 0),
    ],
    ids=["this release's", "an older one's", "no room", "a newer one's"],
)
def test_before_a_migration_a_dump_is_made(
    revision: str | None,
    environment: dict[str, str],
    made: int,
    server: Server,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {"DATABASE_URL": database_url, "BACKUP_DIRECTORY": str(tmp_path), **environment}
    for name, value in (given | {"PATH": f"{server.programs}:{os.environ['PATH']}"}).items():
        monkeypatch.setenv(name, value)
    if revision is not None:
        server.execute(f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608
    assert main(["before-migration"]) == 0
    assert len(dumps.every(tmp_path)) == made
    server.execute("DROP TABLE alembic_version")
    assert main(["before-migration"]) == 0, "there is nothing yet, and nothing to lose"


@pytest.mark.usefixtures("shop")
def test_a_migration_does_not_begin_without_its_dump(
    server: Server,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("BACKUP_DIRECTORY", str(tmp_path / "gone"))
    monkeypatch.setenv("PATH", f"{server.programs}:{os.environ['PATH']}")
    server.execute("UPDATE alembic_version SET version_num = '0061'")
    assert main(["before-migration"]) == 1
    assert "SKIP_DUMP=yes" in capsys.readouterr().err
