"""The rules by which the house is built, held over every capability there is and will be."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from shared.contracts import CONTRACTS
from tests.running import ROOT
from worker.capabilities import CAPABILITIES
from worker.runtime.capability import Capability

MIGRATION = re.compile(r"^revision = \"(\w+)\"\ndown_revision = \"?(\w+)\"?$", re.MULTILINE)
WRITES_A_TIME = re.compile(
    r"INSERT INTO booking \(|insert\(Booking\)"
    r"|(?:UPDATE booking SET|update\(Booking\))(?:(?!\n\n).)*?\b(?:during|busy|seats|specialist_id)\s?=[^=]",
    re.DOTALL,
)
"""A statement that gives a visit its time, or its specialist."""
PRODUCT = ("bot", "shared", "worker")
OF_A_CAPABILITY = {
    "__init__.py",
    "handlers.py",
    "rules.py",
    "repository.py",
    "views.py",
    "messages.py",
    "access.py",
    "files.py",
    "hook.py",
    "promises.py",
    "replies.py",
    "__main__.py",
}
"""What a capability's folder may hold: a stranger finds each thing where every other capability has it."""
WITH_SQL = (
    *("worker/db/", "worker/due/", "worker/doctor/", "worker/business/"),
    *(
        "worker/outbox/pauses.py",
        "worker/outbox/writer.py",
        "worker/gauges.py",
    ),
)
"""Rooms whose work is the database itself; elsewhere SQL stands in a repository."""
INSIDE = {
    "tests/bot/kit.py": "what waits to be sent has no other way out than being sent",
    "tests/bot/test_throttle.py": "that memory is bounded is seen in no answer",
    "tests/bot/test_webhook.py": "a poll that has succeeded, without one that goes on",
    "tests/chaos/mutants.py": "a mutant takes a guard out of what it is part of",
    "tests/shared/test_queue.py": "an answer of Redis is held back between two parts of the queue",
    "tests/worker/db/test_clock.py": "one pass of a replica's poller",
    "tests/worker/outbox/test_delivery.py": "a token that is withdrawn while the worker runs",
    "tests/worker/outbox/test_poller.py": "a message that takes its permit and sends nothing",
    "tests/worker/outbox/test_refusals.py": "an answer of Telegram that the emulator does not give",
    "tests/worker/runtime/jobs/test_silence.py": "one of its two connections goes through a black hole",
    "tests/worker/test_round_trips.py": "one pass of a replica's poller",
}
"""Tests that look into private parts, and why no public way shows what they have to see."""
OF_TUPLES = {"_asdict", "_fields", "_replace"}
"""Public, for all that named tuples begin them with a line."""
MOST_LINES_OF_A_MODULE = 300
MOST_LINES_OF_A_FUNCTION = 30
MIGRATIONS = "worker/db/migrations/versions/"
"""A migration is one function, however much it adds, and stays as it was released."""
SQL = "sqlalchemy"
TYPES_OF_SESSIONS = {"sqlalchemy.ext.asyncio"}
"""A session may be handed on by anybody."""


def modules() -> Iterator[Path]:
    return (path for room in PRODUCT for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def folder(capability: Capability) -> Path:
    return ROOT / "worker" / capability.contract.name


def test_every_contract_has_its_capability_and_the_other_way_round() -> None:
    assert {capability.contract.name for capability in CAPABILITIES} == {each.name for each in CONTRACTS}


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda each: each.contract.name)
def test_a_capability_handles_just_what_its_contract_lets_people_ask(capability: Capability) -> None:
    assert set(capability.handlers) == set(capability.contract.commands)


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda each: each.contract.name)
def test_what_may_be_dropped_for_a_later_view_changes_nothing(capability: Capability) -> None:
    dropped = {command for command in capability.handlers if command.only_shows}
    handlers = [capability.handlers[command] for command in dropped]
    assert all(each.reads or each.runs_again for each in handlers), dropped


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda each: each.contract.name)
def test_a_capability_holds_files_of_fixed_names(capability: Capability) -> None:
    found = {path.name for path in folder(capability).glob("*.py")}
    assert found <= OF_A_CAPABILITY, sorted(found - OF_A_CAPABILITY)
    assert {"__init__.py", "handlers.py"} <= found


def packages_of(module: str) -> set[str]:
    parts = module.split(".")
    return {".".join(parts[:count]) for count in range(1, len(parts))}


def test_every_module_can_be_imported_first() -> None:
    """Whoever imports a module runs its packages too; a ring of imports breaks only where it is entered."""
    graph = grimp.build_graph(*PRODUCT, "sandbox", exclude_type_checking_imports=True)
    runs = {
        module: {
            name
            for other in graph.find_modules_directly_imported_by(module)
            for name in {other} | packages_of(other)
        }
        - packages_of(module)
        - {module}
        for module in graph.modules
    }
    assert len(runs) > 200
    TopologicalSorter(runs).prepare()


def test_sql_stands_in_repositories() -> None:
    speaking = {
        str(path.relative_to(ROOT))
        for path in modules()
        if any(name.split(".")[0] == SQL for name in imported(path) - TYPES_OF_SESSIONS)
    }
    elsewhere = {name for name in speaking if not name.endswith("/repository.py")}
    assert {name for name in elsewhere if not name.startswith(WITH_SQL)} == set()


def test_rules_do_no_io() -> None:
    for path in (ROOT / "worker").rglob("rules.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        waits = [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef | ast.Await)]
        assert not waits, path
        assert not any(name.split(".")[0] == SQL for name in imported(path)), path


def measured() -> Iterator[tuple[str, str]]:
    """Go over what is no migration: each module's name and text."""
    for path in modules():
        name = str(path.relative_to(ROOT))
        if not name.startswith(MIGRATIONS):
            yield name, path.read_text(encoding="utf-8")


def test_modules_are_short() -> None:
    assert not [name for name, text in measured() if len(text.splitlines()) > MOST_LINES_OF_A_MODULE]


def test_functions_are_short() -> None:
    long = [
        f"{name}: {node.name}"
        for name, text in measured()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert not long


def test_class_names_are_unique() -> None:
    names = Counter(
        node.name
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in names.items() if count > 1} == set()


def test_a_visits_time_is_written_in_one_room() -> None:
    """Whatever holds for booking holds for moving, offering and swapping, by whomever."""
    writing = [name for name, text in measured() if WRITES_A_TIME.search(text)]
    assert writing == ["worker/placement/repository.py"]


def test_migrations_are_one_line() -> None:
    files = (ROOT / "worker/db/migrations/versions").glob("*.py")
    links = [MIGRATION.findall(path.read_text(encoding="utf-8")) for path in files]
    before = Counter(down for each in links for _, down in each)
    assert max(before.values()) == 1, "two migrations follow the same one"
    assert len({revision for each in links for revision, _ in each} - before.keys()) == 1


def private_names() -> set[str]:
    """Return the private attributes of the product's classes."""
    return {
        node.attr
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and is_private(node.attr) and is_own(node.value)
    }


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in OF_TUPLES


def is_own(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Name) and owner.id in {"self", "cls"}


def test_tests_go_through_public_ways() -> None:
    private, looking = private_names(), set()
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in private and not is_own(node.value):
                looking.add(str(path.relative_to(ROOT)))
    assert looking == INSIDE.keys()
