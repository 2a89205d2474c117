"""The benchmark works: a glimpse of some parts with one contender, and the page that comes of it."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sandbox.emulator.config import EmulatorConfig
from sandbox.emulator.emulator import Emulator
from sandbox.emulator.world import World
from tests.benchmarks.__main__ import PARTS, main
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.goals import JUDGES, at_least, at_most, below, rows
from tests.benchmarks.report import report
from tests.benchmarks.scale import GLIMPSE
from tests.benchmarks.system import Bench, TimedCalls, token


@pytest.mark.timeout(400)  # most of it is starting what is measured, on whatever machine
def test_a_glimpse_measures_and_writes_the_page(tmp_path: Path) -> None:
    chosen = ["taps", "cost", "transaction", "pick_up"]
    assert main(["--glimpse", "--only", *chosen, "--into", str(tmp_path)]) == 0
    results = json.loads((tmp_path / "results.json").read_text())
    assert list(results["parts"]) == chosen
    assert results["notes"] == []
    taps = results["parts"]["taps"]["taps"]["bellhop"]["10"]
    assert taps["unanswered"] == 0
    assert 0 < taps["p50_ms"] <= taps["p99_ms"]
    cost = results["parts"]["cost"]
    assert {"answerCallbackQuery", "editMessageText", "sendDocument"} <= {
        each["call"] for each in cost["telegram"]
    }
    assert all(cost[name] for name in ("redis", "sql"))
    assert all(results["parts"]["transaction"]["a_second"].values())
    page = (tmp_path / "README.md").read_text()
    assert "| pick-up by an idle worker | p50 < 2 ms |" in page
    assert "| slots |  | not measured | – |" in page


def test_nobody_wants_to_be_in_two_places_at_a_time() -> None:
    emulator = Emulator(EmulatorConfig(tokens=(token(0),)), World())
    bench = SimpleNamespace(emulator=emulator, calls=TimedCalls(), scale=replace(GLIMPSE, people=2))
    people = Crowd(cast("Bench", bench), "bellhop")
    for _ in range(1000):
        people.book()
    assert sum(len(person.visits) for person in people.people.values()) == 1000


def measured() -> dict[str, Any]:
    tap = {"p50_ms": 6.0, "p99_ms": 30.0, "cpu_ms": 5.0, "taps": 700, "unanswered": 0}
    figures = {**tap, "show_p50_ms": 5.0, "book_p50_ms": 9.0}
    theirs = {**figures, "p50_ms": 4.0, "p99_ms": 10.0, "cpu_ms": 4.0}
    stock = {**figures, "p50_ms": 300.0}
    contenders = {"bellhop": figures, "monolith": theirs, "stock arq": stock}
    taps = {name: {"100": each} for name, each in contenders.items()}
    return {
        "taps": {"rates": [100], "taps": taps, "memory": {"bellhop": {"bot": 90.0, "worker-1": 110.0}}},
        "starts": {"seconds": {"bellhop bot": 0.9, "bellhop worker": 3.1}, "starts": 5},
    }


def test_goals_are_judged() -> None:
    found = {(row.what, row.goal): (row.measured, row.verdict) for row in rows(measured())}
    assert found["tap → reply at 100/s", "p50 within 3 ms of the monolith"][1] == "met"
    assert found["tap → reply at 100/s", "p99 within 2× of the monolith's"] == ("3.00×", "missed by 1")
    assert found["tap → reply at 100/s", "p50 ≥ 30× better than stock arq"] == ("50×", "met")
    assert found["CPU a tap at 100/s", "≤ 1.3× the monolith"][1] == "met"
    assert found["memory of the worker, after the taps", "< 100 MB"] == ("110 MB", "missed by 10")
    assert found["start-up of the worker", "< 1.5 s"] == ("3.10 s", "missed by 2.1×")
    assert found["slots", ""] == ("not measured", "–")


def test_verdicts_say_by_how_much() -> None:
    assert at_most(1.0, 1.0) == "met"
    assert at_most(1.5, 1.0) == "missed by 0.5"
    assert below(0.999, 1.0) == "met"
    assert below(1.0, 1.0) == "missed: just as much"
    assert below(1.5, 1.0) == "missed by 0.5"
    assert at_least(1.0, 2.0) == "missed: 50% of it"


def test_every_part_has_a_goal() -> None:
    assert {part for part, _ in JUDGES.values()} == set(PARTS)


def test_a_page_tells_what_went_wrong() -> None:
    about = {
        "processor": "",
        "cores": 2,
        "memory_gb": 4,
        "system": "Linux",
        "python": "3.12",
        "commit": "c0ffee",
    }
    machine = {**about, "date": "2026-11-22", "load_before": 0.1}
    results = {"scale": "quick", "machine": machine, "parts": measured(), "notes": ["bulk failed:\n no"]}
    page = report(results, ["taps.png"])
    assert "- bulk failed: no" in page
    assert "![taps](taps.png)" in page
    assert "| monolith | 100/s | 4.0 | 10.0 |" in page
