"""`python -m worker.lost`: tells people whose visits a restore has lost."""

import argparse
import asyncio
import sys
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from pydantic import ValidationError

from shared.clock import Clock
from shared.envelope import NOBODY
from shared.environment import InvalidSettingsError
from shared.settings import AdminSettings, load
from worker.command_line import DATABASE_FAILURES, UsageError, explain_failure, typed_as, with_sessions
from worker.db.engine import Sessions
from worker.db.scope import scope
from worker.lost.promises import find_losses, promise_words
from worker.lost.rules import KnownVisit, Loss

OK, FAILED, SENSELESS = 0, 1, 2
HOW = "docker compose run --rm --no-TTY --no-deps backup lost | docker compose run --rm --no-TTY bellhop lost"
SAYS = {Loss.GONE: "is gone", Loss.MOVED: "stands at another time", Loss.REVIVED: "stands again"}
HELP = f"""\
exit codes: 0 done, 1 not done, 2 input that makes no sense

The list comes on standard input, as the backup container writes it after a restore:

  {HOW}
  {HOW} --tell

Each line is compared with what stands now. Nobody is told twice, whose visit has been put right or is over is
not told at all, and owners and admins are told how many. Who has no Telegram is named with their number."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the process's exit code."""
    tell = _parser().parse_args(arguments).tell
    if sys.stdin.isatty():
        sys.stderr.write(f"The list comes on standard input:\n\n  {HOW}\n")
        return SENSELESS
    try:
        known = read_list(sys.stdin)
        managers = load(AdminSettings).admin_ids
        return asyncio.run(with_sessions(partial(carry_out, known, tell=tell, managers=managers)))
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return SENSELESS
    except InvalidSettingsError as error:
        sys.stderr.write(f"{error}\n")
    except DATABASE_FAILURES as error:
        sys.stderr.write(f"{explain_failure(error)}\n")
    return FAILED


def read_list(lines: Iterable[str]) -> list[KnownVisit]:
    """Read what the backup container wrote, a visit a line. Raises UsageError."""
    known = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                known.append(KnownVisit.model_validate_json(line))
            except ValidationError as error:
                raise UsageError(
                    f"Line {number} is no visit of a list: {error.errors()[0]['msg']}"
                ) from error
    return known


async def carry_out(
    known: Sequence[KnownVisit],
    sessions: Sessions,
    clock: Clock,
    *,
    tell: bool,
    managers: Collection[int] = (),
) -> int:
    """Say what is to be told, and promise it where that is wanted; return the exit code.

    `managers` are told beside owners and admins.
    """
    async with sessions.begin() as session:
        now = clock.now()
        losses = await find_losses(session, known, scope(session), now)
        promised = await promise_words(session, [each for each, _ in losses], now, managers) if tell else 0
    for each, loss in losses:
        sys.stdout.write(f"№ {each.number}  {each.start:%Y-%m-%d %H:%M %Z}  {SAYS[loss]}: {_whose(each)}\n")
    told = f", {promised} are told now, the others were before" if tell else "; --tell tells them"
    sys.stdout.write(f"{len(losses)} of {len(known)} visits are not as their customers know them{told}.\n")
    return OK


def _whose(known: KnownVisit) -> str:
    if known.customer_id > NOBODY:
        return str(known.customer_id)
    return f"{known.customer_id}, who has no Telegram: call {known.phone or 'them'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=typed_as("lost"),
        description="Whose visits a restore has lost.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--tell", action="store_true", help="tell them in the chat; else only say whom")
    return parser


if __name__ == "__main__":
    sys.exit(main())
