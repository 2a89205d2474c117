"""What owners and admins see of one field, and of the members that it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from shared.contracts.editing import AnswerField, AskField, ProposeEntry, ShowEntry, ShowSection
from shared.i18n.translator import Html, Translator
from worker.proposals.words import HINTS, MEANINGS, field_name
from worker.ui.buttons import Page, pager
from worker.ui.phrases import shortened
from worker.ui.view import Button, Keyboard, View, rows_of

MEMBERS_A_PAGE: Final = 40
SINGLE: Final = ("business", "limits", "roles", "texts")
"""What there is one of: together under 'Business'."""
WIDE: Final = 12
"""Characters; longer labels have a row of their own."""
VALUE_WIDTH: Final = 40
"""UTF-16 units of a value on a button."""
LINE_WIDTH: Final = 200


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of an entry with what it holds, as people read it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class AnswerRefusal:
    """An answer that did not fit, and why where that is not plain from what is asked."""

    answer: str
    why: str = ""


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
    warning: str = ""
    """What stands in the way of its being of any use."""
    placeholders: Sequence[tuple[str, str]] = ()
    """What a text may hold in braces, each with what stands in its place."""


def title_line(name: str) -> Html:
    """What a page is about."""
    return Html(f"<b>{escape(name)}</b>")


def way_back(texts: Translator, command: AskField) -> list[Button]:
    """The way one step back: from a member to its field, from there to the entry."""
    section_, number, name = command.section, command.number, command.field
    if command.member:
        return [Button(texts.text("« Back"), AskField(section=section_, number=number, field=name))]
    if number or section_ in SINGLE:
        return [Button(texts.text("« Back"), ShowEntry(section=section_, number=number))]
    return [Button(texts.text("« Back"), ShowSection(section=section_))]


def question(texts: Translator, asked: Asked, refused: AnswerRefusal | None = None) -> View:
    """What a field is to be; whoever's answer did not fit is told so first."""
    command, lines = asked.command, _refusal_lines(texts, refused)
    lines.append(title_line(asked.title))
    meant = command.detail if command.member else command.field
    if meant in MEANINGS:
        lines.append(Html(escape(texts.marked(MEANINGS[meant]))))
    if asked.warning:
        lines.append(texts.html("⚠️ {warning}", warning=asked.warning))
    if asked.now:
        lines.append(texts.html("Now: {value}", value=shortened(asked.now, LINE_WIDTH)))
    hint = texts.marked(HINTS.get(asked.kind, HINTS["text"]))
    lines.append(Html(escape(hint.format(currency=asked.currency))))
    lines += [
        texts.html("<code>{{{name}}}</code>: {meaning}", name=name, meaning=meaning)
        for name, meaning in asked.placeholders
    ]
    answer = AnswerField(**command.model_dump(exclude={"kind", "page"}))
    choices = [Button(label, answer.model_copy(update={"value": value})) for label, value in asked.choices]
    if asked.removable:
        gone = answer.model_copy(update={"detail": "", "value": "-"})
        label = texts.text("Back to ours") if asked.placeholders else texts.text("Remove")
        choices.append(Button(label, gone))
    width = 1 if any(len(each.text) > WIDE for each in choices) else 3
    return View(Html("\n".join(lines)), [*rows_of(choices, width), way_back(texts, command)], asks=True)


def _refusal_lines(texts: Translator, refused: AnswerRefusal | None) -> list[Html]:
    if refused is None:
        return []
    answer = shortened(refused.answer, LINE_WIDTH)
    said = texts.html("“{answer}” does not fit here, and nothing was changed.", answer=answer)
    return [said, texts.html("It {what}.", what=refused.why)] if refused.why else [said]


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
    new_detail: str = ""
    """What is asked first of a new member that has no name."""
    beside: str = ""
    """A field that says when others hold in place of these."""


def members(texts: Translator, page: MembersPage) -> View:
    """Show the members of a field: a tap puts one in, takes it out, or asks what is said of it."""
    command = page.command
    lines = [title_line(page.title)]
    if command.field in MEANINGS:
        lines.append(Html(escape(texts.marked(MEANINGS[command.field]))))
    lines += not_applied(texts, changed=page.changed)
    cut = Page.of(page.members, command.page, MEMBERS_A_PAGE)
    rows: Keyboard = [[_member(each, command, ticked=not page.new_detail)] for each in cut.shown]
    answer = AnswerField(section=command.section, number=command.number, field=command.field)
    presets = [[Button(label, answer.model_copy(update={"value": value}))] for label, value in page.choices]
    ways = [*presets, _more(texts, page), *_beside(texts, page), done(texts, command, changed=page.changed)]
    ways.append(way_back(texts, command))
    return View(Html("\n".join(lines)), [*rows, pager(cut, command), *ways])


def _more(texts: Translator, page: MembersPage) -> list[Button]:
    new = {"member": "+", "detail": page.new_detail}
    add = Button(texts.text("Add"), page.command.model_copy(update=new))
    write = Button(texts.text("Write it"), page.command.model_copy(update={"member": "*"}))
    return [*([add] if page.can_name else []), *([write] if page.can_say_all else [])]


def _beside(texts: Translator, page: MembersPage) -> Keyboard:
    if not page.beside:
        return []
    command = AskField(section=page.command.section, number=page.command.number, field=page.beside)
    return [[Button(field_name(texts, page.beside), command)]]


def not_applied(texts: Translator, *, changed: bool) -> list[Html]:
    """That what was said of an entry waits, where it does."""
    return [texts.html("Not applied yet: “Done” shows what would change.")] if changed else []


def done(texts: Translator, entry: AskField | ShowEntry, *, changed: bool) -> list[Button]:
    """The way from what was said of an entry to what it would change."""
    propose = ProposeEntry(section=entry.section, number=entry.number)
    return [Button(texts.text_in("editing", "Done"), propose, style="primary")] if changed else []


def _member(each: MemberLine, command: AskField, *, ticked: bool) -> Button:
    value = f": {shortened(each.value, VALUE_WIDTH)}" if each.value else ""
    label = f"{'✓ ' if each.is_in and ticked else ''}{each.name}{value}"
    asked = command.model_copy(update={"member": each.member, "detail": each.part})
    if each.is_in or each.part:
        return Button(label, asked)
    answer = AnswerField(section=command.section, number=command.number, field=command.field)
    return Button(label, answer.model_copy(update={"member": each.member, "value": "+"}))


def member(
    texts: Translator,
    command: AskField,
    title: str,
    parts: Sequence[FieldLine],
    ends: tuple[bool, bool] | None = None,
    *,
    changed: bool,
) -> View:
    """Show one member, each part a button; `ends` is of one that has a place among the others."""
    rows: Keyboard = [
        [Button(f"{field_name(texts, each.name)}: {shortened(each.value, VALUE_WIDTH)}",
                command.model_copy(update={"detail": each.name}))]
        for each in parts
    ]  # fmt: skip
    answer = AnswerField(**command.model_dump(exclude={"kind", "detail", "page"}), value="-")
    arrows: list[Button] = []
    if ends is not None:
        ways = ((texts.text("↑ Up"), "<", ends[0]), (texts.text("↓ Down"), ">", ends[1]))
        arrows = [
            Button(label, answer.model_copy(update={"value": value})) for label, value, end in ways if not end
        ]
    remove = Button(texts.text("Remove"), answer)
    lines = [title_line(title), *not_applied(texts, changed=changed)]
    rows += [[*arrows, remove], done(texts, command, changed=changed), way_back(texts, command)]
    return View(Html("\n".join(lines)), rows)
