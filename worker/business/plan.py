"""What applying a file would do, as data: what becomes different, whom it hits, what has to be said first.

Nothing here reads or writes anything: `apply` carries out just what a plan says, and whoever shows a plan
(the command line, the chat) shows what will be done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from worker.business import relocations
from worker.business.changes import Change, compare, count_unchanged
from worker.business.document import Document
from worker.business.hits import Hit, Prospect, find_hits
from worker.business.identity import Matching, Rename, match
from worker.business.kept import find_kept
from worker.business.problems import Problem
from worker.business.relocations import Relocation
from worker.business.stored import ComingVisit, StoredBusiness


@dataclass(frozen=True, slots=True)
class KeepVisits:
    """Visits that nobody offers any more stay as they are booked."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What has been said of what a file alone does not tell; None is not said."""

    stranded: KeepVisits | None = None
    """What becomes of visits that nobody offers any more."""
    others: frozenset[Rename] = frozenset()
    """What looks like a new name of the same, and is another one."""


class Matter(StrEnum):
    """What a question is about."""

    STRANDED = "stranded"


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to a question."""

    argument: str
    """What says so on the command line."""
    meaning: str


@dataclass(frozen=True, slots=True)
class ChangeQuestion:
    """What has to be said before a file can be applied."""

    about: Matter
    text: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlan:
    """What applying a file does. With questions that are open, or refusals, it does nothing."""

    changes: Sequence[Change]
    unchanged: int
    zone: ZoneInfo
    hits: Sequence[Hit] = ()
    relocations: Sequence[Relocation] = ()
    questions: Sequence[ChangeQuestion] = ()
    renames: Sequence[Rename] = ()
    """What is taken to have got a new name, though the file does not say so."""
    problems: Sequence[Problem] = ()
    """What in the file makes no sense with what is stored."""

    @property
    def told(self) -> Sequence[Change]:
        """The changes that are of interest to people."""
        return [change for change in self.changes if change.told]

    @property
    def can_be_applied(self) -> bool:
        """Whether nothing has to be said or mended first."""
        return not self.questions and not self.problems


def make_plan(
    stored: StoredBusiness,
    document: Document,
    visits: Sequence[ComingVisit],
    choices: Choices,
    now: datetime,
) -> ChangePlan:
    """Work out what applying a document does to what is stored, and to the visits that are coming."""
    matching = match(stored, document, choices.others)
    changes = compare(stored.document, document, matching)
    prospect = Prospect(stored, document, matching, visits if changes else (), now)
    hits = [*find_hits(prospect), *find_kept(prospect), *relocations.find_hits(prospect)]
    return ChangePlan(
        changes=changes,
        unchanged=count_unchanged(document, changes),
        zone=ZoneInfo(document.business.timezone),
        hits=hits,
        relocations=list(relocations.find_relocations(prospect)),
        questions=list(_questions(hits, matching, choices)),
        renames=matching.renames,
        problems=matching.problems,
    )


def _questions(hits: Sequence[Hit], matching: Matching, choices: Choices) -> Iterator[ChangeQuestion]:
    count = sum(hit.strands for hit in hits)
    if count and choices.stranded is None:
        what = f"{count} coming {'visit' if count == 1 else 'visits'}"
        text = f"What becomes of {what} that nobody offers any more?"
        yield ChangeQuestion(Matter.STRANDED, "\n".join([text, *_hints(matching)]), [KEEP])


def _hints(matching: Matching) -> Iterator[str]:
    """Say how to declare a new name, where something is new and something is gone."""
    for kind, gone in matching.gone.items():
        new = [pair.entry for pair in matching.pairs[kind] if pair.row is None]
        if gone and new:
            names = " or ".join(f"'{entry.key}' (line {entry.line})" for entry in new[:MOST_HINTS])
            yield f"If '{gone[0].entry.key}' has a new name, write `was: {gone[0].entry.key}` at {names}."


MOST_HINTS = 3
KEEP = Option("--keep", "they stay booked as they are")
