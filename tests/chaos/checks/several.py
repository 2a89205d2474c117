"""Several visits, services or places at once: all that was agreed on, or nothing of it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import asyncpg

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import Book
from shared.contracts.party import ResizeParty
from shared.contracts.series import BookSeries, CancelLater, MoveLater
from tests.chaos.business import FIRST, GROUP, NEXT
from tests.chaos.evidence import Evidence
from tests.chaos.findings import Finding, Promise, findings
from tests.chaos.offers import Kind, Offer

NUMBER = re.compile(r"\d+")
AT_ONCE: dict[type[Command], str] = {BookSeries: "booked", MoveLater: "moved", CancelLater: "cancelled"}
"""What happens to each of the visits that a button names by their number."""
RESIZING = frozenset({"booked", "resized"})


def check_several(evidence: Evidence) -> list[Finding]:
    """Compare what was agreed on with what was done in one transaction, and with what stands."""
    return [
        *findings(Promise.WHOLE, _not_all_at_once(evidence)),
        *findings(Promise.WHOLE, _in_two_transactions(evidence)),
        *findings(Promise.WHOLE, _without_parts(evidence)),
        *findings(Promise.PLACES, _other_places(evidence)),
        *findings(Promise.PLACES, _too_full(evidence)),
    ]


def several_figures(evidence: Evidence) -> dict[str, object]:
    """Count what was booked, moved and cancelled several at a time."""
    at_once = Counter(AT_ONCE[type(command)] for _, command, _ in _agreed(evidence, *AT_ONCE))
    visits = [row for row in evidence.rows["guests"] if row["status"] != "held"]
    sizes = Counter(row["places"] for row in visits if row["service"] == GROUP)
    return {
        "series at once": dict(at_once),
        "visits of several services": dict(_count(visits, FIRST)),
        "visits of a group by places": dict(sorted(sizes.items())),
        "parties resized": sum(row["kind"] == "resized" for row in evidence.rows["guests' effects"]),
    }


def _count(visits: list[asyncpg.Record], service: str) -> Counter[str]:
    return Counter(row["status"] for row in visits if row["service"] == service)


def _agreed(
    evidence: Evidence, *kinds: type[Command]
) -> Iterator[tuple[Offer, Command, list[asyncpg.Record]]]:
    """Yield the guests' taps of some kinds that took effect, with what their transactions did."""
    for offer in evidence.offers:
        transaction = evidence.processed.get(offer.update_id)
        if offer.kind is not Kind.GUEST or transaction is None:
            continue
        command = unpack(offer.body["callback_query"]["data"])
        if isinstance(command, kinds):
            yield offer, command, evidence.guests_effects.get(transaction, [])


def _not_all_at_once(evidence: Evidence) -> Iterator[str]:
    """Each tap names how many visits it books, moves or cancels, on its button."""
    for offer, command, effects in _agreed(evidence, *AT_ONCE):
        number, kind = NUMBER.search(offer.label), AT_ONCE[type(command)]
        done = [row["booking_id"] for row in effects if row["kind"] == kind]
        if number is None or len(done) != int(number[0]):
            yield f"“{offer.label}” of {offer.customer} ({offer.update_id}): {kind} {done}"


def _in_two_transactions(evidence: Evidence) -> Iterator[str]:
    """What a series was continued with was written at one instant, which is that of its transaction."""
    made: defaultdict[int, set[object]] = defaultdict(set)
    for row in evidence.rows["guests"]:
        if row["series_id"] not in {None, row["id"]}:
            made[row["series_id"]].add(row["created_at"])
    for series, instants in made.items():
        if len(instants) > 1:
            yield f"the series of {series} was written at {sorted(map(str, instants))}"


def _without_parts(evidence: Evidence) -> Iterator[str]:
    """A visit of two services has its second one right behind it; with the first it is cancelled, too."""
    parts: defaultdict[int | None, list[asyncpg.Record]] = defaultdict(list)
    for row in evidence.rows["guests"]:
        if row["service"] == NEXT:
            parts[row["part_of"]].append(row)
    for stray in parts.pop(None, []):
        yield f"{stray['id']} follows in no visit"
    visits = [row for row in evidence.rows["guests"] if row["service"] == FIRST and row["status"] != "held"]
    for row in visits:
        own = [(part["status"], part["kept_for"], part["start"]) for part in parts[row["id"]]]
        stands = "cancelled" if row["status"] == "cancelled" else "held"
        if own != [(stands, "part", row["end"])]:
            yield f"visit {row['id']}, {row['status']}, until {row['end']}, is followed by {own}"


def _other_places(evidence: Evidence) -> Iterator[str]:
    """The places of a visit are those that were asked for last; a series has those of what it repeats."""
    asked: dict[int, int] = {}
    for _, command, effects in _agreed(evidence, Book, ResizeParty, BookSeries):
        ids = [row["booking_id"] for row in effects if row["kind"] in RESIZING]
        if isinstance(command, Book | ResizeParty):
            asked |= dict.fromkeys(ids, command.places)
        elif isinstance(command, BookSeries):
            asked |= dict.fromkeys(ids, asked.get(command.booking_id, 1))
    for row in evidence.rows["guests"]:
        if row["service"] == GROUP and row["status"] != "held" and row["places"] != asked.get(row["id"], 1):
            yield (
                f"visit {row['id']} ({row['events']}, repeats {row['series_id']}) has {row['places']} places,"
                f" asked were {asked.get(row['id'])}"
            )


def _too_full(evidence: Evidence) -> Iterator[str]:
    for row in evidence.rows["full"]:
        yield f"{row['taken']} of {row['capacity']} places at {row['start']} with {row['specialist_id']}"
