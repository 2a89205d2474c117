"""What is seen of somebody who runs late: the button and its question, and how it is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from shared.contracts.own_visits import AskLateness, SayLateness, ShowBooking
from shared.i18n.translator import Html, Translator
from worker.lateness.rules import Unneeded, can_be_late, lateness, minutes_of, steps_of
from worker.ui.deadlines import please_contact
from worker.ui.phrases import duration, mention, visit_line
from worker.ui.view import Button, View
from worker.visits.repository import Visit

SIGN = "🏃"


def late_buttons(texts: Translator, visit: Visit, now: datetime) -> list[Button]:
    """The way to say it, where it can be said and is not said to the full."""
    if not can_be_late(visit, now) or not steps_of(visit):
        return []
    return [Button(texts.text("Running late"), AskLateness(booking_id=visit.id))]


def late_lines(texts: Translator, visit: Visit) -> list[Html]:
    """What the customer said, on their own cards."""
    late_by = lateness(visit)
    if late_by is None:
        return []
    length = duration(texts, late_by)
    line = texts.html(
        "{specialist} knows that you will be {length} late.", specialist=visit.listener, length=length
    )
    return [Html(f"{SIGN} {line}")]


def staff_late_lines(texts: Translator, visit: Visit) -> list[Html]:
    """What the customer said, for those who wait for them."""
    late_by = lateness(visit)
    if late_by is None:
        return []
    arrival = (visit.start + late_by).astimezone(ZoneInfo(visit.timezone))
    length = duration(texts, late_by)
    line = texts.html(
        "The customer will be {length} late: here at {time}.", length=length, time=texts.time(arrival)
    )
    return [Html(f"{SIGN} {line}")]


def question(texts: Translator, visit: Visit) -> View:
    """The question by how much, with whom to call about more."""
    steps = [Button(f"+{minutes_of(step)}", _saying(visit, step)) for step in steps_of(visit)]
    lines = [
        texts.html("<b>How many minutes late will you be?</b>"),
        visit_line(texts, visit.services, visit.specialists),
        *late_lines(texts, visit),
        texts.html("Later than that? {contact}", contact=please_contact(texts, visit.contact)),
    ]
    back = Button(texts.text("« Back"), ShowBooking(booking_id=visit.id))
    return View(Html("\n".join(lines)), [steps, [back]])


def _saying(visit: Visit, step: timedelta) -> SayLateness:
    return SayLateness(booking_id=visit.id, version=visit.version, minutes=minutes_of(step))


def unneeded(texts: Translator, visit: Visit, why: Unneeded) -> str:
    """Say why nobody needs to hear it."""
    match why:
        case Unneeded.TOO_EARLY:
            return texts.text("It is too early for that.")
        case Unneeded.HERE:
            return texts.text("{specialist} has noted that you are here.", specialist=visit.listener)
        case Unneeded.SAID:
            return texts.text("{specialist} knows already.", specialist=visit.listener)
        case Unneeded.NO_STEP:
            return please_contact(texts, visit.contact)
        case _:
            assert_never(why)


def follower_lines(texts: Translator, following: Sequence[Visit]) -> list[Html]:
    """Whom the specialist would keep waiting, where the visit ended as much later."""
    return [
        texts.html(
            "⏭ Next at {time}: {service}, {customer}",
            time=texts.time(each.start.astimezone(ZoneInfo(each.timezone))),
            service=each.service,
            customer=mention(texts, each),
        )
        for each in following
    ]
