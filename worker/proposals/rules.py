"""What a change makes of the business, whoever else has changed it meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worker.business.apply import PlannedChange
    from worker.business.document import Document, NamedEntry
    from worker.business.stored import StoredBusiness
    from worker.business.wording import Wording


def with_entry[E: NamedEntry](
    stored: "StoredBusiness", kind: type[E], number: int, change: Callable[[E], E]
) -> "Document | None":
    """Return the business with one entry changed, by its row's number; None where it is not offered."""
    rows = stored.rows.get(kind, ())
    entry = next((row.entry for row in rows if row.number == number and row.active), None)
    if stored.document is None or not isinstance(entry, kind):
        return None
    changed = change(entry)
    lists: dict[str, Any] = {
        name: tuple(changed if each is entry else each for each in getattr(stored.document, name))
        for name, of in _lists().items()
        if of is kind
    }
    return replace(stored.document, **lists)


def contradictions(change: "PlannedChange") -> "list[Wording]":
    """Return what cannot be together in what a change makes of entries: a business file would be refused."""
    found = []
    for each in change.plan.changes:
        after = getattr(each, "after", None)
        if after is not None:
            values = {name: getattr(after, name) for name in after.specs}
            found += [wording for _, wording in after.conflicts(values)]
    return found


def _lists() -> "Mapping[str, type[NamedEntry]]":
    from worker.business.document import LISTS  # noqa: PLC0415 - only who changes the business pays for it

    return LISTS
