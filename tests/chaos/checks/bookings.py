"""No double booking, and every booking is what its customers' commands made of it."""

from collections import Counter
from collections.abc import Iterator

from tests.chaos.checks.updates import slot_of
from tests.chaos.evidence import Evidence
from tests.chaos.findings import Finding, Promise, findings


def check_bookings(evidence: Evidence) -> list[Finding]:
    """Look for visits that cannot both be, and replay every booking's history."""
    return [*findings(Promise.DOUBLE, _double(evidence)), *findings(Promise.STATE, _not_as_asked(evidence))]


def _double(evidence: Evidence) -> Iterator[str]:
    for row in [*evidence.rows["overlaps"], *evidence.rows["mixed"]]:
        yield f"bookings {row['one']} and {row['other']} overlap"
    # Moving one's visit beside another one of one's own, with somebody else, is nobody's mistake but theirs.
    live = [row for row in evidence.rows["bookings"] if row["live"] and row["version"] == 1]
    own = Counter((row["customer_id"], row["service_id"], row["start"]) for row in live)
    for (customer, service, start), count in own.items():
        if count > 1:
            yield f"customer {customer} has {count} visits of service {service} at {start}"


def _not_as_asked(evidence: Evidence) -> Iterator[str]:
    for row in evidence.rows["bookings"]:
        history = evidence.histories.get(row["id"], [])
        kinds = [change["kind"] for change, _ in history]
        if kinds.count("booked") != 1 or kinds[0] != "booked" or "cancelled" in kinds[:-1]:
            yield f"booking {row['id']} went through {kinds}"
            continue
        if row["live"] == ("cancelled" in kinds) or row["version"] != len(kinds):
            yield f"booking {row['id']} is {row['status']} in version {row['version']} after {kinds}"
        slot = slot_of(history)
        if slot is None or (slot.start, slot.specialist_id) != (row["start"], row["specialist_id"]):
            yield f"booking {row['id']} is at {row['start']} with {row['specialist_id']}, asked was {slot}"
        strangers = {offer.customer for _, offer in history if offer} - {row["customer_id"]}
        if strangers:
            yield f"booking {row['id']} of {row['customer_id']} was changed by {strangers}"
