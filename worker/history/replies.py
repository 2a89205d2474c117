"""What happened, in lines that people read: who did what, when, and from where."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.business.document import SECTIONS, Document
from worker.business.edits import read_value
from worker.business.fields import FieldType, MembersType, ValueKind
from worker.business.problems import RefusedFileError
from worker.business.singles import BusinessEntry
from worker.editing.views import SECTIONS as SECTION_NAMES
from worker.events.author import ChangeSource
from worker.history.repository import HistoryEvent, ShopEvent
from worker.members.views import ROLES
from worker.proposals.told import IN, NOTHING, member_name, shown, unsaid
from worker.proposals.words import field_name
from worker.staff.replies import VisitEvent, event_actor, event_line, event_words
from worker.ui.phrases import called, shortened

WHAT_WIDTH: Final = 220
"""UTF-16 units of what was done, so that a page of it fits a message."""
VALUE_WIDTH: Final = 60

TOOL: Final = "bellhop business apply"
WAYS: Final[Mapping[str, Marked]] = {
    "absence.apply": text_noop("time off"),
    "absence.undo": text_noop("time off, taken back"),
    "editing.undo": text_noop("Undo"),
    "setup.apply": text_noop("set-up"),
    "pausing.pause": text_noop("Pause"),
    "pausing.resume": text_noop("Pause"),
    "pausing.write_text": text_noop("Pause"),
    "team.accept": text_noop("invitation"),
    "team.make_invitation": text_noop("Team"),
    "team.revoke": text_noop("Team"),
    "team.take_away": text_noop("Team"),
}
"""Where in the chat something was done, by the kind of the command; elsewhere it was the editor."""


def lines(texts: Translator, events: Sequence[HistoryEvent], zone: ZoneInfo) -> list[Html]:
    """Say what happened, a line each."""
    return [_line(texts, each, zone) for each in events]


def heading(texts: Translator, zone: ZoneInfo) -> Sequence[str]:
    """Name the columns of `rows`."""
    when = texts.text("When ({zone})", zone=zone.key)
    return when, texts.text("Visit"), texts.text("Who"), texts.text("What")


def rows(texts: Translator, events: Sequence[HistoryEvent], zone: ZoneInfo) -> list[Sequence[str]]:
    """Say what happened in cells, a row each."""
    return [_row(texts, each, zone) for each in events]


def _row(texts: Translator, event: HistoryEvent, zone: ZoneInfo) -> Sequence[str]:
    when = event.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(event, VisitEvent):
        words = event_words(texts, event, zone)
        return when, str(event.booking_id), event_actor(texts, event), words
    return when, "", who(texts, event), what(texts, event)


def _line(texts: Translator, event: HistoryEvent, zone: ZoneInfo) -> Html:
    if isinstance(event, VisitEvent):
        line = event_line(texts, event, zone)
        return texts.html("№ {number} · {line}", number=event.booking_id, line=line)
    local = event.at.astimezone(zone)
    return texts.html(
        "{moment}, {who}: {what}",
        moment=texts.text("{day}, {time}", day=texts.short_day(local.date()), time=texts.time(local)),
        who=Html(f"<b>{escape(who(texts, event))}</b>"),
        what=shortened(what(texts, event), WHAT_WIDTH),
    )


def who(texts: Translator, event: ShopEvent) -> str:
    """Name who changed the business, and from where."""
    if event.source == ChangeSource.TOOL:
        return TOOL
    name = texts.text("somebody") if event.actor_id is None else called(texts, event.actor)
    if event.source == ChangeSource.FILE:
        return texts.text("{name}, by a file in the chat", name=name)
    if event.command in WAYS:
        return texts.text("{name}, in the chat ({way})", name=name, way=texts.marked(WAYS[event.command]))
    return texts.text("{name}, in the chat", name=name)


def what(texts: Translator, event: ShopEvent) -> str:
    """Say what happened to the business."""
    subject = _subject(texts, event)
    details = "; ".join(_details(texts, event))
    if event.kind == "changed" and details:
        return texts.text("changed {what}: {details}", what=subject, details=details)
    if event.kind == "reordered" and "names" in event.data:
        names = ", ".join(event.data["names"])
        return texts.text("changed the order of {what}: {names}", what=subject, names=names)
    if event.kind == "more":
        number = event.data.get("count", 0)
        return texts.plural("and {number} more entry", "and {number} more entries", number)
    if event.section == "invitations":
        return _invitation(texts, event)
    words = {
        "added": texts.text("added {what}", what=subject),
        "returned": texts.text("brought back {what}", what=subject),
        "changed": texts.text("changed {what}", what=subject),
        "removed": texts.text("removed {what}", what=subject),
    }
    return words.get(event.kind, f"{event.kind}: {subject}")


def _subject(texts: Translator, event: ShopEvent) -> str:
    known = event.section in SECTION_NAMES
    section = texts.marked(SECTION_NAMES[event.section]) if known else event.section
    if event.kind == "reordered" or not event.name or event.section == "business":
        return section
    return texts.text("{name} ({section})", name=event.name, section=section)


def _invitation(texts: Translator, event: ShopEvent) -> str:
    role = event.data.get("role", "")
    title = texts.marked(ROLES[role]) if role in ROLES else role
    whom = f"{title}, {event.name}" if event.name else title
    if event.kind == "revoked":
        return texts.text("took back an invitation: {whom}", whom=whom)
    return texts.text("invited: {whom}", whom=whom)


def _details(texts: Translator, event: ShopEvent) -> Iterator[str]:
    """Say field by field what became different."""
    for line in event.data.get("lines", ()):
        label, old, new = _difference(texts, event, line)
        yield texts.text("{field}: {old} → {new}", field=label, old=old, new=new)
    if more := event.data.get("more", 0):
        yield texts.plural("and {number} more", "and {number} more", more)


def _difference(texts: Translator, event: ShopEvent, line: Mapping[str, Any]) -> tuple[str, str, str]:
    label = field_name(texts, line["field"])
    kind = _kind_of(event.section, line["field"])
    currency = event.data.get("currency", "")
    if "member" in line:
        label = f"{label}, {_member_name(texts, event, kind, line['member'])}"
        pair = [_member(texts, kind, line[end], currency) for end in ("from", "to")]
    else:
        pair = [_value(texts, kind, line[end], currency) for end in ("from", "to")]
    old, new = (shortened(each, VALUE_WIDTH) for each in pair)
    return label, old, new


def _kind_of(section: str, field: str) -> FieldType[Any] | None:
    """Return what a field holds; None where this release knows no such field."""
    spec = SECTIONS[section][0].specs.get(field) if section in SECTIONS else None
    return None if spec is None else spec.type


def _member_name(texts: Translator, event: ShopEvent, kind: FieldType[Any] | None, member: Any) -> str:  # noqa: ANN401 - JSON
    if event.people.get(member):
        return event.people[member]
    if not isinstance(kind, MembersType):
        return str(member)
    if kind.keys:
        return member_name(texts, kind, member) if member in kind.keys else str(member)
    if kind.key is not None and kind.key.kind is ValueKind.DATE:
        return texts.short_day(date.fromisoformat(member))
    if kind.key is not None and kind.key.kind is ValueKind.LANGUAGE:
        return shown(texts, kind.key, member, "")
    return str(member)


def _member(texts: Translator, kind: FieldType[Any] | None, parts: Any, currency: str) -> str:  # noqa: ANN401 - JSON
    if parts is None:
        return unsaid(texts, kind) if isinstance(kind, MembersType) else NOTHING
    if not isinstance(kind, MembersType) or not isinstance(parts, dict):
        return str(parts)
    values = [_value(texts, kind.parts.get(part), value, currency) for part, value in parts.items()]
    return ", ".join(each for each in values if each != NOTHING) or (unsaid(texts, kind) if kind.keys else IN)


def _value(texts: Translator, kind: FieldType[Any] | None, tree: Any, currency: str) -> str:  # noqa: ANN401 - JSON
    """Say a value; one that is read no more, or was noted only in part, as the file had it."""
    is_hours = kind is not None and kind.kind is ValueKind.TIMES
    if tree is None or (tree in ("", [], {}) and not is_hours):
        return NOTHING
    if kind is None:
        return str(tree)
    try:
        return shown(texts, kind, read_value(kind, tree, _in_currency(currency)), currency)
    except (RefusedFileError, ValueError):
        return str(tree)


def _in_currency(currency: str) -> Document:
    return Document(business=BusinessEntry(name="—", timezone="UTC", currency=currency or "EUR"))
