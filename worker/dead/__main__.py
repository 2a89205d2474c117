"""`python -m worker.dead`: the commands that failed for good."""

import asyncio
import sys
from collections.abc import Sequence
from functools import partial

from pydantic_core import to_json

from shared.clock import SystemClock
from shared.environment import InvalidSettingsError
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.queue.port import QueueUnavailableError
from shared.settings import QueueSettings, load
from worker.command_line import DATABASE_FAILURES, UsageError, explain_failure, with_sessions
from worker.db.engine import Sessions
from worker.dead import graves
from worker.dead.arguments import Order, read_arguments
from worker.dead.graves import Grave

OK, FAILED, SENSELESS = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the process's exit code."""
    try:
        order = read_arguments(arguments)
        return asyncio.run(with_sessions(partial(carry_out, order)))
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return SENSELESS
    except InvalidSettingsError as error:
        sys.stderr.write(f"{error}\n")
    except QueueUnavailableError as error:
        sys.stderr.write(f"Redis cannot be reached ({error}); what was not retried is still here.\n")
    except DATABASE_FAILURES as error:
        sys.stderr.write(f"{explain_failure(error)}\n")
    return FAILED


async def carry_out(order: Order, sessions: Sessions) -> int:
    """Do what was asked and say what became of it; return the exit code."""
    found = await graves.find(sessions, order.ids)
    missing = sorted(set(order.ids) - {grave.id for grave in found})
    for number in missing:
        sys.stderr.write(f"There is no dead command {number}.\n")
    if order.action in {"list", "show"}:
        _print(order, found)
        return FAILED if missing else OK
    done = await (_retry(sessions, found) if order.action == "retry" else _drop(sessions, found))
    _report(order, done)
    return FAILED if missing or len(done) < len(found) else OK


async def _retry(sessions: Sessions, found: Sequence[Grave]) -> list[Grave]:
    done = []
    async with connect(load(QueueSettings).redis_url) as redis:
        queue = ArqCommandQueue(redis, SystemClock())
        for grave in found:
            if await graves.retry(sessions, queue, grave):
                done.append(grave)
            else:
                sys.stderr.write(
                    f"{grave.id} cannot be retried: this release cannot read it, or it is gone.\n"
                )
    return done


async def _drop(sessions: Sessions, found: Sequence[Grave]) -> list[Grave]:
    return [grave for grave in found if await graves.drop(sessions, grave)]


def _print(order: Order, found: Sequence[Grave]) -> None:
    if order.json:
        rows = [grave.summary() if order.action == "list" else grave.details() for grave in found]
        sys.stdout.write(f"{to_json(rows, indent=2).decode()}\n")
    elif order.action == "list":
        lines = [
            f"{grave.id:>6}  {grave.died_at:%Y-%m-%d %H:%M}  {grave.kind:24}  {grave.reason}"
            for grave in found
        ]
        sys.stdout.write("\n".join(lines or ["No command has failed for good."]) + "\n")
    else:
        for grave in found:
            sys.stdout.write(
                "".join(f"{name:9} {_plain(value)}\n" for name, value in grave.details().items())
            )


def _plain(value: object) -> str:
    return value if isinstance(value, str) else to_json(value).decode()


def _report(order: Order, done: Sequence[Grave]) -> None:
    if order.json:
        sys.stdout.write(f"{to_json({order.action: [grave.id for grave in done]}).decode()}\n")
        return
    what = "Back on the queue" if order.action == "retry" else "Dropped"
    numbers = ", ".join(str(grave.id) for grave in done)
    sys.stdout.write(f"{what}: {numbers}.\n" if done else "Nothing was done.\n")


if __name__ == "__main__":
    sys.exit(main())
