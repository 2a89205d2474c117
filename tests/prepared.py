"""PostgreSQL's data with the schema in them, made once for all processes of a run and copied by each.

That takes initdb and every migration, seconds of CPU. Who tests a first start makes them anew.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock

from sandbox.data_directory import DataDirectory
from sandbox.postgres import OWNER, PostgresCluster
from sandbox.system import MIGRATIONS
from tests.running import make_data_directory, migrate


async def make_prepared(where: Path) -> None:
    """Make them in this directory unless another process has: as a first start does, with no business yet."""
    made = where / "made"
    with FileLock(where / "making"):
        if made.exists():
            return
        data = DataDirectory(where)
        cluster = PostgresCluster(data.postgres, fsync=False)
        try:
            await cluster.start()
            migrate(await cluster.create_database(OWNER))
        finally:
            await cluster.stop()
        data.mark_done("migrate", *sorted(MIGRATIONS.glob("*.py")))
        made.touch()


def data_directory(prepared: Path) -> Path:
    """Make a data directory for a sandbox, with the schema in its database."""
    directory = make_data_directory()
    _copy([prepared / "done", DataDirectory(prepared).postgres], directory)
    return directory


def cluster_directory(prepared: Path) -> Path:
    """Make a directory for a PostgreSQL alone, with the schema in its database OWNER."""
    directory = make_data_directory(in_memory=True)
    _copy(DataDirectory(prepared).postgres.iterdir(), directory)
    return directory


def _copy(sources: Iterable[Path], target: Path) -> None:
    # With the owners of all files: PostgreSQL uses no one else's.
    subprocess.run(["cp", "-a", *map(str, sources), str(target)], check=True)
