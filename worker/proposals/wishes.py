"""What somebody wants of the business, as JSON that a draft can keep, and the edit that comes of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any, Final

from worker.business.apply import Edit
from worker.business.document import LISTS, Document, NamedEntry, ServiceEntry
from worker.business.edits import LeftOverError, moved_entry, plain, read_entry, with_entry, without_entry
from worker.business.fields import FileEntry, MembersType
from worker.business.lists import MOST, one
from worker.business.plan import CancelVisits, Choices, KeepVisits
from worker.business.problems import Phrase, Problem, RefusedFileError
from worker.business.reader import read_document
from worker.business.stored import StoredBusiness
from worker.business.wording import Wording
from worker.business.zones import Constant

type Wish = Mapping[str, Any]
"""What somebody wants changed."""

THE_BUSINESS: Final = "business"
KEEP, CLOCK, INSTANT = "keep", "clock", "instant"
"""What can be chosen for visits that a change hits."""


class NoOwnerError(Exception):
    """Nobody would own the business any more."""


def entry_of(stored: StoredBusiness, section: str, number: int) -> FileEntry | None:
    """Return an entry by its row, or the one that there is of its kind; None where it is not there."""
    if section in LISTS:
        return stored.offered(LISTS[section], number)
    found: FileEntry | None = getattr(stored.document, section, None)
    return found


def edit_of(wish: Wish) -> Edit:
    """Return the edit that a wish asks for: nothing comes of it where it does not fit any more."""

    def edit(stored: StoredBusiness) -> Document | None:
        try:
            return edited(stored, wish)
        except (RefusedFileError, LeftOverError, NoOwnerError):
            return None

    return edit


def edited(stored: StoredBusiness, wish: Wish) -> Document | None:
    """Return the business as somebody wants it; None where what they want changed is not there.

    Raises RefusedFileError, LeftOverError or NoOwnerError where it cannot be so.
    """
    if stored.document is None:
        return None
    document = EDITS[wish["do"]](stored, stored.document, wish)
    if document is not None and stored.document.roles.owner and not document.roles.owner:
        raise NoOwnerError
    return document


def _set(stored: StoredBusiness, document: Document, wish: Wish) -> Document | None:
    section = wish["section"]
    entry = entry_of(stored, section, wish["number"])
    if entry is None:
        return None
    changed = with_entry(document, section, entry, read_entry(document, section, entry, wish["values"]))
    return _reread(changed) if section == THE_BUSINESS else changed


def _reread(document: Document) -> Document:
    """Have the reader look at all of it: prices are in the business's currency."""
    return read_document(
        json.dumps(plain(one(Document).write(document)), ensure_ascii=False).encode(), "business"
    )


def _add(_: StoredBusiness, document: Document, wish: Wish) -> Document:
    section = wish["section"]
    if len(getattr(document, section)) >= MOST:
        raise RefusedFileError(section, [Problem(1, section, Phrase.of(Wording.TOO_MANY, most=MOST))])
    entry = read_entry(document, section, None, wish["values"])
    more = with_entry(document, section, None, entry)
    return _done_by_the_only_one(more, entry) if isinstance(entry, ServiceEntry) else more


def _done_by_the_only_one(document: Document, service: ServiceEntry) -> Document:
    """Let a new service be done by the only one who could do it."""
    if len(document.specialists) != 1:
        return document
    [only] = document.specialists
    kind = only.specs["services"].type
    if not isinstance(kind, MembersType):
        return document
    rows = {**kind.split(only.services), service.key: dict(kind.blank)}
    return with_entry(document, "specialists", only, replace(only, services=kind.join(rows)))


def _remove(stored: StoredBusiness, document: Document, wish: Wish) -> Document | None:
    entry = _listed(stored, wish)
    return without_entry(document, wish["section"], entry) if entry else None


def _move(stored: StoredBusiness, document: Document, wish: Wish) -> Document | None:
    entry = _listed(stored, wish)
    return moved_entry(document, wish["section"], entry, wish["step"]) if entry else None


def _listed(stored: StoredBusiness, wish: Wish) -> NamedEntry | None:
    section = wish["section"]
    return stored.offered(LISTS[section], wish["number"]) if section in LISTS else None


def _file(_: StoredBusiness, __: Document, wish: Wish) -> Document:
    found: Document = wish["document"]
    return found


def _restore(_: StoredBusiness, document: Document, wish: Wish) -> Document | None:
    """Make it what it was before a change, unless somebody has changed it since."""
    return wish["document"] if fingerprint(document) == wish["after"] else None


EDITS: Final[Mapping[str, Callable[[StoredBusiness, Document, Wish], Document | None]]] = {
    "set": _set,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "file": _file,
    "restore": _restore,
}


def fingerprint(document: Document) -> str:
    """Return what tells this document from all others, in a few characters."""
    return blake2b(repr(document).encode(), digest_size=16).hexdigest()


def choices_of(wish: Wish) -> Choices:
    """Return what has been said of the visits that a change hits."""
    said_ = wish.get("said", {})
    stranded = KeepVisits() if said_.get("stranded") == KEEP else None
    words = said_.get("words")
    return Choices(
        stranded=CancelVisits(words) if words else stranded,
        constant=Constant(said_["constant"]) if "constant" in said_ else None,
    )


def with_choice(wish: Wish, choice: str, words: str = "") -> dict[str, Any]:
    """Return the wish with what was chosen for the visits that it hits; what is no choice changes nothing."""
    chosen: dict[str, str] = {}
    if words:
        chosen = {"words": words}
    elif choice == KEEP:
        chosen = {"stranded": KEEP}
    elif choice in {CLOCK, INSTANT}:
        chosen = {"constant": choice}
    return {**wish, "said": {**wish.get("said", {}), **chosen}}
