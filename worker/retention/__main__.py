"""`python -m worker.retention --days N`: forgets what is past its use, now."""

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence

from shared.environment import InvalidSettingsError
from worker.capabilities import PURGES
from worker.command_line import DATABASE_FAILURES, explain_failure, typed_as, with_sessions
from worker.retention.forgetting import LONGEST_DAYS, forget


def main(arguments: Sequence[str] | None = None) -> int:
    """Forget, say what went, and return the process's exit code."""
    days = _parser().parse_args(arguments).days
    try:
        gone = asyncio.run(with_sessions(lambda sessions, clock: forget(sessions, PURGES, clock.now(), days)))
    except InvalidSettingsError as error:
        return _failed(str(error))
    except DATABASE_FAILURES as error:
        return _failed(explain_failure(error))
    sys.stdout.write(_summary(gone))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=typed_as("retention"),
        description="Forget what is past its use, as the workers do a few times a day.",
        epilog="DATABASE_URL says which database, BUSINESS_ID which business of it. Visits stay, under the "
        "name of nobody.",
    )
    parser.add_argument(
        "--days",
        type=_days,
        default=0,
        help=f"forget people and notes older than this, from 1 to {LONGEST_DAYS}; 0 keeps them",
    )
    return parser


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"has to be a whole number from 0 to {LONGEST_DAYS}, not {text!r}")
    return int(text)


def _summary(gone: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in gone.items()) + "\n"


def _failed(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
