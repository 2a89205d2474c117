"""`python -m worker.business`: the business as one YAML file."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from shared.clock import Clock
from shared.environment import InvalidSettingsError
from worker.business.apply import OtherPlanError, RefusedPlanError, apply_document, plan_document
from worker.business.consequences import CollisionError
from worker.business.document import Document
from worker.business.export import write_document
from worker.business.holidays import UnknownHolidaysError, propose
from worker.business.identity import Rename
from worker.business.plan import CancelVisits, ChangePlan, ChangeQuestion, Choices, KeepVisits, Matter
from worker.business.problems import RefusedFileError
from worker.business.reader import read_document
from worker.business.report import describe, describe_obstacles, describe_question
from worker.business.repository import coming_visits, read_business
from worker.business.source import LARGEST_BYTES
from worker.business.zones import Constant
from worker.command_line import DATABASE_FAILURES, explain_failure, typed_as, with_sessions
from worker.db.engine import Sessions

OK, REFUSED = 0, 1
LONGEST_WORDS = 500
UNCHANGED = "Nothing was changed."
YES, NO = frozenset({"y", "yes"}), frozenset({"n", "no"})
STANDARD = "-"
HELP = """\
exit codes: 0 done, 1 refused with nothing changed, 2 wrong arguments

DATABASE_URL says which database, BUSINESS_ID which business of it. What the file no longer names is no
longer offered, but its bookings stay; naming it again brings it back. docs/business-file.md describes
every field."""


class FileRefusedError(Exception):
    """The command cannot be done; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the process's exit code."""
    options = _parser().parse_args(arguments)
    try:
        text = COMMANDS[options.command](options)
    except (RefusedPlanError, CollisionError, OtherPlanError) as error:
        sys.stderr.write(_refusal(error, options.file))
        return REFUSED
    except (FileRefusedError, RefusedFileError, UnknownHolidaysError, InvalidSettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    except DATABASE_FAILURES as error:
        sys.stderr.write(f"{explain_failure(error)}\n")
        return REFUSED
    sys.stdout.write(text)
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=typed_as("business"),
        description="Load the business from a YAML file, or write the file from the database.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    apply = commands.add_parser("apply", help="make the business what FILE says")
    apply.add_argument("file", metavar="FILE", help="a business file; - reads standard input")
    how = apply.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    how.add_argument("--yes", action="store_true", help="do not ask, as without a terminal")
    stranded = apply.add_mutually_exclusive_group()
    stranded.add_argument("--keep", action="store_true", help="visits that nobody offers then stay booked")
    stranded.add_argument("--cancel-with", metavar="WORDS", help="or are cancelled, with these words")
    zone = apply.add_mutually_exclusive_group()
    for constant in Constant:
        what = f"when the zone is corrected, the {constant} of coming visits stays"
        zone.add_argument(
            f"--keep-{constant}", dest="constant", action="store_const", const=constant, help=what
        )
    export = commands.add_parser("export", help="write the business into FILE")
    export.add_argument("file", metavar="FILE", help="where to write; - is standard output")
    holidays = commands.add_parser("holidays", help="propose a year's public holidays as closed days")
    holidays.add_argument("place", metavar="PLACE", help="a country or a part of it, such as DE or DE-BE")
    holidays.add_argument("--year", type=int, help="which year; this one if left out")
    return parser


def _apply(options: argparse.Namespace) -> str:
    file = options.file
    document = read_document(_read(file), _name(file))
    stranded: KeepVisits | CancelVisits | None = KeepVisits() if options.keep else None
    if options.cancel_with is not None:
        stranded = CancelVisits(_words(options.cancel_with))
    choices = Choices(stranded=stranded, constant=options.constant)
    if options.dry_run:
        plan = _run(plan_document, document, choices)
        if plan.problems:
            raise RefusedPlanError(plan)
        return _lines([*describe(plan), *describe_obstacles(plan), "Nothing was written."])
    if file == STANDARD or options.yes or not _has_terminal():
        return _lines(describe(_run(apply_document, document, choices)))
    return _ask_and_apply(document, choices)


def _refusal(error: RefusedPlanError | CollisionError | OtherPlanError, file: str) -> str:
    """Say why nothing was changed."""
    if not isinstance(error, RefusedPlanError):
        return _lines([str(error), UNCHANGED])
    if error.plan.problems:
        return _lines([str(RefusedFileError(_name(file), error.plan.problems))])
    return _lines([*describe(error.plan), *describe_obstacles(error.plan), UNCHANGED])


def _words(words: str) -> str:
    """Return words to customers, if there are any, and not too many for a message beside a card."""
    if not 0 < len(words.strip()) <= LONGEST_WORDS:
        raise FileRefusedError(
            f"--cancel-with needs words to the customers, up to {LONGEST_WORDS} characters"
        )
    return words.strip()


def _name(file: str) -> str:
    return "<stdin>" if file == STANDARD else file


def _ask_and_apply(document: Document, choices: Choices) -> str:
    """Show what would be done, and do it when somebody says yes."""
    plan = _run(plan_document, document, choices)
    if different := frozenset(rename for rename in plan.renames if not _is_same(rename)):
        choices = replace(choices, others=different)
        plan = _run(plan_document, document, choices)
    for question in plan.questions if not plan.problems else ():
        sys.stdout.write(_lines([*describe(plan), *describe_question(question)]))
        choices = _answered(choices, question)
        plan = _run(plan_document, document, choices)
    if not plan.can_be_applied:
        raise RefusedPlanError(plan)
    sys.stdout.write(_lines(describe(plan)))
    if not plan.changes:
        return ""
    if input("Apply? [y/N] ").strip().casefold() not in YES:
        raise FileRefusedError(UNCHANGED)
    _run(partial(apply_document, shown=plan), document, choices)
    return "Applied.\n"


def _run(
    work: Callable[[Sessions, Document, Clock, Choices], Awaitable[ChangePlan]],
    document: Document,
    choices: Choices,
) -> ChangePlan:
    return asyncio.run(with_sessions(lambda sessions, clock: work(sessions, document, clock, choices)))


def _answered(choices: Choices, question: ChangeQuestion) -> Choices:
    """Ask which option it is."""
    answer = input("Which one, 1 or 2? ").strip()
    if answer not in {"1", "2"}:
        raise FileRefusedError(UNCHANGED)
    if question.about is Matter.ZONE:
        return replace(choices, constant=Constant.CLOCK if answer == "1" else Constant.INSTANT)
    if answer == "1":
        return replace(choices, stranded=KeepVisits())
    return replace(choices, stranded=CancelVisits(_words(input("The words to the customers: "))))


def _is_same(rename: Rename) -> bool:
    """Ask whether what looks like a new name is one."""
    question = f"Is the {rename.label} '{rename.before}' now called '{rename.after}'? [Y/n] "
    return input(question).strip().casefold() not in NO


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _holidays(options: argparse.Namespace) -> str:
    return _lines(asyncio.run(with_sessions(partial(_propose, options.place, options.year))))


async def _propose(place: str, year: int | None, sessions: Sessions, clock: Clock) -> list[str]:
    now = clock.now()
    async with sessions.begin() as session:
        document = (await read_business(session)).document
        visits = await coming_visits(session, now)
    zone = ZoneInfo(document.business.timezone if document else "UTC")
    return list(propose(place, year or now.astimezone(zone).year, now, zone, visits))


async def _export(file: str) -> str:
    document = await with_sessions(_load)
    if document is None:
        raise FileRefusedError("There is no business yet: apply a file first.")
    text = write_document(document)
    if file == STANDARD:
        return text
    _write(Path(file), text)
    return f"{file} written.\n"


async def _load(sessions: Sessions, _: Clock) -> Document | None:
    async with sessions.begin() as session:
        return (await read_business(session)).document


def _read(file: str) -> bytes:
    """Read no more than is needed to see that a file is too large."""
    if file == STANDARD:
        return sys.stdin.buffer.read(LARGEST_BYTES + 1)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise FileRefusedError(f"{file} cannot be read: {error.strerror}") from None


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, so that nobody finds half of it; links lead to what is replaced."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise FileRefusedError(f"{path} is no plain file; `-` writes to standard output")
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as stream:
            temporary = Path(stream.name)
            try:
                stream.write(text)
                stream.flush()
                temporary.chmod(0o644)
                temporary.replace(path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise FileRefusedError(f"{path} cannot be written: {error.strerror}") from None


COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], str]]] = {
    "apply": _apply,
    "export": lambda options: asyncio.run(_export(options.file)),
    "holidays": _holidays,
}

if __name__ == "__main__":
    sys.exit(main())
