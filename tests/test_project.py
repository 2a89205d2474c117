import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCKS = ("bot", "worker", "sandbox", "observing", "dev")
TOOLS = ("audit", "build", "pictures")
"""Locks of programs that run beside the project, in environments of their own."""
PIN = re.compile(r"^(?P<requirement>[A-Za-z0-9][^\s]*?==[^\s;\\]+)(?P<marker>\s*;[^\\]+)?\s*\\?$")
OPTIONS = ("index-url", "find-links", "trusted-host")
# Put together here, so that this file does not hold what it looks for.
REGISTRIES = re.compile("|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs"]))
MACHINE_PATHS = re.compile(
    "|".join([r"/ho" + r"me/\w", r"/Us" + r"ers/\w", r"(?<![\w.])/ro" + "ot/", r"[A-Z]:\\\\?Us" + "ers"])
)


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def group(name: str) -> Iterator[Requirement]:
    for entry in project()["dependency-groups"][name]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from group(entry["include-group"])


@cache
def entries(lock: str) -> tuple[str, ...]:
    """The lock's requirements, each with its hashes, comments left out."""
    lines = (ROOT / "requirements" / f"{lock}.txt").read_text().splitlines()
    text = "\n".join(line for line in lines if not line.strip().startswith("#"))
    return tuple(filter(str.strip, re.split(r"\n(?=\S)", text)))


@cache
def pins(lock: str) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for entry in entries(lock):
        pin = Requirement(entry.split("\\", 1)[0].strip())
        found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


@pytest.mark.parametrize("lock", LOCKS + TOOLS)
def test_every_locked_package_has_one_version_and_hashes(lock: str) -> None:
    assert entries(lock)
    for entry in entries(lock):
        assert PIN.match(entry.split("\n", 1)[0]), f"{lock}: not a pin: {entry}"
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), f"{lock}: no hash: {entry}"
        assert not any(option in entry for option in OPTIONS), f"{lock}: {entry}"


@pytest.mark.parametrize("lock", LOCKS + TOOLS)
def test_a_lock_holds_what_the_project_asks_for(lock: str) -> None:
    shared = [] if lock in TOOLS else project()["project"]["dependencies"]
    wanted = [*map(Requirement, shared), *group(lock)]
    for requirement in wanted:
        found = pins(lock).get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement} is not in requirements/{lock}.txt: run `make lock`"
        for pin in found:
            version = next(iter(pin.specifier)).version
            assert requirement.specifier.contains(version, prereleases=True), (
                f"{lock}: {pin} is not {requirement}"
            )


def test_what_is_tested_is_what_ships() -> None:
    tested = pins("dev")
    for lock in LOCKS:
        for name, versions in pins(lock).items():
            assert {str(pin.specifier) for pin in versions} == {str(pin.specifier) for pin in tested[name]}, (
                name
            )


def test_the_images_hold_nothing_of_each_other() -> None:
    assert not {"sqlalchemy", "asyncpg", "alembic", "icalendar"} & pins("bot").keys()
    assert not {"fastapi", "starlette", "uvicorn", "aiogram"} & pins("worker").keys()


def tracked_files() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        if file.is_file():
            yield name, file.read_text(encoding="utf-8", errors="replace")


def test_no_file_depends_on_one_registry_or_one_machine() -> None:
    for name, text in tracked_files():
        assert not REGISTRIES.search(text), f"{name} names a package registry"
        assert not MACHINE_PATHS.search(text), f"{name} holds a path of one machine"


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    declared = next(line for line in makefile.splitlines() if line.startswith(".PHONY:")).split()[1:]
    command = ["make", "--no-print-directory", "help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = [line.split()[0] for line in shown.splitlines()]
    assert sorted(listed) == sorted(declared)
    assert all(len(line.split()) > 1 for line in shown.splitlines())


def test_ci_runs_what_people_run() -> None:
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("make test")
