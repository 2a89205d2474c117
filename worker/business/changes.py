"""What applying a document changes, told by comparing it with what is there."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from worker.business.differences import differences
from worker.business.document import Document, LocationPart, RolesPart, ServicePart, SpecialistPart

type Item = LocationPart | ServicePart | SpecialistPart


KINDS = frozenset({"location", "service", "specialist"})


class Verb(StrEnum):
    """What happens to one thing."""

    ADDED = "added"
    RETURNED = "back again"
    CHANGED = "changed"
    REMOVED = "no longer offered"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that becomes different; `details` say in what."""

    kind: str
    name: str
    verb: Verb
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        subject = f"{self.kind} '{self.name}'" if self.name else self.kind
        lines = [f"{subject} {self.verb}", *(f"  {detail}" for detail in self.details)]
        return "\n".join(lines)


type Gone = Mapping[str, Collection[str]]
"""By kind, the names that were there once and are inactive."""


def compare(before: Document | None, after: Document, gone: Gone) -> list[Change]:
    """Return what is different, in the order of the file."""
    return list(_changes(before, after, gone))


def count_unchanged(after: Document, changes: Sequence[Change]) -> int:
    """Return how many locations, services and specialists stay as they are."""
    named = len(after.locations) + len(after.services) + len(after.specialists)
    return named - sum(1 for change in changes if change.kind in KINDS and change.verb is not Verb.REMOVED)


def _changes(before: Document | None, after: Document, gone: Gone) -> Iterator[Change]:
    if before is None:
        yield Change("business", after.business.name, Verb.ADDED)
    elif before.business != after.business:
        yield Change("business", "", Verb.CHANGED, differences(before.business, after.business))
    for kind, old, new in (
        ("location", before.locations if before else (), after.locations),
        ("service", before.services if before else (), after.services),
        ("specialist", before.specialists if before else (), after.specialists),
    ):
        yield from _of_kind(kind, old, new, gone.get(kind, ()))
    if before is None or before.roles != after.roles:
        yield Change(
            "roles", "", Verb.CHANGED, differences(before.roles if before else RolesPart(), after.roles)
        )


def _of_kind(
    kind: str, before: Sequence[Item], after: Sequence[Item], gone: Collection[str]
) -> Iterator[Change]:
    old = {item.name: item for item in before}
    new = {item.name: item for item in after}
    for name, item in new.items():
        if name not in old:
            yield Change(kind, name, Verb.RETURNED if name in gone else Verb.ADDED)
        elif old[name] != item:
            yield Change(kind, name, Verb.CHANGED, differences(old[name], item))
    for name in old:
        if name not in new:
            yield Change(kind, name, Verb.REMOVED)
    if _common_order(old, new) != _common_order(new, old):
        yield Change(f"order of {kind}s", "", Verb.CHANGED)


def _common_order(one: Collection[str], other: Collection[str]) -> list[str]:
    return [name for name in one if name in other]
