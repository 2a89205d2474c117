"""`python -m tests.benchmarks [--quick] [--only NAME …]`: how fast Bellhop is beside what people would use.

Writes results.json and README.md: a whole run to docs/benchmarks, any other to .cache/benchmarks.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil
import uvloop

from shared.logs import configure_logs
from tests.benchmarks import (
    accept,
    agenda,
    bookings,
    bulk,
    cost,
    idle,
    pick_up,
    reminders,
    slots,
    starts,
    taps,
    transaction,
)
from tests.benchmarks.report import report
from tests.benchmarks.scale import FULL, GLIMPSE, QUICK, Scale
from tests.benchmarks.system import Bench, running
from tests.running import ROOT

type Part = Callable[[Bench], Awaitable[dict[str, Any]]]

PARTS: Mapping[str, Part] = {
    "taps": taps.measure,
    "bookings": bookings.measure,
    "idle": idle.measure,
    "cost": cost.measure,
    "agenda": agenda.measure,
    "bulk": bulk.measure,
    "starts": starts.measure,
    "accept": accept.measure,
    "transaction": transaction.measure,
    "slots": slots.measure,
    "reminders": reminders.measure,
    "pick_up": pick_up.measure,
}
"""In this order: those from `starts` on want nothing else to run."""
DOCUMENTED, CACHED = ROOT / "docs" / "benchmarks", ROOT / ".cache" / "benchmarks"
DRAW = Path(__file__).with_name("draw.py")
PART_SECONDS, DRAW_SECONDS = 480, 120


def machine() -> dict[str, Any]:
    """Describe where and of what this is measured."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip() or "unknown",
        "date": datetime.now(UTC).date().isoformat(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


async def run(scale: Scale, names: Sequence[str]) -> dict[str, Any]:
    """Measure the parts; one that fails is noted, and the others go on."""
    results: dict[str, Any] = {"scale": scale.name, "machine": machine(), "parts": {}}
    begin = perf_counter()
    async with running(scale) as bench:
        for name in names:
            await _measure(bench, name, results["parts"])
        results["notes"] = bench.notes
    results["machine"]["seconds"] = round(perf_counter() - begin)
    return results


async def _measure(bench: Bench, name: str, parts: dict[str, Any]) -> None:
    began = perf_counter()
    sys.stdout.write(f"{name} … ")
    sys.stdout.flush()
    try:
        async with asyncio.timeout(PART_SECONDS):
            parts[name] = await PARTS[name](bench)
        sys.stdout.write(f"{perf_counter() - began:.0f} s\n")
    except Exception as error:  # noqa: BLE001 - one part's failure is a result, too
        bench.notes.append(f"{name} failed: {type(error).__name__}: {error}")
        sys.stdout.write(f"failed: {type(error).__name__}: {error}\n")


def draw(results: dict[str, Any], into: Path) -> list[str]:
    """Draw the results in an environment of its own; return the pictures' names, none where that fails."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    how = ["run", "--quiet", "--isolated", "--no-project", "--python", ">=3.12"]
    what = ["--with-requirements", str(ROOT / "requirements" / "pictures.txt"), "python"]
    command = [uv, *how, *what, str(DRAW), str(into / "results.json"), str(into)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=DRAW_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        results["notes"].append(f"No pictures were drawn: {type(error).__name__}; the tables hold it all.")
        return []
    return done.stdout.split()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the report; exit code 1 where a part failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="under two minutes, with rough figures")
    size.add_argument("--glimpse", action="store_true", help="a moment of each part: does it work at all?")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), metavar="NAME", help=", ".join(PARTS))
    parser.add_argument("--into", type=Path, help="write the report into this directory")
    given = parser.parse_args(arguments)
    scale = QUICK if given.quick else GLIMPSE if given.glimpse else FULL
    configure_logs("ERROR", "console")
    names = [name for name in PARTS if not given.only or name in given.only]
    results = uvloop.run(run(scale, names))
    whole = scale is FULL and not given.only
    into = given.into or (DOCUMENTED if whole else CACHED)
    into.mkdir(parents=True, exist_ok=True)
    (into / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    text = report(results, draw(results, into) if scale is FULL else [])
    (into / "README.md").write_text(text)
    sys.stdout.write(f"\n{text}\nWritten to {into}.\n")
    return int(set(names) != set(results["parts"]))


if __name__ == "__main__":
    sys.exit(main())
