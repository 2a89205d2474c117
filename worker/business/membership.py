"""Who works in a business, as a change of its document: somebody comes, somebody leaves."""

from dataclasses import replace
from enum import StrEnum
from typing import Final

from worker.business.document import Document, SpecialistEntry
from worker.business.edits import with_entry, without_entry
from worker.business.singles import RolesEntry
from worker.business.stored import StoredBusiness

OWNER: Final = "owner"
SPECIALIST: Final = "specialist"
SPECIALISTS: Final = "specialists"
"""The section of the file."""


class NotJoined(StrEnum):
    """Why somebody cannot become what they are invited to be."""

    ALREADY = "already"
    OTHER_SPECIALIST = "other_specialist"
    """They are another specialist here."""
    TAKEN = "taken"
    """The specialist is somebody else by now."""
    GONE = "gone"
    """The specialist does not work here any more."""
    NAME_TAKEN = "name_taken"
    """A specialist of the new one's name works here by now."""


class NotLeft(StrEnum):
    """Why something cannot be taken away from somebody."""

    NOT_THEIRS = "not_theirs"
    """They do not have it any more."""
    LAST_OWNER = "last_owner"


def with_role(document: Document, role: str, person_id: int) -> Document | NotJoined:
    """Return the business with one more owner or admin; who owns it is no admin besides."""
    people: tuple[int, ...] = getattr(document.roles, role)
    if person_id in {*people, *document.roles.owner}:
        return NotJoined.ALREADY
    return _with_people(document, role, (*people, person_id))


def _with_people(document: Document, role: str, people: tuple[int, ...]) -> Document:
    roles: RolesEntry = replace(document.roles, **{role: tuple(sorted(people))})
    return replace(document, roles=roles)


def with_specialist(document: Document, wanted: SpecialistEntry, person_id: int) -> Document | NotJoined:
    """Return the business in which a person is this specialist, who may be new."""
    theirs = next((each for each in document.specialists if each.telegram_id == person_id), None)
    if theirs is not None:
        return NotJoined.ALREADY if theirs == wanted else NotJoined.OTHER_SPECIALIST
    if wanted.telegram_id is not None:
        return NotJoined.TAKEN
    known = next((each for each in document.specialists if each == wanted), None)
    return with_entry(document, SPECIALISTS, known, replace(wanted, telegram_id=person_id))


def wanted_specialist(
    stored: StoredBusiness, document: Document, number: int | None, name: str
) -> SpecialistEntry | NotJoined:
    """Find the specialist by the number of their row, or make the one of this name who is not there yet."""
    if number is None:
        taken = any(each.name == name for each in document.specialists)
        return NotJoined.NAME_TAKEN if taken else SpecialistEntry(name=name)
    return stored.offered(SpecialistEntry, number) or NotJoined.GONE


def without_role(document: Document, role: str, person_id: int) -> Document | NotLeft:
    """Return the business with one owner or admin less; the last owner stays."""
    people: tuple[int, ...] = getattr(document.roles, role)
    others = tuple(each for each in people if each != person_id)
    if others == people:
        return NotLeft.NOT_THEIRS
    if role == OWNER and not others:
        return NotLeft.LAST_OWNER
    return _with_people(document, role, others)


def without_chat(stored: StoredBusiness, document: Document, number: int) -> Document | NotLeft:
    """Return the business in which a specialist is nobody in the chat."""
    leaving = stored.offered(SpecialistEntry, number)
    if leaving is None or leaving.telegram_id is None:
        return NotLeft.NOT_THEIRS
    return with_entry(document, SPECIALISTS, leaving, replace(leaving, telegram_id=None))


def without_specialist(stored: StoredBusiness, document: Document, number: int) -> Document | NotLeft:
    """Return the business without a specialist."""
    leaving = stored.offered(SpecialistEntry, number)
    return NotLeft.NOT_THEIRS if leaving is None else without_entry(document, SPECIALISTS, leaving)
