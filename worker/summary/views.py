"""What somebody reads who is about to confirm a visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.booking import Book, Move, ShowSummary
from shared.i18n.translator import Html, Translator
from worker.catalogue.repository import ServiceSummary
from worker.confirming.rules import deadline
from worker.confirming.views import in_advance_lines
from worker.deposit import Money
from worker.forms.form import Form
from worker.forms.views import summary_lines, summary_rows
from worker.runtime.repository import BusinessProfile
from worker.summary.rules import TermsPart
from worker.ui.buttons import menu
from worker.ui.deadlines import Deadlines, deadline_lines
from worker.ui.deposits import Return, ahead_lines
from worker.ui.party import how_many, size_rows
from worker.ui.phrases import priced_line, span, visit_line, when, where
from worker.ui.view import Button, Keyboard, View
from worker.visits.part_views import part_lines, total_lines
from worker.visits.parts import VisitPart
from worker.visits.place import Place
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True)
class Plan:
    """A visit that someone is about to confirm."""

    service: ServiceSummary
    specialist: str | None
    start: datetime
    place: Place | None
    command: Book | Move
    back: Button
    now: datetime
    moved_from: datetime | None = None
    place_before: Place | None = None
    """Where a visit is that moves to another place."""
    beside: Sequence[Visit] = ()
    """The customer's other visits at that time."""
    currency: str | None = None
    """What the price is in; None is the business's own."""
    form: Form | None = None
    """What was answered before, where the service asks something."""
    kept_until: datetime | None = None
    """Until when the time is held; None where it is not."""
    deposit: Money | None = None
    """What is paid ahead."""
    keeps_deposit: bool = False
    """Whether it is kept when the customer cancels."""
    is_request: bool = False
    """Whether what is moved waits for an answer."""
    later: Button | None = None
    """The way to move the later visits of a series, too."""
    by_staff: bool = False
    """Whether it is somebody else's visit: what the customer may do by themselves is not said."""
    sizes: Sequence[ShowSummary] = ()
    """What shows the summary for so many places of a group, where there is a choice."""
    together: Button | None = None
    """The way to keep places for friends, who book theirs themselves."""
    parts: Sequence[VisitPart] = ()
    """What follows."""

    @property
    def until(self) -> datetime:
        """When the last of it ends."""
        return max([self.start + self.service.duration, *(each.end for each in self.parts)])


def summary(texts: Translator, business: BusinessProfile, plan: Plan) -> View:
    """What is about to be booked, or where a booking is about to be moved."""
    lines = [_question(texts, plan), *_what_lines(texts, business, plan)]
    lines += _before(texts, business.zone, plan)
    lines += when(texts, plan.start, plan.until, business.zone)
    lines += where(texts, plan.place)
    if plan.place_before is not None:
        lines.append(texts.html("Before it was at: <s>{place}</s>", place=plan.place_before.name))
    lines += _rules(texts, business.zone, plan)
    lines += [_at_that_time(texts, visit, business.zone, by_staff=plan.by_staff) for visit in plan.beside]
    lines += [] if plan.form is None else summary_lines(texts, plan.form)
    lines += [*_approval_lines(texts, plan), *_kept_lines(texts, plan, business.zone)]
    lines += [how_many(texts)] if plan.sizes else []
    return View(Html("\n".join(lines)), _ways(texts, plan))


def _ways(texts: Translator, plan: Plan) -> Keyboard:
    confirm = Button(_confirm(texts, plan), plan.command, style="success")
    chosen = plan.command.places if isinstance(plan.command, Book) else 1
    sizes = size_rows({each.places: each for each in plan.sizes}, chosen)
    later = [] if plan.later is None else [[plan.later]]
    answers = [] if plan.form is None else summary_rows(plan.form)
    together = [] if plan.together is None else [[plan.together]]
    return [[confirm], *sizes, *together, *later, *answers, [plan.back, menu(texts)]]


def _before(texts: Translator, zone: ZoneInfo, plan: Plan) -> list[Html]:
    """Say when a visit is that moves."""
    if plan.moved_from is None:
        return []
    local = plan.moved_from.astimezone(zone)
    about = {"day": texts.short_day(local.date()), "time": texts.time(local)}
    return [texts.html("From: <s>{day}, {time}</s>", **about)]


def _what_lines(texts: Translator, business: BusinessProfile, plan: Plan) -> list[Html]:
    service, currency = plan.service, plan.currency or business.currency
    who = plan.specialist or texts.text("anyone who is free")
    return [
        priced_line(texts, visit_line(texts, service.name, who), service.price, currency),
        *part_lines(texts, plan.parts, business.zone, currency),
        *total_lines(texts, service.price, plan.parts, currency),
    ]


def _approval_lines(texts: Translator, plan: Plan) -> list[Html]:
    if plan.is_request:
        return [_stays_request(texts, by_staff=plan.by_staff)]
    if not plan.service.approval or plan.by_staff:
        return []
    if plan.moved_from is not None:
        return [_asked_again(texts, plan.service)]
    if plan.service.approval_regulars:
        return [texts.html("✋ Who is here for the first time waits for an answer.")]
    return [texts.html("✋ You ask for it now, and are told the answer.")]


def _stays_request(texts: Translator, *, by_staff: bool) -> Html:
    if by_staff:
        return texts.html(
            "✋ The customer is asked. The time that they asked for is free for others at once."
        )
    return texts.html("✋ It stays a request, and you are told the answer.")


def _asked_again(texts: Translator, service: ServiceSummary) -> Html:
    if service.approval_regulars:
        return texts.html("✋ Who is here for the first time waits for an answer again.")
    return texts.html(
        "✋ The new time waits for an answer again. The one that you have is free for others at once."
    )


def _kept_lines(texts: Translator, plan: Plan, zone: ZoneInfo) -> list[Html]:
    if plan.kept_until is None:
        return []
    until = texts.time(plan.kept_until.astimezone(zone))
    if plan.by_staff:
        return [texts.html("⏳ Kept for the customer until {time}.", time=until)]
    return [texts.html("⏳ Kept for you until {time}.", time=until)]


def _rules(texts: Translator, zone: ZoneInfo, plan: Plan) -> list[Html]:
    """Say until when it can be changed and has to be confirmed, and what is paid ahead."""
    service, lines = plan.service, []
    deadlines = Deadlines.before(plan.start, service.move_until, service.cancel_until)
    if not plan.by_staff:
        confirm_by = deadline(plan.start, service.reminders, service.confirm_until, plan.now)
        lines += deadline_lines(texts, deadlines, plan.now, zone)
        lines += in_advance_lines(texts, confirm_by, zone)
    if plan.deposit is not None:
        back = Return(deadlines.cancel, plan.now, zone, keeps=plan.keeps_deposit)
        lines += ahead_lines(texts, plan.deposit, back, asks=service.approval)
    return lines


def named(place: Place | None) -> tuple[str, str] | None:
    """Return what a summary and a card say of a place."""
    return None if place is None else (place.name, place.address)


def changed(texts: Translator, parts: Sequence[TermsPart]) -> str:
    """Say what is not as it was when the summary was shown."""
    said = {
        TermsPart.PRICE: texts.text("The price has changed since you looked."),
        TermsPart.LENGTH: texts.text("How long it takes has changed since you looked."),
        TermsPart.RULES: texts.text("Where it is or how it can be cancelled has changed since you looked."),
    }
    return " ".join([*(said[part] for part in parts), texts.text("Is it all right now?")])


def elsewhere(texts: Translator, *, by_staff: bool) -> str:
    """Say that the customer has another visit then."""
    if by_staff:
        return texts.text("The customer has another visit at that time.")
    return texts.text("You have another visit at that time.")


def _at_that_time(texts: Translator, visit: Visit, zone: ZoneInfo, *, by_staff: bool) -> Html:
    about = {
        "service": visit.services,
        "specialist": visit.specialists,
        "times": span(texts, visit.start.astimezone(zone), visit.until.astimezone(zone)),
    }
    if by_staff:
        return texts.html("⚠️ The customer has {service} with {specialist} {times} at that time.", **about)
    return texts.html("⚠️ You have {service} with {specialist} {times} at that time.", **about)


def _confirm(texts: Translator, plan: Plan) -> str:
    if not plan.command.anyway:
        return texts.text("Confirm")
    return texts.text("Book anyway") if isinstance(plan.command, Book) else texts.text("Move anyway")


def _question(texts: Translator, plan: Plan) -> Html:
    if plan.moved_from is None:
        return texts.html("<b>Is this right?</b>")
    if plan.is_request and plan.by_staff:
        return texts.html("<b>Propose this time?</b>")
    return texts.html("<b>Move the visit?</b>")
