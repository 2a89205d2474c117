"""What is asked of who is ill, and what would follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from shared.contracts.base import DraftRef
from shared.contracts.sick import ApplyIll, AskIllDay, DiscardIll, SayIll
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.absence.repository import CalendarOwner
from worker.alternatives.rules import answer_by
from worker.dates.views import day_name
from worker.proposals.views import decision_row, lines_of_day
from worker.ui.buttons import menu, question_buttons
from worker.ui.deadlines import by_when
from worker.ui.phrases import called, shortened
from worker.ui.view import Button, View, rows_of
from worker.visits.repository import Visit

if TYPE_CHECKING:
    from worker.business.stored import ComingVisit

ONE_DAY: Final = timedelta(days=1)
A_ROW: Final = 2
NAME_WIDTH: Final = 20
MOST_REQUESTS: Final = 10


@dataclass(frozen=True, slots=True)
class IllDay:
    """A day on which somebody is ill, and the visits that have not begun."""

    owner: CalendarOwner
    day: date
    visits: Sequence[Visit]
    requests: Sequence[Visit]
    """What nobody has accepted yet: nothing is done with it here."""
    now: datetime
    zone: ZoneInfo


def home_row(texts: Translator) -> list[Button]:
    """The menu's row."""
    return [Button(texts.text("Ill"), SayIll())]


def whom(texts: Translator, owners: Sequence[CalendarOwner], asked: SayIll) -> View:
    """The specialists to choose from."""
    buttons = [Button(each.name, asked.model_copy(update={"specialist_id": each.id})) for each in owners]
    text = texts.html("<b>Who is ill?</b>") if buttons else texts.html("Nobody works here yet.")
    return View(text, [*rows_of(buttons, A_ROW), [menu(texts)]])


def which_day(texts: Translator, owner: CalendarOwner, today: date, *, refused: bool = False) -> View:
    """The days to choose from."""
    lines = [texts.html("That is not understood, and nothing was changed.")] if refused else []
    lines.append(texts.html("<b>{name} is ill.</b> On which day?", name=owner.name))
    named = {texts.text("Today"): today, texts.text("Tomorrow"): today + ONE_DAY}
    days = [Button(name, SayIll(specialist_id=owner.id, day=day)) for name, day in named.items()]
    other = Button(texts.text("Another day"), AskIllDay(specialist_id=owner.id))
    return View(Html("\n".join(lines)), [days, [other], [menu(texts)]])


def question(texts: Translator, owner: CalendarOwner, today: date, *, refused: bool) -> View:
    """The question for another day."""
    lines = [texts.html("That is not understood, and nothing was changed.")] if refused else []
    example = texts.day_of_month(today + 7 * ONE_DAY)
    lines.append(
        texts.html(
            "On which day is {name} ill? Write it as {date} or as a weekday.", name=owner.name, date=example
        )
    )
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def out_of_reach(texts: Translator, owner: CalendarOwner, today: date) -> View:
    """That a day is over or too far ahead, with the days to choose from."""
    again = which_day(texts, owner, today)
    said = texts.html("That day is over, or too far ahead.")
    return View(Html(f"{said}\n{again.text}"), again.keyboard)


def proposal(texts: Translator, found: IllDay, ref: DraftRef, *notes: Html) -> View:
    """Show who is hit and what they would be told, before anything is done."""
    day = day_name(texts, found.day)
    lines = [*notes, texts.html("<b>{name} is ill: {day}</b>", name=found.owner.name, day=day)]
    lines.append(texts.html("The day is closed for bookings."))
    if found.visits:
        lines += [Html(), Html(_count(texts, len(found.visits)))]
        lines += lines_of_day(texts, [_coming(visit) for visit in found.visits], found.zone)
        lines += [Html(), *_what_happens(texts, found)]
    else:
        lines.append(texts.html("No booked visit is hit."))
    rows = decision_row(texts, ApplyIll(proposal=ref), DiscardIll(proposal=ref))
    if not found.requests:
        return View(Html("\n".join(lines)), rows)
    lines += [Html(), Html(_waiting(texts, len(found.requests)))]
    return View(Html("\n".join(lines)), [*_requests(texts, found), *rows])


def _count(texts: Translator, count: int) -> str:
    return texts.plural("⚠️ {number} visit is hit:", "⚠️ {number} visits are hit:", count)


def _waiting(texts: Translator, count: int) -> str:
    return texts.plural(
        "✋ {number} request of that day waits for your answer: decline it, or propose another time.",
        "✋ {number} requests of that day wait for your answer: decline them, or propose another time.",
        count,
    )


def _requests(texts: Translator, found: IllDay) -> list[list[Button]]:
    buttons = []
    for each in found.requests[:MOST_REQUESTS]:
        time = texts.time(each.start.astimezone(found.zone))
        label = f"{time} · {shortened(called(texts, each.customer), NAME_WIDTH)}"
        buttons.append(Button(label, ShowStaffCard(booking_id=each.id)))
    return rows_of(buttons, A_ROW)


def _what_happens(texts: Translator, found: IllDay) -> list[Html]:
    until = answer_by(found.now, min(visit.start for visit in found.visits))
    today = found.now.astimezone(found.zone).date()
    lines = [
        texts.html(
            "Each customer is told now, and offered up to three other times that are kept until "
            "{moment}. Nothing is cancelled by itself.",
            moment=by_when(texts, until, found.zone, today),
        )
    ]
    calls = sum(not visit.customer_reachable or visit.is_by_phone for visit in found.visits)
    if calls:
        said = texts.plural(
            "{number} customer cannot be written to here: please call.",
            "{number} customers cannot be written to here: please call.",
            calls,
        )
        lines.append(Html(f"📞 {said}"))
    return lines


def _coming(visit: Visit) -> "ComingVisit":
    from worker.business.stored import ComingVisit  # noqa: PLC0415 - only who changes the business pays for it

    return ComingVisit(
        number=visit.id,
        service_number=visit.service_id,
        specialist_number=visit.specialist_id,
        service=visit.service,
        specialist=visit.specialist,
        customer=visit.customer,
        begins=visit.start,
        ends=visit.end,
    )


def discarded(texts: Translator) -> View:
    """That nothing was changed."""
    return View(texts.html("Nothing was changed."), [[menu(texts)]])
