"""What applying a file would do, as data: what becomes different, whom it hits, what has to be said first.

Nothing here reads or writes anything: `apply` carries out just what a plan says, and whoever shows a plan
(the command line, the chat) shows what will be done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from zoneinfo import ZoneInfo

from worker.business import bounded, reallotting, relocations
from worker.business.changes import Change, compare, count_unchanged
from worker.business.document import Document
from worker.business.hits import Hit, Prospect, find_hits
from worker.business.identity import Matching, Rename, match
from worker.business.kept import find_kept
from worker.business.problems import Phrase, Problem
from worker.business.reallotting import Reallotment, find_reallotments
from worker.business.relocations import Relocation
from worker.business.stored import ComingVisit, HeldUnit, StoredBusiness
from worker.business.wording import RowWording
from worker.business.zones import Constant, Retiming, find_retimings, hit_of


@dataclass(frozen=True, slots=True)
class KeepVisits:
    """Visits that nobody offers any more stay as they are booked."""


@dataclass(frozen=True, slots=True)
class CancelVisits:
    """They are cancelled, and each customer is told so in these words."""

    words: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What has been said of what a file alone does not tell; None is not said."""

    stranded: KeepVisits | CancelVisits | None = None
    """What becomes of visits that nobody offers any more."""
    constant: Constant | None = None
    """What stays of visits when the zone is corrected."""
    others: frozenset[Rename] = frozenset()
    """What looks like a new name of the same, and is another one."""


class Matter(StrEnum):
    """What a question is about."""

    STRANDED = "stranded"
    ZONE = "zone"


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
    stranded: KeepVisits | CancelVisits | None = None
    constant: Constant | None = None
    relocations: Sequence[Relocation] = ()
    reallotments: Sequence[Reallotment] = ()
    retimings: Sequence[Retiming] = ()
    questions: Sequence[ChangeQuestion] = ()
    renames: Sequence[Rename] = ()
    """What is taken to have got a new name, though the file does not say so."""
    problems: Sequence[Problem] = ()
    """What in the file makes no sense with what is stored."""
    warnings: Sequence[str] = ()
    """What is done all the same, and hits no visit."""

    @property
    def fingerprint(self) -> str:
        """What tells this plan from all others, the same in every process of a release."""
        return blake2b(repr(self).encode(), digest_size=16).hexdigest()

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
    held: Sequence[HeldUnit] = (),
) -> ChangePlan:
    """Work out what applying a document does to what is stored, and to the visits that are coming."""
    matching = match(stored, document, choices.others)
    changes = compare(stored.document, document, matching)
    prospect = Prospect(stored, document, matching, visits if changes else (), now, held=held)
    prospect, retimings = _retimed(prospect, choices)
    zone, reallotments = ZoneInfo(document.business.timezone), find_reallotments(prospect)
    hits = [*_hits(prospect, reallotments), *(hit_of(each, zone, choices.constant) for each in retimings)]
    return ChangePlan(
        changes=changes,
        unchanged=count_unchanged(document, changes),
        zone=zone,
        hits=hits,
        stranded=choices.stranded,
        constant=choices.constant,
        relocations=list(relocations.find_relocations(prospect)),
        reallotments=[each for each in reallotments if each.differs],
        retimings=retimings,
        questions=list(_questions(hits, retimings, matching, choices)),
        renames=matching.renames,
        problems=[*matching.problems, *_too_late(retimings, choices, now)],
        warnings=list(_warnings(stored.document, document)),
    )


def _retimed(prospect: Prospect, choices: Choices) -> tuple[Prospect, Sequence[Retiming]]:
    """Find the visits that a corrected zone hits, and shift them where they keep their clock time."""
    retimings = list(find_retimings(prospect))
    if choices.constant is not Constant.CLOCK:
        return prospect, retimings
    return replace(prospect, shifts={each.visit.row: each.by for each in retimings}), retimings


def _hits(prospect: Prospect, reallotments: Sequence[Reallotment]) -> Iterator[Hit]:
    for found in (find_hits, find_kept, relocations.find_hits, bounded.find_hits):
        yield from found(prospect)
    yield from reallotting.find_hits(reallotments)


def _warnings(before: Document | None, after: Document) -> Iterator[str]:
    if before is not None and before.roles.owner and not after.roles.owner:
        yield "the business has no owner any more; only those in ADMIN_IDS can do what owners can"


def _questions(
    hits: Sequence[Hit], retimings: Sequence[Retiming], matching: Matching, choices: Choices
) -> Iterator[ChangeQuestion]:
    count = sum(hit.strands for hit in hits)
    if count and choices.stranded is None:
        text = f"What becomes of {_visits(count)} that nobody offers any more?"
        yield ChangeQuestion(Matter.STRANDED, "\n".join([text, *_hints(matching)]), STRANDED)
    if retimings and choices.constant is None:
        text = f"The zone is corrected: what stays of {_visits(len(retimings))}?"
        yield ChangeQuestion(Matter.ZONE, text, ZONE)


def _visits(count: int) -> str:
    return f"{count} coming {'visit' if count == 1 else 'visits'}"


def _too_late(retimings: Sequence[Retiming], choices: Choices, now: datetime) -> Iterator[Problem]:
    """Refuse to let visits begin before now that have not begun yet."""
    for each in retimings if choices.constant is Constant.CLOCK else ():
        if each.visit.begins + each.by <= now:
            phrase = Phrase.of(RowWording.BEGUN_BY_NOW, number=each.visit.number)
            yield Problem(1, "business.timezone", phrase)


def _hints(matching: Matching) -> Iterator[str]:
    """Say how to declare a new name, where something is new and something is gone."""
    for kind, gone in matching.gone.items():
        new = [pair.entry for pair in matching.pairs[kind] if pair.row is None]
        if gone and new:
            names = " or ".join(f"'{entry.key}' (line {entry.line})" for entry in new[:MOST_HINTS])
            yield f"If '{gone[0].entry.key}' has a new name, write `was: {gone[0].entry.key}` at {names}."


MOST_HINTS = 3
STRANDED = (
    Option("--keep", "they stay booked as they are"),
    Option('--cancel-with "WORDS"', "they are cancelled, and each customer is told so in these words"),
)
ZONE = (
    Option("--keep-clock", "their clock time; nobody has to be told"),
    Option("--keep-instant", "their instant; each customer is told the right clock time"),
)
