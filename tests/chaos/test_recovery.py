"""What a chaos run takes for a recovery: shown on runs made up for it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest

from tests.chaos.checks import recovery as checks
from tests.chaos.checks.recovery import measure_recovery
from tests.chaos.evidence import Evidence
from tests.chaos.offers import Kind, Offer
from tests.chaos.system import Fault, Loss

DIED_AT = 1_000.0
USUAL_WAITS = checks.usual_waits
ROW: dict[str, Any] = {
    "kind": "booking.card",
    "state": "sent",
    "attempts": 1,
    "payload": {"update_id": 7},
    "sent_at": datetime.fromtimestamp(DIED_AT + 3.5, UTC),
}
KILLED = Fault("kill", "worker-1", DIED_AT, DIED_AT + 0.1)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for number in (1, 2, 3):
        (tmp_path / f"worker-{number}.log").touch()
    return tmp_path


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.chaos.checks.recovery.usual_waits", lambda *_: [0.05])


def left_by(logs: Path, *faults: Fault, **row: object) -> Evidence:
    return Evidence(
        offers=[],
        services={},
        updates=[],
        calls=[],
        chats={},
        faults=[KILLED, *faults],
        losses=[Loss("worker-1", DIED_AT, killed=True, jobs=["u:1:7"])],
        emptyings=(),
        struck={},
        sends_per_second=90,
        logs=logs,
        rows={"outbox": [cast("asyncpg.Record", {**ROW, **row})]},
    )


def test_it_lasts_until_what_was_owed_has_come(logs: Path) -> None:
    recovery = measure_recovery(left_by(logs))
    assert (recovery.kills, recovery.seconds) == (1, [3.5])
    assert recovery.slowest.update_id == 7


@pytest.mark.parametrize(
    "fault",
    [
        Fault("freeze", "worker-3", DIED_AT - 4, DIED_AT + 2),
        Fault("kill", "worker-3", DIED_AT + 4.9, DIED_AT + 5),
        Fault("failpoint", "worker-3 before_commit=kill:0.05", DIED_AT - 2.9),
    ],
    ids=lambda fault: fault.kind,
)
def test_a_death_is_measured_where_another_worker_lives(logs: Path, fault: Fault) -> None:
    assert measure_recovery(left_by(logs, fault)).seconds == [3.5]
    recovery = measure_recovery(left_by(logs, fault, Fault("terminate", "worker-2", DIED_AT, DIED_AT)))
    assert (recovery.seconds, recovery.alone) == ([], 1)


@pytest.mark.parametrize(("noticed_later", "seconds"), [(False, 3.5), (True, 4.0)])
def test_a_failpoints_death_is_taken_from_the_log(logs: Path, *, noticed_later: bool, seconds: float) -> None:
    died = datetime.fromtimestamp(DIED_AT - 0.5, UTC).isoformat()
    line = {"event": "failpoint", "action": "kill", "job_id": "u:1:6", "timestamp": died}
    (logs / "worker-1.log").write_text(json.dumps({"failpoint": "after_claim", **line}) + "\n")
    evidence = left_by(logs)
    evidence.losses = [replace(evidence.losses[0], noticed_later=noticed_later)]
    assert measure_recovery(evidence).seconds == [seconds]


def test_what_an_outage_takes_is_the_outages(logs: Path) -> None:
    recovery = measure_recovery(left_by(logs, Fault("redis killed", "valkey", DIED_AT + 1, DIED_AT + 2)))
    assert (recovery.seconds, recovery.overlapped) == ([], 1)


def test_who_owed_nothing_recovers_nothing(logs: Path) -> None:
    recovery = measure_recovery(left_by(logs, state="void"))
    assert (recovery.seconds, recovery.nothing_left) == ([], 1)


@pytest.mark.parametrize(("after", "seconds"), [(0.9, [3.5]), (1.1, [])])
def test_where_others_wait_as_long_it_is_the_machine(
    logs: Path, monkeypatch: pytest.MonkeyPatch, after: float, seconds: list[float]
) -> None:
    monkeypatch.setattr("tests.chaos.checks.recovery.usual_waits", USUAL_WAITS)
    evidence = left_by(logs)
    evidence.offers = [Offer(update_id, 70, Kind.BOOK, DIED_AT + 1) for update_id in (7, 8)]
    other = {"payload": {"update_id": 8}, "sent_at": datetime.fromtimestamp(DIED_AT + 1 + after, UTC)}
    evidence.rows["outbox"].append(cast("asyncpg.Record", {**ROW, **other}))
    recovery = measure_recovery(evidence)
    assert recovery.seconds == seconds
    assert recovery.beside == pytest.approx([after] if seconds else [])


@pytest.mark.parametrize(("late", "measured"), [(1, [3.5]), (2, [])])
def test_a_tenth_that_waits_long_is_enough(
    logs: Path, monkeypatch: pytest.MonkeyPatch, late: int, measured: list[float]
) -> None:
    waits = [0.05] * (19 - late) + [4.0] * late
    monkeypatch.setattr("tests.chaos.checks.recovery.usual_waits", lambda *_: waits)
    assert measure_recovery(left_by(logs)).seconds == measured
