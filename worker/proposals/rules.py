"""What a change of the business must not come to."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.business.apply import PlannedChange
    from worker.business.wording import Wording


def contradictions(change: "PlannedChange") -> "list[Wording]":
    """Return what cannot be together in what a change makes of entries: a business file would be refused."""
    found = []
    for each in change.plan.changes:
        after = getattr(each, "after", None)
        if after is not None:
            values = {name: getattr(after, name) for name in after.specs}
            found += [wording for _, wording in after.conflicts(values)]
    return found
