"""`bellhop TOOL …`: the operator's tools by one name, as the worker's image has them."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

TOOLS: Final = {
    "doctor": ("worker.doctor.__main__", "what is wrong, and what to do about it"),
    "business": ("worker.business.__main__", "load the business from a file, or write the file"),
    "slots": ("worker.slots.__main__", "when a service can be booked, and why not at other times"),
    "dead": ("worker.dead.__main__", "commands that failed for good: list, show, retry, drop"),
    "people": ("worker.people.__main__", "what is kept of one person: export it, erase it"),
    "lost": ("worker.lost.__main__", "after a restore: whose visits were lost, and tell them"),
    "retention": ("worker.retention.__main__", "forget what is past its use, now"),
}
"""Each tool's module, which `python -m` runs as well, and what it does."""

BACKUP: Final = "docker compose run --rm --no-deps backup"
ELSEWHERE: Final = {
    "backup": (
        "make a dump now, list dumps",
        f"""\
PostgreSQL's own programs make the dumps; they are in the image of the backups:

  {BACKUP} now
  {BACKUP} list
  docker compose run --rm --no-TTY --no-deps backup export > bellhop.tar     the newest, to keep elsewhere
""",
    ),
    "restore": (
        "bring a dump back",
        f"""\
The bot must not run meanwhile: it would answer from a database that is about to go.

  docker compose stop bot worker
  {BACKUP} list
  {BACKUP} restore bellhop-….dump --replace
  docker compose run --rm migrate
  docker compose up --detach --wait

Whose visits that lost is said, and told to them once the bot is up again:

  {BACKUP.replace(" --no-deps", " --no-TTY --no-deps")} lost |
    docker compose run --rm --no-TTY bellhop lost --tell

On an empty machine the dump comes in before the bot is up: docs/operate.md, "On an empty machine".
""",
    ),
    "drill": (
        "prove that the newest dump can be restored",
        f"""\
It restores into a PostgreSQL of its own and compares, beside whatever runs:

  {BACKUP} drill
""",
    ),
    "upgrade": (
        "bring in a new release",
        """\
Where the images are built on the host:

  git pull
  compose/deploy/upgrade.sh

It makes a dump, builds on renewed bases, migrates, replaces bot and workers one at a time, has the
rest read what the release brings, and asks the doctor. Where CI deploys, compose/deploy/deploy.sh does
the same. Back: `git checkout` the release before, and compose/deploy/upgrade.sh again; the schema stays.
""",
    ),
}
"""What is done on the host: what it is, and the commands to do it by."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a tool, or say how it is run; return the exit code."""
    tool, *rest = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if tool in TOOLS:
        return int(import_module(TOOLS[tool][0]).main(rest))
    if tool in ELSEWHERE:
        sys.stdout.write(ELSEWHERE[tool][1])
        return 0
    if tool in {"--help", "-h", "help"}:
        sys.stdout.write(_usage())
        return 0
    sys.stderr.write(f"There is no tool {tool!r}.\n\n{_usage()}")
    return 2


def _usage() -> str:
    known = {name: what for name, (_, what) in TOOLS.items()} | {
        name: f"{what} (says how: it is done on the host)" for name, (what, _) in ELSEWHERE.items()
    }
    lines = [f"  {name:10} {what}" for name, what in known.items()]
    return "\n".join(["usage: docker compose run --rm bellhop TOOL …", "", *lines, "", MORE, ""])


MORE: Final = "`bellhop TOOL --help` says more of each tool."


if __name__ == "__main__":
    sys.exit(main())
