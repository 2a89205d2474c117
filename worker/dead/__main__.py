"""`python -m worker.dead`: the commands that failed for good."""

import asyncio
import sys
from collections.abc import Sequence
from functools import partial

from pydantic_core import to_json

from shared.clock import Clock
from shared.environment import InvalidSettingsError
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.queue.port import QueueUnavailableError
from shared.settings import QueueSettings, load
from worker.command_line import DATABASE_FAILURES, UsageError, confirmed, explain_failure, with_sessions
from worker.db.engine import Sessions
from worker.dead import repository
from worker.dead.arguments import DeadLetterRequest, read_arguments
from worker.dead.repository import DeadLetter

OK, FAILED, MISUSED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the process's exit code."""
    try:
        request = read_arguments(arguments)
        return asyncio.run(with_sessions(partial(carry_out, request)))
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return MISUSED
    except InvalidSettingsError as error:
        sys.stderr.write(f"{error}\n")
    except QueueUnavailableError as error:
        sys.stderr.write(f"Redis cannot be reached ({error}); what was not retried is still here.\n")
    except DATABASE_FAILURES as error:
        sys.stderr.write(f"{explain_failure(error)}\n")
    return FAILED


async def carry_out(request: DeadLetterRequest, sessions: Sessions, clock: Clock) -> int:
    """Do what was asked and say what became of it; return the exit code."""
    found = await repository.find(sessions, request.ids)
    missing = sorted(set(request.ids) - {letter.id for letter in found})
    for number in missing:
        sys.stderr.write(f"There is no dead command {number}.\n")
    if request.action in {"list", "show"}:
        _print(request, found)
        return FAILED if missing else OK
    if request.action == "drop" and found and not _may_drop(request, found):
        sys.stderr.write("Nothing was dropped.\n")
        return FAILED
    done = await (_retry(sessions, found, clock) if request.action == "retry" else _drop(sessions, found))
    _report(request, done)
    return FAILED if missing or len(done) < len(found) else OK


def _may_drop(request: DeadLetterRequest, found: Sequence[DeadLetter]) -> bool:
    """Say what would be forgotten, and ask: what somebody wished, or paid, is kept nowhere else."""
    sys.stderr.write("".join(f"{_line(letter)}\n" for letter in found))
    return request.yes or confirmed(f"Forget {len(found)}?")


async def _retry(sessions: Sessions, found: Sequence[DeadLetter], clock: Clock) -> list[DeadLetter]:
    done = []
    async with connect(load(QueueSettings).redis_url) as redis:
        queue = ArqCommandQueue(redis, clock)
        for letter in found:
            if await repository.retry(sessions, queue, letter):
                done.append(letter)
            else:
                sys.stderr.write(
                    f"{letter.id} cannot be retried: this release cannot read it, or it is gone.\n"
                )
    return done


async def _drop(sessions: Sessions, found: Sequence[DeadLetter]) -> list[DeadLetter]:
    return [letter for letter in found if await repository.drop(sessions, letter)]


def _print(request: DeadLetterRequest, found: Sequence[DeadLetter]) -> None:
    if request.json:
        rows = [letter.summary() if request.action == "list" else letter.details() for letter in found]
        sys.stdout.write(f"{to_json(rows, indent=2).decode()}\n")
    elif request.action == "list":
        lines = [_line(letter) for letter in found]
        sys.stdout.write("\n".join(lines or ["No command has failed for good."]) + "\n")
    else:
        for letter in found:
            sys.stdout.write(
                "".join(f"{name:9} {_plain(value)}\n" for name, value in letter.details().items())
            )


def _line(letter: DeadLetter) -> str:
    return f"{letter.id:>6}  {letter.died_at:%Y-%m-%d %H:%M}  {letter.kind:24}  {letter.reason}"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else to_json(value).decode()


def _report(request: DeadLetterRequest, done: Sequence[DeadLetter]) -> None:
    if request.json:
        sys.stdout.write(f"{to_json({request.action: [letter.id for letter in done]}).decode()}\n")
        return
    what = "Back on the queue" if request.action == "retry" else "Dropped"
    numbers = ", ".join(str(letter.id) for letter in done)
    sys.stdout.write(f"{what}: {numbers}.\n" if done else "Nothing was done.\n")


if __name__ == "__main__":
    sys.exit(main())
