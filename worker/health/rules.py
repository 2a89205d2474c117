"""What of the doctor's findings owners are told, and when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from worker.doctor.findings import Finding, Level
from worker.doctor.telegram import REFUSED


class Trouble(StrEnum):
    """What may be wrong, as owners are told of it: each kind at most once a day."""

    REFUSED = "refused"
    """Telegram refuses the bot's token, so that nobody can be told while it lasts."""
    SECOND_BOT = "second_bot"
    UPDATES = "updates"
    """What people send does not come in."""
    COMMANDS = "commands"
    """What came in waits too long."""
    MESSAGES = "messages"
    """What was promised is sent too late."""
    STORAGE = "storage"
    """What is kept may be lost, or is not guarded."""
    BACKUP = "backup"
    FAILED = "failed"
    """Commands failed for good."""
    REFUNDS = "refunds"
    """Customers have waited too long for money that somebody has to send back."""
    SPECIALISTS = "specialists"
    """Specialists who used the bot cannot be written to any more."""
    NOBODY = "nobody"
    """Of some visits nobody at all can be told."""


def is_known(name: str) -> bool:
    """Tell whether this release has words for a kind of trouble: a newer one may know more."""
    return name in Trouble


FINDINGS: Final[Mapping[str, Trouble]] = {
    "second bot": Trouble.SECOND_BOT,
    "bot": Trouble.UPDATES,
    "Telegram updates": Trouble.UPDATES,
    **dict.fromkeys(("workers", "queue", "oldest command", "newer commands"), Trouble.COMMANDS),
    **dict.fromkeys(("outbox", "timers"), Trouble.MESSAGES),
    **dict.fromkeys(
        (
            *("Redis persistence", "Redis eviction", "Redis memory"),
            *("overlap constraints", "PostgreSQL schema"),
        ),
        Trouble.STORAGE,
    ),
    "last backup": Trouble.BACKUP,
    "dead commands": Trouble.FAILED,
    "refunds": Trouble.REFUNDS,
}
"""The doctor's checks of which owners hear, by their names; those about Telegram itself are in `seen`."""
OPERATORS_ALONE: Final = frozenset(
    {
        *("worker settings", "bot settings", "secret files", "time zones"),
        *("PostgreSQL version", "PostgreSQL extension", "PostgreSQL clock", "Redis version", "Redis clock"),
        *("business", "business time zone", "deposits", "inline mode"),
    }
)
"""Checks that are about setting up a machine or a shop: no news to an owner."""
TELEGRAM: Final = "Telegram"
DEPENDENCIES: Final = (TELEGRAM, "PostgreSQL", "Redis")
"""While one cannot be reached, what else is found may only follow from that: nothing is concluded."""
EVEN_WARNINGS: Final = frozenset({Trouble.BACKUP, Trouble.FAILED, Trouble.REFUNDS})
"""Of these the doctor only warns, since the bot works; of the others an owner hears when it does not."""
HOLDS: Final = timedelta(minutes=10)
"""For so long it has to last before it is told, and to be gone before it is over."""
AGAIN: Final = timedelta(days=1)
PATIENCE: Final[Mapping[Trouble, timedelta]] = {Trouble.BACKUP: timedelta(hours=1)}
"""What else has to last longer: a new shop's first dump is on its way."""


class Word(StrEnum):
    """What there is to be said of a trouble."""

    ILL = "ill"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class TroubleState:
    """A kind of trouble, and what owners know of it; see `worker.db.models.health`."""

    since: datetime | None = None
    eased_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def is_there(self) -> bool:
        """Whether it was there when somebody last looked."""
        return self.since is not None and self.eased_at is None


def seen(findings: Sequence[Finding]) -> Mapping[Trouble, bool]:
    """Say of each kind whether it is there, and nothing of those about which nothing can be said now."""
    by_name = {finding.name: finding for finding in findings}
    away = [name for name in DEPENDENCIES if name in by_name and by_name[name].level is Level.FAILURE]
    if away:
        refused = away == [TELEGRAM] and REFUSED in by_name[TELEGRAM].message
        return {Trouble.REFUSED: True} if refused else {}
    told = {trouble: _is_there(trouble, findings) for trouble in FINDINGS.values()}
    return {
        Trouble.REFUSED: False,
        **{trouble: there for trouble, there in told.items() if there is not None},
    }


def _is_there(trouble: Trouble, findings: Sequence[Finding]) -> bool | None:
    """Tell by the findings of a kind; None where none of them could be looked at."""
    levels = {each.level for each in findings if FINDINGS.get(each.name) is trouble} - {Level.SKIPPED}
    bad = {Level.FAILURE, Level.WARNING} if trouble in EVEN_WARNINGS else {Level.FAILURE}
    return bool(levels & bad) if levels else None


def tells(finding: Finding, trouble: Trouble) -> bool:
    """Tell whether a finding says of a trouble what an operator has to know."""
    about = Trouble.REFUSED if finding.name == TELEGRAM else FINDINGS.get(finding.name)
    return about is trouble and finding.level in {Level.FAILURE, Level.WARNING}


def of_reach(lost: int, unheard: int) -> Mapping[Trouble, bool]:
    """Say it of those who are told of visits: specialists out of reach, and calendars nobody hears of."""
    return {Trouble.SPECIALISTS: lost > 0, Trouble.NOBODY: unheard > 0}


def follow(
    trouble: Trouble, known: TroubleState | None, now: datetime, *, there: bool
) -> tuple[TroubleState | None, Word | None]:
    """Return what is to be kept of a kind, if anything, and what is to be said.

    What comes and goes is one trouble until it has been gone for a while. It is told once a day at most, and
    that it is over only where it was told that it was there.
    """
    state = known or TroubleState()
    return _go_on(trouble, state, now) if there else _ease(state, now)


def _go_on(trouble: Trouble, state: TroubleState, now: datetime) -> tuple[TroubleState, Word | None]:
    since = state.since or now
    lasts = now - since >= PATIENCE.get(trouble, HOLDS)
    due = state.told_at is None or now - state.told_at >= AGAIN
    told = lasts and due
    return TroubleState(since, None, now if told else state.told_at), Word.ILL if told else None


def _ease(state: TroubleState, now: datetime) -> tuple[TroubleState | None, Word | None]:
    if state.since is None:
        fresh = state.told_at is not None and now - state.told_at < AGAIN
        return (state if fresh else None), None
    eased_at = state.eased_at or now
    if now - eased_at < HOLDS:
        return TroubleState(state.since, eased_at, state.told_at), None
    was_told = state.told_at is not None and state.told_at >= state.since
    kept = TroubleState(told_at=state.told_at) if state.told_at is not None else None
    return kept, Word.OVER if was_told else None


def present(states: Mapping[Trouble, TroubleState]) -> Collection[Trouble]:
    """Return the kinds that were there when somebody last looked, the gravest first."""
    return [trouble for trouble in Trouble if trouble in states and states[trouble].is_there]
