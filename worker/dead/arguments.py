"""What `python -m worker.dead` is asked."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from worker.command_line import UsageError, typed_as

type Action = Literal["list", "show", "retry", "drop"]

HELP = """\
exit codes: 0 done, 1 not everything could be done, 2 arguments that make no sense

A command is here because it failed five times by its own fault. `retry` puts it back on the queue; one that
has changed something already changes nothing again. `drop` forgets it, and asks before it does, unless --yes
says so: a payment that could not be noted is gone with it."""


@dataclass(frozen=True, slots=True)
class DeadLetterRequest:
    """What to do with which dead commands; no ids are all of them."""

    action: Action
    ids: tuple[int, ...]
    json: bool
    yes: bool = False


def read_arguments(arguments: Sequence[str] | None) -> DeadLetterRequest:
    """Read the command line; raises UsageError, or ends the process where it cannot be parsed."""
    options = _parser().parse_args(arguments)
    if options.all and options.ids:
        raise UsageError("Name the commands or say --all, not both.")
    if options.action == "list" and (options.all or options.ids):
        raise UsageError("`list` lists all; `show` takes numbers.")
    if options.action != "list" and not options.all and not options.ids:
        raise UsageError(f"Which commands? `{options.action} 17 18`, or `{options.action} --all`.")
    return DeadLetterRequest(options.action, tuple(dict.fromkeys(options.ids)), options.json, options.yes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=typed_as("dead"),
        description="List, show, retry or drop the commands that failed for good.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=["list", "show", "retry", "drop"])
    parser.add_argument("ids", metavar="ID", nargs="*", type=int, help="numbers as `list` shows them")
    parser.add_argument("--all", action="store_true", help="every dead command")
    parser.add_argument("--yes", action="store_true", help="drop without being asked")
    parser.add_argument("--json", action="store_true", help="print JSON instead of sentences")
    return parser
