"""What people read of visits that a restore has lost."""

from zoneinfo import ZoneInfo

from shared.contracts.own_visits import ShowBooking
from shared.i18n.translator import Html, Translator
from worker.gone.views import book_again, gone_title, gone_words
from worker.lost.rules import KnownVisit, Loss
from worker.ui.buttons import menu
from worker.ui.phrases import visit_line, when
from worker.ui.view import Button, View
from worker.visits.repository import Visit


def unasked(texts: Translator, known: KnownVisit, stands: Visit | None, loss: Loss) -> View:
    """The word to the customer, who does not know yet."""
    titles = {
        Loss.GONE: gone_title(texts),
        Loss.MOVED: texts.html("⚠️ <b>Your visit is at another time than you know</b>"),
        Loss.REVIVED: texts.html("⚠️ <b>Your visit stands again</b>"),
    }
    words = {
        Loss.GONE: gone_words(texts),
        Loss.MOVED: texts.html(
            "We had to go back to earlier data, and lost that it was moved. This is when it is now: "
            "please move it again if that does not suit you. We are sorry."
        ),
        Loss.REVIVED: texts.html(
            "We had to go back to earlier data, and lost that you had cancelled it. "
            "Please cancel it again if you are not coming. We are sorry."
        ),
    }
    there = stands or known
    lines = [
        titles[loss],
        visit_line(texts, known.service, known.specialist),
        *when(texts, there.start, there.end, ZoneInfo(known.timezone)),
        words[loss],
        texts.html("№ {number}", number=known.number),
    ]
    show = Button(texts.text("Show the visit"), ShowBooking(booking_id=known.number))
    return View(Html("\n".join(lines)), [[book_again(texts) if loss is Loss.GONE else show], [menu(texts)]])


def told(texts: Translator, visits: int, people: int) -> View:
    """What owners and admins read once it is promised that customers are told."""
    lines = [
        texts.html("⚠️ <b>Data was restored, and newer bookings were lost</b>"),
        Html(
            texts.plural(
                "{number} visit is not as its customer knows it.",
                "{number} visits are not as their customers know them.",
                visits,
            )
        ),
        Html(texts.plural("{number} person is told.", "{number} people are told.", people)),
    ]
    return View(Html("\n".join(lines)), [[menu(texts)]])
