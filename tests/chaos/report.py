"""How a run begins and ends: its options, and the table of what came of it."""

import argparse
import asyncio
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.chaos.checks.bookings import check_bookings
from tests.chaos.checks.chats import check_chats, confirmations
from tests.chaos.checks.guests import check_guests, guest_figures
from tests.chaos.checks.processes import check_processes
from tests.chaos.checks.recovery import RECOVERY_LIMIT, Recovery, measure_recovery
from tests.chaos.checks.reminders import check_reminders, collect
from tests.chaos.checks.sends import check_sends, count_duplicates, most_in_a_second
from tests.chaos.checks.several import check_several, several_figures
from tests.chaos.checks.together import check_together, together_figures
from tests.chaos.checks.updates import check_updates
from tests.chaos.evidence import Evidence
from tests.chaos.findings import Finding, Promise
from tests.chaos.offers import CHANGING, Kind
from tests.chaos.spread import percentile
from tests.running import make_data_directory

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

TOO_MANY = 429
MOST_SHOWN = 10


@dataclass(frozen=True)
class Verdict:
    """The figures of a run, and the promises it found broken."""

    figures: dict[str, Any]
    findings: Sequence[Finding]

    @property
    def ok(self) -> bool:
        """Whether every promise held."""
        return not self.findings

    def as_json(self) -> str:
        """Write it for machines."""
        broken = [{"promise": one.promise.value, "what": one.what} for one in self.findings]
        return json.dumps({**self.figures, "ok": self.ok, "broken": broken})

    def as_table(self) -> str:
        """Write it for people."""
        width = max(map(len, self.figures))
        lines = [f"{name:<{width}}  {_shown(value)}" for name, value in self.figures.items()]
        lines.append("")
        counts = Counter(one.promise for one in self.findings)
        for promise, count in counts.items():
            lines.append(f"BROKEN: {promise.value} ({count})")
            some = [one.what for one in self.findings if one.promise is promise][:MOST_SHOWN]
            lines += [f"    {what}" for what in some]
        lines += [] if counts else ["Every promise held."]
        return "\n".join(lines)


def asked[P: "DataclassInstance"](plan: P, module: str, doc: str | None) -> P:
    """Return a plan with the options that a module was started with: there is one for each of its figures."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=doc)
    for each in fields(plan):
        usual = getattr(plan, each.name)
        if type(usual) in {int, float}:
            name = each.name.replace("_", "-")
            parser.add_argument(f"--{name}", type=type(usual), default=usual)
    return replace(plan, **vars(parser.parse_args()))


def run_and_tell(
    run: Callable[[Path], Coroutine[Any, Any, Verdict]], *, keep: bool = False, json_path: Path | None = None
) -> int:
    """Run in an empty directory and print the verdict; return the exit code, 1 for a broken promise.

    What the run has left goes, unless it is to be looked at.
    """
    data = make_data_directory()
    verdict = asyncio.run(run(data))
    sys.stdout.write(f"\n{verdict.as_table()}\n")
    if json_path is not None:
        json_path.write_text(verdict.as_json() + "\n", encoding="utf-8")
    if verdict.ok and not keep:
        shutil.rmtree(data, ignore_errors=True)
    else:
        sys.stdout.write(f"The logs and the database are in {data}.\n")
    return 0 if verdict.ok else 1


def judge(evidence: Evidence, problems: list[str], about: dict[str, Any]) -> Verdict:
    """Run every check."""
    recovery = measure_recovery(evidence)
    found = [
        *check_updates(evidence),
        *check_bookings(evidence),
        *check_chats(evidence),
        *check_guests(evidence),
        *check_several(evidence),
        *check_together(evidence),
        *check_reminders(evidence),
        *check_sends(evidence),
        *check_processes(evidence.logs, evidence.faults, problems, evidence.rows["dead"]),
    ]
    if (slow := percentile(recovery.seconds, 0.99)) > RECOVERY_LIMIT:
        found.append(Finding(Promise.RECOVERY, f"p99 {slow:.2f} s; slowest: {recovery.slowest}"))
    return Verdict({**about, **_figures(evidence, found, recovery)}, found)


def _figures(evidence: Evidence, found: list[Finding], recovery: Recovery) -> dict[str, Any]:
    counts = Counter(one.promise for one in found)
    return {
        **_changes(evidence, counts),
        **_messages(evidence, counts),
        **guest_figures(evidence),
        **several_figures(evidence),
        **together_figures(evidence),
        **_recovery(recovery),
        **_limits_and_faults(evidence),
    }


def _changes(evidence: Evidence, counts: Counter[Promise]) -> dict[str, Any]:
    offers = evidence.offers
    accepted = [offer for offer in offers if offer.update_id in evidence.accepted]
    applied = [offer for offer in accepted if offer.update_id in evidence.processed]
    refused = [
        offer for offer in accepted if offer.kind in CHANGING and offer.update_id not in evidence.processed
    ]
    lost = [
        one for one in refused if one.update_id in evidence.lost and not evidence.answered.get(one.tag or "")
    ]
    kinds = Counter(offer.kind for offer in applied)
    return {
        "updates offered": len(offers),
        "updates sent, repeats included": sum(offer.times for offer in offers),
        "updates accepted": len(accepted),
        "changes applied": len(applied),
        "changes refused": len(refused) - len(lost),
        "changes lost with an emptied Redis": len(lost),
        "jobs in Redis when it was emptied": len(evidence.lost),
        "lost": counts[Promise.LOST],
        "applied twice": counts[Promise.TWICE],
        "bookings": kinds[Kind.BOOK],
        "moves": kinds[Kind.MOVE],
        "cancellations": kinds[Kind.CANCEL],
        "double bookings": counts[Promise.DOUBLE],
    }


def _messages(evidence: Evidence, counts: Counter[Promise]) -> dict[str, Any]:
    confirmed, reminders = confirmations(evidence), collect(evidence)
    twice = count_duplicates(evidence)
    return {
        "confirmations due": confirmed.due,
        "confirmations delivered": confirmed.delivered,
        "confirmations replaced by a newer one": confirmed.replaced,
        "confirmations missing": confirmed.missing,
        "chats that end in something untrue": counts[Promise.CARD],
        "reminders due": len(reminders.due),
        "reminders delivered": len(reminders.due) - len(reminders.missing),
        "reminders missing": len(reminders.missing),
        "reminders of visits that are not": len(reminders.stray),
        "reminder lateness p50/p99/max (s)": _spread(reminders.lateness),
        "duplicates (reminders, files, answers)": [twice.reminders, twice.files, twice.answers],
        "duplicates allowed (ambiguous + kills)": [twice.ambiguous, twice.kills],
        "answers sent again because Redis had forgotten the question": twice.forgotten,
    }


def _recovery(recovery: Recovery) -> dict[str, Any]:
    return {
        "recovery p50/p99/max (s)": _spread(recovery.seconds),
        "meanwhile, without a death p50/p99/max (s)": _spread(recovery.beside),
        "recoveries measured": len(recovery.seconds),
        "workers killed with jobs in hand": recovery.kills,
        "not measured (an outage or the machine behind, no other worker left, nothing owed)": [
            recovery.overlapped,
            recovery.alone,
            recovery.nothing_left,
        ],
    }


def _limits_and_faults(evidence: Evidence) -> dict[str, Any]:
    floods = sum(call["status"] == TOO_MANY for call in evidence.calls)
    return {
        "most sends in a second (and in one with Redis emptied)": list(most_in_a_second(evidence)),
        "sends allowed in a second": evidence.sends_per_second,
        "refused by Telegram as too many": max(0, floods - _by_kind(evidence)["flood"]),
        "faults": len(evidence.faults) + sum(evidence.struck.values()),
        "faults of processes": dict(Counter(fault.kind for fault in evidence.faults)),
        "faults of Telegram": dict(_by_kind(evidence)),
    }


def _by_kind(evidence: Evidence) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (kind, _), count in evidence.struck.items():
        counts[kind] += count
    return counts


def _spread(values: Sequence[float]) -> list[float]:
    return [round(percentile(values, share), 3) for share in (0.5, 0.99, 1.0)]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or "none"
    return " / ".join(map(str, value)) if isinstance(value, list) else str(value)
