"""What customers read where the business changed their visit."""

from collections.abc import Sequence
from datetime import datetime

from shared.i18n.translator import Html, Translator
from worker.corrections.rules import Correction
from worker.ui.view import View
from worker.visits.repository import Visit
from worker.visits.views import card_titled


def corrected(texts: Translator, visit: Visit, now: datetime, what: Sequence[Correction]) -> View:
    """What the business changed of a visit, and the visit as it is now: a card like the others."""
    titles = {
        Correction.PLACE: texts.html("📍 <b>Please note: the place of your visit has changed</b>"),
        Correction.CLOCK: texts.html(
            "🕙 <b>Please note: our clock was wrong. This is the right time of your visit</b>"
        ),
        Correction.SPECIALIST: texts.html("👤 <b>Please note: your visit is with somebody else now</b>"),
    }
    return card_titled(texts, visit, now, Html("\n".join(titles[each] for each in what)))
