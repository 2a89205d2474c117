"""`python -m tests.chaos`: try to break every promise for ten minutes, and print the table."""

import argparse
import sys
from pathlib import Path

from tests.chaos.faults import WEIGHTS
from tests.chaos.report import run_and_tell
from tests.chaos.run import CUSTOMERS, Plan, run

MOST_MENUS = 8
"""Telegram lets a chat have about ten messages at once."""


def main() -> int:
    """Run; exit code 1 on a broken promise."""
    options = _options()
    plan = Plan(
        seconds=options.seconds,
        seed=options.seed,
        mode=options.bot_mode,
        workers=options.workers,
        rate=options.rate,
        sends_per_second=options.sends,
        faults={name: WEIGHTS[name] for name in options.faults or WEIGHTS},
        menus=min(MOST_MENUS, round(options.seconds * options.rate / CUSTOMERS)),
    )
    return run_and_tell(lambda data: run(plan, data), keep=options.keep, json_path=options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0, help="how long the load lasts")
    parser.add_argument("--seed", type=int, default=1, help="of the customers and of the faults")
    parser.add_argument("--bot-mode", choices=("polling", "webhook"), default="polling")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--rate", type=float, default=12.0, help="bookings wished for in a second")
    parser.add_argument("--sends", type=int, default=90, help="the limit on sends in a second")
    parser.add_argument("--faults", nargs="+", choices=sorted(WEIGHTS), help="only these of the schedule's")
    parser.add_argument("--json", type=Path, help="also write the verdict to this file")
    parser.add_argument("--keep", action="store_true", help="keep the logs and the database")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
