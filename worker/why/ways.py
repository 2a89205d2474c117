"""The ways from why a time is missing to the rule that says so, for who may change it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.absence import ShowTimeOffDay
from shared.contracts.base import Command
from shared.contracts.editing import AskField, ShowEntry
from shared.i18n.translator import Translator
from worker.proposals.words import field_name
from worker.scheduling.allotting import missing
from worker.scheduling.rules import Reason
from worker.scheduling.wallclock import local
from worker.ui.view import Button
from worker.why.rules import RuleVerdict

OF_SPECIALISTS: Final[Mapping[Reason, tuple[str, ...]]] = {
    Reason.CLOSED: ("hours",),
    Reason.DAY_FULL: ("max_per_day",),
    Reason.WEEK_FULL: ("max_per_week",),
}
OF_SERVICES: Final[Mapping[Reason, tuple[str, ...]]] = {
    Reason.GRID: ("step",),
    Reason.OFFERED: ("hours",),
    Reason.NOTICE: ("min_notice",),
    Reason.HORIZON: ("horizon",),
    Reason.FULL: ("capacity",),
    Reason.BUFFER: ("buffer_before", "buffer_after"),
}
"""The fields of the business that a rule comes from, by whose they are; visits have buttons of their own."""


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """What somebody asked about, by its names, and who they are."""

    service_id: int
    service: str
    specialist: str
    today: date
    edits: bool
    """Whether they run the business; others change single dates of their own, and nothing else."""


def ways_to(texts: Translator, verdict: RuleVerdict, asked: AskedAbout) -> list[Button]:
    """Return the buttons of the rule that refuses a start."""
    found = [*_date(texts, verdict, asked), *(_fields(texts, verdict, asked) if asked.edits else ())]
    return [Button(label, command) for label, command in found]


def _date(texts: Translator, verdict: RuleVerdict, asked: AskedAbout) -> Iterator[tuple[str, Command]]:
    day = local(verdict.start, verdict.query.zone).date()
    if verdict.reason is Reason.CLOSED and day >= asked.today:
        specialist = verdict.query.calendar.specialist
        label = f"{asked.specialist}: {texts.title(texts.short_day(day))}"
        yield label, ShowTimeOffDay(specialist_id=specialist, day=day)


def _fields(texts: Translator, verdict: RuleVerdict, asked: AskedAbout) -> Iterator[tuple[str, Command]]:
    query, reason = verdict.query, verdict.reason
    if reason is None or (reason is Reason.NOTICE and verdict.start <= query.now):
        return
    sections = (
        ("services", asked.service_id, asked.service, OF_SERVICES),
        ("specialists", query.calendar.specialist, asked.specialist, OF_SPECIALISTS),
    )
    for section, number, name, fields in sections:
        for field in fields.get(reason, ()):
            label = f"{name}: {field_name(texts, field, section)}"
            yield label, AskField(section=section, number=number, field=field)
    lacked = missing(query, verdict.start) if reason is Reason.RESOURCE else None
    if lacked is not None:
        yield lacked.resource.name, ShowEntry(section="resources", number=lacked.resource.id)
