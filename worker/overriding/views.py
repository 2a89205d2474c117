"""What staff read who name a time that the rules do not offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.booking import ShowSoonest
from shared.contracts.overriding import AskOtherTime, BookAgainstRules
from shared.i18n.translator import Html, Translator
from worker.scheduling.refusals import explain_rule
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import Reason, SlotQuery
from worker.scheduling.wallclock import local
from worker.ui.buttons import menu, question_buttons
from worker.ui.phrases import visit_line
from worker.ui.view import Button, View


@dataclass(frozen=True, slots=True)
class Broken:
    """A time, and the rules that it breaks."""

    schedule: Schedule
    query: SlotQuery
    start: int
    """Unix seconds."""
    reasons: Sequence[Reason]
    again: AskOtherTime


def other_time_button(texts: Translator, asked: AskOtherTime) -> Button:
    """The way to a time that is not offered."""
    return Button(texts.text("Other time"), asked)


def question(texts: Translator, now: datetime, *, unread: bool) -> View:
    """The question for a day and a time."""
    lines = [texts.html("That is no day and time that I can read.")] if unread else []
    lines += [
        texts.html("<b>Which day and time?</b>"),
        texts.html("Write it as {example}.", example=f"{texts.short_day(now.date())} 18:15"),
    ]
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def against(texts: Translator, found: Broken, book: BookAgainstRules, zone: ZoneInfo) -> View:
    """The rules that a time breaks, and the way to book against them."""
    lines = [
        *_title(texts, found, zone),
        texts.html("<b>That is outside of the rules:</b>"),
        *_broken(texts, found),
        Html(),
        texts.html("Booked all the same, it is noted in the history who did it and against which of them."),
    ]
    anyway = Button(texts.text("Book anyway"), book, style="danger")
    return View(Html("\n".join(lines)), [[anyway], *_ways(texts, found)])


def impossible(texts: Translator, found: Broken, zone: ZoneInfo) -> View:
    """That somebody else has the time, which nobody can override."""
    lines = [
        *_title(texts, found, zone),
        texts.html("<b>That cannot be booked:</b>"),
        *_broken(texts, found),
    ]
    if found.start <= found.query.now:
        lines.append(texts.html("• that time has passed"))
    return View(Html("\n".join(lines)), _ways(texts, found))


def _title(texts: Translator, found: Broken, zone: ZoneInfo) -> list[Html]:
    moment = local(found.start, zone)
    who = found.schedule.names[found.query.calendar.specialist]
    when = texts.html("{day}, {time}", day=texts.short_day(moment.date()), time=texts.time(moment))
    return [visit_line(texts, found.schedule.service, who), when, Html()]


def _broken(texts: Translator, found: Broken) -> list[Html]:
    said = [explain_rule(texts, found.query, found.start, each) for each in found.reasons]
    return [texts.html("• {rule}", rule=each.removesuffix(":")) for each in said]


def _ways(texts: Translator, found: Broken) -> list[list[Button]]:
    times = ShowSoonest(
        service_id=found.again.service_id,
        specialist_id=found.again.specialist_id,
        location_id=found.again.location_id,
        customer=found.again.customer,
    )
    return [
        [other_time_button(texts, found.again)],
        [Button(texts.text("« Back"), times), menu(texts)],
    ]
