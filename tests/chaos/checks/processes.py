"""Processes that live, logs without errors, commands that do not die."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from bot.webhook_watch import EVERY_SECONDS
from tests.chaos.findings import Finding, Promise, findings
from tests.chaos.offers import Json
from tests.chaos.system import Fault

MOST_EXAMPLES = 5
QUIET = frozenset({"debug", "info", "warning"})
DEADLY = frozenset({"kill", "exit"})
UNDELIVERED = "Telegram cannot deliver updates here"
ASKED_WITHIN_SECONDS = 30.0
"""A call that fails is tried again for so long at most before it is answered."""


def check_processes(
    logs: Path, faults: Sequence[Fault], problems: Sequence[str], dead: Sequence[asyncpg.Record]
) -> list[Finding]:
    """Read the logs and the dead letters."""
    return [
        *findings(Promise.PROCESS, problems),
        *findings(Promise.DEAD, (f"{row['job_id']}: {row['reason']}" for row in dead)),
        *findings(Promise.LOG, _unexpected(logs, faults)),
    ]


def _unexpected(logs: Path, faults: Sequence[Fault]) -> Iterator[str]:
    for path in _logs(logs):
        seen: Counter[str] = Counter()
        for line in path.read_text(errors="replace").splitlines():
            entry = _read(line)
            # A killed process may leave half a line, which the next one's first line follows.
            if entry is None and not line.startswith("{"):
                seen[line[:160]] += 1
            elif entry is not None and entry.get("level") not in QUIET and not _is_excused(entry, faults):
                words = str(entry.get("exception", "")).strip().splitlines()
                seen[f"{entry.get('event')}: {words[-1] if words else entry}"[:300]] += 1
        for text, count in seen.most_common(MOST_EXAMPLES):
            yield f"{path.name}, {count} times: {text}"


def _is_excused(entry: Json, faults: Sequence[Fault]) -> bool:
    """Tell whether the bot says truly that Telegram could not deliver: it was away, or refused without Redis.

    It asks once a minute, so it may say so a minute after.
    """
    if entry.get("event") != UNDELIVERED:
        return False
    at = datetime.fromisoformat(entry["timestamp"]).timestamp()
    since = at - EVERY_SECONDS - ASKED_WITHIN_SECONDS
    away = (each for each in faults if each.kind.startswith("redis") or each.target.startswith("bot"))
    return any(fault.at <= at and fault.over >= since for fault in away)


def moments_of_death(logs: Path, worker: str) -> list[float]:
    """Return when failpoints killed a worker, by its log."""
    lines = (logs / f"{worker}.log").read_text(errors="replace").splitlines()
    entries = [entry for line in lines if '"failpoint"' in line and (entry := _read(line))]
    deadly = (entry for entry in entries if entry.get("action") in DEADLY)
    return [datetime.fromisoformat(entry["timestamp"]).timestamp() for entry in deadly]


def _logs(logs: Path) -> list[Path]:
    return sorted(path for path in logs.glob("*.log") if path.name.startswith(("bot", "worker")))


def _read(line: str) -> Json | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
