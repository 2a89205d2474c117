"""What people see in the end is what is true."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import asyncpg

from tests.chaos.customers import SERVICES_TEXT
from tests.chaos.evidence import Evidence
from tests.chaos.findings import Finding, Promise, findings
from tests.chaos.offers import WRITTEN, Json, Kind
from tests.chaos.telegram import card_number, live_card, text_of

FILE_OF = re.compile(r"-(\d+)\.ics\b")
CANCELLED = "Cancelled"


def check_chats(evidence: Evidence) -> list[Finding]:
    """Compare every chat with the database."""
    return [
        *findings(Promise.CARD, _wrong_cards(evidence)),
        *findings(Promise.FILE, _missing_files(evidence)),
        *findings(Promise.REPLY, _unanswered(evidence)),
    ]


def _wrong_cards(evidence: Evidence) -> Iterator[str]:
    cards: defaultdict[int, list[Json]] = defaultdict(list)
    for messages in evidence.chats.values():
        for message in messages:
            if (number := card_number(message)) is not None:
                cards[number].append(message)
    for row in evidence.rows["bookings"]:
        shown = [_shown(message) for message in cards[row["id"]]]
        true = f"version {row['version']}" if row["live"] else CANCELLED
        if not shown:
            yield f"customer {row['customer_id']} sees nothing of booking {row['id']} ({true})"
        elif set(shown) != {true}:
            yield f"customer {row['customer_id']} sees {shown} of booking {row['id']}, which is {true}"


def _shown(card: Json) -> str:
    if CANCELLED in text_of(card):
        return CANCELLED
    live = live_card(card)
    return "no way to change it" if live is None else f"version {live.version}"


def _missing_files(evidence: Evidence) -> Iterator[str]:
    delivered = documents(evidence)
    for row in evidence.rows["bookings"]:
        if row["live"] and not delivered[row["id"]]:
            yield f"customer {row['customer_id']} never got the file of booking {row['id']}"


def documents(evidence: Evidence) -> Counter[int]:
    """Count the calendar files that were sent, by booking."""
    described = (str(call["params"]) for call in evidence.sent("sendDocument"))
    return Counter(int(found[1]) for text in described if (found := FILE_OF.search(text)))


def answers_of(evidence: Evidence) -> dict[int, Counter[Kind]]:
    """Count, by customer, the messages that answer what was written, sent as often as they were."""
    found: defaultdict[int, Counter[Kind]] = defaultdict(Counter)
    for call in evidence.sent("sendMessage"):
        text = text_of(call["params"])
        if SERVICES_TEXT in text:
            found[int(call["chat_id"])][Kind.SERVICES] += 1
        elif "I understand buttons" in text or "visits ahead" in text or "visit ahead" in text:
            found[int(call["chat_id"])][Kind.TEXT] += 1
    return found


def _unanswered(evidence: Evidence) -> Iterator[str]:
    answers = answers_of(evidence)
    asked: defaultdict[int, Counter[Kind]] = defaultdict(Counter)
    for offer in evidence.offers:
        if offer.kind in WRITTEN and offer.update_id in evidence.accepted - evidence.lost:
            asked[offer.customer][offer.kind] += 1
    for customer, counts in asked.items():
        for kind, count in counts.items():
            got = answers.get(customer, Counter())[kind]
            if got < count:
                yield f"customer {customer} wrote {count} times ({kind}) and got {got} answers"


def rows_by_booking(evidence: Evidence, kind: str) -> dict[int, list[asyncpg.Record]]:
    """Return the outbox rows of a kind, by booking."""
    found: defaultdict[int, list[asyncpg.Record]] = defaultdict(list)
    for row in evidence.rows["outbox"]:
        if row["kind"] == kind:
            found[row["booking_id"]].append(row)
    return found
