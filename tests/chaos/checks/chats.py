"""What people see in the end is what is true."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg

from tests.chaos.customers import SERVICES_TEXT
from tests.chaos.evidence import Evidence, unix
from tests.chaos.findings import Finding, Promise, findings
from tests.chaos.offers import WRITTEN, Json, Kind, Offer
from tests.chaos.telegram import card_number, live_card, text_of

FILE_OF = re.compile(r"-(\d+)\.ics\b")
CANCELLED, BEGUN = "Cancelled", "no way to change it"


def check_chats(evidence: Evidence) -> list[Finding]:
    """Compare every chat with the database."""
    missing = confirmations(evidence).missing
    return [
        *findings(Promise.CARD, [f"{missing} changes were never confirmed"] if missing else ()),
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
    covered = _covered(evidence)
    for row in evidence.rows["bookings"]:
        # Other messages may show the card too, and the newest few follow; the booking's own always does.
        own = [one for one in cards[row["id"]] if one["message_id"] == row["card_message_id"]]
        shown = {_shown(message) for message in own or cards[row["id"]]}
        true = f"version {row['version']}" if row["live"] else CANCELLED
        if row["id"] in covered:
            continue
        if not shown:
            yield f"customer {row['customer_id']} sees nothing of booking {row['id']} ({true})"
        elif shown - ({BEGUN} if row["live"] and unix(row["start"]) <= evidence.at else set()) - {true}:
            yield f"customer {row['customer_id']} sees {sorted(shown)} of {row['id']}, which is {true}"


def _covered(evidence: Evidence) -> set[int]:
    """Return the bookings whose card made room for something else that was asked under it.

    That is a refused move, which shows other times, or another booking, under what looked like a refusal.
    """
    last: dict[tuple[int, int], Offer] = {}
    for offer in evidence.offers:
        shown = offer.kind is not Kind.SHOW or offer.update_id not in evidence.lost
        if offer.tag is not None and shown and evidence.answered.get(offer.tag):
            last[offer.customer, offer.message_id] = offer
    found = set()
    for booking_id, history in evidence.histories.items():
        latest = history[-1][1]
        asked = None if latest is None else last.get((latest.customer, latest.message_id))
        if asked is None or asked.update_id in (each.update_id for _, each in history if each):
            continue
        booked = history[0][1]
        other = asked.kind is Kind.BOOK and booked is not None and asked.slot != booked.slot
        other = other or (asked.live is not None and asked.live.booking_id != booking_id)
        if other or (asked.kind is Kind.MOVE and asked.update_id not in evidence.processed):
            found.add(booking_id)
    return found


def _shown(card: Json) -> str:
    if CANCELLED in text_of(card):
        return CANCELLED
    live = live_card(card)
    return BEGUN if live is None else f"version {live.version}"


@dataclass(frozen=True, slots=True)
class Confirmations:
    """What was to be confirmed, and what became of it."""

    due: int
    delivered: int
    replaced: int
    """A newer version's confirmation went out in its place."""

    @property
    def missing(self) -> int:
        """How many never went out, nor a newer one."""
        return self.due - self.delivered - self.replaced


def confirmations(evidence: Evidence) -> Confirmations:
    """Compare what commands changed with the cards that Telegram took."""
    sent: defaultdict[int, set[str]] = defaultdict(set)
    for call in evidence.sent("sendMessage", "editMessageText"):
        card = {**call["params"], "message_id": 0}
        if (number := card_number(card)) is not None:
            sent[number].add(_shown(card))
    due = delivered = replaced = 0
    for booking_id, history in evidence.histories.items():
        names = [
            CANCELLED if change["kind"] == "cancelled" else f"version {number}"
            for number, (change, _) in enumerate(history, start=1)
        ]
        shown = [name in sent[booking_id] for name in names]
        due, delivered = due + len(names), delivered + sum(shown)
        replaced += sum(not here and any(shown[place:]) for place, here in enumerate(shown, start=1))
    return Confirmations(due, delivered, replaced)


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
    wrote = {offer.customer for offer in evidence.offers if offer.kind in WRITTEN}
    for call in evidence.sent("sendMessage"):
        text = text_of(call["params"])
        if int(call["chat_id"]) not in wrote:
            continue
        if SERVICES_TEXT in text:
            found[int(call["chat_id"])][Kind.SERVICES] += 1
        elif "I understand buttons" in text or "visits ahead" in text or "visit ahead" in text:
            found[int(call["chat_id"])][Kind.TEXT] += 1
    return found


def _unanswered(evidence: Evidence) -> Iterator[str]:
    answers = answers_of(evidence)
    asked: defaultdict[int, Counter[Kind]] = defaultdict(Counter)
    for offer in evidence.offers:
        if offer.kind in WRITTEN and offer.update_id in evidence.kept:
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
