"""What happened to visits, the newest first, and the search in it."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.admin import ShowAdmin
from shared.contracts.history import AskHistory, ShowHistory
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.staff.replies import VisitEvent, event_line
from worker.ui.buttons import menu, question_buttons
from worker.ui.view import Button, Keyboard, View, rows_of

NUMBERS_A_ROW: Final = 4


def to_history(texts: Translator) -> Button:
    """Return the way to the history."""
    return Button(texts.text("History"), ShowHistory())


def lately(texts: Translator, events: Sequence[VisitEvent], zone: ZoneInfo, page: int, *, more: bool) -> View:
    """A page of what happened; the arrows are there where they lead to a page."""
    lines = [texts.html("<b>History</b>"), Html(), *_lines(texts, events, zone)]
    turning = [
        *([Button("‹", ShowHistory(page=page - 1))] if page > 0 else []),
        *([Button("›", ShowHistory(page=page + 1))] if more else []),
    ]
    back = Button(texts.text("« Back"), ShowAdmin())
    return View(Html("\n".join(lines)), [*_visits(events), turning, [_search(texts)], [back, menu(texts)]])


def found(texts: Translator, said: str, events: Sequence[VisitEvent], zone: ZoneInfo, *, more: bool) -> View:
    """What was found of a number or a name; `more` where older events are left out."""
    lines = [texts.html("<b>History</b>: {text}", text=said), Html(), *_lines(texts, events, zone)]
    if more:
        lines.append(texts.html("Older entries are left out."))
    back = Button(texts.text("« Back"), ShowHistory())
    return View(Html("\n".join(lines)), [*_visits(events), [_search(texts)], [back, menu(texts)]])


def question(texts: Translator) -> View:
    """The question for whose history."""
    words = texts.html("<b>Whose history?</b> Write the number of a visit, as № 12, or a person's name.")
    return View(words, question_buttons(texts), asks=True)


def _lines(texts: Translator, events: Sequence[VisitEvent], zone: ZoneInfo) -> list[Html]:
    if not events:
        return [texts.html("Nothing is noted.")]
    return [
        texts.html("№ {number} · {line}", number=each.booking_id, line=event_line(texts, each, zone))
        for each in events
    ]


def _visits(events: Sequence[VisitEvent]) -> Keyboard:
    numbers = dict.fromkeys(each.booking_id for each in events)
    return rows_of([Button(f"№ {each}", ShowStaffCard(booking_id=each)) for each in numbers], NUMBERS_A_ROW)


def _search(texts: Translator) -> Button:
    return Button(texts.text("Search"), AskHistory())
