"""Reminders: each due one of a visit that stands, none of one that does not."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.chaos.evidence import Evidence, unix
from tests.chaos.findings import Finding, Promise, findings
from tests.chaos.offers import Json
from tests.chaos.telegram import live_card, text_of

REMINDER_TEXT = "Your visit is coming up"
RACE_SECONDS = 1.0
"""A reminder checked before a change was committed may arrive so long after it: between the two lies one
HTTP request on loopback. A process that is frozen in that moment sends when it goes on."""
EARLY_SECONDS = 0.5
"""Two processes on one machine read one clock, but an instant is rounded on its way."""
SETTLING_SECONDS = 5.0
BACKLOG_SECONDS = 30.0
"""A reminder may wait so long behind others when the limit on sends is reached; a change in that time takes
it back."""


@dataclass(slots=True)
class Due:
    """A reminder that had to be sent between two instants."""

    booking_id: int
    version: int
    due: float
    until: float
    sent: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Reminders:
    """All that were due, and all that were sent."""

    due: list[Due]
    stray: list[str]
    duplicates: int

    @property
    def missing(self) -> list[Due]:
        """Those that never came."""
        return [one for one in self.due if not one.sent]

    @property
    def lateness(self) -> list[float]:
        """By how many seconds each came late."""
        return [min(one.sent) - one.due for one in self.due if one.sent]


def check_reminders(evidence: Evidence) -> list[Finding]:
    """Compare the reminders that were due with those that were sent."""
    reminders = collect(evidence)
    missing = (
        f"booking {one.booking_id} version {one.version}, due at {one.due:.1f}, useful until {one.until:.1f}"
        for one in reminders.missing
    )
    return [*findings(Promise.REMINDER, missing), *findings(Promise.VOID, reminders.stray)]


def collect(evidence: Evidence) -> Reminders:
    """Work out from the commands what was due, and look for it in what Telegram carried out."""
    sent = _sent(evidence)
    due: list[Due] = []
    stray: list[str] = []
    duplicates = 0
    for booking_id, history in evidence.histories.items():
        for number, (change, offer) in enumerate(history, start=1):
            last = number == len(history)
            superseded = None if last else unix(history[number][0]["committed_at"])
            times = sent.pop((booking_id, number), [])
            stray += _stray(evidence, booking_id, number, times, superseded)
            if offer is None or offer.slot is None or change["kind"] == "cancelled":
                stray += [f"booking {booking_id}, cancelled, reminded at {at:.1f}" for at in times]
                continue
            end = evidence.at - SETTLING_SECONDS if superseded is None else superseded - BACKLOG_SECONDS
            expected = list(_expected(evidence, booking_id, number, unix(change["at"])))
            stray += _match(booking_id, number, times, expected)
            due += [one for one in expected if one.due < end]
            duplicates += sum(max(0, len(one.sent) - 1) for one in expected)
    stray += [f"booking {key} version {version} is not known" for key, version in sent]
    return Reminders(due, stray, duplicates)


def _expected(evidence: Evidence, booking_id: int, version: int, made_at: float) -> Iterator[Due]:
    _, offer = evidence.histories[booking_id][version - 1]
    assert offer is not None
    assert offer.slot is not None
    plan = next(one.plan for one in evidence.services.values() if one.service_id == offer.slot.service_id)
    start = offer.slot.start.timestamp()
    offsets = sorted((offset.total_seconds() for offset in plan.reminders), reverse=True)
    for offset, following in zip(offsets, [*offsets[1:], 0.0], strict=True):
        if start - offset > made_at:
            yield Due(booking_id, version, start - offset, start - following)


def _match(booking_id: int, version: int, times: list[float], expected: list[Due]) -> Iterator[str]:
    """Give each message to the last reminder that was due by then; tell of those that none accounts for."""
    for at in times:
        begun = [one for one in expected if one.due - EARLY_SECONDS <= at]
        if begun and at <= begun[-1].until + RACE_SECONDS:
            begun[-1].sent.append(at)
        else:
            yield f"booking {booking_id} version {version}, reminded at {at:.1f}, when nothing was due"


def _stray(
    evidence: Evidence, booking_id: int, version: int, times: list[float], superseded: float | None
) -> Iterator[str]:
    if superseded is None:
        return
    for at in times:
        excused = evidence.disturbed(superseded - RACE_SECONDS, at, "freeze") and at < superseded + 15
        if at > superseded + RACE_SECONDS and not excused:
            yield f"booking {booking_id} version {version}, {at - superseded:.2f} s after the next version"


def _sent(evidence: Evidence) -> dict[tuple[int, int], list[float]]:
    found: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for call in _calls(evidence):
        if (live := live_card({**call["params"], "message_id": 0})) is not None:
            found[live.booking_id, live.version].append(call["at"])
    return dict(found)


def _calls(evidence: Evidence) -> list[Json]:
    return [call for call in evidence.sent("sendMessage") if REMINDER_TEXT in text_of(call["params"])]
