"""A worker whose machine's clock is wrong: `python -m tests.chaos.skewed`, by CHAOS_SKEW_SECONDS."""

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from shared.clock import SystemClock

SKEW: Final = "CHAOS_SKEW_SECONDS"
WORKER: Final = "worker"
MUTANTS: Final = "tests.chaos.mutants"


def skew(now: Callable[[SystemClock], datetime], seconds: float) -> Callable[[SystemClock], datetime]:
    """Return a clock's function that is so many seconds ahead of another."""
    return lambda clock: now(clock) + timedelta(seconds=seconds)


def argv(program: Sequence[str], seconds: float) -> list[str]:
    """Return how a worker, or a mutant, is run with such a clock."""
    python, option, *module = program
    if module[0] == __spec__.name:
        module = [MUTANTS, *module[1:]] if module[1:] else [WORKER]
    return [python, option, __spec__.name, *module[1:]] if seconds else [python, option, *module]


def main(arguments: Sequence[str]) -> int:
    """Be a worker, or the mutant that the command line names, with the clock that the environment says."""
    SystemClock.now = skew(SystemClock.now, float(os.environ.pop(SKEW, "0")))  # type: ignore[method-assign, assignment]
    if arguments:
        from tests.chaos import mutants  # noqa: PLC0415 - only the chaos of mutants needs them

        return mutants.main(arguments)
    from worker.main import main as work  # noqa: PLC0415 - after the clock was set

    return work()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
