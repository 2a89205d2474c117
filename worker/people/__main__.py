"""`python -m worker.people`: what is kept of one person, written out or erased."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from pydantic_core import to_json

from shared.clock import Clock
from shared.environment import InvalidSettingsError
from worker.command_line import DATABASE_FAILURES, confirmed, explain_failure, typed_as, with_sessions
from worker.db.engine import Sessions
from worker.privacy import repository
from worker.privacy.repository import NotErasedError, StillExpectedError

OK, FAILED = 0, 1

HELP = """\
exit codes: 0 done, 1 not done, 2 arguments that make no sense

ID is the person's number at Telegram, below zero of somebody without Telegram. `export` writes JSON to
standard output. `erase` asks before it does anything, unless --yes says so; it refuses while visits are still
to come, or while the business file names the person. Visits that were stay for the statistics, under the name
of nobody.

Not reached from here: what was sent into chats at Telegram; dumps, which go by themselves after
BACKUP_KEEP_DAYS; the numbers of updates in Redis, which go within 25 hours."""

type Action = Literal["export", "erase"]


@dataclass(frozen=True, slots=True)
class PersonRequest:
    """What to do about whom."""

    action: Action
    person_id: int
    yes: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the process's exit code."""
    options = _parser().parse_args(arguments)
    request = PersonRequest(options.action, options.id, yes=options.yes)
    try:
        return asyncio.run(with_sessions(partial(carry_out, request)))
    except InvalidSettingsError as error:
        sys.stderr.write(f"{error}\n")
    except DATABASE_FAILURES as error:
        sys.stderr.write(f"{explain_failure(error)}\n")
    return FAILED


async def carry_out(request: PersonRequest, sessions: Sessions, clock: Clock) -> int:
    """Do what was asked and say what became of it; return the exit code."""
    async with sessions() as session:
        found = await repository.export(session, request.person_id)
    if not found:
        sys.stderr.write(f"Nothing is kept of {request.person_id}.\n")
        return FAILED
    if request.action == "export":
        sys.stdout.write(f"{to_json(found, indent=2).decode()}\n")
        return OK
    counts = ", ".join(f"{name.replace('_', ' ')}: {len(rows)}" for name, rows in found.items())
    sys.stderr.write(f"Of {request.person_id} is kept: {counts}.\n")
    if not request.yes and not confirmed("Erase it?"):
        sys.stderr.write("Nothing was erased.\n")
        return FAILED
    return await _erase(sessions, request.person_id, clock.now())


async def _erase(sessions: Sessions, person_id: int, now: datetime) -> int:
    try:
        async with sessions.begin() as session:
            await repository.erase(session, person_id, now)
    except NotErasedError as error:
        sys.stderr.write(f"{error}\n")
        if isinstance(error, StillExpectedError):
            for visit in error.visits:
                start = f"{visit.start:%Y-%m-%d %H:%M %Z}"
                sys.stderr.write(f"  #{visit.id}: {start}, {visit.service}, {visit.specialist}\n")
        return FAILED
    sys.stdout.write(f"{person_id} is erased.\n")
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=typed_as("people"),
        description="What is kept of one person.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=("export", "erase"))
    parser.add_argument("id", type=_person_id, metavar="ID")
    parser.add_argument("--yes", action="store_true", help="erase without being asked")
    return parser


def _person_id(text: str) -> int:
    if not text.removeprefix("-").isdecimal() or not 0 < abs(int(text)) < 2**63:
        raise argparse.ArgumentTypeError(f"has to be a person's number at Telegram, not {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
