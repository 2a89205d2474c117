"""What owners and admins see of the business while they change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from shared.contracts.editing import (
    AddEntry,
    AnswerField,
    AskField,
    ExportBusiness,
    MoveEntry,
    ProposeEntry,
    RemoveEntry,
    ShowEntry,
    ShowSection,
    ShowSentFile,
)
from shared.contracts.history import ShowEntryHistory
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from shared.telegram.client import Upload
from worker.proposals.offer_views import back_to_admin
from worker.proposals.words import HINTS, MEANINGS, field_name
from worker.ui.buttons import Page, menu, pager
from worker.ui.phrases import shortened
from worker.ui.view import Button, Keyboard, Media, MediaType, View, rows_of

ENTRIES_A_PAGE: Final = 20
MEMBERS_A_PAGE: Final = 40
WIDE: Final = 12
"""Characters; longer labels have a row of their own."""
VALUE_WIDTH: Final = 40
"""UTF-16 units of a value on a button."""
LINE_WIDTH: Final = 200
MOST_LINES: Final = 40
"""So many lines are told of what would change; of more than that only the number."""

SECTIONS: Final[Mapping[str, Marked]] = {
    "business": text_noop("The business"),
    "locations": text_noop("Places"),
    "services": text_noop("Services"),
    "specialists": text_noop("Specialists"),
    "roles": text_noop("Roles"),
    "limits": text_noop("Limits"),
}
SINGLE: Final = ("business", "limits", "roles")
"""What there is one of: together under 'Business'."""
ALL_SINGLE: Final = "all"
"""The section of what there is one of."""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of an entry with what it holds, as people read it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member that a field holds or may hold."""

    member: str
    name: str
    value: str
    is_in: bool
    part: str = ""
    """What a tap asks for, where there is but one thing to say of it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, and what is offered."""

    command: AskField
    title: str
    kind: str
    now: str
    choices: Sequence[tuple[str, str]]
    currency: str
    removable: bool = False


def admin_button(texts: Translator, section: str) -> Button:
    """The way from /admin to a part of the business."""
    return Button(texts.marked(SECTIONS[section]), ShowSection(section=section))


def hours_button(texts: Translator) -> Button:
    """The way from /admin to everybody's hours."""
    return Button(texts.text("Hours"), ShowSection(section="specialists", field="hours"))


def business_button(texts: Translator) -> Button:
    """The way from /admin to what there is one of."""
    return Button(texts.text("Business"), ShowSection(section=ALL_SINGLE))


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
) -> View:
    """An entry: each field with what it holds is a button; `ends` says whether it is first, and last."""
    section_, number = command.section, command.number
    rows: Keyboard = [
        [Button(f"{field_name(texts, each.name, section_)}: {shortened(each.value, VALUE_WIDTH)}",
                AskField(section=section_, number=number, field=each.name))]
        for each in fields
    ]  # fmt: skip
    history_ = Button(texts.text("History"), ShowEntryHistory(section=section_, number=number))
    if ends is None:
        return View(_title(name), [*rows, [history_], [_to_single(texts), menu(texts)]])
    first, last = ends
    arrows = [
        *([] if first else [Button(texts.text("↑ Up"), MoveEntry(section=section_, number=number))]),
        *(
            []
            if last
            else [Button(texts.text("↓ Down"), MoveEntry(section=section_, number=number, down=True))]
        ),
    ]
    remove = Button(texts.text("Remove"), RemoveEntry(section=section_, number=number))
    back = Button(texts.text("« Back"), ShowSection(section=section_))
    return View(_title(name), [*rows, [*arrows, remove], [history_], [back, menu(texts)]])


def _title(name: str) -> Html:
    return Html(f"<b>{escape(name)}</b>")


def _to_single(texts: Translator) -> Button:
    return Button(texts.text("« Back"), ShowSection(section=ALL_SINGLE))


def _back(texts: Translator, command: AskField) -> list[Button]:
    """The way one step back: from a member to its field, from there to the entry."""
    section_, number, name = command.section, command.number, command.field
    if command.member:
        return [Button(texts.text("« Back"), AskField(section=section_, number=number, field=name))]
    if number or section_ in SINGLE:
        return [Button(texts.text("« Back"), ShowEntry(section=section_, number=number))]
    return [Button(texts.text("« Back"), ShowSection(section=section_))]


def question(texts: Translator, asked: Asked, refused: str = "") -> View:
    """What a field is to be; whoever's answer did not fit is told so first."""
    command, lines = asked.command, []
    if refused:
        lines.append(
            texts.html(
                "“{answer}” does not fit here, and nothing was changed.",
                answer=shortened(refused, LINE_WIDTH),
            )
        )
    lines.append(_title(asked.title))
    if command.field in MEANINGS and not command.member:
        lines.append(Html(escape(texts.marked(MEANINGS[command.field]))))
    if asked.now:
        lines.append(texts.html("Now: {value}", value=shortened(asked.now, LINE_WIDTH)))
    hint = texts.marked(HINTS.get(asked.kind, HINTS["text"]))
    lines.append(Html(escape(hint.format(currency=asked.currency))))
    answer = AnswerField(**command.model_dump(exclude={"kind", "page"}))
    choices = [Button(label, answer.model_copy(update={"value": value})) for label, value in asked.choices]
    if asked.removable:
        gone = answer.model_copy(update={"detail": "", "value": "-"})
        choices.append(Button(texts.text("Remove"), gone))
    width = 1 if any(len(each.text) > WIDE for each in choices) else 3
    return View(Html("\n".join(lines)), [*rows_of(choices, width), _back(texts, command)], asks=True)


@dataclass(frozen=True, slots=True)
class MembersPage:
    """The members of a field, and what can be done with them."""

    command: AskField
    title: str
    members: Sequence[MemberLine]
    choices: Sequence[tuple[str, str]]
    can_name: bool
    """Whether a member can be named that is not there."""
    can_say_all: bool
    changed: bool


def members(texts: Translator, page: MembersPage) -> View:
    """The members of a field: a tap puts one in, takes it out, or asks what is said of it."""
    command = page.command
    lines = [_title(page.title)]
    if command.field in MEANINGS:
        lines.append(Html(escape(texts.marked(MEANINGS[command.field]))))
    if page.changed:
        lines.append(texts.html("Not applied yet: “Done” shows what would change."))
    cut = Page.of(page.members, command.page, MEMBERS_A_PAGE)
    rows: Keyboard = [[_member(each, command)] for each in cut.shown]
    answer = AnswerField(section=command.section, number=command.number, field=command.field)
    presets = [[Button(label, answer.model_copy(update={"value": value}))] for label, value in page.choices]
    ways = [*presets, _more(texts, page), _done(texts, page), _back(texts, command)]
    return View(Html("\n".join(lines)), [*rows, pager(cut, command), *ways])


def _more(texts: Translator, page: MembersPage) -> list[Button]:
    add = Button(texts.text("Add"), page.command.model_copy(update={"member": "+"}))
    write = Button(texts.text("Write it"), page.command.model_copy(update={"member": "*"}))
    return [*([add] if page.can_name else []), *([write] if page.can_say_all else [])]


def _done(texts: Translator, page: MembersPage) -> list[Button]:
    propose = ProposeEntry(section=page.command.section, number=page.command.number)
    done = Button(texts.text_in("editing", "Done"), propose, style="primary")
    return [done] if page.changed else []


def _member(each: MemberLine, command: AskField) -> Button:
    value = f": {shortened(each.value, VALUE_WIDTH)}" if each.value else ""
    label = f"{'✓ ' if each.is_in else ''}{each.name}{value}"
    asked = command.model_copy(update={"member": each.member, "detail": each.part})
    if each.is_in or each.part:
        return Button(label, asked)
    answer = AnswerField(section=command.section, number=command.number, field=command.field)
    return Button(label, answer.model_copy(update={"member": each.member, "value": "+"}))


def member(texts: Translator, command: AskField, title: str, parts: Sequence[FieldLine]) -> View:
    """One member: what is said of it, each part a button."""
    rows: Keyboard = [
        [Button(f"{field_name(texts, each.name)}: {shortened(each.value, VALUE_WIDTH)}",
                command.model_copy(update={"detail": each.name}))]
        for each in parts
    ]  # fmt: skip
    answer = AnswerField(**command.model_dump(exclude={"kind", "detail", "page"}), value="-")
    return View(_title(title), [*rows, [Button(texts.text("Remove"), answer)], _back(texts, command)])


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
