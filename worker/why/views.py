"""The way to the question why a time is missing, and its answer in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from shared.contracts.absence import ShowTimeOffDay
from shared.contracts.base import Command
from shared.contracts.editing import AskField, ShowEntry
from shared.contracts.pausing import ShowPause
from shared.contracts.staff import ShowStaffCard
from shared.contracts.why import AskWhyTime, ExplainTime, ShowWhyDays, ShowWhyServices, ShowWhySpecialists
from shared.i18n.translator import Html, Translator
from worker.catalogue.repository import ServiceSummary, SpecialistSummary
from worker.catalogue.rules import ROWS_A_PAGE
from worker.proposals.words import field_name
from worker.scheduling.allotting import missing
from worker.scheduling.refusals import explain_rule
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import Reason
from worker.scheduling.wallclock import local
from worker.scheduling.weeks import Weeks
from worker.ui.buttons import Page, menu, pager, question_buttons
from worker.ui.cells import Cell, cell
from worker.ui.phrases import called, paused_line, span
from worker.ui.view import Button, View
from worker.visits.repository import Visit
from worker.why.rules import RuleVerdict

MOST_VISITS: Final = 8
"""So many of the visits in the way are buttons."""
MOST_RULES: Final = 12
"""So many of the rules in the way are buttons."""
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
class Explanation:
    """What was asked, and what the rules say about it."""

    schedule: Schedule
    asked: ExplainTime
    minute: int
    """Of the day, as it was typed."""
    verdicts: Sequence[RuleVerdict]
    """By specialist, in the business's order; none where the clock leaves the time out."""
    visits: Sequence[Visit]
    """Those that stand in the way."""
    now: datetime
    edits: bool
    """Whether who asks runs the business."""


def to_services(texts: Translator) -> Button:
    """The way back to the services."""
    return Button(texts.text("« Back"), ShowWhyServices())


def to_specialists(texts: Translator, service_id: int) -> Button:
    """The way back to who does a service."""
    return Button(texts.text("« Back"), ShowWhySpecialists(service_id=service_id))


def services(
    texts: Translator, offered: Sequence[ServiceSummary], asked: ShowWhyServices, own: int | None
) -> View:
    """The services to choose from, a page at a time."""
    page = Page.of(offered, asked.page, ROWS_A_PAGE)
    rows = [[Button(each.name, _after(each.id, own))] for each in page.shown]
    lines = [texts.html("<b>Why is a time missing?</b>"), texts.html("Choose a service.")]
    return View(Html("\n".join(lines)), [*rows, pager(page, asked), [menu(texts)]])


def _after(service_id: int, own: int | None) -> ShowWhySpecialists | ShowWhyDays:
    if own is None:
        return ShowWhySpecialists(service_id=service_id)
    return ShowWhyDays(service_id=service_id, specialist_id=own)


def specialists(
    texts: Translator, offered_by: Sequence[SpecialistSummary], asked: ShowWhySpecialists
) -> View:
    """The specialists who do the service, and 'Anyone'."""
    page = Page.of(offered_by, asked.page, ROWS_A_PAGE)
    anyone = ShowWhyDays(service_id=asked.service_id)
    rows = [[Button(each.name, anyone.model_copy(update={"specialist_id": each.id}))] for each in page.shown]
    lines = [texts.html("<b>Why is a time missing?</b>"), texts.html("With whom?")]
    ways = [pager(page, asked), [to_services(texts), menu(texts)]]
    return View(Html("\n".join(lines)), [[Button(texts.text("Anyone"), anyone)], *rows, *ways])


def days(texts: Translator, asked: ShowWhyDays, today: date, back: Button) -> View:
    """Five weeks of days: each can be asked about, open or not, past or to come."""
    weeks = Weeks.of(asked.first or today, today)
    before, after = weeks.first - timedelta(days=1), weeks.following
    turning = [
        Button("‹", asked.model_copy(update={"first": before})),
        cell(texts.months(weeks.first, weeks.last), Cell.DAYS),
        Button("›", asked.model_copy(update={"first": after})),
    ]
    weekdays = [cell(name, Cell.WEEKDAY) for name in texts.weekdays()]
    rows = [[_day(asked, day) for day in week] for week in weeks.rows(weeks.last)]
    lines = [texts.html("<b>Why is a time missing?</b>"), texts.html("Choose a day.")]
    return View(Html("\n".join(lines)), [turning, weekdays, *rows, [back, menu(texts)]])


def _day(asked: ShowWhyDays, day: date) -> Button:
    command = AskWhyTime(service_id=asked.service_id, specialist_id=asked.specialist_id, day=day)
    return Button(str(day.day), command)


def question(texts: Translator, day: date) -> View:
    """The question which time is missing; its answer is typed."""
    lines = [
        texts.html("<b>Which time is missing?</b> {day}", day=texts.title(texts.short_day(day))),
        texts.html("Write it as 15:00."),
    ]
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def not_a_time(texts: Translator) -> View:
    """That what was said is no time of day, and the question once more."""
    text = texts.html("That is no time of day. Please write it as 15:00.")
    return View(text, question_buttons(texts), asks=True)


def nobody_does_it(texts: Translator) -> View:
    """That no time of the service is anybody's."""
    return View(texts.html("Nobody does this service any more."), [[to_services(texts), menu(texts)]])


def explanation(texts: Translator, answer: Explanation) -> View:
    """What the rules say about a time with each specialist, and the visits that stand in its way."""
    shown = datetime.combine(answer.asked.day, time()) + timedelta(minutes=answer.minute)
    title = texts.html(
        "<b>{service}</b>, {day}, {time}",
        service=answer.schedule.service,
        day=texts.short_day(answer.asked.day),
        time=f"{shown:%H:%M}",
    )
    pause = answer.schedule.pause
    paused = [paused_line(texts, pause)] if pause.holds(answer.now, answer.schedule.zone) else []
    lines = [title, *paused, Html()]
    if not answer.verdicts:
        lines.append(texts.html("The clock is set forward over that time: it does not exist on that day."))
    lines += [_verdict(texts, answer, each) for each in answer.verdicts]
    rules = [[each] for each in _to_rules(texts, answer)]
    return View(Html("\n".join(lines)), [*_shown(texts, answer), *rules, *_ways(texts, answer.asked)])


def _to_rules(texts: Translator, answer: Explanation) -> list[Button]:
    """Return the ways to the rules that refuse the time, each once; the pause of all bookings first."""
    schedule, today = answer.schedule, answer.now.astimezone(answer.schedule.zone).date()
    found = []
    if answer.edits and schedule.pause.holds(answer.now, schedule.zone):
        found.append(Button(texts.text("Bookings are paused"), ShowPause()))
    for each in answer.verdicts:
        name = schedule.names[each.query.calendar.specialist]
        asked = AskedAbout(answer.asked.service_id, schedule.service, name, today, answer.edits)
        found += [button for button in _ways_to(texts, each, asked) if button not in found]
    return found[:MOST_RULES]


def _shown(texts: Translator, answer: Explanation) -> list[list[Button]]:
    zone = answer.schedule.zone
    return [[_way_to(texts, each, each.start.astimezone(zone))] for each in answer.visits[:MOST_VISITS]]


def _way_to(texts: Translator, visit: Visit, start: datetime) -> Button:
    label = f"{texts.time(start)} · {visit.service} · {called(texts, visit.customer)}"
    return Button(label, ShowStaffCard(booking_id=visit.id))


def _ways(texts: Translator, asked: ExplainTime) -> list[list[Button]]:
    known = {"service_id": asked.service_id, "specialist_id": asked.specialist_id}
    other_time = Button(texts.text("Another time"), AskWhyTime(**known, day=asked.day))
    other_day = Button(texts.text("Another day"), ShowWhyDays(**known, first=asked.day))
    return [[other_time, other_day], [to_services(texts), menu(texts)]]


def _verdict(texts: Translator, answer: Explanation, verdict: RuleVerdict) -> Html:
    specialist = verdict.query.calendar.specialist
    reason = texts.text("this time can be booked")
    if verdict.reason is not None:
        reason = explain_rule(texts, verdict.query, verdict.start, verdict.reason)
    name = answer.schedule.names[specialist]
    line = texts.html("<b>{specialist}</b>: {reason}", specialist=name, reason=reason)
    taken = {each.visit_start for each in verdict.in_the_way}
    visits = [
        each
        for each in answer.visits
        if each.specialist_id == specialist and int(each.start.timestamp()) in taken
    ]
    return Html("\n".join([line, *(_visit(texts, answer, verdict, each) for each in visits)]))


def _visit(texts: Translator, answer: Explanation, verdict: RuleVerdict, visit: Visit) -> Html:
    """A visit in the way, with the time that is kept free around it where that is the reason."""
    zone, begins = answer.schedule.zone, int(visit.start.timestamp())
    line = texts.html(
        "• {times} {service}, {customer} (№ {number})",
        times=span(texts, visit.start.astimezone(zone), visit.end.astimezone(zone)),
        service=visit.service,
        customer=called(texts, visit.customer),
        number=visit.id,
    )
    busy = next(each for each in verdict.in_the_way if each.visit_start == begins)
    if verdict.reason is not Reason.BUFFER or busy[:2] == busy[2:4]:
        return line
    kept = span(texts, local(busy.busy_start, zone), local(busy.busy_end, zone))
    return Html(f"{line}, {texts.html('with its buffers {times}', times=kept)}")


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """What somebody asked about, by its names, and who they are."""

    service_id: int
    service: str
    specialist: str
    today: date
    edits: bool
    """Whether they run the business; others change single dates of their own, and nothing else."""


def _ways_to(texts: Translator, verdict: RuleVerdict, asked: AskedAbout) -> list[Button]:
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
