"""Every field that is declared can be changed in the chat, by what people say."""

import json
from typing import Any

import pytest
from hypothesis import find

from shared.buttons import pack
from shared.contracts.editing import AnswerField
from tests.worker.business.documents import stored_as, values
from worker.business.document import (
    SECTIONS,
    Document,
    LocationEntry,
    ResourceEntry,
    ServiceEntry,
    SpecialistEntry,
)
from worker.business.edits import plain, read_entry
from worker.business.fields import MembersType
from worker.business.singles import BusinessEntry
from worker.fields.rules import ADDED, GONE, IDENTITY, NEXT, FieldPlace, answered, fields_of, with_member
from worker.proposals.words import FIELDS, HINTS

DOCUMENT = Document(
    business=BusinessEntry(name="B", timezone="UTC", currency="EUR"),
    locations=(LocationEntry(name="Here", latitude=1.0, longitude=1.0),),
    resources=(ResourceEntry(name="Chair", count=2),),
    services=(ServiceEntry(name="Cut", duration=45, min_notice=0),),
    specialists=(SpecialistEntry(name="Alice"),),
)
MEMBER = {
    "owner": "1000",
    "admin": "1000",
    "exceptions": "2026-12-24",
    "hours": "0",
    **dict.fromkeys(("welcome", "reminder", "after_visit", "reminder_texts"), "en"),
}
"""A member of a field whose members have no rows of their own."""
MANY = 10**6
"""More entries than any business has had."""
EDITABLE = [(section, name) for section in SECTIONS for name in fields_of(section)]


def place_of(section: str, name: str) -> FieldPlace:
    found: Any = getattr(DOCUMENT, section)
    entry = found[0] if isinstance(found, tuple) else found
    return FieldPlace(stored_as(DOCUMENT), DOCUMENT, section, 1, entry, {}, fields_of(section)[name])


def words_of(tree: object) -> str:
    """Say what a file holds as a person would."""
    if isinstance(tree, list):
        return ", ".join(map(str, tree)) or "-"
    return json.dumps(tree) if isinstance(tree, dict) else str(tree)


@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_declared_is_offered_and_has_a_name(section: str) -> None:
    kind, _ = SECTIONS[section]
    hidden = kind.specs.keys() - fields_of(section).keys()
    assert hidden <= IDENTITY | set(kind.together[1:])
    for name, spec in kind.specs.items():
        parts = spec.type.parts if isinstance(spec.type, MembersType) else {}
        assert name in FIELDS or name in IDENTITY, f"say in words.py what people call {section}.{name}"
        assert parts.keys() <= FIELDS.keys()
        assert {each.kind for each in (spec.type, *parts.values())} <= HINTS.keys()


@pytest.mark.parametrize(("section", "name"), EDITABLE)
def test_what_people_say_of_a_field_is_read_as_the_file_reads_it(section: str, name: str) -> None:
    place = place_of(section, name)
    if isinstance(place.spec.type, MembersType):
        _by_its_members(place)
        return
    kind, _ = SECTIONS[section]
    names = kind.together if name in kind.together else (name,)
    for each in names:
        now = getattr(place.stored_entry, each)
        wanted = find(values(kind, each), lambda value, now=now: value not in (now, None, ""))  # type: ignore[misc]
        said = words_of(plain(kind.specs[each].type.write(wanted)))
        others = [said if one == each else words_of(getattr(place.stored_entry, one)) for one in names]
        found = read_entry(DOCUMENT, section, place.stored_entry, answered(place, ", ".join(others)))
        assert getattr(found, each) == wanted


def _by_its_members(place: FieldPlace) -> None:
    """Put a member in and take it out again."""
    name, kind = place.spec.name, place.members
    assert kind is not None, f"say in its type how the members of {name} are named"
    member = MEMBER.get(name, "1")
    detail = next(iter(kind.parts), "")
    words = (kind.parts[detail].presets or ("Why?",))[-1] if detail else ADDED
    new = NEXT if kind.in_order else member
    put = read_entry(
        DOCUMENT, place.section, place.stored_entry, {name: with_member(place, new, detail, words)}
    )
    assert list(kind.split(getattr(put, name))) == [1 if kind.in_order else place.key_of(member)]
    there = FieldPlace(place.stored, DOCUMENT, place.section, 1, put, {}, place.spec)
    again = read_entry(DOCUMENT, place.section, put, {name: with_member(there, member, "", GONE)})
    assert not kind.split(getattr(again, name))


def test_an_answer_that_looks_like_a_list_may_be_a_name() -> None:
    assert answered(place_of("services", "name"), "[VIP]") == {"name": "[VIP]"}
    assert answered(place_of("services", "reminders"), "[1d, 2h]") == {"reminders": ["1d", "2h"]}
    bomb = "[&a [1d,1d], &b [*a,*a], [*b,*b]]"
    assert answered(place_of("services", "reminders"), bomb)["reminders"][0] == "[&a [1d"
    assert answered(place_of("services", "reminders"), "45, 2h") == {"reminders": ["45m", "2h"]}


@pytest.mark.parametrize(("section", "name"), EDITABLE)
def test_what_is_usual_fits_a_button(section: str, name: str) -> None:
    place = place_of(section, name)
    kind, member = place.spec.type, MEMBER.get(name, str(MANY))
    parts = kind.parts if isinstance(kind, MembersType) else {}
    answer = AnswerField(section=section, number=MANY, field=name)
    for words in kind.presets:
        assert pack(answer.model_copy(update={"value": words}))
    for detail, type_ in parts.items():
        for words in type_.presets:
            assert pack(answer.model_copy(update={"member": member, "detail": detail, "value": words}))
