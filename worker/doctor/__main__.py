"""`python -m worker.doctor`: tells whether everything Bellhop needs is there and works."""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from pydantic_core import to_json

from shared.clock import SystemClock
from shared.environment import InvalidSettingsError
from worker.command_line import DATABASE_FAILURES, UsageError, explain_failure, typed_as, with_sessions
from worker.doctor.claim import claim
from worker.doctor.examination import examine
from worker.doctor.findings import Finding, Level, exit_code

STATUS = ("ok", "warnings", "failures")
MARKS = {Level.OK: "ok", Level.WARNING: "WARNING", Level.FAILURE: "FAILURE", Level.SKIPPED: "skipped"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checks, print what they found, and return the process's exit code."""
    options = _parser().parse_args(arguments)
    if options.claim:
        return _claim()
    findings = asyncio.run(examine(SystemClock(), offline=options.offline))
    sys.stdout.write(_json(findings) if options.json else _text(findings))
    return exit_code(findings)


def _claim() -> int:
    """Print the link that opens an empty database to its first owner."""
    try:
        link = asyncio.run(with_sessions(claim))
    except (UsageError, InvalidSettingsError) as error:
        sys.stderr.write(f"{error}\n")
    except DATABASE_FAILURES as error:
        sys.stderr.write(f"{explain_failure(error)}\n")
    else:
        sys.stdout.write(f"{link}\n")
        sys.stderr.write("Whoever opens it first owns the shop. It works once, for a day.\n")
        return exit_code(())
    return exit_code([Finding("claim", Level.FAILURE, "")])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=typed_as("doctor"),
        description="Check settings, PostgreSQL, Redis, Telegram and the workers; no secret is printed.",
        epilog="exit codes: 0 all is well, 1 warnings, 2 failures (or wrong arguments)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")
    parser.add_argument("--offline", action="store_true", help="only what needs no network")
    parser.add_argument(
        "--claim",
        action="store_true",
        help="check nothing; print a one-time link for an empty database, whose opener becomes the owner",
    )
    return parser


def _text(findings: Sequence[Finding]) -> str:
    width = max(len(finding.name) for finding in findings)
    return "".join(f"{_line(finding, width)}\n" for finding in findings)


def _line(finding: Finding, width: int) -> str:
    hint = f" → {finding.hint}" if finding.hint else ""
    return f"{MARKS[finding.level]:7}  {finding.name:{width}}  {' '.join(finding.message.split())}{hint}"


def _json(findings: Sequence[Finding]) -> str:
    report = {"status": STATUS[exit_code(findings)], "checks": findings}
    return f"{to_json(report, indent=2).decode()}\n"


if __name__ == "__main__":
    sys.exit(main())
