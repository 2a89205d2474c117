"""What can be changed of the business in the chat, and what the file would hold for what people say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from worker.business.document import LISTS, SECTIONS, Document
from worker.business.edits import Tree, plain, read_entry, read_value
from worker.business.fields import FieldSpec, FieldType, FileEntry, MembersType, Row
from worker.business.problems import RefusedFileError
from worker.business.stored import StoredBusiness, StoredEntry

IDENTITY: Final = frozenset({"id", "was"})
"""What tells in a file which entry it is: in the chat one was tapped."""
ADDED, GONE, NEXT = "+", "-", "+"
"""Answers that put a member in and take it out; the member that is still to be named."""
EARLIER, LATER = "<", ">"
"""Answers that put a member before the one before it, or behind the next."""
ALIASES: Final = frozenset("&*")
"""What YAML repeats things by, at any size: nobody needs it in a chat."""
BESIDE: Final[Mapping[str, str]] = {"hours": "periods"}
"""By field, the one that says when others hold in place of it."""
WHOLE: Final = "*"
"""The member that stands for all of them: the field is said at once."""


@dataclass(frozen=True)
class FieldPlace:
    """A field of an entry as it is in the chat: with what is not applied yet."""

    stored: StoredBusiness
    document: Document
    section: str
    number: int
    stored_entry: FileEntry | None
    """None where it is still to come."""
    unfinished: Mapping[str, Tree]
    """What was said of it and is not applied."""
    spec: FieldSpec

    @cached_property
    def entry(self) -> FileEntry | None:
        """The entry with what is not applied yet; without it where that does not fit any more."""
        if self.stored_entry is None or not self.unfinished:
            return self.stored_entry
        try:
            return read_entry(self.document, self.section, self.stored_entry, self.unfinished)
        except RefusedFileError:
            return self.stored_entry

    @property
    def value(self) -> Any:  # noqa: ANN401 - of the field's type
        """What the field holds; None where there is nothing yet."""
        return getattr(self.entry, self.spec.name, None)

    @property
    def members(self) -> MembersType[Any] | None:
        """The field's type where its members are said one by one."""
        found = self.spec.type
        one_by_one = isinstance(found, MembersType) and (
            found.keys or found.key or found.rows.named or found.in_order
        )
        return found if isinstance(found, MembersType) and one_by_one else None

    @property
    def title(self) -> list[str]:
        """The words before what is asked: which one of a list it is."""
        return [self.entry.key] if self.entry is not None and self.section in LISTS else []

    @property
    def keys(self) -> list[tuple[str, Any]]:
        """The members that are there or may be, by what buttons call them."""
        found = self.spec.type
        if not isinstance(found, MembersType):
            return []
        if found.rows.named is not None:
            return [(str(row.number), row.entry.key) for row in self.named]
        there = list(found.keys or found.split(self.value or {}))
        offered = found.offered() if found.offered else ()
        return [(str(key), key) for key in dict.fromkeys([*offered, *there])]

    def key_of(self, member: str) -> Any:  # noqa: ANN401 - of the members' type
        """Return the key that a button names; raises ValueError where it names none."""
        found = self.spec.type
        if not isinstance(found, MembersType):
            return _no(member)
        if found.rows.named is not None:
            row = next((row for row in self.named if str(row.number) == member), None)
            if row is None:
                raise ValueError(member)
            return row.entry.key
        if found.keys or found.in_order:
            known = {str(key): key for key in (found.keys or found.split(self.value or {}))}
            return known[member] if member in known else _no(member)
        return read_value(found.key, member, self.document) if found.key else _no(member)

    @property
    def named(self) -> Sequence[StoredEntry]:
        """The rows that members can be, where the file names them."""
        named = self.spec.type.rows.named if isinstance(self.spec.type, MembersType) else None
        kind = next((kind for kind in LISTS.values() if kind.table is named), None)
        return [row for row in self.stored.rows.get(kind, ()) if row.active] if kind else []


def _no(member: str) -> Any:  # noqa: ANN401 - never returns
    raise ValueError(member)


def fields_of(section: str) -> Mapping[str, FieldSpec]:
    """Return the fields that can be changed in the chat; of those that are said together the first."""
    if section not in SECTIONS:
        return {}
    kind, _ = SECTIONS[section]
    hidden = IDENTITY | set(kind.together[1:])
    return {name: spec for name, spec in kind.specs.items() if name not in hidden}


def needed(section: str, values: Mapping[str, Tree]) -> str | None:
    """Return the first field that a new entry lacks; None where it has all that it needs."""
    return next(
        (name for name, spec in fields_of(section).items() if spec.required and name not in values), None
    )


def said(kind: FieldType[Any], text: str, document: Document) -> Tree:
    """Return what a file would hold for what somebody said; a list may be said as in the file."""
    tree = kind.said(text)
    if kind.placeholders or text[:1] not in {"[", "{"} or ALIASES & set(text) or _fits(kind, tree, document):
        return tree
    try:
        return plain(YAML(typ="safe", pure=True).load(StringIO(text)))
    except (YAMLError, ValueError, RecursionError):
        return tree


def _fits(kind: FieldType[Any], tree: Tree, document: Document) -> bool:
    try:
        read_value(kind, tree, document)
    except RefusedFileError:
        return False
    return True


def answered(place: FieldPlace, text: str) -> dict[str, Tree]:
    """Return the fields that an answer fills; nothing said is what is usual."""
    kind, _ = SECTIONS[place.section]
    if place.spec.name in kind.together:
        parts = [each.strip() for each in text.split(",")] if text else []
        return {name: parts[at] if at < len(parts) else None for at, name in enumerate(kind.together)}
    return {place.spec.name: said(place.spec.type, text, place.document) if text else None}


def with_member(place: FieldPlace, member: str, part: str, text: str) -> Tree:
    """Return what the file would hold with one member put in, taken out or changed.

    Raises ValueError or RefusedFileError for what is no member, no part or no value of it.
    """
    kind = place.members
    if kind is None:
        raise ValueError(member)
    rows = {each: dict(row) for each, row in kind.split(place.value or {}).items()}
    if kind.in_order:
        return plain(kind.write(kind.join(_in_order(place, kind, rows, member, part, text))))
    key = place.key_of(member)
    if not part and text == GONE:
        rows.pop(key, None)
    elif not part:
        rows.setdefault(key, dict(kind.blank))
    else:
        rows.setdefault(key, dict(kind.blank))[part] = _value_of(place, kind, part, text)
    return plain(kind.write(kind.join(rows)))


def _value_of(place: FieldPlace, kind: MembersType[Any], part: str, text: str) -> Any:  # noqa: ANN401 - a column's
    type_ = kind.parts[part] if part in kind.parts else _no(part)
    if not text:
        return kind.blank[part]
    return type_.store(read_value(type_, said(type_, text, place.document), place.document))


def _in_order(
    place: FieldPlace, kind: MembersType[Any], rows: Mapping[int, Row], member: str, part: str, text: str
) -> Mapping[int, Row]:
    """Return the rows of a list in order, counted from 1, with one of them new, gone or changed."""
    found = list(rows.values())
    if member == NEXT:
        found.append({**kind.blank, part: _value_of(place, kind, part, text)})
        return dict(enumerate(found, 1))
    at = place.key_of(member) - 1
    if part:
        found[at] = {**found[at], part: _value_of(place, kind, part, text)}
    elif text == GONE:
        found.pop(at)
    elif text in {EARLIER, LATER}:
        found.insert(max(0, at + (-1 if text == EARLIER else 1)), found.pop(at))
    return dict(enumerate(found, 1))


def kind_of(place: FieldPlace, member: str, part: str) -> FieldType[Any] | None:
    """Return the type of what is asked for; None where a forged button names what is not there."""
    members = place.members
    if members is None or member in {"", WHOLE}:
        return None if members is None and member not in {"", WHOLE} else place.spec.type
    if member == NEXT:
        return members.parts.get(part) if members.in_order else members.key
    try:
        place.key_of(member)
    except (ValueError, RefusedFileError):
        return None
    return members.parts.get(part) if part else place.spec.type


def check(place: FieldPlace, values: Mapping[str, Tree]) -> None:
    """Raise RefusedFileError where an entry cannot be so; one that is still to come may lack something."""
    try:
        read_entry(place.document, place.section, place.stored_entry, values)
    except RefusedFileError as error:
        lacking = {name for name, spec in fields_of(place.section).items() if spec.required} - values.keys()
        if place.stored_entry is not None or any(each.path not in lacking for each in error.problems):
            raise
