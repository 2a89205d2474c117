"""Which lines of a log a chaos run takes for a broken promise: shown on logs made up for it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.chaos.checks.processes import ASKED_WITHIN_SECONDS, UNDELIVERED, check_processes
from tests.chaos.findings import Promise
from tests.chaos.system import Fault

AT = 1_000_000.0
LATEST = 60 + ASKED_WITHIN_SECONDS


def found(logs: Path, event: str, level: str, *faults: Fault) -> Sequence[Promise]:
    line = {"event": event, "level": level, "timestamp": datetime.fromtimestamp(AT, UTC).isoformat()}
    (logs / "bot.log").write_text(json.dumps(line) + "\n", encoding="utf-8")
    return [finding.promise for finding in check_processes(logs, faults, [], [])]


@pytest.mark.parametrize(("level", "promises"), [("warning", []), ("error", [Promise.LOG])])
def test_an_error_breaks_a_promise_and_a_warning_does_not(
    tmp_path: Path, level: str, promises: list[Promise]
) -> None:
    assert found(tmp_path, "something", level) == promises


@pytest.mark.parametrize(
    "fault",
    [
        Fault("redis away", "redis", AT - LATEST - 5, AT - LATEST + 5),
        Fault("redis killed", "valkey", AT - 1, AT + 1),
        Fault("kill", "bot", AT - 30),
    ],
    ids=lambda fault: fault.kind,
)
def test_what_could_not_be_delivered_while_the_bot_refused_or_was_away_is_no_finding(
    tmp_path: Path, fault: Fault
) -> None:
    assert found(tmp_path, UNDELIVERED, "error", fault) == []
    assert found(tmp_path, "something else", "error", fault) == [Promise.LOG]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("postgres away", "postgres", AT - 30, AT),
        Fault("kill", "worker-1", AT - 1),
        Fault("redis away", "redis", AT - LATEST - 9, AT - LATEST - 1),
        Fault("redis away", "redis", AT + 1, AT + 9),
    ],
    ids=["postgres", "worker", "before", "after"],
)
def test_what_could_not_be_delivered_without_such_a_reason_is_one(tmp_path: Path, fault: Fault) -> None:
    assert found(tmp_path, UNDELIVERED, "error", fault) == [Promise.LOG]
