"""`python3 -m compose.backup [run|now|list|drill|…]`: what the backup container does."""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from compose.backup import drill, dumps, losses, migrating, parcels, restoring
from compose.backup.drill import DrillError
from compose.backup.dumps import Dump, DumpError, NothingToDumpError
from compose.backup.figures import Figures, serving
from compose.backup.restoring import Losses
from compose.backup.schedule import Schedule
from compose.backup.server import Server, ServerError
from compose.backup.settings import InvalidSettingsError, Settings, read_settings

HELD_TABLES = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"

WITHOUT = "Make room for one; or SKIP_DUMP=yes docker compose up --detach --wait goes without."
TELL_THEM = """\
Once the bot is up again, `bellhop lost` tells these people (without --tell, it says what it would tell):

  docker compose run --rm --no-TTY --no-deps backup lost |
    docker compose run --rm --no-TTY bellhop lost --tell"""


def main(arguments: list[str] | None = None) -> int:
    """Do what is asked; return the exit code."""
    options = _parser().parse_args(arguments)
    commands: dict[str, Callable[[Settings, argparse.Namespace], None]] = {
        "run": _run,
        "now": _now,
        "before-migration": _before_migration,
        "list": _list,
        "drill": _drill,
        "export": _export,
        "import": _import,
        "restore": _restore,
        "lost": _lost,
    }
    try:
        commands[options.command](read_settings(), options)
    except NothingToDumpError as error:
        sys.stdout.write(f"{error}\n")
    except (InvalidSettingsError, ServerError, DumpError, DrillError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="backup", description="Dumps of Bellhop's database.")
    commands = parser.add_subparsers(dest="command")
    parser.set_defaults(command="run")
    commands.add_parser("run", help="back up on the schedule, until stopped (what the container does)")
    commands.add_parser("now", help="make one dump now")
    commands.add_parser("before-migration", help="make one dump if a migration is to come (`dump` does)")
    commands.add_parser("list", help="list the dumps, the newest first")
    proof = commands.add_parser("drill", help="restore a dump into a PostgreSQL of its own and compare")
    proof.add_argument("file", nargs="?", help="the dump's name; the newest one by default")
    out = commands.add_parser("export", help="write a dump to standard output, to be kept elsewhere")
    out.add_argument("file", nargs="?", help="the dump's name; the newest one by default")
    commands.add_parser("import", help="take in from standard input what `export` wrote, or a tar of dumps")
    back = commands.add_parser("restore", help="restore a dump into the database; stop bot and worker first")
    back.add_argument("file", help="the dump's name, as `list` shows it")
    back.add_argument("--replace", action="store_true", help="throw away what the database holds now")
    commands.add_parser(
        "lost", help="write what restores lost, for `bellhop lost`, which tells the customers"
    )
    return parser


def _run(settings: Settings, _: argparse.Namespace) -> None:
    figures = Figures()
    schedule = Schedule(settings, Server(settings.database), figures)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: schedule.stopping.set())
    with serving(figures, settings.port):
        schedule.run()


def _now(settings: Settings, _: argparse.Namespace) -> None:
    dump = dumps.make(Server(settings.database), settings.directory, datetime.now(UTC))
    sys.stdout.write(f"{dump.path.name} {dump.size} bytes\n")


def _before_migration(settings: Settings, options: argparse.Namespace) -> None:
    if settings.skip_dump:
        sys.stdout.write("SKIP_DUMP=yes: no dump is made before the migration\n")
    elif migrating.is_to_come(Server(settings.database)):
        try:
            _now(settings, options)
        except (ServerError, OSError) as error:
            raise DumpError(f"no dump, so no migration: {error}\n{WITHOUT}") from error
    else:
        sys.stdout.write("no migration is to come\n")


def _list(settings: Settings, _: argparse.Namespace) -> None:
    for dump in dumps.every(settings.directory):
        sys.stdout.write(f"{dump.path.name} {dump.size} bytes, {dump.held().rows} rows\n")


def _drill(settings: Settings, options: argparse.Namespace) -> None:
    dump = _find(settings, options.file)
    with drill.scratch_server(settings.directory) as server:
        sys.stdout.write("\n".join(drill.run(dump, server).lines()) + "\n")


def _export(settings: Settings, options: argparse.Namespace) -> None:
    dump = _find(settings, options.file)
    dump.verify()
    parcels.send([dump], sys.stdout.buffer)


def _import(settings: Settings, _: argparse.Namespace) -> None:
    for dump in parcels.receive(sys.stdin.buffer, settings.directory):
        sys.stdout.write(f"{dump.path.name} {dump.size} bytes, {dump.held().rows} rows\n")


def _restore(settings: Settings, options: argparse.Namespace) -> None:
    dump, server = _find(settings, options.file), Server(settings.database)
    dump.verify()
    if restoring.in_use(server):
        raise DumpError("a worker is connected to the database: `docker compose stop bot worker` first")
    if server.execute(HELD_TABLES) != "0" and not options.replace:
        coming = restoring.count_coming(server)
        raise DumpError(
            f"the database holds tables already, with {coming} visits to come; "
            "`restore --replace FILE` throws them away, and says which are not in the dump"
        )
    found = restoring.replace(dump, server)
    sys.stdout.write(f"restored {dump.path.name} of {dump.at:%Y-%m-%d %H:%M} UTC: {dump.held().rows} rows\n")
    _say(found)
    if found.records:
        losses.keep(found.records, settings.directory, datetime.now(UTC))
        sys.stdout.write(f"{TELL_THEM}\n")


def _say(found: Losses) -> None:
    for title, lines in (
        ("Lost as they were, for they were booked or changed since then:", found.lost),
        ("Cancelled since then, and standing again:", found.revived),
        ("What the database held could not be read, so nobody can be named:", found.unreadable),
    ):
        if lines:
            sys.stdout.write("".join([f"{title}\n", *(f"  {line}\n" for line in lines)]))


def _lost(settings: Settings, _: argparse.Namespace) -> None:
    for path in losses.every(settings.directory):
        sys.stdout.write(path.read_text())


def _find(settings: Settings, name: str | None) -> Dump:
    kept = dumps.every(settings.directory)
    if not kept:
        raise DumpError(f"there is no dump in {settings.directory}")
    if name is None:
        if newest := dumps.newest(kept, datetime.now(UTC)):
            return newest
        raise DumpError("every dump here is dated into the future: name the one that you mean")
    for dump in kept:
        if name == dump.path.name:
            return dump
    raise DumpError(f"there is no {name} in {settings.directory}; `list` shows what there is")


if __name__ == "__main__":
    os.umask(0o077)  # whatever directory it is, a dump is nobody else's to read
    sys.exit(main())
