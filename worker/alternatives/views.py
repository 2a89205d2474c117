"""What customers read of visits for which nobody is there, and what those who watch see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.booking import Moving, ShowSoonest
from shared.contracts.cancelling import AskCancel
from shared.contracts.own_visits import ShowBooking
from shared.contracts.rebooking import TakeAlternative, UndoRebooking
from shared.contracts.staff import ShowAgenda, ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.alternatives.repository import KeptTime, RebookedData, RebookingData
from worker.alternatives.rules import TO_BE_CALLED, UNDECIDED, AnswerState
from worker.customers.views import phone_lines
from worker.dates.views import and_more
from worker.db.models.booking import Status
from worker.ui.buttons import menu
from worker.ui.deadlines import by_when
from worker.ui.phrases import called, mention, shortened, visit_line, when
from worker.ui.view import Button, Keyboard, View
from worker.visits.repository import Visit
from worker.visits.views import card

MOST_LINES: Final = 40
"""So many visits are lines of a card; of more than that only the number."""
MOST_CALLS: Final = 8
"""So many of those who are to be called are buttons."""
NAME_WIDTH: Final = 32
"""UTF-16 units of a service or a name in a line."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebooking has come."""

    rebooking: RebookingData
    rebooked: Sequence[RebookedData]
    visits: Mapping[int, Visit]
    """As they stand, by number."""
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> date:
        """The date by the business's clock."""
        return self.now.astimezone(self.zone).date()

    @property
    def resolved(self) -> int:
        """How many have another time, or are cancelled."""
        return sum(each.state is AnswerState.RESOLVED for each in self.rebooked)

    @property
    def is_undone(self) -> bool:
        """Whether the specialist is there after all."""
        return any(each.state is AnswerState.UNDONE for each in self.rebooked)

    @property
    def can_be_undone(self) -> bool:
        """Whether nobody has chosen yet."""
        return self.rebooking.undo is not None and not self.resolved and not self.is_undone


def offer(
    texts: Translator, visit: Visit, kept: Sequence[KeptTime], answer_by: datetime, now: datetime
) -> View:
    """Tell a customer that nobody is there, and what they can have instead."""
    zone = ZoneInfo(visit.timezone)
    today = now.astimezone(zone).date()
    lines = [
        texts.html(
            "😔 <b>{specialist} cannot be there for your visit.</b> Sorry!", specialist=visit.specialist
        ),
        visit_line(texts, visit.service, visit.specialist),
        *when(texts, visit.start, visit.until, zone),
        Html(),
    ]
    if kept:
        until = by_when(texts, answer_by, zone, today)
        lines.append(
            texts.html("These times are kept for you until {moment}: tap the one you like.", moment=until)
        )
    else:
        lines.append(texts.html("Please choose another time."))
    lines.append(
        texts.html("Nothing is cancelled before you say so; if you do not answer, we will call you.")
    )
    rows = [[_take(texts, visit, each, zone)] for each in kept]
    return View(Html("\n".join(lines)), [*rows, *_other_ways(texts, visit)])


def _take(texts: Translator, visit: Visit, kept: KeptTime, zone: ZoneInfo) -> Button:
    label = f"{_moment(texts, kept.start, zone)} · {kept.specialist}"
    command = TakeAlternative(booking_id=visit.id, version=visit.version, alternative_id=kept.id)
    return Button(label, command, style="primary")


def _other_ways(texts: Translator, visit: Visit) -> Keyboard:
    moving = Moving(booking_id=visit.id, version=visit.version)
    others = ShowSoonest(service_id=visit.service_id, moving=moving)
    cancel = AskCancel(booking_id=visit.id, version=visit.version)
    return [
        [Button(texts.text("Other times"), others)],
        [Button(texts.text("Cancel my visit"), cancel, style="danger")],
    ]


def followed(texts: Translator, visit: Visit, state: AnswerState, now: datetime) -> View:
    """What becomes of a message that offered other times."""
    if state is AnswerState.UNDONE:
        return stands(texts, visit)
    if state is AnswerState.RESOLVED or not visit.is_live or not visit.waived:
        return card(texts, visit, now)
    zone = ZoneInfo(visit.timezone)
    lines = [
        texts.html("<b>The other times are no longer kept for you.</b> We will call you."),
        visit_line(texts, visit.service, visit.specialist),
        *when(texts, visit.start, visit.until, zone),
    ]
    return View(Html("\n".join(lines)), _other_ways(texts, visit))


def stands(texts: Translator, visit: Visit) -> View:
    """Tell a customer that their visit is as it was."""
    lines = [
        texts.html(
            "✅ <b>{specialist} will be there after all.</b> Your visit stands:", specialist=visit.specialist
        ),
        visit_line(texts, visit.service, visit.specialist),
        *when(texts, visit.start, visit.until, ZoneInfo(visit.timezone)),
    ]
    booking = Button(texts.text("Your visit"), ShowBooking(booking_id=visit.id))
    return View(Html("\n".join(lines)), [[booking], [menu(texts)]])


def progress(texts: Translator, found: Progress) -> View:
    """How far it has come, for those who watch: who chose what, and whom to call."""
    rebooking = found.rebooking
    lines = [
        texts.html("<b>{specialist}: other times for customers</b>", specialist=rebooking.specialist),
        texts.html("Resolved {done} of {all}.", done=found.resolved, all=len(found.rebooked)),
    ]
    if found.is_undone:
        lines[1:] = [texts.html("Undone: the visits stand as they were.")]
    elif any(each.state in UNDECIDED for each in found.rebooked):
        until = by_when(texts, rebooking.answer_by, found.zone, found.today)
        lines.append(texts.html("Customers can answer until {moment}.", moment=until))
    shown = found.rebooked[:MOST_LINES]
    lines += [Html(), *(_line(texts, each, found) for each in shown)]
    lines += and_more(texts, len(found.rebooked) - len(shown))
    return View(Html("\n".join(lines)), _progress_rows(texts, found))


def _progress_rows(texts: Translator, found: Progress) -> Keyboard:
    to_call = [
        each for each in found.rebooked if each.state in TO_BE_CALLED and each.booking_id in found.visits
    ]
    calls = [[_visit_button(texts, found, found.visits[each.booking_id])] for each in to_call[:MOST_CALLS]]
    undo = [Button(texts.text("Undo"), UndoRebooking(rebooking_id=found.rebooking.id))]
    day = min(each.was for each in found.rebooked).astimezone(found.zone).date()
    agenda = Button(texts.text("The day"), ShowAgenda(first=day))
    return [*calls, undo if found.can_be_undone else [], [agenda, menu(texts)]]


def _visit_button(texts: Translator, found: Progress, visit: Visit) -> Button:
    when_ = _moment(texts, visit.start, found.zone)
    label = f"📞 {when_} · {visit.service} · {called(texts, visit.customer)}"
    return Button(label, ShowStaffCard(booking_id=visit.id))


def _line(texts: Translator, rebooked: RebookedData, found: Progress) -> Html:
    """Say how far it has come with one visit."""
    visit = found.visits.get(rebooked.booking_id)
    was = _moment(texts, rebooked.was, found.zone)
    if visit is None:
        return texts.html("• {moment}", moment=was)
    about = texts.html(
        "{moment} {service}, {customer}",
        moment=was,
        service=shortened(visit.service, NAME_WIDTH),
        customer=shortened(called(texts, visit.customer), NAME_WIDTH),
    )
    if rebooked.state in TO_BE_CALLED:
        return _to_be_called(texts, was, visit)
    if rebooked.state is not AnswerState.RESOLVED:
        sign = "⏳" if rebooked.state in UNDECIDED else "✅"
        return Html(f"{sign} {about}")
    if visit.status is Status.CANCELLED:
        return texts.html("❌ {visit}: cancelled", visit=about)
    now = _moment(texts, visit.start, found.zone)
    if visit.start.astimezone(found.zone).date() == rebooked.was.astimezone(found.zone).date():
        now = texts.time(visit.start.astimezone(found.zone))
    return texts.html(
        "✅ {visit} → {moment} ({specialist})", visit=about, moment=now, specialist=visit.specialist
    )


def _to_be_called(texts: Translator, was: str, visit: Visit) -> Html:
    """Say whom to call: their chat and their number."""
    line = texts.html(
        "❗ {moment} {service}, {customer}: please call",
        moment=was,
        service=shortened(visit.service, NAME_WIDTH),
        customer=mention(texts, visit),
    )
    return Html(" ".join([line, *phone_lines(texts, visit)]))


def nothing_kept(texts: Translator) -> str:
    """Say that a time is not kept for its customer any more."""
    return texts.text("This time is no longer kept for you.")


def _moment(texts: Translator, at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    day = texts.title(texts.short_day(local.date()))
    return texts.text("{day}, {time}", day=day, time=texts.time(local))
