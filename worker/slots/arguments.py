"""What `python -m worker.slots` is asked."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from worker.command_line import UsageError, typed_as

LONGEST_DAYS = 366
FIRST_YEAR, LAST_YEAR = 2000, 2199
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
HELP = """\
exit codes: 0 done, 2 arguments that make no sense, 1 anything else

Both dates are included and are dates of the business, whose time zone the answer names.
docs/slots.md describes the answer and every reason for which a start is refused."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which starts of a service, with whom, on which dates."""

    service: str
    specialist: str | None
    first: date
    last: date
    explain: bool
    json: bool
    location: str | None = None


def read_arguments(arguments: Sequence[str] | None) -> Question:
    """Read the command line; raises UsageError, or ends the process where it cannot be parsed."""
    options = _parser().parse_args(arguments)
    first, last = _date("--from", options.first), _date("--to", options.last)
    if last < first:
        raise UsageError(f"--to {last} is before --from {first}.")
    days = (last - first).days + 1
    if days > LONGEST_DAYS:
        raise UsageError(f"--from {first} --to {last} are {days} days; {LONGEST_DAYS} are the most.")
    who = options.service, options.specialist
    return Question(*who, first, last, options.explain, options.json, options.location)


def _date(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text if DATE.fullmatch(text) else "")
    except ValueError:
        raise UsageError(f"{option} '{text}' is not a date; write 2026-12-24.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageError(f"{option} {day} is not between the years {FIRST_YEAR} and {LAST_YEAR}.")
    return day


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=typed_as("slots"),
        description="Print when a service can be booked, and with --explain why not at other times.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("service", metavar="SERVICE", help="the service's name, or Category/Name")
    parser.add_argument("--specialist", metavar="NAME", help="only with this specialist")
    parser.add_argument("--location", metavar="NAME", help="only at this place")
    parser.add_argument("--from", dest="first", metavar="DATE", required=True, help="such as 2026-12-24")
    parser.add_argument("--to", dest="last", metavar="DATE", required=True, help="the last date, included")
    parser.add_argument("--explain", action="store_true", help="also list every refused start and why")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser
