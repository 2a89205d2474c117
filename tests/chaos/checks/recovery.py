"""How long a killed worker's jobs take to have their effect all the same."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import asyncpg

from tests.chaos.checks.processes import moments_of_death
from tests.chaos.evidence import Evidence, unix
from tests.chaos.spread import percentile
from tests.chaos.system import Loss

RECOVERY_LIMIT = 5.0
BEHIND_SECONDS = 1.0
NOTICED_SECONDS = 5.0
STARTING_SECONDS = 3.0
"""A worker that was started again may be of no help for so long."""
OUTAGES = ("redis killed", "redis emptied", "postgres crashed", "postgres refused")
LATER = frozenset({"booking.reminder"})

type Promised = defaultdict[int, list[asyncpg.Record]]


@dataclass(frozen=True, slots=True)
class Recovered:
    """One job that a killed worker left and another one finished."""

    update_id: int
    worker: str
    died_at: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Recovery:
    """What became of the jobs that killed workers had in hand."""

    kills: int
    """Workers that were killed with a job in hand, whatever else happened then."""
    measured: list[Recovered]
    """Jobs that still owed something when their worker was killed."""
    overlapped: int
    """Jobs left out: an outage lay over the kill, or the machine was behind."""
    alone: int
    """Jobs left out: no other worker was left in peace to take them over."""
    nothing_left: int
    """Jobs left out: all that they owed was with Telegram already, or came after another try at Telegram."""
    beside: list[float]
    """How long the updates took that came about the measured kills and lost no worker themselves."""

    @property
    def seconds(self) -> list[float]:
        """From each kill to the last effect that a job still owed."""
        return [one.seconds for one in self.measured]

    @property
    def slowest(self) -> Recovered:
        """The job that took longest."""
        return max(self.measured, key=lambda one: one.seconds)


def measure_recovery(evidence: Evidence) -> Recovery:
    """Measure each job from the last worker that was lost with it: before that, it had been taken over."""
    promised = _promised(evidence)
    measured: list[Recovered] = []
    left_out: Counter[str] = Counter()
    beside: dict[float, list[float]] = {}
    last_losses = _last_losses(evidence)
    for update_id, loss in last_losses.items():
        if not loss.killed or update_id in evidence.lost:
            continue
        died_at = _moment(evidence, loss)
        waits = usual_waits(evidence, died_at, last_losses.keys(), promised)
        effects = list(_effects(evidence, update_id, died_at, promised[update_id]))
        if why := _left_out(evidence, loss, died_at, effects, waits):
            left_out[why] += 1
        else:
            measured.append(Recovered(update_id, loss.worker, died_at, max(effects) - died_at))
            beside[died_at] = waits
    kills = sum(loss.killed for loss in evidence.losses)
    return Recovery(
        kills,
        measured,
        overlapped=left_out["overlapped"],
        alone=left_out["alone"],
        nothing_left=left_out["nothing left"],
        beside=[wait for waits in beside.values() for wait in waits],
    )


def _left_out(
    evidence: Evidence, loss: Loss, died_at: float, effects: list[float], waits: list[float]
) -> str:
    if evidence.disturbed(died_at - 1, died_at + RECOVERY_LIMIT, *OUTAGES) or _is_behind(waits):
        return "overlapped"
    if not _others_lived(evidence, loss, died_at):
        return "alone"
    return "" if effects else "nothing left"


def _others_lived(evidence: Evidence, loss: Loss, died_at: float) -> bool:
    """Tell whether a worker that nothing was done to could take the jobs over."""
    workers = {path.stem for path in evidence.logs.glob("worker-*.log")}
    hurt = {
        fault.target.partition(" ")[0]
        for fault in evidence.faults
        if fault.at <= died_at + RECOVERY_LIMIT and fault.over + STARTING_SECONDS >= died_at
    }
    return bool(workers - hurt - {loss.worker})


def _last_losses(evidence: Evidence) -> dict[int, Loss]:
    return {
        int(job.rpartition(":")[2]): loss
        for loss in sorted(evidence.losses, key=lambda loss: loss.at)
        for job in loss.jobs
    }


def _promised(evidence: Evidence) -> Promised:
    """Return the messages promised for at once, by the update that caused them.

    Those that took more than one claim after the first were held up by Telegram, or by another death.
    """
    found: defaultdict[int, list[asyncpg.Record]] = defaultdict(list)
    for row in evidence.rows["outbox"]:
        if row["kind"] not in LATER and row["state"] == "sent" and row["attempts"] <= 1:
            found[int(row["payload"].get("update_id") or 0)].append(row)
    return found


def _effects(
    evidence: Evidence, update_id: int, died_at: float, promised: list[asyncpg.Record]
) -> Iterator[float]:
    """Yield when what a job still owed came: the answer to its tap, the messages it had promised."""
    offer = evidence.update_of.get(update_id)
    calls = evidence.answered.get(offer.tag, ()) if offer is not None and offer.tag else ()
    if calls and min(call["at"] for call in calls) > died_at:
        yield min(call["at"] for call in calls)
    yield from (sent for row in promised if (sent := unix(row["sent_at"])) > died_at)


def _moment(evidence: Evidence, loss: Loss) -> float:
    """Return when a worker died: by its own log where a failpoint killed it, which is noticed later."""
    if not loss.noticed_later:
        return loss.at
    own = [at for at in moments_of_death(evidence.logs, loss.worker) if 0 <= loss.at - at < NOTICED_SECONDS]
    return max(own, default=loss.at)


def _is_behind(waits: list[float]) -> bool:
    """Tell whether a tenth of those waited long whom no death concerned: what is slow then is the machine.

    A tail is judged, so it is a tail that tells: a backlog of cards and files holds up those who are answered
    by a toast not at all.
    """
    return not waits or percentile(waits, 0.9) >= BEHIND_SECONDS


def usual_waits(evidence: Evidence, died_at: float, but: Collection[int], promised: Promised) -> list[float]:
    """Return the seconds from the updates about a kill to the last effect of each, as those are measured.

    `but` are the updates whose worker was lost.
    """
    begin, end = died_at - 1, died_at + RECOVERY_LIMIT
    waits = []
    for offer in evidence.offers:
        if begin <= offer.at <= end and offer.update_id not in but:
            effects = list(_effects(evidence, offer.update_id, offer.at, promised[offer.update_id]))
            waits += [max(effects) - offer.at] if effects else []
    return waits
