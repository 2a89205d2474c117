"""What was sent: how often, how fast, how often twice."""

from collections import Counter, deque
from dataclasses import dataclass

from tests.chaos.checks.chats import answers_of, documents, rows_by_booking
from tests.chaos.checks.reminders import collect
from tests.chaos.evidence import Evidence
from tests.chaos.findings import Finding, Promise
from tests.chaos.offers import WRITTEN, Kind

LIMITED = (
    "sendMessage",
    "sendDocument",
    "sendPhoto",
    "sendVenue",
    "sendInvoice",
    "editMessageText",
    "editMessageMedia",
    "editMessageReplyMarkup",
)
AMBIGUOUS = ("sendMessage", "sendDocument")
FORGOTTEN = 2
"""Emptying Redis empties its memory of the last second's sends too: what came before counts no more."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What people got twice, and how often it could not be known whether they had got it."""

    reminders: int
    files: int
    answers: int
    ambiguous: int
    kills: int
    forgotten: int
    """Answers given twice for an emptied Redis took their update for a new one: they are counted apart."""

    @property
    def all(self) -> int:
        """How many there were."""
        return self.reminders + self.files + self.answers

    @property
    def allowed(self) -> int:
        """How many there may be."""
        return self.ambiguous + self.kills


def check_sends(evidence: Evidence) -> list[Finding]:
    """Hold sends against the limit, and duplicates against what explains them."""
    found = []
    duplicates = count_duplicates(evidence)
    if duplicates.all > duplicates.allowed:
        found.append(Finding(Promise.DUPLICATES, str(duplicates)))
    for highest, excused in zip(most_in_a_second(evidence), (1, FORGOTTEN), strict=True):
        allowed = evidence.sends_per_second * excused
        if highest > allowed:
            found.append(Finding(Promise.LIMIT, f"{highest} in one second, allowed {allowed}"))
    return found


def most_in_a_second(evidence: Evidence) -> tuple[int, int]:
    """Return the most messages and edits that Telegram carried out in any one second.

    Apart from that, in those seconds in which Redis was emptied.
    """
    window: deque[float] = deque()
    highest = forgotten = 0
    for at in sorted(call["at"] for call in evidence.sent(*LIMITED)):
        window.append(at)
        while window[0] <= at - 1:
            window.popleft()
        if evidence.disturbed(window[0] - 1, at, "redis emptied"):
            forgotten = max(forgotten, len(window))
        else:
            highest = max(highest, len(window))
    return highest, forgotten


def count_duplicates(evidence: Evidence) -> Duplicates:
    """Count messages that nobody can take back and that came more often than promised."""
    rows = rows_by_booking(evidence, "booking.calendar")
    # A series has a file of its own, promised with its other words.
    series = {row["id"] for row in evidence.rows["guests"] if row["series_id"] is not None}
    files = {key: count for key, count in documents(evidence).items() if key not in series}
    too_many, forgotten = _answers_too_many(evidence), _forgotten(evidence)
    promised = {key: sum(row["state"] == "sent" for row in found) for key, found in rows.items()}
    return Duplicates(
        reminders=collect(evidence).duplicates,
        files=sum(max(0, count - promised.get(key, 0)) for key, count in files.items()),
        answers=sum((too_many - forgotten).values()),
        ambiguous=sum(evidence.struck.get(("drop", method), 0) for method in AMBIGUOUS),
        kills=len(evidence.faults),
        forgotten=sum((too_many & forgotten).values()),
    )


def _answers_too_many(evidence: Evidence) -> Counter[tuple[int, Kind]]:
    asked = Counter(
        (offer.customer, offer.kind)
        for offer in evidence.offers
        if offer.kind in WRITTEN and offer.update_id in evidence.accepted
    )
    answered = Counter(
        {
            (customer, kind): count
            for customer, counts in answers_of(evidence).items()
            for kind, count in counts.items()
        }
    )
    return answered - asked


def _forgotten(evidence: Evidence) -> Counter[tuple[int, Kind]]:
    found: Counter[tuple[int, Kind]] = Counter()
    for offer in evidence.offers:
        if offer.kind in WRITTEN:
            found[offer.customer, offer.kind] += evidence.forgotten[offer.update_id]
    return found
