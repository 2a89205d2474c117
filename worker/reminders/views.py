"""What customers are reminded of, with a way to answer and to change it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from shared.contracts.own_visits import ShowBooking
from shared.i18n.translator import Html, Translator
from worker.confirming.views import confirm_lines, there_button
from worker.lateness.views import late_buttons
from worker.own_texts.views import Spoken, above
from worker.ui.phrases import visit_line, when, where
from worker.ui.view import Button, View
from worker.visits.part_views import part_lines
from worker.visits.parts import VisitPart
from worker.visits.repository import Visit
from worker.visits.views import changes, passed_deadline_lines


class Reminded(Spoken, Protocol):
    """What a reminder says of a visit."""

    @property
    def service(self) -> str:
        """Its first service."""
        ...

    @property
    def specialist(self) -> str:
        """Who does that."""
        ...

    @property
    def until(self) -> datetime:
        """When all of it ends."""
        ...

    @property
    def parts(self) -> Sequence[VisitPart]:
        """What follows in it behind its first service."""
        ...

    @property
    def currency(self) -> str:
        """What its prices are in."""
        ...


def reminder(texts: Translator, visit: Visit, now: datetime, own: Html | None = None) -> View:
    """What the customer is reminded of, with a way to answer and to change it; `own` is the shop's words."""
    rows = [] if visit.attending else [[there_button(texts, visit)]]
    ways = [late_buttons(texts, visit, now), _changes_or_card(texts, visit, now)]
    return View(reminder_words(texts, visit, own, _still(texts, visit, now)), [*rows, *ways])


def reminder_words(texts: Translator, visit: Reminded, own: Html | None, still: Sequence[Html] = ()) -> Html:
    """Say when and where a visit is, under the shop's own words or ours; `still` is what can be done."""
    facts = [*_facts(texts, visit), *still]
    title = texts.html("🔔 <b>Your visit is coming up</b>")
    return Html("\n".join([title, *facts])) if own is None else above(own, facts)


def see_you(texts: Translator, visit: Visit, now: datetime, own: Html | None = None) -> View:
    """What a reminder becomes once the customer has said that they will be there; the shop's words stay."""
    facts = [texts.html("👍 <b>See you then!</b>"), *_facts(texts, visit), *_still(texts, visit, now)]
    ways = [late_buttons(texts, visit, now), _changes_or_card(texts, visit, now)]
    return View(Html("\n".join(facts)) if own is None else above(own, facts), ways)


def _facts(texts: Translator, visit: Reminded) -> list[Html]:
    what = visit_line(texts, visit.service, visit.specialist)
    zone = ZoneInfo(visit.timezone)
    parts = part_lines(texts, visit.parts, zone, visit.currency)
    return [what, *parts, *when(texts, visit.start, visit.until, zone), *where(texts, visit.place)]


def _still(texts: Translator, visit: Visit, now: datetime) -> list[Html]:
    return [*confirm_lines(texts, visit, now), *passed_deadline_lines(texts, visit, now)]


def _changes_or_card(texts: Translator, visit: Visit, now: datetime) -> list[Button]:
    show = Button(texts.text("Show the visit"), ShowBooking(booking_id=visit.id))
    return changes(texts, visit, now) or [show]
