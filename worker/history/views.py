"""What happened to visits and to the business, the newest first, and the search in it."""

from collections.abc import Mapping, Sequence
from typing import Final

from shared.contracts.admin import ShowAdmin
from shared.contracts.base import Command
from shared.contracts.editing import ShowEntry
from shared.contracts.history import AskHistory, HistoryPart, SendHistory, ShowEntryHistory, ShowHistory
from shared.contracts.staff import ShowStaffCard
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from shared.telegram.client import Upload
from worker.history.repository import HistoryEvent
from worker.history.rules import is_carried
from worker.staff.replies import VisitEvent
from worker.ui.buttons import menu, question_buttons
from worker.ui.phrases import item
from worker.ui.view import Button, Keyboard, Media, MediaType, View, rows_of

NUMBERS_A_ROW: Final = 4
PARTS: Final[Mapping[str, Marked]] = {
    "": text_noop("All"),
    HistoryPart.VISITS: text_noop("Visits"),
    HistoryPart.SHOP: text_noop("Shop"),
    HistoryPart.PEOPLE: text_noop("People"),
}


def to_history(texts: Translator) -> Button:
    """Return the way to the history."""
    return Button(texts.text("History"), ShowHistory())


def lately(
    texts: Translator,
    lines: Sequence[Html],
    events: Sequence[HistoryEvent],
    asked: ShowHistory,
    *,
    more: bool,
) -> View:
    """A page of what happened; the arrows are there where they lead to a page."""
    title = texts.html("<b>History</b>")
    if asked.only in PARTS and asked.only:
        title = texts.html("<b>History</b>: {text}", text=texts.marked(PARTS[asked.only]))
    others = [
        Button(texts.marked(PARTS[part]), ShowHistory(only=part)) for part in PARTS if part != asked.only
    ]
    back = Button(texts.text("« Back"), ShowAdmin())
    rows = [
        *_visits(events),
        _turning(asked, asked.page, more=more),
        others,
        [_search(texts), *_export(texts, lines, SendHistory(only=asked.only))],
    ]
    return View(_page(texts, title, lines), [*rows, [back, menu(texts)]])


def of_entry(texts: Translator, lines: Sequence[Html], asked: ShowEntryHistory, *, more: bool) -> View:
    """A page of what happened to an entry."""
    back = Button(texts.text("« Back"), ShowEntry(section=asked.section, number=asked.number))
    export = _export(texts, lines, SendHistory(section=asked.section, number=asked.number))
    rows = [_turning(asked, asked.page, more=more), export, [back, menu(texts)]]
    return View(_page(texts, texts.html("<b>History</b>"), lines), rows)


def found(
    texts: Translator, said: str, lines: Sequence[Html], events: Sequence[HistoryEvent], *, more: bool
) -> View:
    """What was found of a number or a name; `more` where older events are left out."""
    left = [texts.html("Older entries are left out.")] if more else []
    page = _page(texts, texts.html("<b>History</b>: {text}", text=said), [*lines, *left])
    back = Button(texts.text("« Back"), ShowHistory())
    export = _export(texts, lines, SendHistory(sought=said)) if is_carried(said) else []
    return View(page, [*_visits(events), [_search(texts), *export], [back, menu(texts)]])


def file(texts: Translator, asked: SendHistory, written: bytes, count: int, *, more: bool) -> View:
    """What happened as a file; `more` where older events are left out."""
    words = texts.plural(
        "The history as a table: {number} entry.", "The history as a table: {number} entries.", count
    )
    left = [texts.html("Older entries are left out.")] if more else []
    upload = Upload("history.csv", written, "text/csv")
    shows = Media(MediaType.DOCUMENT, upload, reused=False)
    entry = ShowEntryHistory(section=asked.section, number=asked.number)
    back = Button(texts.text("« Back"), entry if asked.section else ShowHistory(only=asked.only))
    return View(Html("\n".join([Html(words), *left])), [[back, menu(texts)]], shows=shows)


def question(texts: Translator) -> View:
    """The question for whose history."""
    words = texts.html(
        "<b>Whose history?</b> Write the number of a visit, as № 12, or the name of a person, "
        "a service, a specialist or a place."
    )
    return View(words, question_buttons(texts), asks=True)


def _page(texts: Translator, title: Html, lines: Sequence[Html]) -> Html:
    noted = map(item, lines) if lines else [texts.html("Nothing is noted.")]
    return Html("\n".join([title, Html(), *noted]))


def _turning(asked: Command, page: int, *, more: bool) -> list[Button]:
    return [
        *([Button("‹", asked.model_copy(update={"page": page - 1}))] if page > 0 else []),
        *([Button("›", asked.model_copy(update={"page": page + 1}))] if more else []),
    ]


def _visits(events: Sequence[HistoryEvent]) -> Keyboard:
    numbers = dict.fromkeys(each.booking_id for each in events if isinstance(each, VisitEvent))
    return rows_of([Button(f"№ {each}", ShowStaffCard(booking_id=each)) for each in numbers], NUMBERS_A_ROW)


def _search(texts: Translator) -> Button:
    return Button(texts.text("Search"), AskHistory())


def _export(texts: Translator, lines: Sequence[Html], file: SendHistory) -> list[Button]:
    return [Button(texts.text("Export"), file)] if lines else []
