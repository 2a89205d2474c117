"""What owners and admins see of the business while they change it."""

from collections.abc import Mapping, Sequence
from typing import Final

from shared.contracts.editing import (
    AddEntry,
    AskField,
    ExportBusiness,
    MoveEntry,
    RemoveEntry,
    ShowEntry,
    ShowSection,
    ShowSentFile,
)
from shared.contracts.history import ShowEntryHistory
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from shared.telegram.client import Upload
from worker.fields.views import VALUE_WIDTH, FieldLine, done, not_applied, title_line
from worker.proposals.offer_views import back_to_admin
from worker.proposals.words import field_name
from worker.ui.buttons import Page, menu, pager
from worker.ui.phrases import shortened
from worker.ui.view import Button, Keyboard, Media, MediaType, View

ENTRIES_A_PAGE: Final = 20
MOST_LINES: Final = 40
"""So many lines are told of what would change; of more than that only the number."""

SECTIONS: Final[Mapping[str, Marked]] = {
    "business": text_noop("The business"),
    "locations": text_noop("Places"),
    "resources": text_noop("Resources"),
    "services": text_noop("Services"),
    "specialists": text_noop("Specialists"),
    "roles": text_noop("Roles"),
    "limits": text_noop("Limits"),
    "texts": text_noop("Texts"),
}
TEXTS: Final = "texts"
"""The section of the business's own words, which has a button of its own."""
OTHER_TEXTS: Final = ("late_text", "pause_text")
"""Fields of the business itself that are words to customers, too."""
ALL_SINGLE: Final = "all"
"""The section of what there is one of."""


def admin_button(texts: Translator, section: str) -> Button:
    """The way from /admin to a part of the business."""
    return Button(texts.marked(SECTIONS[section]), ShowSection(section=section))


def hours_button(texts: Translator) -> Button:
    """The way from /admin to everybody's hours."""
    return Button(texts.text("Hours"), ShowSection(section="specialists", field="hours"))


def business_button(texts: Translator) -> Button:
    """The way from /admin to what there is one of."""
    return Button(texts.text("Business"), ShowSection(section=ALL_SINGLE))


def texts_button(texts: Translator) -> Button:
    """The way from /admin to the business's own words."""
    return Button(texts.marked(SECTIONS[TEXTS]), ShowEntry(section=TEXTS))


def export_button(texts: Translator) -> Button:
    """The way from /admin to the business as a file."""
    return Button(texts.text("Export"), ExportBusiness())


def single(texts: Translator, shown: Sequence[str]) -> View:
    """What there is one of."""
    rows = [[Button(texts.marked(SECTIONS[each]), ShowEntry(section=each))] for each in shown]
    return View(texts.html("<b>Business</b>"), [*rows, [back_to_admin(texts), menu(texts)]])


def section(texts: Translator, asked: ShowSection, entries: Sequence[tuple[int, str]]) -> View:
    """The entries of a list, a page at a time."""
    page = Page.of(entries, asked.page, ENTRIES_A_PAGE)
    title = texts.marked(SECTIONS[asked.section])
    if asked.field:
        title = f"{field_name(texts, asked.field)}: {title}"
    lines = [texts.html("<b>{title}</b>", title=title)]
    if not entries:
        lines.append(texts.html("There is nothing here yet."))
    rows: Keyboard = [[Button(name, _way(asked, number))] for number, name in page.shown]
    add = [] if asked.field else [[Button(texts.text("Add"), AddEntry(section=asked.section))]]
    return View(
        Html("\n".join(lines)), [*rows, pager(page, asked), *add, [back_to_admin(texts), menu(texts)]]
    )


def _way(asked: ShowSection, number: int) -> AskField | ShowEntry:
    if asked.field:
        return AskField(section=asked.section, number=number, field=asked.field)
    return ShowEntry(section=asked.section, number=number)


def entry(
    texts: Translator,
    command: ShowEntry,
    name: str,
    fields: Sequence[FieldLine],
    ends: tuple[bool, bool] | None,
    *,
    changed: bool,
) -> View:
    """An entry: each field with what it holds is a button; `ends` says whether it is first, and last."""
    section_, number = command.section, command.number
    rows: Keyboard = [
        [Button(f"{field_name(texts, each.name, section_)}: {shortened(each.value, VALUE_WIDTH)}",
                AskField(section=section_, number=number, field=each.name))]
        for each in fields
    ]  # fmt: skip
    history_ = Button(texts.text("History"), ShowEntryHistory(section=section_, number=number))
    text = Html("\n".join([title_line(name), *not_applied(texts, changed=changed)]))
    rows.append(done(texts, command, changed=changed))
    if ends is None:
        return View(text, [*rows, *_single_ways(texts, section_, history_)])
    back = Button(texts.text("« Back"), ShowSection(section=section_))
    return View(text, [*rows, _order(texts, command, ends), [history_], [back, menu(texts)]])


def _order(texts: Translator, entry_: ShowEntry, ends: tuple[bool, bool]) -> list[Button]:
    """Up, down and out of the list."""
    of = {"section": entry_.section, "number": entry_.number}
    up, down = (
        Button(texts.text("↑ Up"), MoveEntry(**of)),
        Button(texts.text("↓ Down"), MoveEntry(**of, down=True)),
    )
    ways = [way for way, is_end in zip((up, down), ends, strict=True) if not is_end]
    return [*ways, Button(texts.text("Remove"), RemoveEntry(**of))]


def _single_ways(texts: Translator, section_: str, history: Button) -> Keyboard:
    """The ways from what there is one of: of own texts also to the others that the business says."""
    if section_ != TEXTS:
        return [[history], [_to_single(texts), menu(texts)]]
    ways = [(name, AskField(section="business", field=name)) for name in OTHER_TEXTS]
    others = [[Button(field_name(texts, name), way)] for name, way in ways]
    return [*others, [history], [back_to_admin(texts), menu(texts)]]


def _to_single(texts: Translator) -> Button:
    return Button(texts.text("« Back"), ShowSection(section=ALL_SINGLE))


def owners_only(texts: Translator) -> View:
    """An answer to an admin who asks for what only owners change."""
    return View(texts.html("This is for owners."), [[back_to_admin(texts), menu(texts)]])


def export(texts: Translator, name: str, text: str) -> View:
    """The business as a file."""
    file = Upload(name, text.encode(), "application/yaml")
    words = texts.html(
        "The business as a file. Change it and send it here: you see what it does before anything changes."
    )
    return View(words, [[back_to_admin(texts)]], shows=Media(MediaType.DOCUMENT, file, reused=False))


def sent_file(texts: Translator, name: str, *, readable: bool) -> View:
    """An answer to a file that an owner sent."""
    if not readable:
        text = texts.html("“{name}” is no business file: it is too large, or no text.", name=name)
        return View(text, [[back_to_admin(texts), menu(texts)]])
    text = texts.html("“{name}” has arrived. Nothing changes before you have seen what it does.", name=name)
    show = Button(texts.text("What would change?"), ShowSentFile(), style="primary")
    return View(text, [[show], [back_to_admin(texts), menu(texts)]])
